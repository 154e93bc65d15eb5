namespace Cenote.Kernels;

/// <summary>All of a kernel, here and now, and whether its results stand.</summary>
internal readonly unsafe struct OnTrial(bool* stands) : IKernelUse
{
    public void Take<TKernel>(in TKernel kernel)
        where TKernel : struct, ICheckedKernel => *stands = kernel.TryRun(0, kernel.Units);
}
