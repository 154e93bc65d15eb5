using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Outputs whose cells are weighted along each axis by itself: the rows of a window are added up by their weights into one row, and its columns then by theirs. In double.</summary>
/// <param name="geometry">The window; where its taps stand the axes say.</param>
/// <param name="depths">The taps of each output along the depth.</param>
/// <param name="heights">Along the height.</param>
/// <param name="widths">Along the width.</param>
/// <param name="input">The cells.</param>
/// <param name="output">Where the results go.</param>
internal readonly unsafe struct BlurWalk<T>(Geometry geometry, WeightedTap[][] depths, WeightedTap[][] heights, WeightedTap[][] widths, T* input, T* output) : IKernel
    where T : unmanaged, INumber<T>
{
    public long Units => geometry.Outer * depths.Length * heights.Length;

    public long UnitBytes => widths.Length * (geometry.MostTaps + 1) * geometry.Inner * sizeof(T);

    public void Run(long first, long end)
    {
        long inner = geometry.Inner, cells = geometry.Width.InputLength * inner, outputs = widths.Length * inner;
        double* sums = (double*)Scratch.Rent((cells + outputs) * sizeof(double)), row = sums + cells;
        for (long unit = first; unit < end; unit++)
        {
            (long slice, long oh) = Math.DivRem(unit, heights.Length);
            (long o, long od) = Math.DivRem(slice, depths.Length);
            bool isFirst = true;
            foreach ((long d, double depth) in depths[od])
            foreach ((long h, double height) in heights[oh])
            {
                T* from = input + ((o * geometry.Depth.InputLength + d) * geometry.Height.InputLength + h) * cells;
                Add(from, depth * height, sums, cells, isFirst);
                isFirst = false;
            }
            Along(sums, row);
            Doubles.Narrow<T>(new(row, (int)outputs), output + unit * outputs);
        }
    }

    /// <summary>Adds a row by its weight to the sums, or begins them with it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* row, double weight, double* sums, long count, bool isFirst)
    {
        long i = 0;
        if (typeof(T) == typeof(float) && Vector.IsHardwareAccelerated)
        {
            Vector<double> weights = new(weight);
            for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
            {
                Vector.Widen(Unsafe.ReadUnaligned<Vector<float>>(row + i), out Vector<double> low, out Vector<double> high);
                (low, high) = (low * weights, high * weights);
                double* lowSums = sums + i, highSums = lowSums + Vector<double>.Count;
                if (!isFirst) (low, high) = (low + Unsafe.ReadUnaligned<Vector<double>>(lowSums), high + Unsafe.ReadUnaligned<Vector<double>>(highSums));
                Unsafe.WriteUnaligned(lowSums, low);
                Unsafe.WriteUnaligned(highSums, high);
            }
        }
        for (; i < count; i++) sums[i] = double.CreateTruncating(row[i]) * weight + (isFirst ? 0 : sums[i]);
    }

    /// <summary>The outputs of a row of sums.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Along(double* sums, double* row)
    {
        long inner = geometry.Inner;
        foreach (WeightedTap[] taps in widths)
        {
            if (inner == 1)
            {
                double sum = 0;
                foreach (WeightedTap tap in taps) sum += tap.Weight * sums[tap.Position];
                *row++ = sum;
                continue;
            }
            new Span<double>(row, (int)inner).Clear();
            foreach (WeightedTap tap in taps)
            {
                double* from = sums + tap.Position * inner;
                Vector<double> weights = new(tap.Weight);
                long channel = 0;
                for (; channel + Vector<double>.Count <= inner; channel += Vector<double>.Count)
                    Unsafe.WriteUnaligned(row + channel, Unsafe.ReadUnaligned<Vector<double>>(row + channel) + weights * Unsafe.ReadUnaligned<Vector<double>>(from + channel));
                for (; channel < inner; channel++) row[channel] += tap.Weight * from[channel];
            }
            row += inner;
        }
    }
}
