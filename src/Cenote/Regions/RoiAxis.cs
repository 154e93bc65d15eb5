using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>The samples of a region along one axis, bin by bin. Source: torchvision <c>roi_align_kernel.cpp</c>.</summary>
/// <param name="Bins">The cells that each bin's samples lie between, and their weights; two for each sample that lies inside the map.</param>
/// <param name="Samples">How many samples a bin has.</param>
internal sealed record RoiAxis(WeightedTap[][] Bins, long Samples)
{
    /// <summary>The samples of a region.</summary>
    /// <param name="start">Where the region begins, in cells.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="length">Cells of the map.</param>
    /// <param name="pooled">How many bins.</param>
    /// <param name="samplingRatio">Samples of a bin; 0 or less: as many as it has cells, rounded up.</param>
    /// <param name="aligned">Whether cells have their centre at half their width, so that everything moves by a half; else a region is at least 1 long.</param>
    public static RoiAxis Of<TBox>(TBox start, TBox end, long length, int pooled, int samplingRatio, bool aligned)
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        TBox half = TBox.CreateTruncating(0.5), offset = aligned ? half : TBox.Zero;
        (start, end) = (start - offset, end - offset);
        TBox size = end - start;
        if (!aligned) size = TBox.Max(size, TBox.One);
        TBox bin = size / TBox.CreateTruncating(pooled);
        long samples = samplingRatio > 0 ? samplingRatio : Math.Max(0, long.CreateTruncating(TBox.Ceiling(bin)));
        WeightedTap[][] bins = new WeightedTap[pooled][];
        List<WeightedTap> taps = [];
        for (int p = 0; p < pooled; p++)
        {
            taps.Clear();
            for (long i = 0; i < samples; i++)
            {
                TBox at = start + TBox.CreateTruncating(p) * bin + (TBox.CreateTruncating(i) + half) * bin / TBox.CreateTruncating(samples);
                if (at < -TBox.One || at > TBox.CreateTruncating(length)) continue;
                at = TBox.Max(at, TBox.Zero);
                long low = Math.Min(long.CreateTruncating(at), length - 1), high = Math.Min(low + 1, length - 1);
                double weight = low == length - 1 ? 0 : double.CreateTruncating(at - TBox.CreateTruncating(low));
                taps.Add(new(low, 1 - weight));
                taps.Add(new(high, weight));
            }
            bins[p] = [.. taps];
        }
        return new(bins, samples);
    }

    /// <summary>What a mean over a bin divides by.</summary>
    public static double Count(RoiAxis rows, RoiAxis columns) => Math.Max((double)rows.Samples * columns.Samples, 1);
}
