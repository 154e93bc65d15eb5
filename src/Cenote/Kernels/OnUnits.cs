namespace Cenote.Kernels;

/// <summary>Some units of a kernel, here and now.</summary>
internal readonly struct OnUnits(long first, long end) : IKernelUse
{
    public void Take<TKernel>(in TKernel kernel)
        where TKernel : struct, ICheckedKernel => kernel.Run(first, end);
}
