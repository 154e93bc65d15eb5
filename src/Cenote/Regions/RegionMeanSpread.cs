using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>The gradient of <see cref="RegionMean"/>: each bin to its columns by their weights, that row to the bin's rows. Added up in double, box by box, a lane for each channel.</summary>
/// <param name="map">The regions, and the map's lengths.</param>
/// <param name="gradOutput">The gradient of the bins.</param>
/// <param name="gradInput">Where that of the map goes.</param>
internal readonly unsafe struct RegionMeanSpread<T>(RegionMap map, T* gradOutput, T* gradInput) : IRegionWork
    where T : unmanaged, INumber<T>
{
    public void Run<TCell, TVector>(long image, long channel, int count)
        where TCell : unmanaged, INumber<TCell>
        where TVector : struct, ILanes<TVector, double>
    {
        RegionScratch<double, TVector> scratch = new(map);
        NativeMemory.Clear(scratch.Sums, (nuint)(map.Cells * TVector.Count) * sizeof(double));
        for (int k = 0; k < map.Regions.Length; k++)
        {
            if (map.Regions[k].Image != image) continue;
            ChannelBlock<T, TVector>.ToLast(gradOutput + (k * map.Channels + channel) * map.Bins, map.Bins, count, map.Bins, scratch.Bins, scratch.Aside);
            Spread<TVector>(map.Regions[k], map.Width, scratch.Bins, scratch.Row, scratch.Sums);
        }
        scratch.Save(gradInput, image, channel, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Spread<TVector>(in Region region, long width, double* bins, double* row, double* sums)
        where TVector : struct, ILanes<TVector, double>
    {
        (RegionAxis rows, RegionAxis columns) = (region.Rows, region.Columns);
        TVector divisor = TVector.Create(region.Samples);
        for (int p = 0; p < rows.Ends.Length; p++)
        {
            foreach (long column in columns.Cells) TVector.Create(0).Store(row + column * TVector.Count);
            int tap = 0;
            foreach (int end in columns.Ends)
            {
                TVector gradient = TVector.Load(bins) / divisor;
                for (; tap < end; tap++) AddTo(row + columns.Taps[tap].Position * TVector.Count, gradient * TVector.Create(columns.Taps[tap].Weight));
                bins += TVector.Count;
            }
            AddRow<TVector>(rows[p], columns.Cells, width * TVector.Count, row, sums);
        }
    }

    /// <summary>A row to those of its bin; four columns at a time share the weights.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddRow<TVector>(ReadOnlySpan<WeightedTap> taps, ReadOnlySpan<long> columns, long pitch, double* row, double* sums)
        where TVector : struct, ILanes<TVector, double>
    {
        int i = 0;
        for (; i + 4 <= columns.Length; i += 4)
        {
            long a = columns[i] * TVector.Count, b = columns[i + 1] * TVector.Count, c = columns[i + 2] * TVector.Count, d = columns[i + 3] * TVector.Count;
            TVector rowA = TVector.Load(row + a), rowB = TVector.Load(row + b), rowC = TVector.Load(row + c), rowD = TVector.Load(row + d);
            foreach (WeightedTap tap in taps)
            {
                double* to = sums + tap.Position * pitch;
                TVector weight = TVector.Create(tap.Weight);
                AddTo(to + a, weight * rowA);
                AddTo(to + b, weight * rowB);
                AddTo(to + c, weight * rowC);
                AddTo(to + d, weight * rowD);
            }
        }
        for (; i < columns.Length; i++)
        {
            long column = columns[i] * TVector.Count;
            foreach (WeightedTap tap in taps) AddTo(sums + tap.Position * pitch + column, TVector.Create(tap.Weight) * TVector.Load(row + column));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<TVector>(double* sum, TVector value)
        where TVector : struct, ILanes<TVector, double> => TVector.Add(value, sum).Store(sum);
}
