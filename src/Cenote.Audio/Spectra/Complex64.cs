namespace Cenote.Audio;

/// <summary>A complex number of two float32, which the base library lacks; numpy calls it complex64 and lays it out the same way.</summary>
/// <param name="Real">The real part.</param>
/// <param name="Imaginary">The imaginary part.</param>
public readonly record struct Complex64(float Real, float Imaginary)
{
    /// <summary>
    /// The absolute value, computed in double and rounded once, so that nothing overflows on the way; NaN where a part is NaN.
    /// </summary>
    public float Magnitude => (float)Math.Sqrt(((double)Real * Real) + ((double)Imaginary * Imaginary));
}
