namespace Cenote.Kernels;

/// <summary>A kernel that loses NaNs, band by band; a band that may have lost one is done again by an exact fold.</summary>
// Not readonly: the compiler would copy the kernel, of which it cannot know that it is, whenever it is asked anything.
internal unsafe struct Watched<T, TKernel, TLane, TExact, TVector> : IKernel
    where T : unmanaged
    where TKernel : struct, ICheckedKernel
    where TLane : unmanaged
    where TExact : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // So much, still in the cache, is done twice for one NaN.
    private const long BandBytes = 512 * 1024;

    private readonly KernelName _name;
    private readonly Pass<T, TLane, TExact> _exact;
    private TKernel _kernel;

    /// <param name="kernel">The kernel.</param>
    /// <param name="name">Its name.</param>
    /// <param name="exact">The same call over a fold that keeps NaNs, in lanes of the same size.</param>
    public Watched(in TKernel kernel, KernelName name, in Pass<T, TLane, TExact> exact)
    {
        _kernel = kernel;
        _name = name;
        _exact = exact;
    }

    public long Units => _kernel.Units;

    public long UnitBytes => _kernel.UnitBytes;

    public void Run(long first, long end)
    {
        long band = Math.Max(1, BandBytes / Math.Max(1, _kernel.UnitBytes));
        for (long next; first < end; first = next)
        {
            next = Math.Min(end, first + band);
            if (!_kernel.TryRun(first, next)) Planner.With<T, TLane, TExact, TVector, OnUnits>(_name, _exact, new(first, next));
        }
    }
}
