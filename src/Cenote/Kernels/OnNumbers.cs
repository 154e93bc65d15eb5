namespace Cenote.Kernels;

/// <summary>All of a kernel that loses NaNs, by the crew, with an exact fold at hand.</summary>
internal readonly struct OnNumbers<T, TLane, TExact, TVector>(KernelName name, Pass<T, TLane, TExact> exact, PoolOptions? options) : IKernelUse
    where T : unmanaged
    where TLane : unmanaged
    where TExact : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    public void Take<TKernel>(TKernel kernel)
        where TKernel : struct, ICheckedKernel => Crew.Run(new Numbers<T, TKernel, TLane, TExact, TVector>(kernel, name, exact), options);
}
