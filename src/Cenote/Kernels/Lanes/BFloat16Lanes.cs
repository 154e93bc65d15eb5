using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Single to <see cref="BFloat16"/> by whole registers; the other way its bits are moved up.</summary>
internal static class BFloat16Lanes
{
    // NaN stays one, quiet: adding to its bits could make it an infinity.
    /// <summary>Single as BFloat16, in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Narrow(Vector128<float> value)
    {
        Vector128<uint> bits = value.AsUInt32(), high = bits >> 16;
        Vector128<uint> near = (bits + Vector128.Create(0x7FFFu) + (high & Vector128<uint>.One)) >> 16;
        return Vector128.ConditionalSelect(Vector128.Equals(value, value).AsUInt32(), near, high | Vector128.Create(0x40u));
    }

    /// <summary>Single as BFloat16, in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32(), high = bits >> 16;
        Vector256<uint> near = (bits + Vector256.Create(0x7FFFu) + (high & Vector256<uint>.One)) >> 16;
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), near, high | Vector256.Create(0x40u));
    }

    /// <summary>Single as BFloat16, in the low part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32(), high = bits >> 16;
        Vector512<uint> near = (bits + Vector512.Create(0x7FFFu) + (high & Vector512<uint>.One)) >> 16;
        return Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), near, high | Vector512.Create(0x40u));
    }
}
