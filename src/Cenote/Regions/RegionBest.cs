using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>The largest product of a cell and its weight in each bin, and where it is: the first of several, or the last NaN. A lane for each channel.</summary>
/// <remarks>A bin that lies beyond the map in part begins with 0 at index -1, as if that were a sample.</remarks>
internal static unsafe class RegionBest<TCell, TVector>
    where TCell : unmanaged
    where TVector : struct, ILanes<TVector, double>
{
    /// <summary>All bins of a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="width">Of the map.</param>
    /// <param name="cells">The map.</param>
    /// <param name="values">The products.</param>
    /// <param name="indices">Where their cells are.</param>
    /// <param name="weights">Their weights.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Find(in Region region, long width, TCell* cells, double* values, long* indices, double* weights)
    {
        (RegionAxis rows, RegionAxis columns) = (region.Rows, region.Columns);
        for (int p = 0; p < rows.Ends.Length; p++)
        for (int q = 0; q < columns.Ends.Length; q++, values += TVector.Count, indices += TVector.Count, weights += TVector.Count)
        {
            ReadOnlySpan<WeightedTap> y = rows[p], x = columns[q];
            TVector best = TVector.Create(0), place = Bits(-1), weight = best;
            if (y.Length >= rows.WholeTaps && x.Length >= columns.WholeTaps)
            {
                long first = y[0].Position * width + x[0].Position;
                (place, weight) = (Bits(first), TVector.Create(y[0].Weight * x[0].Weight));
                best = weight * TVector.Widen(cells + first * TVector.Count);
            }
            foreach (WeightedTap row in y)
            foreach (WeightedTap column in x)
            {
                long index = row.Position * width + column.Position;
                TVector share = TVector.Create(row.Weight * column.Weight), value = share * TVector.Widen(cells + index * TVector.Count);
                TVector wins = TVector.Greater(value, best) | TVector.Unordered(value, value);
                best = TVector.Select(wins, value, best);
                place = TVector.Select(wins, Bits(index), place);
                weight = TVector.Select(wins, share, weight);
            }
            best.Store(values);
            place.Store((double*)indices);
            weight.Store(weights);
        }
    }

    /// <summary>The same of cells that are finite, weigh 1 and lie side by side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Find(in Region region, long width, TCell* cells, double* values, long* indices)
    {
        (RegionAxis rows, RegionAxis columns) = (region.Rows, region.Columns);
        for (int p = 0; p < rows.Ends.Length; p++)
        {
            ReadOnlySpan<WeightedTap> y = rows[p];
            int tap = 0;
            foreach (int end in columns.Ends)
            {
                bool isEmpty = y.Length == 0 || tap == end;
                TVector best = TVector.Create(isEmpty ? 0 : double.NegativeInfinity), place = Bits(-1);
                if (!isEmpty)
                {
                    long left = columns.Taps[tap].Position, right = left + end - tap;
                    foreach (WeightedTap row in y)
                    {
                        long last = row.Position * width + right;
                        for (long index = row.Position * width + left; index < last; index++)
                        {
                            TVector cell = TVector.Widen(cells + index * TVector.Count);
                            place = TVector.IfGreater(cell, best, Bits(index), place);
                            best = TVector.MaxNative(cell, best);
                        }
                    }
                }
                tap = end;
                best.Store(values);
                place.Store((double*)indices);
                values += TVector.Count;
                indices += TVector.Count;
            }
        }
    }

    /// <summary>Whole numbers that pass as doubles: they are moved and nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Bits(long index) => TVector.Create(BitConverter.Int64BitsToDouble(index));
}
