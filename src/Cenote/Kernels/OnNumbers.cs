namespace Cenote.Kernels;

/// <summary>All of a kernel that loses NaNs, by the crew, with what an exact fold needs at hand.</summary>
internal readonly unsafe struct OnNumbers<T, TLane, TExact, TVector>(KernelName name, Geometry geometry, T* input, T* output, PoolOptions? options) : IKernelUse
    where T : unmanaged
    where TLane : unmanaged
    where TExact : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    public void Take<TKernel>(in TKernel kernel)
        where TKernel : struct, ICheckedKernel => Crew.Run(new Numbers<T, TKernel, TLane, TExact, TVector>(kernel, name, geometry, input, output), options);
}
