namespace Cenote.Kernels;

/// <summary>A kernel that loses NaNs, band by band; a band that may have lost one is done again by an exact fold.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="name">Its name.</param>
/// <param name="exact">The same call over a fold that keeps NaNs, in lanes of the same size.</param>
internal readonly struct Numbers<T, TKernel, TLane, TExact, TVector>(TKernel kernel, KernelName name, Pass<T, TLane, TExact> exact) : IKernel
    where T : unmanaged
    where TKernel : struct, ICheckedKernel
    where TLane : unmanaged
    where TExact : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // So much, still in the cache, is done twice for one NaN.
    private const long BandBytes = 512 * 1024;

    public long Units => kernel.Units;

    public long UnitBytes => kernel.UnitBytes;

    public void Run(long first, long end)
    {
        long band = Math.Max(1, BandBytes / Math.Max(1, kernel.UnitBytes));
        for (long next; first < end; first = next)
        {
            next = Math.Min(end, first + band);
            if (!kernel.TryRun(first, next)) Planner.With<T, TLane, TExact, TVector, OnUnits>(name, exact, new(first, next));
        }
    }
}
