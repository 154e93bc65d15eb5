using System.Numerics.Tensors;
using Cenote.Audio;
using Cenote.Tests.Golden;

namespace Cenote.Tests.Audio;

public class SpeechGoldenTests(ITestOutputHelper output)
{
    private const string Archive = "librivox_sense_0870";

    private static readonly Waveform Segment =
        Waveform.Load(GoldenFile.InRepository("samples/audio/librivox_sense_0870.wav"), sampleRate: 16000).Slice(1.5, 4.5);

    [Fact]
    public void Samples_are_those_of_librosa_to_the_bit()
    {
        Assert.Equal(GoldenFile.Read<float>(Archive, "segment"), Segment.Samples);
    }

    [Fact]
    public void Stft_is_that_of_librosa()
    {
        Complex64[] expected = GoldenFile.Read<Complex64>(Archive, "stft");

        Tensor<Complex64> stft = Spectrum.Stft(Segment, nFft: 512, hopLength: 256);

        Assert.Equal([257, 188], stft.Lengths);
        Complex64[] actual = stft.ToArray();
        int equal = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Real, actual[i].Real, 1e-9);
            Assert.Equal(expected[i].Imaginary, actual[i].Imaginary, 1e-9);
            equal += (expected[i].Real == actual[i].Real ? 1 : 0) + (expected[i].Imaginary == actual[i].Imaginary ? 1 : 0);
        }

        double share = equal / (2.0 * expected.Length);
        output.WriteLine($"bit-equal: {share:P3}");
        Assert.True(share >= 0.995, $"{share:P3} of the values are bit-equal");
    }

    [Fact]
    public void Decibels_are_those_of_librosa()
    {
        float[] expected = GoldenFile.Read<float>(Archive, "db");

        Tensor<float> db = Spectrum.AmplitudeToDb(Spectrum.Magnitude(Spectrum.Stft(Segment, nFft: 512, hopLength: 256)));

        Assert.Equal([257, 188], db.Lengths);
        float worst = expected.Zip(db.ToArray(), (a, b) => Math.Abs(a - b)).Max();
        output.WriteLine($"worst: {worst} dB");
        Assert.True(worst <= 3e-5f, $"a value is {worst} dB off");
    }
}
