using System.Numerics;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote.Gradients;

/// <summary>The gradient of <see cref="StatisticsWalk{T}"/>: that of the mean, and nothing from a deviation of 0, which has a kink there; 0 for steps that do not count.</summary>
/// <param name="sequences">How many sequences.</param>
/// <param name="channels">Channels of each.</param>
/// <param name="steps">Steps of each channel, one behind the other.</param>
/// <param name="counts">How many of the steps of a sequence count, or null where all do.</param>
/// <param name="unbiased">Whether squares were averaged over one step less than there are.</param>
/// <param name="gradOutput">The gradient of the means of a sequence's channels, then of their deviations.</param>
/// <param name="cells">The cells.</param>
/// <param name="gradInput">Where their gradient goes.</param>
internal readonly unsafe struct StatisticsSpread<T>(long sequences, long channels, long steps, long* counts, bool unbiased, T* gradOutput, T* cells, T* gradInput) : IKernel
    where T : unmanaged, INumber<T>
{
    // Steps of which the gradients are in a first-level cache.
    private const int AtOnce = 512;

    public long Units => sequences * channels;

    public long UnitBytes => 2 * steps * sizeof(T);

    public void Run(long first, long end)
    {
        double* some = stackalloc double[AtOnce];
        for (long unit = first; unit < end; unit++)
        {
            (long n, long channel) = Math.DivRem(unit, channels);
            long count = counts == null ? steps : counts[n], start = unit * steps, over = unbiased ? count - 1 : count;
            (double mean, double squares) = StatisticsWalk<T>.Moments(cells + start, count);
            double ofMean = double.CreateTruncating(gradOutput[2 * n * channels + channel]) / count;
            double ofDeviation = double.CreateTruncating(gradOutput[(2 * n + 1) * channels + channel]);
            double slope = squares == 0 ? 0 : ofDeviation / (over * Math.Sqrt(squares / over));
            for (long t = 0; t < count; t += AtOnce)
            {
                Span<double> gradients = new(some, (int)Math.Min(AtOnce, count - t));
                Doubles.Widen(cells + start + t, gradients);
                Doubles.Apply(new Function.Line(slope, mean, ofMean), gradients);
                Sums<T, double>.Round(some, gradInput + start + t, gradients.Length);
            }
            new Span<T>(gradInput + start + count, (int)(steps - count)).Clear();
        }
    }
}
