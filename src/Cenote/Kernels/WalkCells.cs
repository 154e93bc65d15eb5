namespace Cenote.Kernels;

/// <summary>A reducer whose taps must be met in order: the <see cref="CellWalk"/>, plane by plane.</summary>
internal readonly unsafe struct WalkCells<T, TAccumulator, TReducer>(Geometry geometry, T* input, T* output, TReducer reducer) : IKernel
    where T : unmanaged
    where TAccumulator : unmanaged
    where TReducer : struct, IReducer<TReducer, T, TAccumulator>
{
    public long Units => geometry.Outer;

    public long UnitBytes => (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(T);

    public void Run(long first, long end) => CellWalk.Run(
        geometry with { Outer = end - first },
        input + first * geometry.InputPlane * geometry.Inner,
        new FoldCell<T, TAccumulator, TReducer>(reducer, output + first * geometry.OutputPlane * geometry.Inner));
}
