using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>A kernel that has much to work out before it begins, in fewer and larger units.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="parts">How many units at least, so that threads end together.</param>
internal readonly struct LargeUnits<TKernel>(TKernel kernel, long parts = 32) : IKernel
    where TKernel : struct, IKernel
{
    // By then what was worked out costs nothing, and a call can still be interrupted soon.
    private const long MostBytes = 2 * 1024 * 1024;

    private readonly TKernel _kernel = kernel;
    private readonly long _together = Math.Max(1, Math.Min(kernel.Units / parts, MostBytes / Math.Max(1, kernel.UnitBytes)));

    public long Units => (_kernel.Units + _together - 1) / _together;

    public long UnitBytes => _kernel.UnitBytes * _together;

    public void Run(long first, long end) => _kernel.Run(first * _together, Math.Min(_kernel.Units, end * _together));
}
