using System.Runtime.CompilerServices;

namespace Cenote.Regions;

/// <summary>The largest weighted cell; samples outside the map are 0. Cells must be finite.</summary>
internal readonly struct RegionLargest : IRegionFold
{
    public static double Start => double.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join<TVector>(TVector folded, TVector cell)
        where TVector : struct, Kernels.ILanes<TVector, double> => TVector.MaxNative(cell, folded);

    public static double End(in Region region, bool isWhole) => isWhole ? double.NegativeInfinity : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TVector>(TVector folded, TVector end)
        where TVector : struct, Kernels.ILanes<TVector, double> => TVector.MaxNative(end, folded);
}
