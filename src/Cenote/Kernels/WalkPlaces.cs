namespace Cenote.Kernels;

/// <summary>A selector that is known cell by cell only: the <see cref="CellWalk"/>, plane by plane.</summary>
internal readonly unsafe struct WalkPlaces<T, TSelector>(Geometry geometry, T* input, T* values, long* indices, TSelector selector) : IKernel
    where T : unmanaged
    where TSelector : struct, ISelector<T>
{
    public long Units => geometry.Outer;

    public long UnitBytes => (geometry.InputPlane * sizeof(T) + geometry.OutputPlane * (sizeof(T) + sizeof(long))) * geometry.Inner;

    public void Run(long first, long end)
    {
        long outputs = first * geometry.OutputPlane * geometry.Inner;
        CellWalk.Run(
            geometry with { Outer = end - first },
            input + first * geometry.InputPlane * geometry.Inner,
            new SelectCell<T, TSelector>(selector, values + outputs, indices + outputs));
    }
}
