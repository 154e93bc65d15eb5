using System.Numerics.Tensors;
using Cenote.Audio;
using Cenote.Tests.Golden;
using CsCheck;

namespace Cenote.Tests.Audio;

public class ResamplerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(8000, 16000)]
    [InlineData(11025, 16000)]
    [InlineData(12000, 16000)]
    [InlineData(16000, 8000)]
    [InlineData(16000, 22050)]
    [InlineData(22050, 16000)]
    [InlineData(24000, 16000)]
    [InlineData(32000, 16000)]
    [InlineData(44100, 16000)]
    [InlineData(44100, 48000)]
    [InlineData(48000, 16000)]
    [InlineData(48000, 44100)]
    [InlineData(88200, 16000)]
    [InlineData(96000, 16000)]
    [InlineData(192000, 16000)]
    [InlineData(8000, 44100)]
    [InlineData(11025, 48000)]
    [InlineData(16000, 40000)]
    [InlineData(28000, 16000)]
    [InlineData(40000, 16000)]
    [InlineData(48000, 28000)]
    public void A_chirp_comes_out_as_from_libsoxr(int from, int to)
    {
        float[] expected = GoldenFile.Read<float>("resampled_chirps_every_4th", $"{from}_{to}");

        float[] resampled = Resampler.Resample(Chirp(from), from, to);

        AssertNear(expected, [.. resampled.Where((_, n) => n % 4 == 0)], $"{from} to {to}");
    }

    // Noise, loud from the first sample to the last. Short filters whose number of taps is near the next, and short ones of few phases;
    // halvings; sharp filters near the next number of taps; last filters far up.
    [Theory]
    [InlineData(11, 8)]
    [InlineData(11, 4)]
    [InlineData(11, 2)]
    [InlineData(11, 1)]
    [InlineData(13, 7)]
    [InlineData(17, 8)]
    [InlineData(14, 13)]
    [InlineData(19, 14)]
    [InlineData(35, 26)]
    [InlineData(27, 5)]
    [InlineData(7, 5)]
    [InlineData(13, 12)]
    [InlineData(12, 7)]
    [InlineData(24, 13)]
    [InlineData(4, 1)]
    [InlineData(6, 1)]
    [InlineData(16, 1)]
    [InlineData(35, 1)]
    [InlineData(100, 1)]
    [InlineData(44, 1)]
    [InlineData(98, 29)]
    [InlineData(93, 26)]
    [InlineData(1, 6)]
    [InlineData(7, 40)]
    [InlineData(1, 17)]
    [InlineData(13, 53)]
    [InlineData(3, 16)]
    public void Noise_comes_out_as_from_libsoxr_from_its_beginning_on(int from, int to)
    {
        float[] expected = GoldenFile.Read<float>("resampled_noise", $"{from}_{to}");
        float[] noise = new float[from > to ? 1000 : 200];
        uint state = 1;
        for (int n = 0; n < noise.Length; n++)
        {
            state = (state * 1664525) + 1013904223;
            noise[n] = ((state >> 8) / 16777216f) - 0.5f;
        }

        AssertNear(expected, Resampler.Resample(noise, from, to), $"{from} to {to}");
    }

    // Two stages down, one stage down, two stages up, and the ratio that is furthest off.
    [Theory]
    [InlineData(44100)]
    [InlineData(48000)]
    [InlineData(11025)]
    [InlineData(32000)]
    public void Decibels_after_resampling_are_those_after_libsoxr(int from)
    {
        float[] expected = Decibels(GoldenFile.Read<float>("resampled_chirps", $"{from}_16000"));

        float[] actual = Decibels(Resampler.Resample(Chirp(from), from, 16000));

        float worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        output.WriteLine($"{from}: worst {worst} dB");
        Assert.True(worst <= 0.01f, $"a value is {worst} dB off");

        // A sweep, a tone and a click leave much on the floor, which tells nothing.
        Assert.True(expected.Count(value => value > expected.Min()) > expected.Length / 10, "nearly all of the spectrogram is floor");
    }

    // The one disagreement of the two roundings: librosa asks for a sample that libsoxr does not give.
    [Fact]
    public void A_last_sample_that_libsoxr_does_not_give_is_0()
    {
        float[] resampled = Resampler.Resample(Enumerable.Repeat(1f, 44100).ToArray(), 44100, 48000);

        Assert.Equal(48001, resampled.Length);
        Assert.Equal(0, resampled[48000]);
        Assert.NotEqual(0, resampled[47999]);
    }

    [Theory]
    [InlineData(0, 8000, 16000, 0)]
    [InlineData(1, 8000, 16000, 2)]
    [InlineData(1, 48000, 16000, 1)]
    [InlineData(100, 44100, 16000, 37)]
    [InlineData(1000, 1, 1024, 1024000)]
    public void Length_is_the_ceiling_of_the_ratio(int length, int from, int to, int expected)
    {
        Assert.Equal(expected, Resampler.Resample(new float[length], from, to).Length);
    }

    [Fact]
    public void The_same_rate_leaves_every_sample_untouched()
    {
        float[] samples = [0.1f, -0f, float.NaN, 3f];

        Assert.Equal(samples, Resampler.Resample(samples, 44100, 44100));
    }

    // Pairs that no golden file has: unusual ratios, a bank of too many phases, r between 1.5 and 2, far apart.
    [Theory]
    [InlineData(44100, 44101)]
    [InlineData(44101, 44100)]
    [InlineData(16000, 15999)]
    [InlineData(48000, 28000)]
    [InlineData(40000, 24000)]
    [InlineData(11025, 44100)]
    [InlineData(44100, 11025)]
    [InlineData(16000, 80000)]
    [InlineData(44100, 1000)]
    [InlineData(99991, 10007)]
    public void A_tone_in_the_pass_band_stays_the_tone_it_was(int from, int to)
    {
        double frequency = 0.1 * Math.Min(from, to);
        int length = Math.Max(from, 200 * from / to);
        float[] tone = [.. Enumerable.Range(0, length).Select(n => (float)Math.Sin(2 * Math.PI * frequency * n / from))];

        float[] resampled = Resampler.Resample(tone, from, to);

        // Away from the ends, where the tone begins and breaks off.
        double noise = 0;
        int margin = resampled.Length / 4;
        for (int k = margin; k < resampled.Length - margin; k++)
        {
            double error = resampled[k] - Math.Sin(2 * Math.PI * frequency * k / to);
            noise += error * error;
        }

        double ratio = 10 * Math.Log10((resampled.Length - (2 * margin)) / 2.0 / noise);
        output.WriteLine($"{from} to {to}: {ratio:F1} dB");
        Assert.True(ratio >= 120, $"{ratio:F1} dB");
    }

    [Theory]
    [InlineData(44100, 16000)]
    [InlineData(48000, 16000)]
    [InlineData(96000, 16000)]
    [InlineData(48000, 28000)]
    public void A_tone_above_the_band_is_gone(int from, int to)
    {
        double frequency = (from + to) / 4.0;
        float[] tone = [.. Enumerable.Range(0, from).Select(n => (float)Math.Sin(2 * Math.PI * frequency * n / from))];

        float[] resampled = Resampler.Resample(tone, from, to);

        float loudest = resampled[(to / 4)..^(to / 4)].Max(Math.Abs);
        Assert.True(loudest < 1e-6, $"{loudest:E1} is left");
    }

    [Fact]
    public void Blocks_leave_no_seam()
    {
        float[] samples = Noise(100_000);
        float[] whole = Resampler.Resample(samples, 44100, 16000);

        // A multiple of 441 input samples shifts the output by whole samples, and so moves the blocks.
        float[] shifted = Resampler.Resample([.. new float[441 * 10], .. samples], 44100, 16000);

        for (int k = 0; k < whole.Length; k++)
        {
            Assert.Equal(whole[k], shifted[k + 1600], k < 20 ? 1e-2 : 1e-6);
        }
    }

    [Fact]
    public void Resampling_is_linear()
    {
        // Whole numbers, for doubling is exact but where a product underflows.
        Gen.Select(Gen.Int[-9, 9].Select(x => (float)x).Array[0, 300], Gen.Int[1, 400], Gen.Int[1, 400]).Sample(
            (samples, from, to) =>
            {
                float[] once = Resampler.Resample(samples, from, to);
                float[] doubled = Resampler.Resample([.. samples.Select(x => 2 * x)], from, to);
                return once.Select(y => 2 * y).SequenceEqual(doubled);
            },
            iter: 100);
    }

    [Theory]
    [InlineData(0, 16000, "fromRate")]
    [InlineData(16000, -1, "toRate")]
    [InlineData(1024001, 1000, "toRate")]
    [InlineData(1000, int.MaxValue, "toRate")]
    public void Rates_out_of_range_are_refused_by_name_and_value(int from, int to, string name)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Resampler.Resample([1f], from, to));

        Assert.Equal(name, error.ParamName);
        Assert.Contains((name == "fromRate" ? from : to).ToString(null, null), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private void AssertNear(float[] expected, float[] actual, string rates)
    {
        Assert.Equal(expected.Length, actual.Length);
        double signal = 0, noise = 0, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = actual[i] - (double)expected[i];
            signal += (double)expected[i] * expected[i];
            noise += error * error;
            worst = Math.Max(worst, Math.Abs(error));
        }

        double ratio = 10 * Math.Log10(signal / noise);
        output.WriteLine($"{rates}: {ratio:F1} dB, worst {worst:E1}");
        Assert.True(ratio >= 125, $"{ratio:F1} dB");
        Assert.True(worst <= 1e-6, $"a sample is {worst:E1} off");
    }

    // The golden input: a sweep from 20 Hz to Nyquist over a tone of 440 Hz, and a click after a third of a second.
    private static float[] Chirp(int rate)
    {
        float[] chirp = new float[rate];
        for (int n = 0; n < rate; n++)
        {
            double time = n / (double)rate;
            double sweep = Math.Sin(2 * Math.PI * ((20 * time) + (((rate / 2.0) - 20) * time * time / 2)));
            double click = n == rate / 3 ? 0.2 : 0;
            chirp[n] = (float)((0.5 * sweep) + (0.25 * Math.Sin(2 * Math.PI * 440 * time)) + click);
        }

        return chirp;
    }

    private static float[] Decibels(float[] samples) =>
        Spectrum.AmplitudeToDb(Spectrum.Magnitude(Spectrum.Stft(new Waveform(samples, 16000), 512, 256))).ToArray();

    private static float[] Noise(int length)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
    }
}
