namespace Cenote.Kernels;

/// <summary>Cells as signed integers that sort as the cells do, equal cells alike: the largest wins.</summary>
internal interface IRank<T, TLane> : IFold<T, TLane>
    where T : unmanaged
    where TLane : unmanaged
{
    /// <summary>Whether the smallest cell is made the largest integer.</summary>
    static abstract bool SmallestWins { get; }

    /// <summary>Whether a cell may be a NaN.</summary>
    static abstract bool HasNaNs { get; }

    /// <summary>What every number stays at or under, and every NaN is above.</summary>
    static abstract TLane MostNumber { get; }
}
