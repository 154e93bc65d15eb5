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
internal readonly unsafe struct Disjoint<T, TShare>(Geometry geometry, T* gradInput, TShare share) : IKernel
    where T : unmanaged
    where TShare : struct, IRowShare<T>
{
    public long Units => geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;

    public long UnitBytes => (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(T) / (geometry.Depth.OutputLength * geometry.Height.OutputLength);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        TShare share1 = share;
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long row = width.InputLength * inner, shareBytes = (share1.ScratchBytes + sizeof(long) - 1) / sizeof(long) * sizeof(long);
        byte* scratch = (byte*)Scratch.Rent(shareBytes + MostTaps(depth) * MostTaps(height) * sizeof(T*));
        T** rows = (T**)(scratch + shareBytes);
        share1.Prepare(scratch);
        (long rest, long oh) = Math.DivRem(first, height.OutputLength);
        (long plane, long od) = Math.DivRem(rest, depth.OutputLength);
        TapRange d = depth.Taps(od);
        (long firstSlice, long endSlice) = Owned(depth, od);
        for (long output = first; output < end; output++)
        {
            TapRange h = height.Taps(oh);
            (long firstRow, long endRow) = Owned(height, oh);
            int count = 0;
            for (long id = firstSlice; id < endSlice; id++)
            {
                T* slice = gradInput + (plane * depth.InputLength + id) * height.InputLength * row;
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
            share1.Fill(output, new(plane, od, oh, d, h), rows, count, scratch);
            if (++oh < height.OutputLength) continue;
            oh = 0;
            if (++od == depth.OutputLength) (od, plane) = (0, plane + 1);
            d = depth.Taps(od);
            (firstSlice, endSlice) = Owned(depth, od);
        }
    }

    /// <summary>The cells from where a window begins to where the next one does; before the first and behind the last all that is left.</summary>
    private static (long First, long End) Owned(in Axis axis, long output) => (
        output == 0 ? 0 : Math.Clamp(axis.Start(output), 0, axis.InputLength),
        output == axis.OutputLength - 1 ? axis.InputLength : Math.Clamp(axis.Start(output + 1), 0, axis.InputLength));

    private static long MostTaps(in Axis axis) => axis.IsAdaptive ? axis.InputLength : Math.Min(axis.Kernel, axis.InputLength);

    private static void Clear(T* cells, long count) => NativeMemory.Clear(cells, (nuint)(count * sizeof(T)));
}
