using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Numerics;

/// <summary>Functions that norms and means are made of. Powers and exponentials are within 1e-13 of their size for all that double holds well, which is more than cells of 32 bits ask for.</summary>
internal static class Function
{
    // Where a mantissa is cut, so that its logarithm is about 0.
    private const long RootOfHalf = 0x3FE6A09E667F3BCD;

    // Bits of it, and what makes an exponent positive, since not all registers are shifted with their sign.
    private const int Fraction = 52;
    private const long Bias = 1024;

    // Beside it a whole number stands in the low bits.
    private const double Beside = 1.5 * (1L << Fraction);

    /// <summary>The number.</summary>
    public readonly struct Itself : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => x;
    }

    /// <summary>The square.</summary>
    public readonly struct Square : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => x * x;
    }

    /// <summary>The cube.</summary>
    public readonly struct Cube : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => x * x * x;
    }

    /// <summary>The number without its sign.</summary>
    public readonly struct Magnitude : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => Vector.Abs(x);
    }

    /// <summary>The number, or the least one if that is larger.</summary>
    public readonly struct AtLeast(double least) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => Vector.Max(x, new(least));
    }

    /// <summary>What a line of a slope is there that passes through a point.</summary>
    public readonly struct Line(double slope, double passesX = 0, double passesY = 0) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => (x - new Vector<double>(passesX)) * slope + new Vector<double>(passesY);
    }

    /// <summary>One function of another.</summary>
    public readonly struct Then<TFirst, TSecond>(TFirst first, TSecond second) : IFunction
        where TFirst : struct, IFunction
        where TSecond : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => second.Of(first.Of(x));
    }

    /// <summary>The square root.</summary>
    public readonly struct SquareRoot : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => Vector.SquareRoot(x);
    }

    /// <summary>The cube root of a number of 0 or more: within one unit in the last place, where its inverse is a normal number.</summary>
    public readonly struct CubeRoot : IFunction
    {
        // 4/3 of the bits of 1, less what brings the third of any bits closest to those of the inverse root.
        private const long Third = 0x553EF0FF289DD796;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x)
        {
            Vector<long> bits = Vector.AsVectorInt64(x);
            // A third as 5/16, 17/16 of that, 257/256 of that and so on.
            bits = (bits >>> 2) + (bits >>> 4);
            bits += bits >>> 4;
            bits += bits >>> 8;
            bits += bits >>> 16;
            Vector<double> inverse = Vector.AsVectorDouble(new Vector<long>(Third) - bits), third = new(1.0 / 3);
            // Newton's steps, each of which doubles the bits that are right.
            for (int step = 0; step < 4; step++) inverse += inverse * third * (Vector<double>.One - x * inverse * inverse * inverse);
            Vector<double> square = inverse * inverse, root = x * square;
            root -= (root * root * root - x) * square * third;
            return WhereUsual(x, root);
        }
    }

    /// <summary>A number of 0 or more to a power above 0.</summary>
    public readonly struct Power(double p) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x)
        {
            Vector<long> bits = Vector.AsVectorInt64(x), exponent = ((bits + new Vector<long>((Bias << Fraction) - RootOfHalf)) >>> Fraction) - new Vector<long>(Bias);
            Vector<double> mantissa = Vector.AsVectorDouble(bits - (exponent << Fraction));
            // The logarithm of a mantissa from the root of a half to that of two: 2 artanh((m - 1) / (m + 1)).
            Vector<double> ratio = (mantissa - Vector<double>.One) / (mantissa + Vector<double>.One), square = ratio * ratio, fourth = square * square;
            Vector<double> even = Step(Step(Step(Step(new(1.0 / 17), fourth, 1.0 / 13), fourth, 1.0 / 9), fourth, 1.0 / 5), fourth, 1);
            Vector<double> odd = Step(Step(Step(Step(new(1.0 / 19), fourth, 1.0 / 15), fourth, 1.0 / 11), fourth, 1.0 / 7), fourth, 1.0 / 3);
            Vector<double> logarithm = Whole(exponent) + ratio * Vector.MultiplyAddEstimate(odd, square, even) * (2 / double.Log(2));
            return WhereUsual(x, OfTwo(logarithm * p));
        }
    }

    /// <summary>e to a number of -700 to 700, less what is taken from it before.</summary>
    public readonly struct Exponential(double less = 0) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Of(Vector<double> x) => OfTwo((x - new Vector<double>(less)) * (1 / double.Log(2)));
    }

    /// <summary>Two to a number of -1020 to 1020.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> OfTwo(Vector<double> x)
    {
        Vector<double> beside = x + new Vector<double>(Beside), rest = (x - (beside - new Vector<double>(Beside))) * double.Log(2), square = rest * rest;
        // The even and the odd powers of the series by themselves, so that none waits for all others.
        Vector<double> even = Step(Step(Step(Step(Step(Step(new(1.0 / 479001600), square, 1.0 / 3628800), square, 1.0 / 40320), square, 1.0 / 720), square, 1.0 / 24), square, 1.0 / 2), square, 1);
        Vector<double> odd = Step(Step(Step(Step(Step(new(1.0 / 39916800), square, 1.0 / 362880), square, 1.0 / 5040), square, 1.0 / 120), square, 1.0 / 6), square, 1);
        Vector<double> series = Vector.MultiplyAddEstimate(odd, rest, even);
        return Vector.AsVectorDouble(Vector.AsVectorInt64(series) + (Vector.AsVectorInt64(beside) << Fraction));
    }

    /// <summary>A step of a polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Step(Vector<double> sum, Vector<double> x, double more) => Vector.MultiplyAddEstimate(sum, x, new(more));

    /// <summary>Whole numbers of few bits as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Whole(Vector<long> x) => Vector.AsVectorDouble(x + Vector.AsVectorInt64(new Vector<double>(Beside))) - new Vector<double>(Beside);

    /// <summary>The number itself where it is 0, infinite or none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> WhereUsual(Vector<double> x, Vector<double> y) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<double>.Zero) & Vector.LessThan(x, new Vector<double>(double.PositiveInfinity)), y, x);
}
