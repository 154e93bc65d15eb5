using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Input cell by input cell, the outputs that tap it added up in their order: the same sum whoever adds it, so that threads change nothing.</summary>
/// <param name="geometry">The window over the input.</param>
/// <param name="gradInput">Where the gradient of the dense input goes.</param>
/// <param name="gradient">What each output gives.</param>
internal readonly unsafe struct GatherWalk<T, TGradient>(Geometry geometry, T* gradInput, TGradient gradient)
    where T : unmanaged, INumber<T>
    where TGradient : struct, IGradient
{
    private const long FewCells = 1 << 16;

    private readonly AxisTable _depths = new(geometry.Depth, gradient.CountsPadding);
    private readonly AxisTable _heights = new(geometry.Height, gradient.CountsPadding);
    private readonly AxisTable _widths = new(geometry.Width, gradient.CountsPadding);

    private long Rows => geometry.Outer * geometry.Depth.InputLength * geometry.Height.InputLength;

    private long RowCells => geometry.Width.InputLength * geometry.Inner;

    /// <summary>Fills the whole gradient.</summary>
    /// <param name="threads">How many at most. Default: one where there are few cells, and starting more costs more than they save; else the machine's.</param>
    public void Run(int? threads = null)
    {
        GatherWalk<T, TGradient> walk = this;
        long rows = Rows;
        threads ??= rows * RowCells < FewCells ? 1 : Environment.ProcessorCount;
        // A few blocks of rows for each thread, so that they end together.
        long blocks = threads == 1 ? 1 : Math.Min(rows, 8L * threads.Value);
        if (blocks == 1) Run(0, rows);
        else Parallel.For(0, blocks, new() { MaxDegreeOfParallelism = threads.Value }, block => walk.Run(rows * block / blocks, rows * (block + 1) / blocks));
    }

    /// <summary>Fills the rows <paramref name="first"/> up to but without <paramref name="end"/>.</summary>
    private void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, _) = geometry;
        double[] sums = new double[RowCells];
        for (long row = first; row < end; row++)
        {
            Array.Clear(sums);
            (long slice, long ih) = Math.DivRem(row, height.InputLength);
            (long plane, long id) = Math.DivRem(slice, depth.InputLength);
            TapRange d = _depths.Outputs[id], h = _heights.Outputs[ih];
            for (long i = 0, od = d.First; i < d.Count; i++, od += d.Step)
            for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step)
            {
                long line = ((plane * depth.OutputLength + od) * height.OutputLength + oh) * width.OutputLength;
                Add(sums, row * sums.Length, (id * height.InputLength + ih) * width.InputLength, line, _depths.Divisors[od] * _heights.Divisors[oh]);
            }
            T* target = gradInput + row * sums.Length;
            for (int i = 0; i < sums.Length; i++) target[i] = T.CreateSaturating(sums[i]);
        }
    }

    /// <summary>Adds what one row of outputs gives to one row of cells.</summary>
    private void Add(double[] sums, long input, long index, long line, long divisor)
    {
        TapRange[] reached = _widths.Outputs;
        long[] divisors = _widths.Divisors;
        TGradient share = gradient;
        int inner = (int)geometry.Inner, cell = 0;
        for (int iw = 0; iw < reached.Length; iw++)
        {
            TapRange w = reached[iw];
            for (long k = 0, ow = w.First; k < w.Count; k++, ow += w.Step)
            {
                long output = (line + ow) * inner, count = divisor * divisors[ow];
                for (int channel = 0; channel < inner; channel++)
                    sums[cell + channel] += share.Share(output + channel, input + cell + channel, index + iw, count);
            }
            cell += inner;
        }
    }
}
