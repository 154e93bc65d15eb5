namespace Cenote.Regions;

/// <summary>Regions, and the maps that they lie on.</summary>
internal sealed class RegionMap
{
    private readonly (long From, long To)[] _seen;

    /// <param name="shape">Of the maps, (N, C, H, W).</param>
    /// <param name="regions">The regions.</param>
    /// <param name="bins">Bins of a region.</param>
    public RegionMap(ReadOnlySpan<nint> shape, Region[] regions, long bins)
    {
        (Images, Channels, Height, Width, Regions, Bins) = (shape[0], shape[1], shape[2], shape[3], regions, bins);
        _seen = new (long, long)[Images * Height];
        foreach (Region region in regions)
        {
            Taps += region.Rows.Cells.Length * region.Columns.Cells.Length + 2 * bins;
            if (region.Columns.Cells is not [long first, ..] columns) continue;
            foreach (long row in region.Rows.Cells)
            {
                ref (long From, long To) seen = ref _seen[region.Image * Height + row];
                seen = seen.To == 0 ? (first, columns[^1] + 1) : (Math.Min(seen.From, first), Math.Max(seen.To, columns[^1] + 1));
            }
        }
    }

    public long Images { get; }

    public long Channels { get; }

    public long Height { get; }

    public long Width { get; }

    public Region[] Regions { get; }

    /// <summary>Bins of a region.</summary>
    public long Bins { get; }

    /// <summary>How many cells and bins all regions touch, about.</summary>
    public long Taps { get; }

    /// <summary>Cells of a plane.</summary>
    public long Cells => Height * Width;

    /// <summary>Where in a plane the cells of a row begin that some region sees, and how many they are.</summary>
    public (long First, long Cells) Seen(long image, long row)
    {
        (long from, long to) = _seen[image * Height + row];
        return (row * Width + from, to - from);
    }
}
