using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Single to <see cref="BFloat16"/> by whole registers; the other way its bits are moved up.</summary>
internal static class BFloat16Lanes
{
    // Just under half of what is dropped and half of it, see HalfLanes.
    private const uint UnderHalf = 0x7FFF;
    private const ulong RoundsUp = 0x0000800000007FFF;

    // NaN stays one, quiet: adding to its bits could make it an infinity.
    private const uint Quiet = 0x00400000;

    /// <summary>Single as BFloat16, in the upper part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Narrow(Vector128<float> value)
    {
        Vector128<uint> bits = value.AsUInt32(), kept = bits >> 16, near = bits + (Avx.IsSupported
            ? Avx.PermuteVar(Vector128.Create(RoundsUp).AsSingle(), kept.AsInt32()).AsUInt32() : Vector128.Create(UnderHalf) + (kept & Vector128<uint>.One));
        return Vector128.ConditionalSelect(Vector128.Equals(value, value).AsUInt32(), near, bits | Vector128.Create(Quiet));
    }

    /// <summary>Single as BFloat16, in the upper part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32(), near = bits + Avx.PermuteVar(Vector256.Create(RoundsUp).AsSingle(), (bits >> 16).AsInt32()).AsUInt32();
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), near, bits | Vector256.Create(Quiet));
    }

    /// <summary>Single as BFloat16, in the upper part of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32(), near = bits + Avx512F.PermuteVar4x32(Vector512.Create(RoundsUp).AsSingle(), (bits >> 16).AsInt32()).AsUInt32();
        return Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), near, bits | Vector512.Create(Quiet));
    }
}
