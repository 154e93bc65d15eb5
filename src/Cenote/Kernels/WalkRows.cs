namespace Cenote.Kernels;

/// <summary>A reducer that is known cell by cell only: the <see cref="SeparableWalk"/>, plane by plane.</summary>
internal readonly unsafe struct WalkRows<T, TAccumulator, TReducer>(Geometry geometry, T* input, T* output, TReducer reducer) : IKernel
    where T : unmanaged
    where TAccumulator : unmanaged
    where TReducer : struct, IReducer<TReducer, T, TAccumulator>
{
    public long Units => geometry.Outer;

    public long UnitBytes => (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(T);

    public void Run(long first, long end) => SeparableWalk.Run<T, TAccumulator, TReducer>(
        geometry with { Outer = end - first },
        input + first * geometry.InputPlane * geometry.Inner,
        output + first * geometry.OutputPlane * geometry.Inner,
        reducer);
}
