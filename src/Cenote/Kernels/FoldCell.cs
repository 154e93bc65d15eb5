namespace Cenote.Kernels;

/// <summary>A reducer fed tap by tap.</summary>
internal unsafe struct FoldCell<T, TAccumulator, TReducer>(TReducer reducer, T* output) : ICellVisitor<T>
    where T : unmanaged
    where TAccumulator : unmanaged
    where TReducer : struct, IReducer<TReducer, T, TAccumulator>
{
    private TAccumulator _accumulator;

    public readonly bool CountsPadding => reducer.CountsPadding;

    public void Open() => _accumulator = reducer.Identity;

    public void Visit(T value, long index) => _accumulator = reducer.Combine(_accumulator, reducer.Lift(value));

    public readonly void Close(long position, long count) => output[position] = reducer.Finish(_accumulator, count);
}
