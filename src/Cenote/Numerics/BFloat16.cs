using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Cenote;

/// <summary>The upper half of a <see cref="float"/>: its range, and 8 bits of precision. Until .NET has one of its own.</summary>
/// <remarks>
/// Arithmetic is that of float, each result rounded to the nearest, ties to even; averages add up in float. NaN and infinities behave as in float.
/// Numpy has no such type, and so an .npy file has none. Source: PyTorch <c>c10/util/BFloat16.h</c>; the format of Intel and Google Brain.
/// </remarks>
public readonly struct BFloat16 : INumber<BFloat16>, IMinMaxValue<BFloat16>
{
    private const int DroppedBits = 16, MostDigits = 4;
    private const uint SmallestQuietBit = 0x40;

    private readonly ushort _bits;

    private BFloat16(ushort bits) => _bits = bits;

    /// <inheritdoc/>
    public static BFloat16 MaxValue => new(0x7F7F);

    /// <inheritdoc/>
    public static BFloat16 MinValue => new(0xFF7F);

    /// <inheritdoc/>
    public static BFloat16 One => new(0x3F80);

    /// <inheritdoc/>
    public static BFloat16 Zero => default;

    /// <inheritdoc/>
    public static int Radix => 2;

    /// <inheritdoc/>
    public static BFloat16 AdditiveIdentity => Zero;

    /// <inheritdoc/>
    public static BFloat16 MultiplicativeIdentity => One;

    /// <summary>The number of these bits: sign, 8 of exponent, 7 of fraction.</summary>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>The bits: sign, 8 of exponent, 7 of fraction.</summary>
    public ushort ToBits() => _bits;

    /// <summary>The same number as a float.</summary>
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << DroppedBits);

    /// <summary>The same number as a double.</summary>
    public static explicit operator double(BFloat16 value) => (float)value;

    /// <summary>The nearest number, ties to even; beyond the largest an infinity.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? new((ushort)((bits >> DroppedBits) | SmallestQuietBit))
            : new((ushort)((bits + 0x7FFF + ((bits >> DroppedBits) & 1)) >> DroppedBits));
    }

    /// <summary>The nearest number, ties to even; beyond the largest an infinity.</summary>
    public static explicit operator BFloat16(double value)
    {
        float near = (float)value;
        if (near == value || double.IsNaN(value)) return (BFloat16)near;
        // Rounded to odd on the way, so that rounding twice is rounding once.
        uint bits = BitConverter.SingleToUInt32Bits(near);
        if (Math.Abs((double)near) > Math.Abs(value)) bits--;
        return (BFloat16)BitConverter.UInt32BitsToSingle(bits | 1);
    }

    /// <inheritdoc/>
    public static BFloat16 operator +(BFloat16 left, BFloat16 right) => (BFloat16)((float)left + (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator -(BFloat16 left, BFloat16 right) => (BFloat16)((float)left - (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator *(BFloat16 left, BFloat16 right) => (BFloat16)((float)left * (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator /(BFloat16 left, BFloat16 right) => (BFloat16)((float)left / (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator %(BFloat16 left, BFloat16 right) => (BFloat16)((float)left % (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator ++(BFloat16 value) => value + One;

    /// <inheritdoc/>
    public static BFloat16 operator --(BFloat16 value) => value - One;

    /// <inheritdoc/>
    public static BFloat16 operator +(BFloat16 value) => value;

    /// <inheritdoc/>
    public static BFloat16 operator -(BFloat16 value) => new((ushort)(value._bits ^ 0x8000));

    /// <inheritdoc/>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <inheritdoc/>
    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != (float)right;

    /// <inheritdoc/>
    public static bool operator <(BFloat16 left, BFloat16 right) => (float)left < (float)right;

    /// <inheritdoc/>
    public static bool operator >(BFloat16 left, BFloat16 right) => (float)left > (float)right;

    /// <inheritdoc/>
    public static bool operator <=(BFloat16 left, BFloat16 right) => (float)left <= (float)right;

    /// <inheritdoc/>
    public static bool operator >=(BFloat16 left, BFloat16 right) => (float)left >= (float)right;

    /// <inheritdoc/>
    public static BFloat16 Abs(BFloat16 value) => new((ushort)(value._bits & 0x7FFF));

    /// <inheritdoc/>
    public static BFloat16 Max(BFloat16 x, BFloat16 y) => (BFloat16)float.Max((float)x, (float)y);

    /// <inheritdoc/>
    public static BFloat16 Min(BFloat16 x, BFloat16 y) => (BFloat16)float.Min((float)x, (float)y);

    /// <inheritdoc/>
    public static BFloat16 MaxMagnitude(BFloat16 x, BFloat16 y) => (BFloat16)float.MaxMagnitude((float)x, (float)y);

    /// <inheritdoc/>
    public static BFloat16 MaxMagnitudeNumber(BFloat16 x, BFloat16 y) => (BFloat16)float.MaxMagnitudeNumber((float)x, (float)y);

    /// <inheritdoc/>
    public static BFloat16 MinMagnitude(BFloat16 x, BFloat16 y) => (BFloat16)float.MinMagnitude((float)x, (float)y);

    /// <inheritdoc/>
    public static BFloat16 MinMagnitudeNumber(BFloat16 x, BFloat16 y) => (BFloat16)float.MinMagnitudeNumber((float)x, (float)y);

    /// <inheritdoc/>
    public static bool IsNaN(BFloat16 value) => float.IsNaN((float)value);

    /// <inheritdoc/>
    public static bool IsFinite(BFloat16 value) => float.IsFinite((float)value);

    /// <inheritdoc/>
    public static bool IsInfinity(BFloat16 value) => float.IsInfinity((float)value);

    /// <inheritdoc/>
    public static bool IsPositiveInfinity(BFloat16 value) => float.IsPositiveInfinity((float)value);

    /// <inheritdoc/>
    public static bool IsNegativeInfinity(BFloat16 value) => float.IsNegativeInfinity((float)value);

    /// <inheritdoc/>
    public static bool IsInteger(BFloat16 value) => float.IsInteger((float)value);

    /// <inheritdoc/>
    public static bool IsEvenInteger(BFloat16 value) => float.IsEvenInteger((float)value);

    /// <inheritdoc/>
    public static bool IsOddInteger(BFloat16 value) => float.IsOddInteger((float)value);

    /// <inheritdoc/>
    public static bool IsNegative(BFloat16 value) => float.IsNegative((float)value);

    /// <inheritdoc/>
    public static bool IsPositive(BFloat16 value) => float.IsPositive((float)value);

    /// <inheritdoc/>
    public static bool IsNormal(BFloat16 value) => float.IsNormal((float)value);

    /// <inheritdoc/>
    public static bool IsSubnormal(BFloat16 value) => float.IsSubnormal((float)value);

    /// <inheritdoc/>
    public static bool IsRealNumber(BFloat16 value) => !IsNaN(value);

    /// <inheritdoc/>
    public static bool IsZero(BFloat16 value) => (float)value == 0;

    static bool INumberBase<BFloat16>.IsCanonical(BFloat16 value) => true;

    static bool INumberBase<BFloat16>.IsComplexNumber(BFloat16 value) => false;

    static bool INumberBase<BFloat16>.IsImaginaryNumber(BFloat16 value) => false;

    /// <inheritdoc/>
    public int CompareTo(BFloat16 other) => ((float)this).CompareTo((float)other);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        BFloat16 other => CompareTo(other),
        _ => throw new ArgumentException($"obj is {obj.GetType().Name}; it must be {nameof(BFloat16)}", nameof(obj)),
    };

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => ((float)this).Equals((float)other);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <summary>The shortest text that reads back as the same number.</summary>
    public override string ToString() => ToString(null, null);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        float value = (float)this;
        if (format is not (null or "" or "G" or "g" or "R" or "r") || !float.IsFinite(value)) return value.ToString(format, formatProvider);
        for (int digits = 1; digits < MostDigits; digits++)
        {
            string text = value.ToString($"G{digits}", formatProvider);
            if (Parse(text, formatProvider) == this) return text;
        }
        return value.ToString($"G{MostDigits}", formatProvider);
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        string text = ToString(format.ToString(), provider);
        bool fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }

    /// <inheritdoc/>
    public static BFloat16 Parse(string s, IFormatProvider? provider) => (BFloat16)double.Parse(s, provider);

    /// <inheritdoc/>
    public static BFloat16 Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => (BFloat16)double.Parse(s, provider);

    /// <inheritdoc/>
    public static BFloat16 Parse(string s, NumberStyles style, IFormatProvider? provider) => (BFloat16)double.Parse(s, style, provider);

    /// <inheritdoc/>
    public static BFloat16 Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => (BFloat16)double.Parse(s, style, provider);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out BFloat16 result) =>
        TryParse(s.AsSpan(), NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out BFloat16 result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out BFloat16 result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out BFloat16 result)
    {
        bool right = double.TryParse(s, style, provider, out double value);
        result = (BFloat16)value;
        return right;
    }

    // Every number passes through double: exact for all types of up to 32 bits.
    static bool INumberBase<BFloat16>.TryConvertFromChecked<TOther>(TOther value, out BFloat16 result) => Try((BFloat16)double.CreateChecked(value), out result);

    static bool INumberBase<BFloat16>.TryConvertFromSaturating<TOther>(TOther value, out BFloat16 result) => Try((BFloat16)double.CreateSaturating(value), out result);

    static bool INumberBase<BFloat16>.TryConvertFromTruncating<TOther>(TOther value, out BFloat16 result) => Try((BFloat16)double.CreateTruncating(value), out result);

    static bool INumberBase<BFloat16>.TryConvertToChecked<TOther>(BFloat16 value, [MaybeNullWhen(false)] out TOther result) => Try(TOther.CreateChecked((float)value), out result);

    static bool INumberBase<BFloat16>.TryConvertToSaturating<TOther>(BFloat16 value, [MaybeNullWhen(false)] out TOther result) => Try(TOther.CreateSaturating((float)value), out result);

    static bool INumberBase<BFloat16>.TryConvertToTruncating<TOther>(BFloat16 value, [MaybeNullWhen(false)] out TOther result) => Try(TOther.CreateTruncating((float)value), out result);

    private static bool Try<TResult>(TResult converted, out TResult result)
    {
        result = converted;
        return true;
    }
}
