using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Audio;

/// <summary>
/// The discrete Fourier transform of any length, planned once and used for many: every lane of a vector is a transform of its own.
/// Small prime factors go by Stockham's mixed radix, which needs no reordering; a length with a large one goes by Bluestein's convolution.
/// </summary>
internal sealed unsafe class Fft
{
    // A factor costs its square; beyond this one the convolution is cheaper.
    private const int LargestFactor = 31;

    private readonly int[] _factors;
    private readonly Complex[] _roots = [];
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
    }

    public int Length { get; }

    /// <summary>How many values <see cref="Transform"/> needs to work in.</summary>
    public int ScratchLength => _bluestein?.ScratchLength ?? Length;

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

    /// <summary>
    /// Transforms forwards and without scaling: <c>X[k] = sum x[n] exp(-2 pi i k n / Length)</c>. Both are overwritten; it gives the
    /// one that holds the result.
    /// </summary>
    public ComplexLanes* Transform(ComplexLanes* values, ComplexLanes* scratch)
    {
        if (_bluestein is not null)
        {
            _bluestein.Transform(values, scratch);
            return values;
        }

        ComplexLanes* from = values, to = scratch;
        int stride = 1;
        fixed (Complex* roots = _roots)
        {
            foreach (int factor in _factors)
            {
                // The last pass puts every value where it was.
                if (stride * factor == Length)
                {
                    to = from;
                }

                switch (factor)
                {
                    case 8: Pass<Radix8>(from, to, stride, roots); break;
                    case 4: Pass<Radix4>(from, to, stride, roots); break;
                    case 2: Pass<Radix2>(from, to, stride, roots); break;
                    default: PassOfOdd(factor, from, to, stride, roots); break;
                }

                stride *= factor;
                ComplexLanes* swap = from;
                from = to;
                to = swap;
            }
        }

        return from;
    }

    // Eights, then fours rather than twos, then the odd primes in ascending order.
    private static int[] Factors(int length)
    {
        List<int> factors = [];
        int twos = BitOperations.TrailingZeroCount(length);
        for (; twos > 4 || twos == 3; twos -= 3)
        {
            factors.Add(8);
        }

        for (; twos > 1; twos -= 2)
        {
            factors.Add(4);
        }

        if (twos == 1)
        {
            factors.Add(2);
        }

        length >>= BitOperations.TrailingZeroCount(length);
        for (int factor = 3; length > 1; factor += 2)
        {
            if ((long)factor * factor > length)
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass<TRadix>(ComplexLanes* from, ComplexLanes* to, int stride, Complex* roots)
        where TRadix : IRadix
    {
        int leg = Length / TRadix.Count;
        // The first group meets roots of 1 alone.
        for (int i = 0; i < stride; i++)
        {
            TRadix.Butterfly(from + i, leg, to + i, stride, roots, 0, isTurned: false);
        }

        for (int start = stride; start < leg; start += stride)
        {
            ComplexLanes* legs = from + start, group = to + (TRadix.Count * start);
            for (int q = 0; q < stride; q++)
            {
                TRadix.Butterfly(legs + q, leg, group + q, stride, roots, start, isTurned: true);
            }
        }
    }

    // Legs j and r - j meet conjugate roots: their sum takes the cosines and their difference the sines, for outputs k and r - k at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PassOfOdd(int radix, ComplexLanes* from, ComplexLanes* to, int stride, Complex* roots)
    {
        int leg = Length / radix, half = radix / 2;
        ComplexLanes* sums = stackalloc ComplexLanes[LargestFactor / 2], differences = stackalloc ComplexLanes[LargestFactor / 2];
        for (int start = 0; start < leg; start += stride)
        {
            for (int i = start; i < start + stride; i++)
            {
                ComplexLanes first = from[i], total = first;
                for (int j = 0; j < half; j++)
                {
                    ComplexLanes near = from[i + ((j + 1) * leg)], far = from[i + ((radix - j - 1) * leg)];
                    sums[j] = near + far;
                    differences[j] = near - far;
                    total += sums[j];
                }

                ComplexLanes* output = to + ((radix - 1) * start) + i;
                output[0] = total;
                for (int k = 1; k <= half; k++)
                {
                    ComplexLanes even = first, odd = default;
                    int turn = 0;
                    for (int j = 0; j < half; j++)
                    {
                        turn += k;
                        turn -= turn >= radix ? radix : 0;
                        Complex root = roots[turn * leg];
                        even = even.Plus(sums[j], root.Real);
                        odd = odd.Plus(differences[j], root.Imaginary);
                    }

                    output[k * stride] = even.PlusI(odd) * roots[k * start];
                    output[(radix - k) * stride] = even.MinusI(odd) * roots[(radix - k) * start];
                }
            }
        }
    }

    private interface IRadix
    {
        static abstract int Count { get; }

        /// <summary>One butterfly, its output k turned by root <c>k start</c>; by none unless <paramref name="isTurned"/>.</summary>
        static abstract void Butterfly(
            ComplexLanes* from, nint leg, ComplexLanes* to, nint stride, Complex* roots, nint start, bool isTurned);
    }

    private readonly struct Radix2 : IRadix
    {
        public static int Count => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Butterfly(ComplexLanes* from, nint leg, ComplexLanes* to, nint stride, Complex* roots, nint start, bool isTurned)
        {
            ComplexLanes first = from[0], second = from[leg];
            to[0] = first + second;
            Turn(first - second, to + stride, roots, start, isTurned);
        }
    }

    private readonly struct Radix4 : IRadix
    {
        public static int Count => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Butterfly(ComplexLanes* from, nint leg, ComplexLanes* to, nint stride, Complex* roots, nint start, bool isTurned)
        {
            ComplexLanes leg0 = from[0], leg1 = from[leg], leg2 = from[2 * leg], leg3 = from[3 * leg];
            ComplexLanes even = leg0 + leg2, evenDifference = leg0 - leg2;
            ComplexLanes odd = leg1 + leg3, oddDifference = leg1 - leg3;
            to[0] = even + odd;
            Turn(evenDifference.MinusI(oddDifference), to + stride, roots, start, isTurned);
            Turn(even - odd, to + (2 * stride), roots, 2 * start, isTurned);
            Turn(evenDifference.PlusI(oddDifference), to + (3 * stride), roots, 3 * start, isTurned);
        }
    }

    private readonly struct Radix8 : IRadix
    {
        private const double HalfRoot = 0.70710678118654752440;

        public static int Count => 8;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Butterfly(ComplexLanes* from, nint leg, ComplexLanes* to, nint stride, Complex* roots, nint start, bool isTurned)
        {
            ComplexLanes leg1 = from[leg], leg3 = from[3 * leg], leg5 = from[5 * leg], leg7 = from[7 * leg];
            ComplexLanes oddSum = leg1 + leg5, oddDifference = leg1 - leg5, oddSum2 = leg3 + leg7, oddDifference2 = leg3 - leg7;
            ComplexLanes odd0 = oddSum + oddSum2, odd2 = oddSum - oddSum2;
            ComplexLanes odd1 = Eighth(oddDifference.MinusI(oddDifference2)), odd3 = Eighth(oddDifference.PlusI(oddDifference2));

            ComplexLanes leg0 = from[0], leg2 = from[2 * leg], leg4 = from[4 * leg], leg6 = from[6 * leg];
            ComplexLanes sum = leg0 + leg4, difference = leg0 - leg4, sum2 = leg2 + leg6, difference2 = leg2 - leg6;
            ComplexLanes even0 = sum + sum2, even2 = sum - sum2;
            ComplexLanes even1 = difference.MinusI(difference2), even3 = difference.PlusI(difference2);

            to[0] = even0 + odd0;
            Turn(even0 - odd0, to + (4 * stride), roots, 4 * start, isTurned);
            Turn(even1 + odd1, to + stride, roots, start, isTurned);
            Turn(even1 - odd1, to + (5 * stride), roots, 5 * start, isTurned);
            Turn(even2.MinusI(odd2), to + (2 * stride), roots, 2 * start, isTurned);
            Turn(even2.PlusI(odd2), to + (6 * stride), roots, 6 * start, isTurned);
            Turn(even3.MinusI(odd3), to + (3 * stride), roots, 3 * start, isTurned);
            Turn(even3.PlusI(odd3), to + (7 * stride), roots, 7 * start, isTurned);
        }

        // The product with exp(-i pi / 4).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ComplexLanes Eighth(ComplexLanes value) =>
            new ComplexLanes(value.Real + value.Imaginary, value.Imaginary - value.Real) * HalfRoot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(ComplexLanes value, ComplexLanes* to, Complex* roots, nint at, bool isTurned) =>
        *to = isTurned ? value * roots[at] : value;
}
