using System.Numerics;

namespace Cenote.Audio;

/// <summary>
/// The discrete Fourier transform of any length, planned once and used for many: every lane of a vector is a transform of its own.
/// Small prime factors go by Stockham's mixed radix, which needs no reordering; a length with a large one goes by Bluestein's convolution.
/// A plan owns its working space, so one thread at a time may use it.
/// </summary>
internal sealed class Fft
{
    // A factor costs its square; beyond this one the convolution is cheaper.
    private const int LargestFactor = 31;

    private readonly int[] _factors;
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly Vector<double>[] _real;
    private readonly Vector<double>[] _imaginary;
    private readonly BluesteinFft? _bluestein;

    public Fft(int length)
    {
        Length = length;
        _factors = Factors(length);
        if (_factors.Length > 0 && _factors[^1] > LargestFactor)
        {
            _bluestein = new BluesteinFft(length);
            _cosines = _sines = [];
            _real = _imaginary = [];
            return;
        }

        _cosines = new double[length];
        _sines = new double[length];
        for (int k = 0; k < length; k++)
        {
            (_cosines[k], _sines[k]) = Root(k, length);
        }

        _real = new Vector<double>[length];
        _imaginary = new Vector<double>[length];
    }

    public int Length { get; }

    /// <summary>The real and imaginary parts of <c>exp(-2 pi i k / n)</c>, the angle reduced in integers to keep the last bits.</summary>
    public static (double Real, double Imaginary) Root(long k, long n)
    {
        // Eighths of a turn: within one, the angle is under pi / 4, where both functions are at their best.
        long eighths = 8 * (k % n);
        (long octant, long rest) = Math.DivRem(eighths, n);
        bool mirrored = (octant & 1) != 0;
        double angle = Math.PI / 4 * ((mirrored ? n - rest : rest) / (double)n);
        (double sine, double cosine) = Math.SinCos(angle);
        if (((octant + 1) & 2) != 0)
        {
            (cosine, sine) = (sine, cosine);
        }

        return ((octant + 2) & 4) != 0 ? (-cosine, octant < 4 ? -sine : sine) : (cosine, octant < 4 ? -sine : sine);
    }

    /// <summary>Transforms in place, forwards and without scaling: <c>X[k] = sum x[n] exp(-2 pi i k n / Length)</c>.</summary>
    public void Transform(Span<Vector<double>> real, Span<Vector<double>> imaginary)
    {
        if (_bluestein is not null)
        {
            _bluestein.Transform(real, imaginary);
            return;
        }

        Span<Vector<double>> fromReal = real[..Length];
        Span<Vector<double>> fromImaginary = imaginary[..Length];
        Span<Vector<double>> toReal = _real;
        Span<Vector<double>> toImaginary = _imaginary;
        int stride = 1;
        foreach (int factor in _factors)
        {
            switch (factor)
            {
                case 4: PassOf4(fromReal, fromImaginary, toReal, toImaginary, stride); break;
                case 2: PassOf2(fromReal, fromImaginary, toReal, toImaginary, stride); break;
                default: PassOfOdd(factor, fromReal, fromImaginary, toReal, toImaginary, stride); break;
            }

            stride *= factor;
            Span<Vector<double>> swap = fromReal;
            fromReal = toReal;
            toReal = swap;
            swap = fromImaginary;
            fromImaginary = toImaginary;
            toImaginary = swap;
        }

        if ((_factors.Length & 1) != 0)
        {
            fromReal.CopyTo(toReal);
            fromImaginary.CopyTo(toImaginary);
        }
    }

    // Fours first, then a two, then the odd primes in ascending order.
    private static int[] Factors(int length)
    {
        List<int> factors = [];
        for (int factor = 4; length > 1; factor = factor switch { 4 => 2, 2 => 3, _ => factor + 2 })
        {
            if ((long)factor * factor > length && factor > 4)
            {
                factor = length;
            }

            for (; length % factor == 0; length /= factor)
            {
                factors.Add(factor);
            }
        }

        return [.. factors];
    }

    // Each pass of radix r reads element q of leg j of group p at q + stride (p + groups j), and writes output k at q + stride (r p + k),
    // turned by exp(-2 pi i p k / (r groups)), which stands in the table at p k stride.
    private void PassOf4(
        ReadOnlySpan<Vector<double>> fromReal, ReadOnlySpan<Vector<double>> fromImaginary, Span<Vector<double>> toReal, Span<Vector<double>> toImaginary, int stride)
    {
        int leg = fromReal.Length / 4;
        ReadOnlySpan<Vector<double>> real0 = fromReal[..leg], real1 = fromReal.Slice(leg, leg), real2 = fromReal.Slice(2 * leg, leg), real3 = fromReal.Slice(3 * leg, leg);
        ReadOnlySpan<Vector<double>> imaginary0 = fromImaginary[..leg], imaginary1 = fromImaginary.Slice(leg, leg);
        ReadOnlySpan<Vector<double>> imaginary2 = fromImaginary.Slice(2 * leg, leg), imaginary3 = fromImaginary.Slice(3 * leg, leg);
        for (int start = 0; start < leg; start += stride)
        {
            Vector<double> cosine1 = new(_cosines[start]), sine1 = new(_sines[start]);
            Vector<double> cosine2 = new(_cosines[2 * start]), sine2 = new(_sines[2 * start]);
            Vector<double> cosine3 = new(_cosines[3 * start]), sine3 = new(_sines[3 * start]);
            Span<Vector<double>> outReal = toReal.Slice(4 * start, 4 * stride);
            Span<Vector<double>> outImaginary = toImaginary.Slice(4 * start, 4 * stride);
            for (int q = 0; q < stride; q++)
            {
                int i = start + q;
                Vector<double> sumReal = real0[i] + real2[i], sumImaginary = imaginary0[i] + imaginary2[i];
                Vector<double> differenceReal = real0[i] - real2[i], differenceImaginary = imaginary0[i] - imaginary2[i];
                Vector<double> oddSumReal = real1[i] + real3[i], oddSumImaginary = imaginary1[i] + imaginary3[i];
                Vector<double> oddDifferenceReal = real1[i] - real3[i], oddDifferenceImaginary = imaginary1[i] - imaginary3[i];

                outReal[q] = sumReal + oddSumReal;
                outImaginary[q] = sumImaginary + oddSumImaginary;
                Turn(differenceReal + oddDifferenceImaginary, differenceImaginary - oddDifferenceReal, cosine1, sine1, out outReal[q + stride], out outImaginary[q + stride]);
                Turn(sumReal - oddSumReal, sumImaginary - oddSumImaginary, cosine2, sine2, out outReal[q + (2 * stride)], out outImaginary[q + (2 * stride)]);
                Turn(differenceReal - oddDifferenceImaginary, differenceImaginary + oddDifferenceReal, cosine3, sine3, out outReal[q + (3 * stride)], out outImaginary[q + (3 * stride)]);
            }
        }
    }

    private void PassOf2(
        ReadOnlySpan<Vector<double>> fromReal, ReadOnlySpan<Vector<double>> fromImaginary, Span<Vector<double>> toReal, Span<Vector<double>> toImaginary, int stride)
    {
        int leg = fromReal.Length / 2;
        for (int start = 0; start < leg; start += stride)
        {
            Vector<double> cosine = new(_cosines[start]), sine = new(_sines[start]);
            for (int i = start; i < start + stride; i++)
            {
                int to = start + i;
                toReal[to] = fromReal[i] + fromReal[leg + i];
                toImaginary[to] = fromImaginary[i] + fromImaginary[leg + i];
                Turn(
                    fromReal[i] - fromReal[leg + i], fromImaginary[i] - fromImaginary[leg + i], cosine, sine, out toReal[to + stride], out toImaginary[to + stride]);
            }
        }
    }

    // Legs j and r - j meet conjugate roots: their sum takes the cosines and their difference the sines, for outputs k and r - k at once.
    private void PassOfOdd(
        int radix, ReadOnlySpan<Vector<double>> fromReal, ReadOnlySpan<Vector<double>> fromImaginary, Span<Vector<double>> toReal, Span<Vector<double>> toImaginary, int stride)
    {
        int leg = fromReal.Length / radix;
        for (int start = 0; start < leg; start += stride)
        {
            for (int i = start; i < start + stride; i++)
            {
                int to = ((radix - 1) * start) + i;
                Vector<double> totalReal = fromReal[i], totalImaginary = fromImaginary[i];
                for (int j = 1; j < radix; j++)
                {
                    totalReal += fromReal[i + (j * leg)];
                    totalImaginary += fromImaginary[i + (j * leg)];
                }

                toReal[to] = totalReal;
                toImaginary[to] = totalImaginary;
                for (int k = 1; k <= radix / 2; k++)
                {
                    Vector<double> evenReal = fromReal[i], evenImaginary = fromImaginary[i];
                    Vector<double> oddReal = default, oddImaginary = default;
                    for (int j = 1; j <= radix / 2; j++)
                    {
                        int near = i + (j * leg), far = i + ((radix - j) * leg), root = j * k % radix * leg;
                        Vector<double> cosine = new(_cosines[root]), sine = new(_sines[root]);
                        evenReal += (fromReal[near] + fromReal[far]) * cosine;
                        evenImaginary += (fromImaginary[near] + fromImaginary[far]) * cosine;
                        oddReal -= (fromImaginary[near] - fromImaginary[far]) * sine;
                        oddImaginary += (fromReal[near] - fromReal[far]) * sine;
                    }

                    int low = k * start, high = (radix - k) * start;
                    Turn(
                        evenReal + oddReal, evenImaginary + oddImaginary, new(_cosines[low]), new(_sines[low]), out toReal[to + (k * stride)], out toImaginary[to + (k * stride)]);
                    Turn(
                        evenReal - oddReal, evenImaginary - oddImaginary, new(_cosines[high]), new(_sines[high]), out toReal[to + ((radix - k) * stride)], out toImaginary[to + ((radix - k) * stride)]);
                }
            }
        }
    }

    private static void Turn(
        Vector<double> real, Vector<double> imaginary, Vector<double> cosine, Vector<double> sine, out Vector<double> toReal, out Vector<double> toImaginary)
    {
        toReal = (real * cosine) - (imaginary * sine);
        toImaginary = (real * sine) + (imaginary * cosine);
    }
}
