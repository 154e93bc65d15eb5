using System.Numerics;

namespace Cenote.Audio;

/// <summary>Changes the sample rate of a recording: the filters of libsoxr's HQ recipe, which librosa resamples with by default.</summary>
public static class Resampler
{
    private const int LargestRatio = 1024;

    // Samples that the first stage reads at a time: few enough for the cache, many beside the filters' overlap.
    private const int BlockLength = 1 << 15;

    // All constants below are a fit to libsoxr's HQ quality. Bands are fractions of the Nyquist frequency of the lower rate.
    private const double TransitionWidth = 0.0431282;
    private const double Cutoff = 0.95687182;
    private const double PassbandEnd = 0.9137437;
    private const double SecondStageBeta = 14.05864;

    // Rejects what would fold into the band that is kept: a quarter of the rate from pass to stop, 140 dB.
    private static readonly KaiserSinc HalfBand = new(Cutoff: 0.25, HalfWidth: 19.5, Beta: 14.55);

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
            throw new ArgumentException($"toRate {toRate} makes {length} samples; at most {Array.MaxLength} can be held.", nameof(toRate));
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

    private static PolyphaseFilter Design(long fromRate, long toRate)
    {
        PolyphaseFilter? stage = null;
        int halvings = 0;

        // Doubling the target stands for halving the source, which need not be even.
        for (; fromRate >= 4 * toRate; toRate *= 2)
        {
            stage = new PolyphaseFilter(stage, up: 1, down: 2, HalfBand);
            halvings++;
        }

        double halvingMargin = 20 * Math.Log10(halvings + 1);
        long divisor = (long)BigInteger.GreatestCommonDivisor(fromRate, toRate);
        long up = toRate / divisor;
        long down = fromRate / divisor;
        return Math.Max(up, down) < 5 || up * down < 6
            ? OneStage(stage, (int)up, (int)down, halvingMargin)
            : TwoStages(stage, fromRate, toRate, halvingMargin);
    }

    private static PolyphaseFilter OneStage(PolyphaseFilter? previous, int up, int down, double halvingMargin)
    {
        int larger = Math.Max(up, down);
        int step = up > down && BitOperations.IsPow2(up) ? Math.Max(4, 2 * up) : 4;
        double beta = KaiserSinc.BetaFor(126.43 + halvingMargin);
        int taps = KaiserSinc.Taps(beta, TransitionWidth / larger, step);
        return new PolyphaseFilter(previous, up, down, new KaiserSinc(Cutoff / (2 * larger) * up, taps / 2.0 / up, beta));
    }

    // A sharp filter at the source's rate or twice that, then a short one that only has to reject what repeats above it.
    private static PolyphaseFilter TwoStages(PolyphaseFilter? previous, long fromRate, long toRate, double halvingMargin)
    {
        int stuffing = 2 * fromRate > 3 * toRate ? 1 : 2;
        long stageRate = stuffing * fromRate;
        double bandwidth = stageRate / (double)Math.Min(fromRate, toRate);
        double beta = KaiserSinc.BetaFor(132.45 + halvingMargin);
        int taps = KaiserSinc.Taps(beta, TransitionWidth / bandwidth, step: 4);
        KaiserSinc sharp = new(Cutoff / (2 * bandwidth) * stuffing, taps / 2.0 / stuffing, beta);
        PolyphaseFilter stage = new(previous, stuffing, down: 1, sharp);

        long divisor = (long)BigInteger.GreatestCommonDivisor(stageRate, toRate);
        long up = toRate / divisor;
        double pass = PassbandEnd / bandwidth;
        double stop = 2 - (pass + (0.7 * ((1 / bandwidth) - pass)));
        double transition = 0.5 * (stop - pass) / 0.874212;
        double phaseTaps = Math.Floor(((KaiserSinc.Span(SecondStageBeta) / (transition / up)) + 1) / up) + 1;
        if (fromRate > toRate)
        {
            phaseTaps = 2 * Math.Ceiling(phaseTaps / 2);
        }

        double halfWidth = ((((phaseTaps * up) - 2) / 2) + 0.75) / up;
        return new PolyphaseFilter(stage, up, stageRate / divisor, new KaiserSinc((stop - transition) / 2, halfWidth, SecondStageBeta));
    }
}
