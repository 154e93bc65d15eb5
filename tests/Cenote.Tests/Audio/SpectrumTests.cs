using System.Numerics;
using System.Numerics.Tensors;
using Cenote.Audio;
using CsCheck;

namespace Cenote.Tests.Audio;

public class SpectrumTests
{
    private static readonly Waveform Noise = new([.. Enumerable.Range(0, 1000).Select(n => (float)Math.Sin(n * n * 0.37) / 2)], 16000);

    [Fact]
    public void Every_option_of_stft_gives_the_sum_that_defines_it()
    {
        Gen<int> lengths = Gen.Int[1, 70];
        Gen.Select(Gen.Int[0, 400], lengths, Gen.Int[1, 90], lengths, Gen.Int[0, WindowFunction.All.Count - 1], Gen.Bool).Sample(
            (samples, nFft, hop, winLength, windowIndex, center) =>
            {
                winLength = Math.Min(winLength, nFft);
                WindowFunction window = WindowFunction.All[windowIndex];
                int padding = center ? nFft / 2 : 0;
                Waveform wave = new(Noise.Samples[..samples], 16000);
                if (samples + (2 * padding) < nFft)
                {
                    Assert.Throws<ArgumentException>(() => Spectrum.Stft(wave, nFft, hop, winLength, window, center));
                    return;
                }

                Tensor<Complex64> stft = Spectrum.Stft(wave, nFft, hop, winLength, window, center);

                Assert.Equal([1 + (nFft / 2), 1 + ((samples + (2 * padding) - nFft) / hop)], stft.Lengths);
                double[] weights = window.Weights(winLength);
                for (int bin = 0; bin < stft.Lengths[0]; bin++)
                {
                    for (int frame = 0; frame < stft.Lengths[1]; frame++)
                    {
                        Complex sum = 0;
                        for (int i = 0; i < winLength; i++)
                        {
                            int n = ((nFft - winLength) / 2) + i;
                            int at = (frame * hop) + n - padding;
                            double sample = at >= 0 && at < samples ? wave.Samples[at] : 0;
                            sum += Complex.FromPolarCoordinates(sample * weights[i], -2 * Math.PI * bin * n / nFft);
                        }

                        Assert.Equal(sum.Real, stft[[bin, frame]].Real, 1e-5);
                        Assert.Equal(sum.Imaginary, stft[[bin, frame]].Imaginary, 1e-5);
                    }
                }
            },
            iter: 200);
    }

    [Fact]
    public void The_defaults_are_those_of_librosa()
    {
        Waveform wave = new(new float[5000], 22050);

        Assert.Equal([1025, 1 + (5000 / 512)], Spectrum.Stft(wave).Lengths);
        Assert.Equal([257, 1 + (5000 / 100)], Spectrum.Stft(wave, nFft: 512, winLength: 400).Lengths);
    }

    [Fact]
    public void An_empty_waveform_has_one_frame()
    {
        Tensor<Complex64> stft = Spectrum.Stft(new Waveform([], 16000), nFft: 512, hopLength: 256);

        Assert.Equal([257, 1], stft.Lengths);
        Assert.Equal(default, stft[[0, 0]]);
    }

    [Theory]
    [InlineData(0, null, null, "nFft", "0")]
    [InlineData(-512, null, null, "nFft", "-512")]
    [InlineData(512, 0, null, "hopLength", "0")]
    [InlineData(512, -3, null, "hopLength", "-3")]
    [InlineData(512, null, 0, "winLength", "0")]
    [InlineData(512, null, 513, "winLength", "513")]
    public void Lengths_out_of_range_are_refused_by_name_and_value(int nFft, int? hop, int? winLength, string name, string value)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Spectrum.Stft(Noise, nFft, hop, winLength));

        Assert.Equal(name, error.ParamName);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_result_larger_than_an_array_is_refused()
    {
        Waveform wave = new(new float[2_000_000], 16000);

        Assert.Equal("hopLength", Assert.Throws<ArgumentException>(() => Spectrum.Stft(wave, nFft: 4096, hopLength: 1)).ParamName);
    }

    [Fact]
    public void Frames_cost_no_memory_beyond_the_result()
    {
        Waveform wave = new(new float[400_000], 16000);
        long result = 8 * Spectrum.Stft(wave, 512, 256).FlattenedLength;

        Assert.InRange(Allocation.Least(() => Spectrum.Stft(wave, 512, 256)) - result, 0, 100_000);
    }

    // Long enough for several threads; a part starts where a frame of the whole does, whatever lane that has.
    [Theory]
    [InlineData(512, 256)]
    [InlineData(360, 100)]
    [InlineData(77, 13)]
    public void A_frame_among_many_is_the_same_alone(int nFft, int hop)
    {
        Random random = new(1);
        Waveform wave = new([.. Enumerable.Range(0, 150_000).Select(_ => random.NextSingle() - 0.5f)], 16000);

        Tensor<Complex64> stft = Spectrum.Stft(wave, nFft, hop, center: false);

        for (int frame = 0; frame < stft.Lengths[1]; frame += 7)
        {
            Tensor<Complex64> alone = Spectrum.Stft(new(wave.Samples.Slice(frame * hop, nFft), 16000), nFft, hop, center: false);
            Assert.Equal(1, alone.Lengths[1]);
            for (int bin = 0; bin < alone.Lengths[0]; bin++)
            {
                Assert.Equal(alone[[bin, 0]], stft[[bin, frame]]);
            }
        }
    }

    [Fact]
    public void Magnitude_neither_overflows_nor_vanishes()
    {
        Tensor<Complex64> spectrum = Tensor.Create((Complex64[])[new(3, -4), new(2e38f, 2e38f), new(3e-30f, 4e-30f), default], [2, 2]);

        Tensor<float> magnitude = Spectrum.Magnitude(spectrum);

        Assert.Equal([2, 2], magnitude.Lengths);
        Assert.Equal([5, (float)(2e38f * Math.Sqrt(2)), 5e-30f, 0], magnitude.ToArray());
    }

    // Enough for several threads, and no multiple of any number of lanes.
    [Fact]
    public void Every_magnitude_of_many_is_that_of_its_number()
    {
        Random random = new(1);
        Complex64[] values = [.. Enumerable.Range(0, 100_003).Select(_ => new Complex64(Any(), Any()))];

        float[] magnitudes = Spectrum.Magnitude(Tensor.Create(values)).ToArray();

        for (int k = 0; k < values.Length; k++)
        {
            double real = values[k].Real, imaginary = values[k].Imaginary;
            Assert.Equal((float)Math.Sqrt((real * real) + (imaginary * imaginary)), magnitudes[k]);
        }

        // Of any size, NaN and infinity among them.
        float Any() => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
    }

    [Fact]
    public void The_loudest_of_many_sets_the_floor_of_all()
    {
        float[] magnitudes = [.. Enumerable.Range(0, 100_003).Select(k => k == 77_777 ? 1000f : k % 2 == 0 ? 1f : 1e-4f)];

        float[] db = Spectrum.AmplitudeToDb(Tensor.Create(magnitudes)).ToArray();
        magnitudes[33_333] = float.NaN;
        float[] spoiled = Spectrum.AmplitudeToDb(Tensor.Create(magnitudes)).ToArray();

        Assert.Equal(60, db[77_777]);
        Assert.All(db.Where((_, k) => k != 77_777), (value, k) => Assert.Contains(value, (float[])[0, -20]));
        Assert.Equal(50_000, db.Count(value => value == -20));
        Assert.DoesNotContain(spoiled, value => !float.IsNaN(value));
    }

    [Fact]
    public void Magnitude_takes_a_slice()
    {
        Tensor<Complex64> spectrum = Spectrum.Stft(Noise, 64, 32);
        Tensor<float> whole = Spectrum.Magnitude(spectrum);

        Tensor<float> part = Spectrum.Magnitude(spectrum.Slice(1..3, 2..7));

        Assert.Equal([2, 5], part.Lengths);
        Assert.Equal(whole[[2, 6]], part[[1, 4]]);
    }

    [Fact]
    public void Decibels_take_a_transposed_and_a_repeated_tensor()
    {
        Tensor<float> magnitude = Tensor.Create<float>([1, 10, 100, 0.1f, 0.01f, 0.001f], [2, 3]);
        Tensor<float> repeated = Tensor.Create<float>([1, 10, 100], 0, [2, 3], [0, 1]);

        Assert.Equal([0, -20, 20, -40, 40, -60], Spectrum.AmplitudeToDb(Tensor.Transpose(magnitude), topDb: null).ToArray(), Near);
        Assert.Equal([0, 20, 40, 0, 20, 40], Spectrum.AmplitudeToDb(repeated).ToArray(), Near);
    }

    [Fact]
    public void Silence_is_minus_100_dB()
    {
        Assert.Equal([-100, -100, -100], Spectrum.AmplitudeToDb(Tensor.Create<float>([0, 0, 0])).ToArray());
    }

    [Fact]
    public void Nothing_is_left_below_the_top_80_dB()
    {
        Assert.Equal([20, 0, -60, -60], Spectrum.AmplitudeToDb(Tensor.Create<float>([10, 1, 1e-4f, 0])).ToArray());
        Assert.Equal([20, 0, -30, -30], Spectrum.AmplitudeToDb(Tensor.Create<float>([10, 1, 1e-4f, 0]), topDb: 50).ToArray());
        Assert.Equal([20, 0, -80, -100], Spectrum.AmplitudeToDb(Tensor.Create<float>([10, 1, 1e-4f, 0]), topDb: null).ToArray());
    }

    [Fact]
    public void The_reference_is_0_dB()
    {
        Assert.Equal([0, -20, -80], Spectrum.AmplitudeToDb(Tensor.Create<float>([10, 1, 0]), reference: 10).ToArray());
    }

    [Fact]
    public void A_window_of_one_sample_lets_it_through()
    {
        Waveform wave = new([1, -2, 3], 8000);

        Assert.Equal([1, -2, 3], Spectrum.Stft(wave, nFft: 1).ToArray().Select(value => value.Real));
        Assert.Equal([1, 2, 3, 1, 2, 3], Spectrum.Magnitude(Spectrum.Stft(wave, nFft: 3, winLength: 1)).ToArray());
    }

    [Fact]
    public void The_shape_of_decibels_is_the_shape_of_the_magnitudes()
    {
        Assert.Equal([2, 1, 3], Spectrum.AmplitudeToDb(Tensor.Create(new float[6], [2, 1, 3])).Lengths);
        Assert.Equal([0, 3], Spectrum.AmplitudeToDb(Tensor.Create(Array.Empty<float>(), [0, 3])).Lengths);
    }

    [Theory]
    [InlineData(float.NaN, 1e-5, 80f, "reference")]
    [InlineData(1f, 0.0, 80f, "amin")]
    [InlineData(1f, double.NaN, 80f, "amin")]
    [InlineData(1f, double.PositiveInfinity, 80f, "amin")]
    [InlineData(1f, 1e20, 80f, "amin")]
    [InlineData(1f, 1e-5, -1f, "topDb")]
    [InlineData(1f, 1e-5, float.NaN, "topDb")]
    public void Decibel_options_out_of_range_are_refused_by_name(float reference, double amin, float topDb, string name)
    {
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => Spectrum.AmplitudeToDb(Tensor.Create<float>([1]), reference, amin, topDb)).ParamName);
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) <= 1e-5f;
}
