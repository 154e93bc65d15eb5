using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>roi_align, its mean or its maximum.</summary>
/// <param name="map">The regions, and the map's lengths.</param>
/// <param name="mode">Which of them.</param>
/// <param name="input">The map.</param>
/// <param name="output">Where the bins go.</param>
internal readonly unsafe struct RegionAlign<T>(RegionMap map, RoiAlignMode mode, T* input, T* output) : IRegionWork
    where T : unmanaged, INumber<T>
{
    public void Run<TCell, TVector>(long image, long channel, int count)
        where TCell : unmanaged, INumber<TCell>
        where TVector : struct, ILanes<TVector, double>
    {
        RegionScratch<TCell, TVector> scratch = new(map);
        scratch.Load(input, image, channel, count);
        bool isMean = mode == RoiAlignMode.Average, isFinite = isMean || scratch.IsFinite(image);
        for (int k = 0; k < map.Regions.Length; k++)
        {
            Region region = map.Regions[k];
            if (region.Image != image) continue;
            if (isMean) RegionFold<RegionMean, TCell, TVector>.Run(region, map.Width, scratch.Cells, scratch.Row, scratch.Bins);
            else if (isFinite) RegionFold<RegionLargest, TCell, TVector>.Run(region, map.Width, scratch.Cells, scratch.Row, scratch.Bins);
            else RegionBest<TCell, TVector>.Find(region, map.Width, scratch.Cells, scratch.Bins, (long*)scratch.MoreBins, scratch.MostBins);
            ChannelBlock<T, TVector>.ToFirst(scratch.Bins, map.Bins, output + (k * map.Channels + channel) * map.Bins, map.Bins, count, scratch.Aside);
        }
    }
}
