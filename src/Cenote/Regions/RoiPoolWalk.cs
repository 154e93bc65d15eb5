using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Box by box, channel by channel, bin by bin: the cells of each bin. Source: torchvision <c>roi_pool_kernel.cpp</c>.</summary>
internal static unsafe class RoiPoolWalk
{
    /// <summary>Shows the visitor every cell of every bin, on as many threads as the options allow; each has a copy of the visitor.</summary>
    /// <param name="map">Channels, height and width.</param>
    /// <param name="boxes">The regions.</param>
    /// <param name="pooled">Bins of a region.</param>
    /// <param name="input">The cells.</param>
    /// <param name="visitor">What happens at each bin.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Run<T, TBox, TVisitor>(
        (long Channels, long Height, long Width) map, Box<TBox>[] boxes, (int Height, int Width) pooled, T* input, TVisitor visitor, PoolOptions? options)
        where T : unmanaged
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
        where TVisitor : struct, ICellVisitor<T>
    {
        // A region is anything from a cell to the whole map; some part of it is as good a guess as any.
        long regionBytes = (pooled.Height * pooled.Width * (long)(sizeof(T) + sizeof(long))) + map.Height * map.Width / 4 * sizeof(T);
        Crew.Run(new EachUnit(boxes.Length * map.Channels, regionBytes, (first, end) => Run(map, boxes, pooled, input, visitor, first, end)), options);
    }

    private static void Run<T, TBox, TVisitor>(
        (long Channels, long Height, long Width) map, Box<TBox>[] boxes, (int Height, int Width) pooled, T* input, TVisitor visitor, long first, long end)
        where T : unmanaged
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
        where TVisitor : struct, ICellVisitor<T>
    {
        long output = first * pooled.Height * pooled.Width;
        TapRange[] rows = [], columns = [];
        for (long unit = first; unit < end; unit++)
        {
            (long k, long channel) = Math.DivRem(unit, map.Channels);
            if (unit == first || channel == 0)
                (rows, columns) = (Bins(boxes[k].Y1, boxes[k].Y2, map.Height, pooled.Height), Bins(boxes[k].X1, boxes[k].X2, map.Width, pooled.Width));
            T* plane = input + (boxes[k].Batch * map.Channels + channel) * map.Height * map.Width;
            foreach (TapRange h in rows)
            foreach (TapRange w in columns)
            {
                visitor.Open();
                for (long y = h.First; y < h.First + h.Count; y++)
                for (long x = w.First; x < w.First + w.Count; x++) visitor.Visit(plane[y * map.Width + x], y * map.Width + x);
                visitor.Close(output++, 0);
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
