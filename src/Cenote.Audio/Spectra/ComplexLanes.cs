using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Audio;

/// <summary>A complex number in every lane of a vector.</summary>
internal readonly unsafe struct ComplexLanes(Vector<double> real, Vector<double> imaginary)
{
    public Vector<double> Real { get; } = real;

    public Vector<double> Imaginary { get; } = imaginary;

    public ComplexLanes Conjugate => new(Real, -Imaginary);

    /// <summary>The real and imaginary parts exchanged.</summary>
    public ComplexLanes Exchanged => new(Imaginary, Real);

    /// <summary>The absolute values.</summary>
    public Vector<double> Magnitude => Vector.SquareRoot(Vector.MultiplyAddEstimate(Real, Real, Imaginary * Imaginary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator +(ComplexLanes left, ComplexLanes right) =>
        new(left.Real + right.Real, left.Imaginary + right.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator -(ComplexLanes left, ComplexLanes right) =>
        new(left.Real - right.Real, left.Imaginary - right.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator *(ComplexLanes left, double right) => new(left.Real * right, left.Imaginary * right);

    /// <summary>The product with one number for all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator *(ComplexLanes left, Complex right)
    {
        Vector<double> real = new(right.Real), imaginary = new(right.Imaginary);
        return new(
            Vector.MultiplyAddEstimate(left.Real, real, -(left.Imaginary * imaginary)),
            Vector.MultiplyAddEstimate(left.Real, imaginary, left.Imaginary * real));
    }

    /// <summary>The sum with the product of <paramref name="right"/> and a real number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexLanes Plus(ComplexLanes right, double factor)
    {
        Vector<double> factors = new(factor);
        return new(Vector.MultiplyAddEstimate(right.Real, factors, Real), Vector.MultiplyAddEstimate(right.Imaginary, factors, Imaginary));
    }

    /// <summary>The sum with the imaginary unit times <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexLanes PlusI(ComplexLanes right) => new(Real - right.Imaginary, Imaginary + right.Real);

    /// <summary>The difference from the imaginary unit times <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexLanes MinusI(ComplexLanes right) => new(Real + right.Imaginary, Imaginary - right.Real);

    /// <summary>From pairs of samples, a real part and then an imaginary one, for each lane a <paramref name="hop"/> further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes Load(float* first, nint hop)
    {
        // A pair is moved as one double, whatever it means as such.
        if (Vector<double>.Count == 8)
        {
            Vector512<float> eight = Vector512.Create(
                PairAt(first), PairAt(first + hop), PairAt(first + (2 * hop)), PairAt(first + (3 * hop)),
                PairAt(first + (4 * hop)), PairAt(first + (5 * hop)), PairAt(first + (6 * hop)), PairAt(first + (7 * hop))).AsSingle();
            eight = Vector512.Shuffle(eight, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15));
            return new(Vector512.WidenLower(eight).AsVector(), Vector512.WidenUpper(eight).AsVector());
        }

        if (Vector<double>.Count == 4)
        {
            Vector256<float> four = Vector256.Create(
                PairAt(first), PairAt(first + hop), PairAt(first + (2 * hop)), PairAt(first + (3 * hop))).AsSingle();
            four = Vector256.Shuffle(four, Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7));
            return new(Vector256.WidenLower(four).AsVector(), Vector256.WidenUpper(four).AsVector());
        }

        Vector128<float> two = Vector128.Create(PairAt(first), PairAt(first + hop)).AsSingle();
        two = Vector128.Shuffle(two, Vector128.Create(0, 2, 1, 3));
        return new(Vector128.WidenLower(two).AsVector(), Vector128.WidenUpper(two).AsVector());
    }

    /// <summary>To as many numbers in a row as there are lanes, each rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Complex64* destination)
    {
        Vector<float> parts = Vector.Narrow(Real, Imaginary);
        float* floats = (float*)destination;
        if (Vector<double>.Count == 8)
        {
            Vector512<int> order = Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
            Vector512.Shuffle(parts.AsVector512(), order).Store(floats);
        }
        else if (Vector<double>.Count == 4)
        {
            Vector256.Shuffle(parts.AsVector256(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).Store(floats);
        }
        else
        {
            Vector128.Shuffle(parts.AsVector128(), Vector128.Create(0, 2, 1, 3)).Store(floats);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PairAt(float* samples) => *(double*)samples;
}
