namespace Cenote.Kernels;

/// <summary>A kernel that can tell whether it may have lost a NaN.</summary>
internal interface ICheckedKernel : IKernel
{
    /// <summary>Does some units as <see cref="IKernel.Run"/> does.</summary>
    /// <returns>Whether the results stand; if not, the units, or cells beside them, hold a NaN and have to be done again by a fold that keeps NaNs.</returns>
    bool TryRun(long first, long end);
}
