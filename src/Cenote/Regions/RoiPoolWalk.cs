using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Box by box, channel by channel, bin by bin: the cells of each bin. For cells that double does not hold.</summary>
internal static unsafe class RoiPoolWalk
{
    /// <summary>Shows the visitor every cell of every bin, on as many threads as the options allow; each has a copy of the visitor.</summary>
    /// <param name="map">The regions, and the map's lengths.</param>
    /// <param name="input">The cells.</param>
    /// <param name="visitor">What happens at each bin.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Run<T, TVisitor>(RegionMap map, T* input, TVisitor visitor, PoolOptions? options)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T> =>
        Crew.Run(new EachUnit(map.Regions.Length * map.Channels, map.Taps / map.Regions.Length * sizeof(T), (first, end) => Run(map, input, visitor, first, end)), options);

    private static void Run<T, TVisitor>(RegionMap map, T* input, TVisitor visitor, long first, long end)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        long output = first * map.Bins;
        for (long unit = first; unit < end; unit++)
        {
            (long k, long channel) = Math.DivRem(unit, map.Channels);
            Region region = map.Regions[k];
            T* plane = input + (region.Image * map.Channels + channel) * map.Cells;
            for (int p = 0; p < region.Rows.Ends.Length; p++)
            for (int q = 0; q < region.Columns.Ends.Length; q++)
            {
                visitor.Open();
                foreach (WeightedTap y in region.Rows[p])
                foreach (WeightedTap x in region.Columns[q])
                {
                    long index = y.Position * map.Width + x.Position;
                    visitor.Visit(plane[index], index);
                }
                visitor.Close(output++, 0);
            }
        }
    }
}
