using System.Numerics;

namespace Cenote.Audio;

/// <summary>A complex number in every lane of a vector.</summary>
internal readonly struct ComplexLanes(Vector<double> real, Vector<double> imaginary)
{
    public Vector<double> Real { get; } = real;

    public Vector<double> Imaginary { get; } = imaginary;

    /// <summary>The product with the imaginary unit.</summary>
    public ComplexLanes TimesI => new(-Imaginary, Real);

    public ComplexLanes Conjugate => new(Real, -Imaginary);

    /// <summary>The real and imaginary parts exchanged.</summary>
    public ComplexLanes Exchanged => new(Imaginary, Real);

    public static ComplexLanes operator +(ComplexLanes left, ComplexLanes right) =>
        new(left.Real + right.Real, left.Imaginary + right.Imaginary);

    public static ComplexLanes operator -(ComplexLanes left, ComplexLanes right) =>
        new(left.Real - right.Real, left.Imaginary - right.Imaginary);

    public static ComplexLanes operator *(ComplexLanes left, double right) => new(left.Real * right, left.Imaginary * right);

    /// <summary>The product with one number for all lanes.</summary>
    public static ComplexLanes operator *(ComplexLanes left, Complex right) => new(
        (left.Real * right.Real) - (left.Imaginary * right.Imaginary),
        (left.Real * right.Imaginary) + (left.Imaginary * right.Real));
}
