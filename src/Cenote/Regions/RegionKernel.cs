using System.Numerics;
using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Region pooling by channels: a unit are a few channels of an image, over all of its regions.</summary>
internal readonly struct RegionKernel<TWork, TCell, TVector>(TWork work, RegionMap map) : IKernel
    where TWork : struct, IRegionWork
    where TCell : unmanaged, INumber<TCell>
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
            work.Run<TCell, TVector>(image, channel, (int)Math.Min(TVector.Count, map.Channels - channel));
        }
    }
}

/// <summary>The kernel for the longest registers there are.</summary>
internal static class RegionKernel
{
    /// <typeparam name="T">A cell of the map.</typeparam>
    /// <typeparam name="TWork">What is done.</typeparam>
    public static void Run<T, TWork>(TWork work, RegionMap map, PoolOptions? options)
        where T : unmanaged
        where TWork : struct, IRegionWork
    {
        if (typeof(T) == typeof(float)) By<TWork, float>(work, map, options);
        else By<TWork, double>(work, map, options);
    }

    private static void By<TWork, TCell>(TWork work, RegionMap map, PoolOptions? options)
        where TWork : struct, IRegionWork
        where TCell : unmanaged, INumber<TCell>
    {
        if (Vector512.IsHardwareAccelerated) Crew.Run(new RegionKernel<TWork, TCell, Lanes512<double>>(work, map), options);
        else if (Vector256.IsHardwareAccelerated) Crew.Run(new RegionKernel<TWork, TCell, Lanes256<double>>(work, map), options);
        else Crew.Run(new RegionKernel<TWork, TCell, Lanes128<double>>(work, map), options);
    }
}
