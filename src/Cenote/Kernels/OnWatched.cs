namespace Cenote.Kernels;

/// <summary>All of a kernel that loses NaNs, by the crew, with what an exact fold needs at hand.</summary>
internal readonly unsafe struct OnWatched<T, TLane, TExact, TVector>(KernelName name, Pass<T, TLane, TExact> exact, PoolOptions? options) : IKernelUse
    where T : unmanaged
    where TLane : unmanaged
    where TExact : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    public void Take<TKernel>(in TKernel kernel)
        where TKernel : struct, ICheckedKernel => Crew.Run(new Watched<T, TKernel, TLane, TExact, TVector>(kernel, name, exact), options);
}
