using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Region pooling by channels: a unit are a few channels of an image, over all of its regions.</summary>
internal readonly struct RegionKernel<TWork, TVector>(TWork work, RegionMap map) : IKernel
    where TWork : struct, IRegionWork
    where TVector : struct, ILanes<TVector, double>
{
    private readonly long _blocks = (map.Channels - 1) / TVector.Count + 1;

    public long Units => map.Images * _blocks;

    public long UnitBytes => (map.Taps / map.Images + map.Cells) * TVector.Count * sizeof(double);

    public void Run(long first, long end)
    {
        for (long unit = first; unit < end; unit++)
        {
            (long image, long block) = Math.DivRem(unit, _blocks);
            long channel = block * TVector.Count;
            work.Run<TVector>(image, channel, (int)Math.Min(TVector.Count, map.Channels - channel));
        }
    }
}

/// <summary>The kernel for the longest registers there are.</summary>
internal static class RegionKernel
{
    public static void Run<TWork>(TWork work, RegionMap map, PoolOptions? options)
        where TWork : struct, IRegionWork
    {
        if (Vector512.IsHardwareAccelerated) Crew.Run(new RegionKernel<TWork, Lanes512<double>>(work, map), options);
        else if (Vector256.IsHardwareAccelerated) Crew.Run(new RegionKernel<TWork, Lanes256<double>>(work, map), options);
        else Crew.Run(new RegionKernel<TWork, Lanes128<double>>(work, map), options);
    }
}
