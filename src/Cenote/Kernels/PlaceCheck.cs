namespace Cenote.Kernels;

/// <summary>Places that hold for a part of each cell, against the winning values: where the cell there is another, its window is walked.</summary>
/// <remarks>The cell there is the first that agrees in that part, and so the first winner of all if it is one.</remarks>
internal readonly unsafe struct PlaceCheck<T, TSelector>(Geometry geometry, T* input, T* values, long* indices, TSelector selector) : IKernel
    where T : unmanaged
    where TSelector : struct, ISelector<T>
{
    private readonly long _inputPlane = geometry.InputPlane * geometry.Inner;
    private readonly long _outputPlane = geometry.OutputPlane * geometry.Inner;

    public long Units => geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;

    public long UnitBytes => geometry.Width.OutputLength * geometry.Inner * (2 * sizeof(T) + sizeof(long));

    public void Run(long first, long end)
    {
        long inner = geometry.Inner, row = geometry.Width.OutputLength * inner;
        for (long output = first * row; output < end * row; output++)
        {
            if (indices[output] < 0) continue;
            T* plane = input + output / _outputPlane * _inputPlane;
            T cell = plane[indices[output] * inner + output % inner];
            // Neither beats the other: equal. A NaN beats all, and its place is right as it is.
            if (selector.Wins(values[output], cell) && !selector.Wins(cell, cell)) (values[output], indices[output]) = Walk(plane, output);
        }
    }

    private (T Value, long Index) Walk(T* plane, long output)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        (long rest, long channel) = Math.DivRem(output, inner);
        (rest, long ow) = Math.DivRem(rest, width.OutputLength);
        (rest, long oh) = Math.DivRem(rest, height.OutputLength);
        TapRange d = depth.Taps(rest % depth.OutputLength), h = height.Taps(oh), w = width.Taps(ow);
        (T value, long index) = (selector.Empty, -1L);
        for (long i = 0; i < d.Count; i++)
        for (long j = 0; j < h.Count; j++)
        for (long k = 0; k < w.Count; k++)
        {
            long at = ((d.First + i * d.Step) * height.InputLength + h.First + j * h.Step) * width.InputLength + w.First + k * w.Step;
            if (index < 0 || selector.Wins(plane[at * inner + channel], value)) (value, index) = (plane[at * inner + channel], at);
        }
        return (value, index);
    }
}
