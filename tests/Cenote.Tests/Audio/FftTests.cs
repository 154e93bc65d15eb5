using System.Numerics;
using Cenote.Audio;

namespace Cenote.Tests.Audio;

public class FftTests
{
    public static TheoryData<int> Lengths { get; } =
        [.. Enumerable.Range(1, 70), 81, 96, 97, 100, 120, 121, 125, 127, 128, 169, 200, 243, 251, 256, 257, 331, 360, 400, 509, 512, 1000, 1009];

    [Theory]
    [MemberData(nameof(Lengths))]
    public unsafe void A_complex_transform_is_the_sum_that_defines_it_in_every_lane(int length)
    {
        Vector<double>[] real = Noise(length, seed: 1), imaginary = Noise(length, seed: 2);
        Fft fft = new(length);
        using LaneMemory memory = new(length + fft.ScratchLength);
        for (int n = 0; n < length; n++)
        {
            memory.Start[n] = new ComplexLanes(real[n], imaginary[n]);
        }

        Complex[][] expected = [.. Enumerable.Range(0, Vector<double>.Count).Select(lane => Naive(real, imaginary, lane))];

        ComplexLanes* values = fft.Transform(memory.Start, memory.Start + length);

        for (int k = 0; k < length; k++)
        {
            for (int lane = 0; lane < expected.Length; lane++)
            {
                Assert.Equal(expected[lane][k].Real, values[k].Real[lane], 1e-12 * length);
                Assert.Equal(expected[lane][k].Imaginary, values[k].Imaginary[lane], 1e-12 * length);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public unsafe void A_real_transform_is_the_first_half_of_the_complex_one_in_every_lane(int length)
    {
        const int Hop = 3;
        const int RowLength = 11;
        int lanes = Vector<double>.Count;
        float[] samples = [.. Noise(length + (lanes * Hop), seed: 3).Select(value => (float)value[0])];
        double[] weights = [.. Noise(length, seed: 4).Select(value => value[0])];
        RealFft fft = new(weights);
        Complex64[] output = new Complex64[fft.Bins * RowLength];

        Assert.Equal(1 + (length / 2), fft.Bins);
        using LaneMemory memory = new(fft.ScratchLength);
        fixed (float* frames = samples)
        fixed (Complex64* values = output)
        {
            fft.Transform(frames, Hop, memory.Start, values, RowLength);
        }

        for (int lane = 0; lane < lanes; lane++)
        {
            Vector<double>[] frame = [.. weights.Select((weight, n) => new Vector<double>(samples[(lane * Hop) + n] * weight))];
            Complex[] expected = Naive(frame, new Vector<double>[length], lane);
            for (int k = 0; k < fft.Bins; k++)
            {
                Assert.Equal(expected[k].Real, output[(k * RowLength) + lane].Real, 1e-6);
                Assert.Equal(expected[k].Imaginary, output[(k * RowLength) + lane].Imaginary, 1e-6);
            }
        }
    }

    [Fact]
    public void Roots_of_unity_lie_on_the_circle_in_every_octant()
    {
        foreach (long n in new long[] { 1, 2, 3, 7, 8, 16, 1000 })
        {
            for (long k = 0; k < 2 * n; k++)
            {
                Complex root = Fft.Root(k, n);
                Assert.Equal(Math.Cos(2 * Math.PI * k / n), root.Real, 1e-14);
                Assert.Equal(-Math.Sin(2 * Math.PI * k / n), root.Imaginary, 1e-14);
            }
        }
    }

    private static Vector<double>[] Noise(int length, int seed)
    {
        Random random = new(seed);
        double[] values = [.. Enumerable.Range(0, length * Vector<double>.Count).Select(_ => random.NextDouble() - 0.5)];
        return [.. Enumerable.Range(0, length).Select(n => new Vector<double>(values, n * Vector<double>.Count))];
    }

    private static Complex[] Naive(Vector<double>[] real, Vector<double>[] imaginary, int lane)
    {
        int length = real.Length;
        Complex[] roots = [.. Enumerable.Range(0, length).Select(k => Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length))];
        Complex[] sums = new Complex[length];
        for (int k = 0; k < length; k++)
        {
            for (int n = 0; n < length; n++)
            {
                sums[k] += new Complex(real[n][lane], imaginary[n][lane]) * roots[(int)((long)k * n % length)];
            }
        }

        return sums;
    }
}
