using System.Numerics;
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
    private readonly (TapRange Taps, long Divisor)[] _outputs = Outputs(geometry.Width, gradient.CountsPadding);

    public long Units => geometry.Outer * geometry.Depth.InputLength * geometry.Height.InputLength;

    public long UnitBytes => 2 * sizeof(T) * geometry.Width.InputLength * geometry.Inner;

    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        TSum[] sums = new TSum[width.InputLength * inner];
        for (long row = first; row < end; row++)
        {
            Array.Clear(sums);
            (long slice, long ih) = Math.DivRem(row, height.InputLength);
            (long plane, long id) = Math.DivRem(slice, depth.InputLength);
            TapRange d = depth.Outputs(id), h = height.Outputs(ih);
            for (long i = 0, od = d.First; i < d.Count; i++, od += d.Step)
            for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step)
            {
                long divisor = depth.Divisor(od, gradient.CountsPadding) * height.Divisor(oh, gradient.CountsPadding);
                long line = ((plane * depth.OutputLength + od) * height.OutputLength + oh) * width.OutputLength;
                Add(sums, row * sums.Length, line * inner, divisor);
            }
            T* target = gradInput + row * sums.Length;
            TGradient finish = gradient;
            for (int i = 0; i < sums.Length; i++) target[i] = finish.Finish(sums[i]);
        }
    }

    /// <summary>Adds what one row of outputs gives to one row of cells.</summary>
    private void Add(TSum[] sums, long input, long output, long divisor)
    {
        TGradient share = gradient;
        int inner = (int)geometry.Inner;
        foreach ((TapRange taps, long width) in _outputs)
        {
            long count = divisor * width;
            for (long k = 0, iw = taps.First; k < taps.Count; k++, iw += taps.Step)
            for (int channel = 0, cell = (int)iw * inner; channel < inner; channel++, cell++)
                sums[cell] += share.Share(output + channel, input + cell, count);
            output += inner;
        }
    }

    private static (TapRange Taps, long Divisor)[] Outputs(in Axis width, bool countPadding)
    {
        (TapRange, long)[] outputs = new (TapRange, long)[width.OutputLength];
        for (long o = 0; o < outputs.Length; o++) outputs[o] = (width.Taps(o), width.Divisor(o, countPadding));
        return outputs;
    }
}
