using System.Numerics;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Row by row of the input, the outputs that tap it added up in their order: the same sum whoever adds it, so that threads change nothing.</summary>
/// <param name="geometry">The window over the input.</param>
/// <param name="gradInput">Where the gradient of the dense input goes.</param>
/// <param name="gradient">What each output gives.</param>
internal readonly unsafe struct GatherWalk<T, TSum, TGradient>(Geometry geometry, T* gradInput, TGradient gradient) : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TGradient : struct, IGradient<T, TSum>
{
    public long Units => geometry.Outer * geometry.Depth.InputLength * geometry.Height.InputLength;

    public long UnitBytes => 2 * sizeof(T) * geometry.Width.InputLength * geometry.Inner;

    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long cells = width.InputLength * inner;
        // What each output of a row taps, and by how many it divides, is the same in all.
        TapRange* taps = (TapRange*)Scratch.Rent(width.OutputLength * (sizeof(TapRange) + sizeof(long)) + cells * sizeof(TSum));
        long* divisors = (long*)(taps + width.OutputLength);
        TSum* sums = (TSum*)(divisors + width.OutputLength);
        for (long o = 0; o < width.OutputLength; o++) (taps[o], divisors[o]) = (width.Taps(o), width.Divisor(o, gradient.CountsPadding));
        for (long row = first; row < end; row++)
        {
            NativeMemory.Clear(sums, (nuint)(cells * sizeof(TSum)));
            (long slice, long ih) = Math.DivRem(row, height.InputLength);
            (long plane, long id) = Math.DivRem(slice, depth.InputLength);
            TapRange d = depth.Outputs(id), h = height.Outputs(ih);
            for (long i = 0, od = d.First; i < d.Count; i++, od += d.Step)
            for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step)
            {
                long divisor = depth.Divisor(od, gradient.CountsPadding) * height.Divisor(oh, gradient.CountsPadding);
                long line = ((plane * depth.OutputLength + od) * height.OutputLength + oh) * width.OutputLength;
                Add(sums, taps, divisors, row * cells, line * inner, divisor);
            }
            T* target = gradInput + row * cells;
            TGradient finish = gradient;
            for (long i = 0; i < cells; i++) target[i] = finish.Finish(sums[i]);
        }
    }

    /// <summary>Adds what one row of outputs gives to one row of cells.</summary>
    private void Add(TSum* sums, TapRange* taps, long* divisors, long input, long output, long divisor)
    {
        TGradient share = gradient;
        long inner = geometry.Inner;
        for (long o = 0; o < geometry.Width.OutputLength; o++, output += inner)
        {
            TapRange tapped = taps[o];
            long count = divisor * divisors[o];
            for (long k = 0, iw = tapped.First; k < tapped.Count; k++, iw += tapped.Step)
            for (long channel = 0, cell = iw * inner; channel < inner; channel++, cell++)
                sums[cell] += share.Share(output + channel, input + cell, count);
        }
    }
}
