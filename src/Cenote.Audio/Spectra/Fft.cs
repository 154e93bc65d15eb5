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
    private readonly Complex[] _roots = [];
    private readonly ComplexLanes[] _scratch = [];
    private readonly BluesteinFft? _bluestein;

    public Fft(int length)
    {
        Length = length;
        _factors = Factors(length);
        if (_factors.Length > 0 && _factors[^1] > LargestFactor)
        {
            _bluestein = new BluesteinFft(length);
            return;
        }

        _roots = Roots(length, length);
        _scratch = new ComplexLanes[length];
    }

    public int Length { get; }

    /// <summary>The first <paramref name="count"/> of <c>exp(-2 pi i k / n)</c>.</summary>
    public static Complex[] Roots(int count, int n)
    {
        Complex[] roots = new Complex[count];
        for (int k = 0; k < count; k++)
        {
            roots[k] = Root(k, n);
        }

        return roots;
    }

    /// <summary><c>exp(-2 pi i k / n)</c>, the angle reduced in integers to keep the last bits.</summary>
    public static Complex Root(long k, long n)
    {
        // Eighths of a turn: within one, the angle is under pi / 4, where both functions are at their best.
        (long octant, long rest) = Math.DivRem(8 * (k % n), n);
        bool isMirrored = (octant & 1) != 0;
        (double sine, double cosine) = Math.SinCos(Math.PI / 4 * ((isMirrored ? n - rest : rest) / (double)n));
        if (octant is 1 or 2 or 5 or 6)
        {
            (cosine, sine) = (sine, cosine);
        }

        return new Complex(octant is >= 2 and < 6 ? -cosine : cosine, octant < 4 ? -sine : sine);
    }

    /// <summary>Transforms in place, forwards and without scaling: <c>X[k] = sum x[n] exp(-2 pi i k n / Length)</c>.</summary>
    public void Transform(Span<ComplexLanes> values)
    {
        if (_bluestein is not null)
        {
            _bluestein.Transform(values);
            return;
        }

        Span<ComplexLanes> from = values[..Length];
        Span<ComplexLanes> to = _scratch;
        int stride = 1;
        foreach (int factor in _factors)
        {
            switch (factor)
            {
                case 4: PassOf4(from, to, stride); break;
                case 2: PassOf2(from, to, stride); break;
                default: PassOfOdd(factor, from, to, stride); break;
            }

            stride *= factor;
            Span<ComplexLanes> swap = from;
            from = to;
            to = swap;
        }

        if ((_factors.Length & 1) != 0)
        {
            from.CopyTo(to);
        }
    }

    // Fours first, then a two, then the odd primes in ascending order.
    private static int[] Factors(int length)
    {
        List<int> factors = [];
        for (int factor = 4; length > 1; factor = factor switch { 4 => 2, 2 => 3, _ => factor + 2 })
        {
            if (factor > 4 && (long)factor * factor > length)
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

    // A pass of radix r takes leg j of butterfly i from place i + j n / r. Butterflies come in groups of a stride;
    // output k of the group that begins at start goes to r start + k stride on, turned by root k start.
    private void PassOf4(ReadOnlySpan<ComplexLanes> from, Span<ComplexLanes> to, int stride)
    {
        int leg = from.Length / 4;
        ReadOnlySpan<ComplexLanes> leg0 = from[..leg], leg1 = from.Slice(leg, leg);
        ReadOnlySpan<ComplexLanes> leg2 = from.Slice(2 * leg, leg), leg3 = from.Slice(3 * leg, leg);
        for (int start = 0; start < leg; start += stride)
        {
            Complex root1 = _roots[start], root2 = _roots[2 * start], root3 = _roots[3 * start];
            Span<ComplexLanes> group = to.Slice(4 * start, 4 * stride);
            for (int q = 0; q < stride; q++)
            {
                int i = start + q;
                ComplexLanes even = leg0[i] + leg2[i], evenDifference = leg0[i] - leg2[i];
                ComplexLanes odd = leg1[i] + leg3[i], oddDifference = (leg1[i] - leg3[i]).TimesI;
                group[q] = even + odd;
                group[q + stride] = (evenDifference - oddDifference) * root1;
                group[q + (2 * stride)] = (even - odd) * root2;
                group[q + (3 * stride)] = (evenDifference + oddDifference) * root3;
            }
        }
    }

    private void PassOf2(ReadOnlySpan<ComplexLanes> from, Span<ComplexLanes> to, int stride)
    {
        int leg = from.Length / 2;
        for (int start = 0; start < leg; start += stride)
        {
            for (int i = start; i < start + stride; i++)
            {
                to[start + i] = from[i] + from[leg + i];
                to[start + i + stride] = (from[i] - from[leg + i]) * _roots[start];
            }
        }
    }

    // Legs j and r - j meet conjugate roots: their sum takes the cosines and their difference the sines, for outputs k and r - k at once.
    private void PassOfOdd(int radix, ReadOnlySpan<ComplexLanes> from, Span<ComplexLanes> to, int stride)
    {
        int leg = from.Length / radix;
        for (int start = 0; start < leg; start += stride)
        {
            for (int i = start; i < start + stride; i++)
            {
                int first = ((radix - 1) * start) + i;
                ComplexLanes total = from[i];
                for (int j = 1; j < radix; j++)
                {
                    total += from[i + (j * leg)];
                }

                to[first] = total;
                for (int k = 1; k <= radix / 2; k++)
                {
                    ComplexLanes even = from[i], odd = default;
                    for (int j = 1; j <= radix / 2; j++)
                    {
                        ComplexLanes near = from[i + (j * leg)], far = from[i + ((radix - j) * leg)];
                        Complex root = _roots[j * k % radix * leg];
                        even += (near + far) * root.Real;
                        odd += (near - far) * root.Imaginary;
                    }

                    odd = odd.TimesI;
                    to[first + (k * stride)] = (even + odd) * _roots[k * start];
                    to[first + ((radix - k) * stride)] = (even - odd) * _roots[(radix - k) * start];
                }
            }
        }
    }
}
