using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Bins whose cells are weighted along each axis by itself: the rows of a bin become one by their weights, then its columns. In double, a lane for each channel.</summary>
internal static unsafe class RegionFold<TFold, TCell, TVector>
    where TFold : struct, IRegionFold
    where TCell : unmanaged
    where TVector : struct, ILanes<TVector, double>
{
    /// <summary>All bins of a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="width">Of the map.</param>
    /// <param name="cells">The map.</param>
    /// <param name="row">Memory for a row of it.</param>
    /// <param name="bins">Where they go.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Region region, long width, TCell* cells, double* row, double* bins)
    {
        (RegionAxis rows, RegionAxis columns) = (region.Rows, region.Columns);
        fixed (WeightedTap* rowTaps = rows.Taps, columnTaps = columns.Taps)
        fixed (int* ends = columns.Ends)
        {
            WeightedTap* rowTap = rowTaps;
            TVector start = TVector.Create(TFold.Start), whole = TVector.Create(TFold.End(region, isWhole: true)), part = TVector.Create(TFold.End(region, isWhole: false));
            foreach (int rowEnd in rows.Ends)
            {
                long height = rowTaps + rowEnd - rowTap;
                AddRows(rowTap, height, columns.Cells, width * TVector.Count, cells, row);
                WeightedTap* tap = columnTaps;
                for (int q = 0; q < columns.Ends.Length; q++, bins += TVector.Count)
                {
                    WeightedTap* end = columnTaps + ends[q];
                    bool isWhole = height >= rows.WholeTaps && end - tap >= columns.WholeTaps;
                    TVector folded = start;
                    if (height > 0)
                        for (; tap < end; tap++) folded = TFold.Join(folded, TVector.Create(tap->Weight) * TVector.Load(row + tap->Position * TVector.Count));
                    tap = end;
                    TFold.Finish(folded, isWhole ? whole : part).Store(bins);
                }
                rowTap += height;
            }
        }
    }

    /// <summary>The rows of a bin as one, in the columns that the region sees; four columns at a time share the weights.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(WeightedTap* taps, long height, ReadOnlySpan<long> columns, long pitch, TCell* cells, double* row)
    {
        WeightedTap* end = taps + height;
        int i = 0;
        for (; i + 4 <= columns.Length; i += 4)
        {
            long a = columns[i] * TVector.Count, b = columns[i + 1] * TVector.Count, c = columns[i + 2] * TVector.Count, d = columns[i + 3] * TVector.Count;
            TVector sumA = TVector.Create(TFold.Start), sumB = sumA, sumC = sumA, sumD = sumA;
            for (WeightedTap* tap = taps; tap < end; tap++)
            {
                TCell* from = cells + tap->Position * pitch;
                TVector weight = TVector.Create(tap->Weight);
                sumA = TFold.Join(sumA, weight * TVector.Widen(from + a));
                sumB = TFold.Join(sumB, weight * TVector.Widen(from + b));
                sumC = TFold.Join(sumC, weight * TVector.Widen(from + c));
                sumD = TFold.Join(sumD, weight * TVector.Widen(from + d));
            }
            sumA.Store(row + a);
            sumB.Store(row + b);
            sumC.Store(row + c);
            sumD.Store(row + d);
        }
        for (; i < columns.Length; i++)
        {
            long column = columns[i] * TVector.Count;
            TVector sum = TVector.Create(TFold.Start);
            for (WeightedTap* tap = taps; tap < end; tap++) sum = TFold.Join(sum, TVector.Create(tap->Weight) * TVector.Widen(cells + tap->Position * pitch + column));
            sum.Store(row + column);
        }
    }
}
