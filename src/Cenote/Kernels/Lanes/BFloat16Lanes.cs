using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary><see cref="BFloat16"/> to single and back by whole registers.</summary>
internal static class BFloat16Lanes
{
    private const int DroppedBits = 16;
    private const uint LessThanHalf = 0x7FFF, SmallestQuietBit = 0x40;

    /// <summary>As single, from bits in the low part of each lane; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Widen(Vector128<uint> bits) => (bits << DroppedBits).AsSingle();

    /// <summary>Single as bits in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Narrow(Vector128<float> value)
    {
        Vector128<uint> bits = value.AsUInt32(), high = bits >> DroppedBits;
        Vector128<uint> rounded = (bits + Vector128.Create(LessThanHalf) + (high & Vector128<uint>.One)) >> DroppedBits;
        return Vector128.ConditionalSelect(Vector128.Equals(value, value).AsUInt32(), rounded, high | Vector128.Create(SmallestQuietBit));
    }

    /// <summary>As single, from bits in the low part of each lane; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(Vector256<uint> bits) => (bits << DroppedBits).AsSingle();

    /// <summary>Single as bits in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32(), high = bits >> DroppedBits;
        Vector256<uint> rounded = (bits + Vector256.Create(LessThanHalf) + (high & Vector256<uint>.One)) >> DroppedBits;
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), rounded, high | Vector256.Create(SmallestQuietBit));
    }

    /// <summary>As single, from bits in the low part of each lane; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(Vector512<uint> bits) => (bits << DroppedBits).AsSingle();

    /// <summary>Single as bits in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32(), high = bits >> DroppedBits;
        Vector512<uint> rounded = (bits + Vector512.Create(LessThanHalf) + (high & Vector512<uint>.One)) >> DroppedBits;
        return Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), rounded, high | Vector512.Create(SmallestQuietBit));
    }
}
