using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Places that hold for a part of each cell, against the winning values: where the cell there is another, its window is walked.</summary>
/// <remarks>The cell there is the first that agrees in that part, and so the first winner of all if it is one.</remarks>
internal readonly unsafe struct PlaceCheck<T, TSelector>(Geometry geometry, T* input, T* values, long* indices, TSelector selector) : IKernel
    where T : unmanaged
    where TSelector : struct, ISelector<T>
{
    public long Units => geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;

    public long UnitBytes => geometry.Width.OutputLength * geometry.Inner * (2 * sizeof(T) + sizeof(long));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        long inner = geometry.Inner, outputs = geometry.Width.OutputLength, output = first * outputs * inner;
        for (long row = first; row < end; row++)
        {
            (long rest, long oh) = Math.DivRem(row, geometry.Height.OutputLength);
            (long plane, long od) = Math.DivRem(rest, geometry.Depth.OutputLength);
            T* source = input + plane * geometry.InputPlane * inner;
            for (long ow = 0; ow < outputs; ow++)
            for (long channel = 0; channel < inner; channel++, output++)
            {
                if (indices[output] < 0) continue;
                T cell = source[indices[output] * inner + channel];
                // Neither beats the other: equal. A NaN beats all, and its place is right as it is.
                if (selector.Wins(values[output], cell) && !selector.Wins(cell, cell)) indices[output] = Walk(source + channel, od, oh, ow);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Walk(T* plane, long od, long oh, long ow)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        TapRange d = depth.Taps(od), h = height.Taps(oh), w = width.Taps(ow);
        (T value, long index) = (selector.Empty, -1L);
        for (long i = 0; i < d.Count; i++)
        for (long j = 0; j < h.Count; j++)
        for (long k = 0; k < w.Count; k++)
        {
            long at = ((d.First + i * d.Step) * height.InputLength + h.First + j * h.Step) * width.InputLength + w.First + k * w.Step;
            if (index < 0 || selector.Wins(plane[at * inner], value)) (value, index) = (plane[at * inner], at);
        }
        return index;
    }
}
