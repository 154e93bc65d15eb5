namespace Cenote.Kernels;

/// <summary>The first primitive: whole rows, cell by cell, whatever axis they differ on.</summary>
internal static unsafe class RowCombine
{
    /// <summary>The first row of a window.</summary>
    public static void Lift<T, TAccumulator, TReducer>(T* row, TAccumulator* accumulators, long count, TReducer reducer)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        for (long i = 0; i < count; i++) accumulators[i] = reducer.Lift(row[i]);
    }

    /// <summary>A further row of the window.</summary>
    public static void Add<T, TAccumulator, TReducer>(T* row, TAccumulator* accumulators, long count, TReducer reducer)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        for (long i = 0; i < count; i++) accumulators[i] = reducer.Combine(accumulators[i], reducer.Lift(row[i]));
    }
}
