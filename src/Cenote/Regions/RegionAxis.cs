using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>The cells that a region sees along one axis, bin by bin, and their weights.</summary>
internal sealed class RegionAxis
{
    // A sample between two cells of its own comes behind those of the sample before, and behind a weight of 0.
    private const int Near = 3;

    private RegionAxis(TapList taps, double samples, long wholeTaps) => (Taps, Ends, Cells, Samples, WholeTaps) = ([.. taps.Taps], [.. taps.Ends], [.. taps.Cells], samples, wholeTaps);

    /// <summary>The taps of all bins.</summary>
    public WeightedTap[] Taps { get; }

    /// <summary>Where those of each bin end.</summary>
    public int[] Ends { get; }

    /// <summary>Every cell that is seen, once, in their order.</summary>
    public long[] Cells { get; }

    /// <summary>How many samples a bin has.</summary>
    public double Samples { get; }

    /// <summary>How many taps a bin has that lies inside the map; one beyond its edge has fewer.</summary>
    public long WholeTaps { get; }

    /// <summary>The taps of one bin.</summary>
    public ReadOnlySpan<WeightedTap> this[int bin]
    {
        get
        {
            int first = bin == 0 ? 0 : Ends[bin - 1];
            return new(Taps, first, Ends[bin] - first);
        }
    }

    /// <summary>The samples of a region, each two cells. Source: torchvision <c>roi_align_kernel.cpp</c>.</summary>
    /// <param name="start">Where the region begins, in cells.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="length">Cells of the map.</param>
    /// <param name="pooled">How many bins.</param>
    /// <param name="samplingRatio">Samples of a bin; 0 or less: as many as it has cells, rounded up.</param>
    /// <param name="aligned">Whether cells have their centre at half their width, so that everything moves by a half; else a region is at least 1 long.</param>
    /// <param name="merges">Whether a cell that a bin sees several times is one tap: weights may be added up.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RegionAxis Sampled<TBox>(TBox start, TBox end, long length, int pooled, int samplingRatio, bool aligned, bool merges)
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        TBox half = TBox.CreateTruncating(0.5), offset = aligned ? half : TBox.Zero;
        (start, end) = (start - offset, end - offset);
        TBox size = end - start;
        if (!aligned) size = TBox.Max(size, TBox.One);
        TBox bin = size / TBox.CreateTruncating(pooled);
        long samples = samplingRatio > 0 ? samplingRatio : Math.Max(0, long.CreateTruncating(TBox.Ceiling(bin)));
        TapList taps = new(pooled);
        for (int p = 0; p < pooled; p++)
        {
            int first = taps.Taps.Count;
            for (long i = 0; i < samples; i++)
            {
                TBox at = start + TBox.CreateTruncating(p) * bin + (TBox.CreateTruncating(i) + half) * bin / TBox.CreateTruncating(samples);
                if (at < -TBox.One || at > TBox.CreateTruncating(length)) continue;
                at = TBox.Max(at, TBox.Zero);
                long low = Math.Min(long.CreateTruncating(at), length - 1), high = Math.Min(low + 1, length - 1);
                double weight = low == length - 1 ? 0 : double.CreateTruncating(at - TBox.CreateTruncating(low));
                taps.Add(new(low, 1 - weight), merges ? first : int.MaxValue);
                taps.Add(new(high, weight), merges ? first : int.MaxValue);
            }
            taps.Ends.Add(taps.Taps.Count);
        }
        return new(taps, samples, Math.Max(2 * samples, 1));
    }

    /// <summary>Whole cells: corners rounded half away from 0, at least one cell, clipped to the map. Source: torchvision <c>roi_pool_kernel.cpp</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RegionAxis Rounded<TBox>(TBox from, TBox to, long length, int pooled)
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        long start = long.CreateTruncating(TBox.Round(from, MidpointRounding.AwayFromZero));
        long end = long.CreateTruncating(TBox.Round(to, MidpointRounding.AwayFromZero));
        TBox bin = TBox.CreateTruncating(Math.Max(end - start + 1, 1)) / TBox.CreateTruncating(pooled);
        TapList taps = new(pooled);
        for (int p = 0; p < pooled; p++)
        {
            long first = Math.Clamp(start + long.CreateTruncating(TBox.Floor(TBox.CreateTruncating(p) * bin)), 0, length);
            long last = Math.Clamp(start + long.CreateTruncating(TBox.Ceiling(TBox.CreateTruncating(p + 1) * bin)), 0, length);
            for (long cell = first; cell < last; cell++) taps.Add(new(cell, 1), int.MaxValue);
            taps.Ends.Add(taps.Taps.Count);
        }
        return new(taps, samples: 1, wholeTaps: 1);
    }

    /// <summary>Taps as they come.</summary>
    private readonly struct TapList(int pooled)
    {
        public List<WeightedTap> Taps { get; } = new(4 * pooled);

        public List<int> Ends { get; } = new(pooled);

        public List<long> Cells { get; } = new(4 * pooled);

        /// <summary>Adds a tap, to one of the same cell where there is one from a place on. A weight of 0 stays by itself: it makes NaN of an infinity.</summary>
        public void Add(WeightedTap tap, int from)
        {
            Span<WeightedTap> taps = CollectionsMarshal.AsSpan(Taps);
            for (int i = taps.Length - 1; i >= from && i >= taps.Length - Near; i--)
            {
                if (taps[i].Position != tap.Position || (taps[i].Weight == 0) != (tap.Weight == 0)) continue;
                taps[i] = tap with { Weight = taps[i].Weight + tap.Weight };
                return;
            }
            Taps.Add(tap);
            int place = Cells.Count;
            while (place > 0 && Cells[place - 1] > tap.Position) place--;
            if (place == 0 || Cells[place - 1] != tap.Position) Cells.Insert(place, tap.Position);
        }
    }
}
