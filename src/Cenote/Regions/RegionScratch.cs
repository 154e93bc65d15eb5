using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Working memory for a few channels of a map, a register for each cell.</summary>
/// <param name="map">The regions, and the map's lengths.</param>
/// <param name="cells">How many times all cells of a plane.</param>
internal readonly unsafe ref struct RegionScratch<TCell, TVector>(RegionMap map, int cells = 1)
    where TCell : unmanaged, INumber<TCell>
    where TVector : struct, ILanes<TVector, double>
{
    private readonly double* _start = (double*)Scratch.Rent((cells * map.Cells + Math.Max(2 * map.Width, map.Bins) + 3 * map.Bins) * TVector.Count * sizeof(double));

    /// <summary>The map.</summary>
    public TCell* Cells => (TCell*)_start;

    /// <summary>What is added up for each cell.</summary>
    public double* Sums => _start + (cells - 1) * map.Cells * TVector.Count;

    /// <summary>Something for each bin.</summary>
    public double* Bins => _start + cells * map.Cells * TVector.Count;

    /// <summary>Something else.</summary>
    public double* MoreBins => Bins + map.Bins * TVector.Count;

    /// <summary>A third thing.</summary>
    public double* MostBins => MoreBins + map.Bins * TVector.Count;

    /// <summary>Rows or bins that are on their way.</summary>
    public double* Aside => MostBins + map.Bins * TVector.Count;

    /// <summary>A row of the map.</summary>
    public double* Row => Aside + map.Width * TVector.Count;

    /// <summary>Fills the map, as far as a region sees it.</summary>
    public void Load<T>(T* input, long image, long channel, int count)
        where T : unmanaged, INumber<T>
    {
        T* planes = input + (image * map.Channels + channel) * map.Cells;
        for (long y = 0; y < map.Height; y++)
        {
            (long first, long cells) = map.Seen(image, y);
            if (cells > 0) ChannelBlock<T, TVector>.ToLast(planes + first, map.Cells, count, cells, Cells + first * TVector.Count, Aside);
        }
    }

    /// <summary>Whether no cell that a region sees is an infinity or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsFinite(long image)
    {
        TVector zero = TVector.Create(0);
        for (long y = 0; y < map.Height; y++)
        {
            (long first, long cells) = map.Seen(image, y);
            for (TCell* cell = Cells + first * TVector.Count, end = cell + cells * TVector.Count; cell < end; cell += TVector.Count) zero += TVector.Widen(cell) - TVector.Widen(cell);
        }
        return TVector.IsZero(TVector.Unordered(zero, zero));
    }

    /// <summary>Rounds the sums to their planes.</summary>
    public void Save<T>(T* output, long image, long channel, int count)
        where T : unmanaged, INumber<T>
    {
        T* planes = output + (image * map.Channels + channel) * map.Cells;
        for (long first = 0; first < map.Cells; first += map.Width)
            ChannelBlock<T, TVector>.ToFirst(Sums + first * TVector.Count, map.Width, planes + first, map.Cells, count, Aside);
    }
}
