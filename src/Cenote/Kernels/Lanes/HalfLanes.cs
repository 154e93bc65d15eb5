using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Half to single and back by whole registers, which .NET has no instruction for; scaled ones are carried as 2^-112 times what they are, whose bits are those of the half moved up.</summary>
/// <remarks>
/// Scaled or not a sum is the same: below 2^-126 scaled halves, and so their sums, are multiples of 2^-136, which single holds there, and above it rounds alike whatever the
/// exponent. So is a mean of up to 2^12 of them: below 2^-126 it is rounded to 2^-149 first, but no nearer than that to a tie of halves is what is none.
/// Infinity and NaN come scaled as numbers of 2^-96 and more: they have to be watched for.
/// </remarks>
internal static class HalfLanes
{
    // 2^112: what the exponents of the two types are apart.
    public const float Scale = 5.192296858534828e33f, Inverse = 1 / Scale;

    // The same in the bits of single. Half's least normal number, and a NaN that is one of half's when they are taken off.
    private const uint Bias = 112u << 23, LeadsToNaN = 0x47C00000;
    private const float LeastNormal = 6.103515625e-05f;

    // Of a half in the upper bits, moved down by what its exponent is shorter.
    private const int Kept = unchecked((int)0x8FFFE000);

    // All bits of the exponent set: infinity or NaN.
    private const int Special = 0x7F800000;
    private const short HalfSpecial = 0x7C00;

    // What a half in the low part of a lane is moved up by; the one in the high part is dropped.
    private const int MovesUp = 1 << 13;

    // Added to the bits of a number that is not finite this turns the sign, of two halves side by side and, scaled, of one without its sign.
    private const short NextHalfExponent = 0x0400;
    private const int NextExponent = 0x70800000, Turned = unchecked((int)0x80008000);

    // The largest finite one, scaled and moved up by one bit.
    private const int MostFinite = 0x1EFFFFFF;

    // The odd one of two halves side by side.
    private const uint Upper = 0xFFFF0000;

    // Just under half of what is dropped, half of it, and so on: looked up by the lowest bits of what is kept, so that a tie goes to where the lowest is 0. And the sign.
    private const uint UnderHalf = 0x0FFF, Sign = 0x80000000;
    private const ulong RoundsUp = 0x0000100000000FFF;

    // The same, and the bias taken off.
    private const ulong RoundsAndMoves = 0xC8001000C8000FFF;

    /// <summary>Two times four cells of 16 bits, byte by byte, in turn.</summary>
    public const ulong LowInTurn = 0x0B0A030209080100, HighInTurn = 0x0F0E07060D0C0504;

    // What VRANGE is asked for: the number further from zero, without its sign.
    private const byte LargerMagnitude = 0b1011;

    /// <summary>One half as single, scaled; infinity and NaN stay what they are. Without a call, so that a loop beside it keeps its registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe float WidenScaled(Half* cell)
    {
        int bits = *(short*)cell, value = (bits << 13) & Kept;
        return BitConverter.Int32BitsToSingle((bits & HalfSpecial) == HalfSpecial ? value | Special : value);
    }

    /// <summary>Half as single, from bits in the low part of each lane, the sign all the way up; exact.</summary>
    // Multiplied and added to -0, which changes nothing: of denormal numbers, which small halves are, some processors multiply alone more slowly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Widen(Vector128<int> bits)
    {
        Vector128<int> value = Vector128.MultiplyAddEstimate(WidenScaled(bits), Vector128.Create(Scale), Vector128.Create(-0f)).AsInt32();
        // Seldom, so that a jump is cheaper.
        if (Vector128.EqualsAny(bits & Vector128.Create((int)HalfSpecial), Vector128.Create((int)HalfSpecial))) value = Raise(value);
        return value.AsSingle();
    }

    /// <summary>Infinity and NaN where they have become numbers of 65536 and more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Raise(Vector128<int> value) =>
        value | (Vector128.GreaterThanOrEqual(value & Vector128.Create(int.MaxValue), Vector128.Create(0x47800000)) & Vector128.Create(Special));

    /// <summary>Single as half, in the low 16 bits of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Narrow(Vector128<float> value)
    {
        // From 65520 on 65536, which becomes infinity; a NaN stands second, so that it stays, and becomes one that the same steps lead to one of half's.
        Vector128<float> size = Vector128.MinNative(Vector128.Create(65536f), Vector128.Abs(value));
        Vector128<uint> bits = Vector128.Min(size.AsUInt32(), Vector128.Create(LeadsToNaN));
        Vector128<uint> near = (bits + (Avx.IsSupported
            ? Avx.PermuteVar(Vector128.Create(RoundsAndMoves).AsSingle(), (bits >> 13).AsInt32()).AsUInt32() : Vector128.Create(unchecked(UnderHalf - Bias)) + ((bits >> 13) & Vector128<uint>.One))) >> 13;
        // Beside a half single rounds where half does below its least normal number; no number here is less than single's, which multiplies those slowly.
        Vector128<uint> few = (size + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(0.5f).AsUInt32();
        return Vector128.ConditionalSelect(Vector128.LessThan(size, Vector128.Create(LeastNormal)).AsUInt32(), few, near) | ((value.AsUInt32() >> 16) & Vector128.Create(0x8000u));
    }

    /// <summary>Half as single, scaled, from bits in the low part of each lane, the sign all the way up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WidenScaled(Vector128<int> bits) => ((bits << 13) & Vector128.Create(Kept)).AsSingle();

    /// <summary>The lower and the upper half of each lane as single, scaled, and watched for <see cref="AreFinite(Vector128{float})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SplitScaled(Vector128<int> pairs, out Vector128<float> lower, out Vector128<float> upper, ref Vector128<float> seen)
    {
        seen = (seen.AsInt32() | ((pairs.AsInt16() + Vector128.Create(NextHalfExponent)).AsInt32() ^ pairs)).AsSingle();
        lower = ((Sse2.IsSupported ? Sse2.MultiplyAddAdjacent(pairs.AsInt16(), Vector128.Create(MovesUp).AsInt16()) : (pairs << 16) >> 3) & Vector128.Create(Kept)).AsSingle();
        upper = ((pairs >> 3) & Vector128.Create(Kept)).AsSingle();
    }

    /// <summary>Whether all halves that have been split were finite.</summary>
    public static bool AreFinite(Vector128<float> seen) => (seen.AsInt32() & Vector128.Create(Turned)) == Vector128<int>.Zero;

    /// <summary>Leaves a bit in <paramref name="seen"/> if any of the halves, scaled, is not finite, or a sum as large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WatchScaled(Vector128<float> seen, Vector128<float> left, Vector128<float> right) =>
        (seen.AsInt32() | Vector128.GreaterThan(Magnitude(left, right), Vector128.Create(MostFinite))).AsSingle();

    /// <summary>The larger of both without their signs, moved up by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Magnitude(Vector128<float> left, Vector128<float> right) =>
        Vector128.Max(left.AsUInt32() + left.AsUInt32(), right.AsUInt32() + right.AsUInt32()).AsInt32();

    /// <summary>Scaled single as half, in the upper 16 bits of each lane; to nearest, ties to even. Not from finite numbers that are 65536 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> NarrowScaled(Vector128<float> value)
    {
        Vector128<uint> bits = value.AsUInt32(), kept = bits >> 13, near = bits + (Avx.IsSupported
            ? Avx.PermuteVar(Vector128.Create(RoundsUp).AsSingle(), kept.AsInt32()).AsUInt32() : Vector128.Create(UnderHalf) + (kept & Vector128<uint>.One));
        return Vector128.ConditionalSelect(Vector128.Create(Sign), bits, near << 3);
    }

    /// <summary>Two registers of <see cref="NarrowScaled(Vector128{float})"/> in one: halves of even and of odd places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Join(Vector128<uint> even, Vector128<uint> odd) => Vector128.ConditionalSelect(Vector128.Create(Upper), odd, even >> 16);

    /// <summary>Half as single; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(Vector128<short> cells)
    {
        Vector256<int> value = Vector256.MultiplyAddEstimate(WidenScaled(cells), Vector256.Create(Scale), Vector256.Create(-0f)).AsInt32();
        if (Vector128.EqualsAny(cells & Vector128.Create(HalfSpecial), Vector128.Create(HalfSpecial))) value = Raise(value);
        return value.AsSingle();
    }

    /// <summary>Infinity and NaN where they have become numbers of 65536 and more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Raise(Vector256<int> value) =>
        value | (Vector256.GreaterThanOrEqual(value & Vector256.Create(int.MaxValue), Vector256.Create(0x47800000)) & Vector256.Create(Special));

    /// <summary>Single as half, in the low 16 bits of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<float> value)
    {
        // From 65520 on 65536, which becomes infinity; a NaN stands second, so that it stays, and becomes one that the same steps lead to one of half's.
        Vector256<float> size = Vector256.MinNative(Vector256.Create(65536f), Vector256.Abs(value));
        Vector256<uint> bits = Vector256.Min(size.AsUInt32(), Vector256.Create(LeadsToNaN));
        Vector256<uint> near = (bits + Avx.PermuteVar(Vector256.Create(RoundsAndMoves).AsSingle(), (bits >> 13).AsInt32()).AsUInt32()) >> 13;
        // Beside a half single rounds where half does below its least normal number; no number here is less than single's, which multiplies those slowly.
        Vector256<uint> few = (size + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0.5f).AsUInt32();
        return Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(LeastNormal)).AsUInt32(), few, near) | ((value.AsUInt32() >> 16) & Vector256.Create(0x8000u));
    }

    /// <summary>Half as single, scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WidenScaled(Vector128<short> cells) => ((Vector256.WidenLower(cells.ToVector256Unsafe()) << 13) & Vector256.Create(Kept)).AsSingle();

    /// <summary>The lower and the upper half of each lane as single, scaled, and watched for <see cref="AreFinite(Vector256{float})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SplitScaled(Vector256<int> pairs, out Vector256<float> lower, out Vector256<float> upper, ref Vector256<float> seen)
    {
        seen = (seen.AsInt32() | ((pairs.AsInt16() + Vector256.Create(NextHalfExponent)).AsInt32() ^ pairs)).AsSingle();
        lower = (Avx2.MultiplyAddAdjacent(pairs.AsInt16(), Vector256.Create(MovesUp).AsInt16()) & Vector256.Create(Kept)).AsSingle();
        upper = ((pairs >> 3) & Vector256.Create(Kept)).AsSingle();
    }

    /// <summary>Whether all halves that have been split were finite.</summary>
    public static bool AreFinite(Vector256<float> seen) => (seen.AsInt32() & Vector256.Create(Turned)) == Vector256<int>.Zero;

    /// <summary>Leaves a bit in <paramref name="seen"/> if any of the halves, scaled, is not finite, or a sum as large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WatchScaled(Vector256<float> seen, Vector256<float> left, Vector256<float> right) => (seen.AsInt32() | (Avx512DQ.VL.IsSupported
        ? (Avx512DQ.VL.Range(left, right, LargerMagnitude).AsInt32() + Vector256.Create(NextExponent)) & Vector256.Create(int.MinValue)
        : Vector256.GreaterThan(Magnitude(left, right), Vector256.Create(MostFinite)))).AsSingle();

    /// <summary>The larger of both without their signs, moved up by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Magnitude(Vector256<float> left, Vector256<float> right) =>
        Vector256.Max(left.AsUInt32() + left.AsUInt32(), right.AsUInt32() + right.AsUInt32()).AsInt32();

    /// <summary>Scaled single as half, in the upper 16 bits of each lane; to nearest, ties to even. Not from finite numbers that are 65536 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> NarrowScaled(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32(), near = bits + Avx.PermuteVar(Vector256.Create(RoundsUp).AsSingle(), (bits >> 13).AsInt32()).AsUInt32();
        return Vector256.ConditionalSelect(Vector256.Create(Sign), bits, near << 3);
    }

    /// <summary>Two registers of <see cref="NarrowScaled(Vector256{float})"/> in one: halves of even and of odd places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Join(Vector256<uint> even, Vector256<uint> odd) => Vector256.ConditionalSelect(Vector256.Create(Upper), odd, even >> 16);

    /// <summary>Half as single; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(Vector256<short> cells)
    {
        Vector512<int> value = Vector512.MultiplyAddEstimate(WidenScaled(cells), Vector512.Create(Scale), Vector512.Create(-0f)).AsInt32();
        if (Vector256.EqualsAny(cells & Vector256.Create(HalfSpecial), Vector256.Create(HalfSpecial))) value = Raise(value);
        return value.AsSingle();
    }

    /// <summary>Infinity and NaN where they have become numbers of 65536 and more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Raise(Vector512<int> value) =>
        value | (Vector512.GreaterThanOrEqual(value & Vector512.Create(int.MaxValue), Vector512.Create(0x47800000)) & Vector512.Create(Special));

    /// <summary>Single as half, in the low 16 bits of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<float> value)
    {
        // From 65520 on 65536, which becomes infinity; a NaN stands second, so that it stays, and becomes one that the same steps lead to one of half's.
        Vector512<float> size = Vector512.MinNative(Vector512.Create(65536f), Vector512.Abs(value));
        Vector512<uint> bits = Vector512.Min(size.AsUInt32(), Vector512.Create(LeadsToNaN));
        Vector512<uint> near = (bits + Avx512F.PermuteVar4x32(Vector512.Create(RoundsAndMoves).AsSingle(), (bits >> 13).AsInt32()).AsUInt32()) >> 13;
        // Beside a half single rounds where half does below its least normal number; no number here is less than single's, which multiplies those slowly.
        Vector512<uint> few = (size + Vector512.Create(0.5f)).AsUInt32() - Vector512.Create(0.5f).AsUInt32();
        return Vector512.ConditionalSelect(Vector512.LessThan(size, Vector512.Create(LeastNormal)).AsUInt32(), few, near) | ((value.AsUInt32() >> 16) & Vector512.Create(0x8000u));
    }

    /// <summary>Half as single, scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WidenScaled(Vector256<short> cells) => ((Vector512.WidenLower(cells.ToVector512Unsafe()) << 13) & Vector512.Create(Kept)).AsSingle();

    /// <summary>The lower and the upper half of each lane as single, scaled, and watched for <see cref="AreFinite(Vector512{float})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SplitScaled(Vector512<int> pairs, out Vector512<float> lower, out Vector512<float> upper, ref Vector512<float> seen)
    {
        seen = (seen.AsInt32() | ((pairs.AsInt16() + Vector512.Create(NextHalfExponent)).AsInt32() ^ pairs)).AsSingle();
        lower = (Avx512BW.MultiplyAddAdjacent(pairs.AsInt16(), Vector512.Create(MovesUp).AsInt16()) & Vector512.Create(Kept)).AsSingle();
        upper = ((pairs >> 3) & Vector512.Create(Kept)).AsSingle();
    }

    /// <summary>Whether all halves that have been split were finite.</summary>
    public static bool AreFinite(Vector512<float> seen) => (seen.AsInt32() & Vector512.Create(Turned)) == Vector512<int>.Zero;

    /// <summary>Leaves a bit in <paramref name="seen"/> if any of the halves, scaled, is not finite, or a sum as large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WatchScaled(Vector512<float> seen, Vector512<float> left, Vector512<float> right) => (seen.AsInt32() | (Avx512DQ.IsSupported
        ? (Avx512DQ.Range(left, right, LargerMagnitude).AsInt32() + Vector512.Create(NextExponent)) & Vector512.Create(int.MinValue)
        : Vector512.GreaterThan(Magnitude(left, right), Vector512.Create(MostFinite)))).AsSingle();

    /// <summary>The larger of both without their signs, moved up by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Magnitude(Vector512<float> left, Vector512<float> right) =>
        Vector512.Max(left.AsUInt32() + left.AsUInt32(), right.AsUInt32() + right.AsUInt32()).AsInt32();

    /// <summary>Scaled single as half, in the upper 16 bits of each lane; to nearest, ties to even. Not from finite numbers that are 65536 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> NarrowScaled(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32(), near = bits + Avx512F.PermuteVar4x32(Vector512.Create(RoundsUp).AsSingle(), (bits >> 13).AsInt32()).AsUInt32();
        return Vector512.ConditionalSelect(Vector512.Create(Sign), bits, near << 3);
    }

    /// <summary>Two registers of <see cref="NarrowScaled(Vector512{float})"/> in one: halves of even and of odd places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Join(Vector512<uint> even, Vector512<uint> odd) => Vector512.ConditionalSelect(Vector512.Create(Upper), odd, even >> 16);
}
