using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>The gradient of <see cref="RegionWinners{T}"/>: each bin to its largest weighted cell, by the weight. Added up in double, box by box.</summary>
/// <param name="map">The regions, and the map's lengths.</param>
/// <param name="gradOutput">The gradient of the bins.</param>
/// <param name="input">The map.</param>
/// <param name="gradInput">Where its gradient goes.</param>
internal readonly unsafe struct RegionWinnerSpread<T>(RegionMap map, T* gradOutput, T* input, T* gradInput) : IRegionWork
    where T : unmanaged, INumber<T>
{
    public void Run<TCell, TVector>(long image, long channel, int count)
        where TCell : unmanaged, INumber<TCell>
        where TVector : struct, ILanes<TVector, double>
    {
        RegionScratch<TCell, TVector> scratch = new(map, cells: 2);
        scratch.Load(input, image, channel, count);
        NativeMemory.Clear(scratch.Sums, (nuint)(map.Cells * TVector.Count) * sizeof(double));
        for (int k = 0; k < map.Regions.Length; k++)
        {
            if (map.Regions[k].Image != image) continue;
            RegionBest<TCell, TVector>.Find(map.Regions[k], map.Width, scratch.Cells, scratch.Bins, (long*)scratch.MoreBins, scratch.MostBins);
            ChannelBlock<T, TVector>.ToLast(gradOutput + (k * map.Channels + channel) * map.Bins, map.Bins, count, map.Bins, scratch.Bins, scratch.Aside);
            Spread<TVector>(scratch.Bins, scratch.MostBins, (long*)scratch.MoreBins, map.Bins * TVector.Count, scratch.Sums);
        }
        scratch.Save(gradInput, image, channel, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Spread<TVector>(double* gradients, double* weights, long* indices, long count, double* sums)
        where TVector : struct, ILanes<TVector, double>
    {
        for (long i = 0; i < count; i++)
            if (indices[i] >= 0) sums[indices[i] * TVector.Count + i % TVector.Count] += weights[i] * gradients[i];
    }
}
