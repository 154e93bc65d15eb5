using System.Globalization;
using System.Numerics;

namespace Cenote.Audio;

/// <summary>Changes the sample rate of a recording: the filters of libsoxr's HQ recipe, which librosa resamples with by default.</summary>
public static class Resampler
{
    private const int LargestRatio = 1024;

    // Samples that the first stage reads at a time: few enough for the cache, many beside the filters' overlap.
    private const int BlockLength = 1 << 15;

    // All constants below are a fit to libsoxr's HQ quality. Bands are parts of the Nyquist frequency of the lower rate.
    private const double PassbandEnd = 0.91374364;
    private const double Attenuation = 126.43;
    private const double ShortBeta = 14.05864;

    // A short filter of fewer phases has as many taps a phase as one of so many.
    private const int FewestPhases = 19;

    /// <summary>
    /// Resamples a mono recording. The first output stands at the time of the first input; outside the recording there is silence.
    /// </summary>
    /// <remarks>
    /// Gives <c>ceil(length * (toRate / fromRate))</c> samples, as librosa.resample does; when libsoxr would give one fewer the last is 0.
    /// The pass band ends at 91 % of the lower Nyquist frequency and what lies above it is 126 dB down or more. No clipping: a full-scale
    /// input may overshoot. A NaN or infinite sample spoils thousands of others.
    /// </remarks>
    /// <param name="samples">The samples in order of time; there may be none.</param>
    /// <param name="fromRate">Their rate in samples a second, 1 or more.</param>
    /// <param name="toRate">The rate to give, within a factor of 1024 of <paramref name="fromRate"/>; at the same rate the samples come
    /// back untouched.</param>
    /// <returns>The samples at the new rate, in an array of their own.</returns>
    /// <exception cref="ArgumentException">A rate is under 1, the two are further apart than a factor of 1024, or the result is longer than
    /// an array can be.</exception>
    public static float[] Resample(ReadOnlySpan<float> samples, int fromRate, int toRate)
    {
        Require.Positive(fromRate);
        Require.Positive(toRate);
        if (Math.Max(fromRate, toRate) > (long)LargestRatio * Math.Min(fromRate, toRate))
        {
            throw new ArgumentException(
                $"toRate must be within a factor of {LargestRatio} of fromRate, {fromRate}; it is {toRate}.", nameof(toRate));
        }

        if (fromRate == toRate)
        {
            return samples.ToArray();
        }

        // The two roundings of librosa and of libsoxr: the last sample stays 0 where they disagree.
        double length = Math.Ceiling(samples.Length * (toRate / (double)fromRate));
        double computed = Math.Min(length, Math.Floor((samples.Length / (fromRate / (double)toRate)) + 0.5));
        if (length > Array.MaxLength)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"toRate {toRate} makes {length} samples; at most {Array.MaxLength} can be held."),
                nameof(toRate));
        }

        float[] resampled = new float[(int)length];
        PolyphaseFilter last = Design(fromRate, toRate);
        int blockLength = (int)Math.Max(1, BlockLength * (long)toRate / Math.Max(fromRate, toRate));
        int blocks = (int)((computed + blockLength - 1) / blockLength);
        if (blocks < 2)
        {
            last.Read(samples, 0, resampled.AsSpan(0, (int)computed));
            return resampled;
        }

        unsafe
        {
            // A pointer, for a lambda cannot hold a span.
            fixed (float* pinned = samples)
            {
                float* source = pinned;
                int sourceLength = samples.Length;
                Parallel.For(0, blocks, block =>
                {
                    int start = block * blockLength;
                    Span<float> part = resampled.AsSpan(start, Math.Min(blockLength, (int)computed - start));
                    last.Read(new(source, sourceLength), start, part);
                });
            }
        }

        return resampled;
    }

    // Every stage more lowers the noise that each may add; in libsoxr's way of counting, not always by their number.
    private static PolyphaseFilter Design(long fromRate, long toRate, int shares = 1)
    {
        if (shares == 1 && toRate > 4 * fromRate && toRate != 5 * fromRate)
        {
            return RaiseLast(fromRate, toRate);
        }

        // Doubling the target stands for halving the source, which need not be even.
        int halvings = 0;
        for (; fromRate >= 4 * toRate; toRate *= 2)
        {
            halvings++;
        }

        bool isOneStage = IsOneStage(fromRate, toRate, out int up, out int down);
        shares = (shares + halvings) * (isOneStage ? 1 : 2);
        PolyphaseFilter? stage = null;
        HalfBand half = HalfBand.For(AttenuationOf(shares));
        for (; halvings > 0; halvings--)
        {
            stage = new PolyphaseFilter(stage, up: 1, down: 2, half.Reach, half.At);
        }

        if (isOneStage)
        {
            int step = up > down && BitOperations.IsPow2(up) ? Math.Max(4, 2 * up) : 4;
            return Sharp(stage, up, down, Math.Max(up, down), PassbandEnd, stop: 1, shares, step);
        }

        double ratio = fromRate / (double)toRate;
        if (ratio is > 1.5 and < 2)
        {
            // To twice the target, rejecting only what would fold into the band that is kept, and then sharply down.
            stage = Short(stage, fromRate, 2 * toRate, PassbandEnd / ratio, 3 / ratio, isEven: false);
            return Sharp(stage, up: 1, down: 2, bandwidth: 2, PassbandEnd, stop: 1, shares, step: 4);
        }

        // A sharp filter at the source's rate or twice that, then a short one that only has to reject what repeats above it.
        int stuffing = ratio < 1.5 ? 2 : 1;
        double bandwidth = stuffing * Math.Max(ratio, 1);
        stage = Sharp(stage, stuffing, down: 1, bandwidth, PassbandEnd, stop: 1, shares, step: 4);
        double pass = PassbandEnd / bandwidth;
        double stop = 2 - (pass + (0.7 * ((1 / bandwidth) - pass)));
        return Short(stage, stuffing * fromRate, toRate, pass, stop, isEven: ratio > 1);
    }

    private static double AttenuationOf(int shares) => Attenuation + (20 * Math.Log10(shares));

    private static bool IsOneStage(long fromRate, long toRate, out int up, out int down)
    {
        long divisor = (long)BigInteger.GreatestCommonDivisor(fromRate, toRate);
        up = (int)(toRate / divisor);
        down = (int)(fromRate / divisor);
        return Math.Max(up, down) < 5 || (long)up * down < 6;
    }

    // Far up: to a fourth of the target or less, and from there with a filter that only has to reject what repeats above the source's band.
    private static PolyphaseFilter RaiseLast(long fromRate, long toRate)
    {
        int factor = 4;
        for (long rest = toRate / fromRate / 32; rest > 0 && factor < 256; rest /= 2)
        {
            factor *= 2;
        }

        PolyphaseFilter stage = Design(fromRate * factor, toRate, shares: 2);
        int shares = IsOneStage(fromRate * factor, toRate, out _, out _) ? 2 : 4;
        double band = fromRate * factor / (double)toRate;
        return Sharp(stage, factor, down: 1, factor, PassbandEnd * band, 2 - band, shares, step: 2 * factor);
    }

    // Bands are parts of the Nyquist frequency, of the rate it reads times up over the bandwidth.
    private static PolyphaseFilter Sharp(
        PolyphaseFilter? previous, int up, int down, double bandwidth, double pass, double stop, int shares, int step)
    {
        double transition = (stop - pass) / 2;
        double beta = KaiserSinc.BetaFor(AttenuationOf(shares), pass, stop);
        int taps = KaiserSinc.Taps(beta, transition / bandwidth, step);
        return new PolyphaseFilter(previous, up, down, new KaiserSinc((pass + stop) / 4 / bandwidth * up, taps / 2.0 / up, beta));
    }

    // Bands are parts of the Nyquist frequency of the rate it reads.
    private static PolyphaseFilter Short(
        PolyphaseFilter? previous, long fromRate, long toRate, double pass, double stop, bool isEven)
    {
        long divisor = (long)BigInteger.GreatestCommonDivisor(fromRate, toRate);
        long up = toRate / divisor;
        double transition = 0.5 * (stop - pass) / 0.874212;
        double phases = Math.Max(up, FewestPhases);
        double phaseTaps = Math.Floor(Math.Ceiling((KaiserSinc.Span(ShortBeta) * phases / transition) + 1) / phases) + 1;
        if (isEven)
        {
            phaseTaps = 2 * Math.Ceiling(phaseTaps / 2);
        }

        double halfWidth = ((((phaseTaps * up) - 2) / 2) + (phaseTaps * up % 2 == 0 ? 0.75 : 0.875)) / up;
        return new PolyphaseFilter(previous, up, fromRate / divisor, new KaiserSinc((stop - transition) / 2, halfWidth, ShortBeta));
    }
}
