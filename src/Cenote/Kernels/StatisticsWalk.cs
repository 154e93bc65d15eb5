using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>The mean and the standard deviation of each channel of each sequence over its steps.</summary>
/// <param name="sequences">How many sequences.</param>
/// <param name="channels">Channels of each.</param>
/// <param name="steps">Steps of each channel, one behind the other.</param>
/// <param name="counts">How many of the steps of a sequence count, or null where all do.</param>
/// <param name="unbiased">Whether squares are averaged over one step less than there are.</param>
/// <param name="cells">The cells.</param>
/// <param name="results">The means of a sequence's channels, then their deviations.</param>
internal readonly unsafe struct StatisticsWalk<T>(long sequences, long channels, long steps, long* counts, bool unbiased, T* cells, T* results) : IKernel
    where T : unmanaged, INumber<T>
{
    public long Units => sequences * channels;

    public long UnitBytes => steps * sizeof(T);

    public void Run(long first, long end)
    {
        for (long unit = first; unit < end; unit++)
        {
            (long n, long channel) = Math.DivRem(unit, channels);
            long count = counts == null ? steps : counts[n];
            (double mean, double squares) = Moments(cells + unit * steps, count);
            results[2 * n * channels + channel] = WholeNumber.Cut<T>(mean);
            results[(2 * n + 1) * channels + channel] = WholeNumber.Cut<T>(Math.Sqrt(squares / (unbiased ? count - 1 : count)));
        }
    }

    /// <summary>The mean, and the sum of squared differences from it: of equal cells exactly 0.</summary>
    public static (double Mean, double Squares) Moments(T* cells, long count)
    {
        if (count == 0) return (0, 0);
        // From the first cell, from which equal ones differ by nothing; where one is infinite, or they are so far apart, from 0.
        double first = double.CreateTruncating(*cells), mean = first + Sum(cells, count, first).Differences / count;
        if (!double.IsFinite(mean)) mean = Sum(cells, count, 0).Differences / count;
        return (mean, Sum(cells, count, mean).Squares);
    }

    /// <summary>The differences of cells from a number, and their squares, added up in four parts, so that additions need not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static (double Differences, double Squares) Sum(T* cells, long count, double from)
    {
        double a = 0, b = 0, c = 0, d = 0, aSquares = 0, bSquares = 0, cSquares = 0, dSquares = 0;
        long t = 0;
        for (; t + 4 <= count; t += 4)
        {
            double w = double.CreateTruncating(cells[t]) - from, x = double.CreateTruncating(cells[t + 1]) - from, y = double.CreateTruncating(cells[t + 2]) - from, z = double.CreateTruncating(cells[t + 3]) - from;
            (a, b, c, d) = (a + w, b + x, c + y, d + z);
            (aSquares, bSquares, cSquares, dSquares) = (aSquares + w * w, bSquares + x * x, cSquares + y * y, dSquares + z * z);
        }
        for (; t < count; t++)
        {
            double w = double.CreateTruncating(cells[t]) - from;
            a += w;
            aSquares += w * w;
        }
        return (a + b + (c + d), aSquares + bSquares + (cSquares + dSquares));
    }
}
