using System.Globalization;
using System.Numerics.Tensors;
using Cenote.Audio;

namespace Cenote.Tests.Audio;

public class WaveformTests
{
    private static readonly Waveform Ten = new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4);

    [Theory]
    [InlineData(0, 2.5, 0, 10)]
    [InlineData(0.5, 1, 2, 4)]
    [InlineData(0.74, 1.01, 2, 4)]
    [InlineData(1, 1, 4, 4)]
    [InlineData(2, 100, 8, 10)]
    [InlineData(50, 100, 10, 10)]
    [InlineData(1, double.PositiveInfinity, 4, 10)]
    public void A_slice_truncates_times_to_samples_and_ends_where_the_recording_does(double start, double end, int first, int last)
    {
        Waveform slice = Ten.Slice(start, end);

        Assert.Equal(Ten.Samples[first..last], slice.Samples);
        Assert.Equal(4, slice.SampleRate);
    }

    [Theory]
    [InlineData(-0.1, 1, "startSeconds", "-0.1")]
    [InlineData(double.NaN, 1, "startSeconds", "NaN")]
    [InlineData(1, 0.5, "endSeconds", "0.5")]
    [InlineData(1, double.NaN, "endSeconds", "NaN")]
    public void A_slice_that_makes_no_sense_is_refused_by_name_and_value(double start, double end, string name, string value)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Ten.Slice(start, end));

        Assert.Equal(name, error.ParamName);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    // Between the samples of a square wave a filter overshoots: a fifth more than the end of float32 is no number.
    [Theory]
    [InlineData(16000)]
    [InlineData(44100)]
    [InlineData(96000)]
    public void What_would_overshoot_float32_is_refused(int rate)
    {
        float[] square = [.. Enumerable.Range(0, 3000).Select(n => n / 50 % 2 == 0 ? float.MaxValue : -float.MaxValue)];
        float[] smaller = [.. square.Select(sample => sample / 2)];

        ArgumentException error = Assert.Throws<ArgumentException>(() => new Waveform(square, 22050).Resample(rate));

        Assert.Equal("sampleRate", error.ParamName);
        Assert.Contains($"{float.MaxValue}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(TensorPrimitives.IsFiniteAll<float>(new Waveform(smaller, 22050).Resample(rate).Samples));
    }

    // With a comma and a minus sign of its own, as some cultures have them; it needs no data of the machine's.
    [Fact]
    public void Numbers_in_messages_follow_no_culture()
    {
        CultureInfo own = CultureInfo.CurrentCulture, culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        culture.NumberFormat.NaNSymbol = "?";
        Tensor<float> one = Tensor.Create<float>([1]);
        CultureInfo.CurrentCulture = culture;
        try
        {
            AssertSays("-0.5", () => Ten.Slice(-0.5));
            AssertSays("1.5 seconds; it is 0.5", () => Ten.Slice(1.5, 0.5));
            AssertSays("it is -0.5", () => Spectrum.AmplitudeToDb(one, amin: -0.5));
            AssertSays("it is -0.5", () => Spectrum.AmplitudeToDb(one, topDb: -0.5f));
            AssertSays("it is -3", () => Resampler.Resample([1], 8000, -3));
            AssertSays("NaN", () => Waveform.Load(new MemoryStream(WavBuilder.Simple(32, BitConverter.GetBytes(float.NaN), tag: 3))));
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }

        static void AssertSays(string number, Action act) =>
            Assert.Contains(number, Assert.ThrowsAny<Exception>(act).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_waveform_never_changes()
    {
        float[] samples = [1, 2, 3];
        Waveform wave = new(samples, 8000);
        samples[0] = 9;

        Assert.Equal([1, 2, 3], wave.Samples);
    }

    [Fact]
    public void Duration_is_the_samples_over_the_rate()
    {
        Assert.Equal(TimeSpan.FromSeconds(2.5), Ten.Duration);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Samples_must_be_finite(float sample)
    {
        Assert.Equal("samples", Assert.Throws<ArgumentException>(() => new Waveform([0, sample], 8000)).ParamName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8000)]
    public void The_sample_rate_must_be_positive(int rate)
    {
        Assert.Equal("sampleRate", Assert.Throws<ArgumentException>(() => new Waveform([0], rate)).ParamName);
        Assert.Equal("sampleRate", Assert.Throws<ArgumentException>(() => Waveform.Load(Stream.Null, rate)).ParamName);
    }
}
