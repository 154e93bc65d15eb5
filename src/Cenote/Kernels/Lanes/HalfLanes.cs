using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Half to single and back by whole registers, which .NET has no instruction for.</summary>
internal static class HalfLanes
{
    // 2^112: what the exponents of the two types are apart.
    private const float Scale = 5.192296858534828e33f;

    /// <summary>Half as single, from bits in the low part of each lane, the sign all the way up; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Widen(Vector128<int> bits)
    {
        Vector128<int> value = (((bits << 13) & Vector128.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector128.Create(Scale)).AsInt32(), most = Vector128.Create(0x7C00);
        return (value | (Vector128.Equals(bits & most, most) & Vector128.Create(0x7F800000))).AsSingle();
    }

    /// <summary>Single as half, in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Narrow(Vector128<float> value)
    {
        Vector128<uint> bits = value.AsUInt32(), sign = (bits >> 16) & Vector128.Create(0x8000u), magnitude = bits & Vector128.Create(0x7FFFFFFFu);
        // Normal: the exponent moves, the dropped bits round. Subnormal: adding a half makes the processor round in the right place.
        Vector128<uint> normal = (magnitude + Vector128.Create(0xC8000FFFu) + ((magnitude >> 13) & Vector128<uint>.One)) >> 13;
        Vector128<uint> subnormal = (magnitude.AsSingle() + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(0x3F000000u);
        Vector128<uint> special = Vector128.ConditionalSelect(
            Vector128.GreaterThan(magnitude.AsInt32(), Vector128.Create(0x7F800000)).AsUInt32(), Vector128.Create(0x7E00u), Vector128.Create(0x7C00u));
        Vector128<uint> half = Vector128.ConditionalSelect(Vector128.LessThan(magnitude.AsInt32(), Vector128.Create(0x38800000)).AsUInt32(), subnormal, normal);
        return sign | Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(magnitude.AsInt32(), Vector128.Create(0x477FF000)).AsUInt32(), special, half);
    }

    /// <summary>Half as single, from bits in the low part of each lane, the sign all the way up; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(Vector256<int> bits)
    {
        Vector256<int> value = (((bits << 13) & Vector256.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector256.Create(Scale)).AsInt32(), most = Vector256.Create(0x7C00);
        return (value | (Vector256.Equals(bits & most, most) & Vector256.Create(0x7F800000))).AsSingle();
    }

    /// <summary>Single as half, in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32(), sign = (bits >> 16) & Vector256.Create(0x8000u), magnitude = bits & Vector256.Create(0x7FFFFFFFu);
        // Normal: the exponent moves, the dropped bits round. Subnormal: adding a half makes the processor round in the right place.
        Vector256<uint> normal = (magnitude + Vector256.Create(0xC8000FFFu) + ((magnitude >> 13) & Vector256<uint>.One)) >> 13;
        Vector256<uint> subnormal = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3F000000u);
        Vector256<uint> special = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7F800000)).AsUInt32(), Vector256.Create(0x7E00u), Vector256.Create(0x7C00u));
        Vector256<uint> half = Vector256.ConditionalSelect(Vector256.LessThan(magnitude.AsInt32(), Vector256.Create(0x38800000)).AsUInt32(), subnormal, normal);
        return sign | Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create(0x477FF000)).AsUInt32(), special, half);
    }

    /// <summary>Half as single, from bits in the low part of each lane, the sign all the way up; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(Vector512<int> bits)
    {
        Vector512<int> value = (((bits << 13) & Vector512.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector512.Create(Scale)).AsInt32(), most = Vector512.Create(0x7C00);
        return (value | (Vector512.Equals(bits & most, most) & Vector512.Create(0x7F800000))).AsSingle();
    }

    /// <summary>Single as half, in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32(), sign = (bits >> 16) & Vector512.Create(0x8000u), magnitude = bits & Vector512.Create(0x7FFFFFFFu);
        // Normal: the exponent moves, the dropped bits round. Subnormal: adding a half makes the processor round in the right place.
        Vector512<uint> normal = (magnitude + Vector512.Create(0xC8000FFFu) + ((magnitude >> 13) & Vector512<uint>.One)) >> 13;
        Vector512<uint> subnormal = (magnitude.AsSingle() + Vector512.Create(0.5f)).AsUInt32() - Vector512.Create(0x3F000000u);
        Vector512<uint> special = Vector512.ConditionalSelect(
            Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create(0x7F800000)).AsUInt32(), Vector512.Create(0x7E00u), Vector512.Create(0x7C00u));
        Vector512<uint> half = Vector512.ConditionalSelect(Vector512.LessThan(magnitude.AsInt32(), Vector512.Create(0x38800000)).AsUInt32(), subnormal, normal);
        return sign | Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(magnitude.AsInt32(), Vector512.Create(0x477FF000)).AsUInt32(), special, half);
    }
}
