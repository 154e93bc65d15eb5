using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Input cell by input cell, the outputs that tap it added up in their order: the same sum whoever adds it, so that threads change nothing.</summary>
internal static unsafe class GatherWalk
{
    private const long FewCells = 1 << 16;

    /// <summary>Fills the gradient of a dense input.</summary>
    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradInput">Where the gradient goes.</param>
    /// <param name="gradient">What each output gives.</param>
    /// <param name="threads">How many at most. Default: one where there are few cells, and starting more costs more than they save; else the machine's.</param>
    public static void Run<T, TGradient>(in Geometry geometry, T* gradInput, TGradient gradient, int? threads = null)
        where T : unmanaged, INumber<T>
        where TGradient : struct, IGradient
    {
        (long outer, Axis depth, Axis height, Axis width, long inner) = geometry;
        AxisTable depths = new(depth, gradient.CountsPadding), heights = new(height, gradient.CountsPadding), widths = new(width, gradient.CountsPadding);
        long rows = outer * depth.InputLength * height.InputLength;
        threads ??= rows * width.InputLength * inner < FewCells ? 1 : -1;
        if (threads == 1)
            for (long row = 0; row < rows; row++) Fill(row);
        else
            Parallel.For(0, rows, new() { MaxDegreeOfParallelism = threads.Value }, Fill);

        void Fill(long row)
        {
            (long slice, long ih) = Math.DivRem(row, height.InputLength);
            (long plane, long id) = Math.DivRem(slice, depth.InputLength);
            TapRange d = depths.Outputs(id), h = heights.Outputs(ih);
            long input = row * width.InputLength * inner, index = (id * height.InputLength + ih) * width.InputLength;
            for (long iw = 0; iw < width.InputLength; iw++, index++)
            {
                TapRange w = widths.Outputs(iw);
                for (long channel = 0; channel < inner; channel++, input++)
                {
                    double sum = 0;
                    for (long i = 0, od = d.First; i < d.Count; i++, od += d.Step)
                    for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step)
                    {
                        long line = ((plane * depth.OutputLength + od) * height.OutputLength + oh) * width.OutputLength;
                        long divisor = depths.Divisor(od) * heights.Divisor(oh);
                        for (long k = 0, ow = w.First; k < w.Count; k++, ow += w.Step)
                            sum += gradient.Share((line + ow) * inner + channel, input, index, divisor * widths.Divisor(ow));
                    }
                    gradInput[input] = T.CreateSaturating(sum);
                }
            }
        }
    }
}
