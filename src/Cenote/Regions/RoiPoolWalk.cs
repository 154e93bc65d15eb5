using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Box by box, channel by channel, bin by bin: the cells of each bin. Source: torchvision <c>roi_pool_kernel.cpp</c>.</summary>
internal static unsafe class RoiPoolWalk
{
    /// <summary>Shows the visitor every cell of every bin.</summary>
    public static void Run<T, TBox, TVisitor>(
        ReadOnlySpan<nint> shape, Box<TBox>[] boxes, (int Height, int Width) pooled, T* input, TVisitor visitor)
        where T : unmanaged
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
        where TVisitor : struct, ICellVisitor<T>
    {
        (long channels, long height, long width) = (shape[1], shape[2], shape[3]);
        long output = 0;
        foreach (Box<TBox> box in boxes)
        {
            TapRange[] rows = Bins(box.Y1, box.Y2, height, pooled.Height), columns = Bins(box.X1, box.X2, width, pooled.Width);
            for (long channel = 0; channel < channels; channel++)
            {
                T* plane = input + (box.Batch * channels + channel) * height * width;
                foreach (TapRange h in rows)
                foreach (TapRange w in columns)
                {
                    visitor.Open();
                    for (long y = h.First; y < h.First + h.Count; y++)
                    for (long x = w.First; x < w.First + w.Count; x++) visitor.Visit(plane[y * width + x], y * width + x);
                    visitor.Close(output++, 0);
                }
            }
        }
    }

    /// <summary>The cells of each bin along one axis: corners rounded half away from 0, at least one cell, clipped to the map.</summary>
    private static TapRange[] Bins<TBox>(TBox from, TBox to, long length, int pooled)
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        long start = long.CreateTruncating(TBox.Round(from, MidpointRounding.AwayFromZero));
        long end = long.CreateTruncating(TBox.Round(to, MidpointRounding.AwayFromZero));
        TBox bin = TBox.CreateTruncating(Math.Max(end - start + 1, 1)) / TBox.CreateTruncating(pooled);
        TapRange[] bins = new TapRange[pooled];
        for (int p = 0; p < pooled; p++)
        {
            long first = Math.Clamp(start + long.CreateTruncating(TBox.Floor(TBox.CreateTruncating(p) * bin)), 0, length);
            long last = Math.Clamp(start + long.CreateTruncating(TBox.Ceiling(TBox.CreateTruncating(p + 1) * bin)), 0, length);
            bins[p] = new(first, Math.Max(0, last - first), 1);
        }
        return bins;
    }
}
