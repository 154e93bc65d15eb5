using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>roi_pool: the largest cell of each bin, and where it is.</summary>
/// <param name="map">The regions, and the map's lengths.</param>
/// <param name="input">The map.</param>
/// <param name="values">Where the largest go.</param>
/// <param name="indices">Where their places go.</param>
internal readonly unsafe struct RegionWinners<T>(RegionMap map, T* input, T* values, long* indices) : IRegionWork
    where T : unmanaged, INumber<T>
{
    public void Run<TCell, TVector>(long image, long channel, int count)
        where TCell : unmanaged, INumber<TCell>
        where TVector : struct, ILanes<TVector, double>
    {
        RegionScratch<TCell, TVector> scratch = new(map);
        scratch.Load(input, image, channel, count);
        bool isFinite = scratch.IsFinite(image);
        for (int k = 0; k < map.Regions.Length; k++)
        {
            Region region = map.Regions[k];
            if (region.Image != image) continue;
            if (isFinite) RegionBest<TCell, TVector>.Find(region, map.Width, scratch.Cells, scratch.Bins, (long*)scratch.MoreBins);
            else RegionBest<TCell, TVector>.Find(region, map.Width, scratch.Cells, scratch.Bins, (long*)scratch.MoreBins, scratch.MostBins);
            long first = (k * map.Channels + channel) * map.Bins;
            ChannelBlock<T, TVector>.ToFirst(scratch.Bins, map.Bins, values + first, map.Bins, count, scratch.Aside);
            ChannelBlock<T, TVector>.CopyToFirst((long*)scratch.MoreBins, map.Bins, indices + first, count, scratch.Aside);
        }
    }
}
