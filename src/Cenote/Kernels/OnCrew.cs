namespace Cenote.Kernels;

/// <summary>All of a kernel, by the crew.</summary>
internal readonly struct OnCrew(PoolOptions? options) : IKernelUse
{
    public void Take<TKernel>(in TKernel kernel)
        where TKernel : struct, ICheckedKernel => Crew.Run(kernel, options);
}
