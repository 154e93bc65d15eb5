using System.Runtime.CompilerServices;

namespace Cenote.Regions;

/// <summary>The mean of the samples; those outside the map are 0.</summary>
internal readonly struct RegionMean : IRegionFold
{
    public static double Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join<TVector>(TVector folded, TVector cell)
        where TVector : struct, Kernels.ILanes<TVector, double> => folded + cell;

    public static double End(in Region region, bool isWhole) => region.Samples;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TVector>(TVector folded, TVector end)
        where TVector : struct, Kernels.ILanes<TVector, double> => folded / end;
}
