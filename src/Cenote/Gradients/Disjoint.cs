using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>
/// Windows that do not overlap: a cell has one share at most, so that nothing is added up. Each row of outputs writes the input rows from
/// where it begins to where the next one does.
/// </summary>
/// <param name="geometry">The window over the input.</param>
/// <param name="gradInput">Where the gradient of the dense input goes.</param>
/// <param name="share">What a row of outputs gives.</param>
/// <param name="streams">Whether it should go there around the caches.</param>
internal readonly unsafe struct Disjoint<T, TShare>(Geometry geometry, T* gradInput, TShare share, bool streams) : IKernel
    where T : unmanaged
    where TShare : struct, IRowShare<T>
{
    // What a row of outputs owns is made aside, in the first-level cache, and leaves it line by line. It pays where little else is done.
    private const long PieceBytes = 4096;

    private readonly bool _streams = streams && share.FillsBands && IsLine(geometry.Depth) && MostOwned(geometry.Height) * geometry.Width.InputLength * geometry.Inner * sizeof(T) <= PieceBytes;

    public long Units => geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;

    public long UnitBytes => (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(T) / (geometry.Depth.OutputLength * geometry.Height.OutputLength);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        TShare share1 = share;
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long row = width.InputLength * inner, shareBytes = (share1.ScratchBytes + sizeof(long) - 1) / sizeof(long) * sizeof(long);
        byte* aside = (byte*)Scratch.Rent(PieceBytes + LineStream<T>.MarginBytes + shareBytes + depth.MostTaps * height.MostTaps * sizeof(T*));
        byte* scratch = aside + PieceBytes + LineStream<T>.MarginBytes;
        T** rows = (T**)(scratch + shareBytes);
        share1.Prepare(scratch);
        (long rest, long oh) = Math.DivRem(first, height.OutputLength);
        (long plane, long od) = Math.DivRem(rest, depth.OutputLength);
        TapRange d = depth.Taps(od);
        (long firstSlice, long endSlice) = Owned(depth, od);
        (long firstBand, long endBand) = Band(height);
        bool streams = _streams;
        LineStream<T> stream = streams ? new(aside, gradInput + ((plane * depth.InputLength + od) * height.InputLength + Owned(height, oh).First) * row) : default;
        for (long output = first, band; output < end; output += band)
        {
            TapRange h = height.Taps(oh);
            (long firstRow, long endRow) = Owned(height, oh);
            int count = 0;
            for (long id = firstSlice; id < endSlice; id++)
            {
                T* slice = streams ? stream.Next - firstRow * row : gradInput + (plane * depth.InputLength + id) * height.InputLength * row;
                bool tapped = d.Contains(id) && h.Count > 0;
                if (!tapped || !share1.FillsRows)
                {
                    Clear(slice + firstRow * row, (endRow - firstRow) * row);
                }
                else if (h.Count < endRow - firstRow)
                {
                    for (long ih = firstRow; ih < endRow; ih++)
                        if (!h.Contains(ih)) Clear(slice + ih * row, row);
                }
                for (long j = 0; tapped && j < h.Count; j++) rows[count++] = slice + (h.First + j * h.Step) * row;
            }
            band = share1.FillsBands && oh >= firstBand && oh < endBand && count > 0 && d.Count == endSlice - firstSlice ? Math.Min(endBand - oh, end - output) : 1;
            share1.Fill(output, new(od, oh, d, h), rows, count, band, scratch, streams ? &stream : null);
            if (streams) stream.Take((endRow - firstRow) * row);
            oh += band;
            if (oh < height.OutputLength) continue;
            oh = 0;
            if (++od == depth.OutputLength) (od, plane) = (0, plane + 1);
            d = depth.Taps(od);
            (firstSlice, endSlice) = Owned(depth, od);
        }
        if (streams) stream.End();
        // A share may have written so too.
        Streaming.Finish();
    }

    /// <summary>Whether each output owns the cell of its own number.</summary>
    private static bool IsLine(in Axis axis) => axis is { Stride: 1, PaddingBefore: 0 } && axis.InputLength == axis.OutputLength;

    private static long MostOwned(in Axis axis)
    {
        (long first, long end) = Owned(axis, 0);
        (long lastFirst, long lastEnd) = Owned(axis, axis.OutputLength - 1);
        return Math.Max(Math.Min(axis.Stride, axis.InputLength), Math.Max(end - first, lastEnd - lastFirst));
    }

    /// <summary>The cells from where a window begins to where the next one does; before the first and behind the last all that is left.</summary>
    private static (long First, long End) Owned(in Axis axis, long output) => (
        output == 0 ? 0 : Math.Clamp(axis.Start(output), 0, axis.InputLength),
        output == axis.OutputLength - 1 ? axis.InputLength : Math.Clamp(axis.Start(output + 1), 0, axis.InputLength));

    /// <summary>The outputs that tap every cell that they own, whole windows side by side.</summary>
    private static (long First, long End) Band(in Axis axis)
    {
        if (axis.Dilation > 1 || axis.Kernel != axis.Stride) return (0, 0);
        (long first, long end) = axis.Interior();
        return (axis.Start(first) > 0 ? first + 1 : first, axis.Start(end - 1) + axis.Stride < axis.InputLength ? end - 1 : end);
    }

    private static void Clear(T* cells, long count) => NativeMemory.Clear(cells, (nuint)(count * sizeof(T)));
}
