using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Half to single and back by whole registers, which .NET has no instruction for.</summary>
internal static class HalfLanes
{
    // 2^112: what the exponents of the two types are apart.
    private const float Scale = 5.192296858534828e33f;

    // 2^16: the first number that no half holds. 2^-14: the least that is normal, as bits.
    private const float Beyond = 65536;
    private const int LeastExponent = 0x38800000, DroppedBits = 13;

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
        // What is too large becomes infinite; a NaN is the second operand, which is what the instruction then returns.
        Vector128<uint> bits = value.AsUInt32(), sign = (bits >> 16) & Vector128.Create(0x8000u);
        Vector128<float> magnitude = Vector128.MinNative(Vector128.Create(Beyond), (bits & Vector128.Create(0x7FFFFFFFu)).AsSingle());
        // A number so much larger that the processor rounds their sum where the half ends, or the least half.
        Vector128<float> large = (Vector128.Max(magnitude.AsInt32() & Vector128.Create(0x7F800000), Vector128.Create(LeastExponent)) + Vector128.Create(DroppedBits << 23)).AsSingle();
        return sign | (((magnitude + large - large) * Vector128.Create(1 / Scale)).AsUInt32() >> DroppedBits);
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
        // What is too large becomes infinite; a NaN is the second operand, which is what the instruction then returns.
        Vector256<uint> bits = value.AsUInt32(), sign = (bits >> 16) & Vector256.Create(0x8000u);
        Vector256<float> magnitude = Vector256.MinNative(Vector256.Create(Beyond), (bits & Vector256.Create(0x7FFFFFFFu)).AsSingle());
        // A number so much larger that the processor rounds their sum where the half ends, or the least half.
        Vector256<float> large = (Vector256.Max(magnitude.AsInt32() & Vector256.Create(0x7F800000), Vector256.Create(LeastExponent)) + Vector256.Create(DroppedBits << 23)).AsSingle();
        return sign | (((magnitude + large - large) * Vector256.Create(1 / Scale)).AsUInt32() >> DroppedBits);
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
        // What is too large becomes infinite; a NaN is the second operand, which is what the instruction then returns.
        Vector512<uint> bits = value.AsUInt32(), sign = (bits >> 16) & Vector512.Create(0x8000u);
        Vector512<float> magnitude = Vector512.MinNative(Vector512.Create(Beyond), (bits & Vector512.Create(0x7FFFFFFFu)).AsSingle());
        // A number so much larger that the processor rounds their sum where the half ends, or the least half.
        Vector512<float> large = (Vector512.Max(magnitude.AsInt32() & Vector512.Create(0x7F800000), Vector512.Create(LeastExponent)) + Vector512.Create(DroppedBits << 23)).AsSingle();
        return sign | (((magnitude + large - large) * Vector512.Create(1 / Scale)).AsUInt32() >> DroppedBits);
    }
}
