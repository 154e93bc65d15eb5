using System.Numerics;
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

    /// <summary>The mean, and the sum of squared differences from it: of equal cells exactly 0. Source: Welford (1962).</summary>
    public static (double Mean, double Squares) Moments(T* cells, long count)
    {
        double mean = 0, squares = 0;
        for (long t = 0; t < count; t++)
        {
            double cell = double.CreateTruncating(cells[t]), difference = cell - mean;
            mean += difference / (t + 1);
            squares += difference * (cell - mean);
        }
        if (double.IsFinite(mean) || count == 0) return (mean, squares);
        // An infinity, or differences beyond double: added up as they are.
        double sum = 0;
        for (long t = 0; t < count; t++) sum += double.CreateTruncating(cells[t]);
        mean = sum / count;
        squares = 0;
        for (long t = 0; t < count; t++)
        {
            double difference = double.CreateTruncating(cells[t]) - mean;
            squares += difference * difference;
        }
        return (mean, squares);
    }
}
