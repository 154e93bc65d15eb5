using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Half to single and back by whole registers, which .NET has no instruction for.</summary>
internal static class HalfLanes
{
    // 2^112: what the exponents of the two types are apart.
    private const float Scale = 5.192296858534828e33f, Inverse = 1 / Scale;

    // Of a half in the upper bits, moved down by what its exponent is shorter.
    private const int Kept = unchecked((int)0x8FFFE000);

    // All bits of the exponent set: infinity or NaN.
    private const int Special = 0x7F800000;
    private const short HalfSpecial = 0x7C00;

    /// <summary>Half as single, from bits in the low part of each lane, the sign all the way up; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Widen(Vector128<int> bits)
    {
        Vector128<int> value = Spread(bits << 13);
        // Seldom, so that a jump is cheaper.
        if (Vector128.EqualsAny(bits & Vector128.Create((int)HalfSpecial), Vector128.Create((int)HalfSpecial))) value = Raise(value);
        return value.AsSingle();
    }

    /// <summary>The lower and the upper half of each lane as single; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Vector128<int> pairs, out Vector128<float> lower, out Vector128<float> upper)
    {
        Vector128<int> low = Spread((pairs << 16) >> 3), high = Spread(pairs >> 3);
        if (Vector128.EqualsAny(pairs.AsInt16() & Vector128.Create(HalfSpecial), Vector128.Create(HalfSpecial))) (low, high) = (Raise(low), Raise(high));
        (lower, upper) = (low.AsSingle(), high.AsSingle());
    }

    /// <summary>The bits of a finite single from those of a half, moved to where they belong but for the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Spread(Vector128<int> bits) => ((bits & Vector128.Create(Kept)).AsSingle() * Vector128.Create(Scale)).AsInt32();

    /// <summary>Infinity and NaN where they have become numbers of 65536 and more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Raise(Vector128<int> value) =>
        value | (Vector128.GreaterThanOrEqual(value & Vector128.Create(int.MaxValue), Vector128.Create(0x47800000)) & Vector128.Create(Special));

    /// <summary>Single as half, in the low 16 bits of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Narrow(Vector128<float> value)
    {
        // From 65520 on 65536, which becomes infinity. A NaN stands second, so that it stays.
        Vector128<float> held = Vector128.MinNative(Vector128.Create(65536f), Vector128.MaxNative(Vector128.Create(-65536f), value));
        // Beside a number 2^13 times as large, single rounds where half does; half as much again, so that neither sign crosses a power of two.
        Vector128<float> large = (Vector128.Max(held.AsInt32() & Vector128.Create(Special), Vector128.Create(0x38800000)) + Vector128.Create(0x06C00000)).AsSingle();
        Vector128<uint> bits = ((held + large - large) * Vector128.Create(Inverse)).AsUInt32();
        return (bits >> 13) | ((value.AsUInt32() >> 16) & Vector128.Create(0x8000u));
    }

    /// <summary>Half as single; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(Vector128<short> cells)
    {
        Vector256<int> value = Spread(Vector256.WidenLower(cells.ToVector256Unsafe()) << 13);
        if (Vector128.EqualsAny(cells & Vector128.Create(HalfSpecial), Vector128.Create(HalfSpecial))) value = Raise(value);
        return value.AsSingle();
    }

    /// <summary>The lower and the upper half of each lane as single; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Vector256<int> pairs, out Vector256<float> lower, out Vector256<float> upper)
    {
        Vector256<int> low = Spread((pairs << 16) >> 3), high = Spread(pairs >> 3);
        if (Vector256.EqualsAny(pairs.AsInt16() & Vector256.Create(HalfSpecial), Vector256.Create(HalfSpecial))) (low, high) = (Raise(low), Raise(high));
        (lower, upper) = (low.AsSingle(), high.AsSingle());
    }

    /// <summary>The bits of a finite single from those of a half, moved to where they belong but for the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Spread(Vector256<int> bits) => ((bits & Vector256.Create(Kept)).AsSingle() * Vector256.Create(Scale)).AsInt32();

    /// <summary>Infinity and NaN where they have become numbers of 65536 and more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Raise(Vector256<int> value) =>
        value | (Vector256.GreaterThanOrEqual(value & Vector256.Create(int.MaxValue), Vector256.Create(0x47800000)) & Vector256.Create(Special));

    /// <summary>Single as half, in the low 16 bits of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<float> value)
    {
        // From 65520 on 65536, which becomes infinity. A NaN stands second, so that it stays.
        Vector256<float> held = Vector256.MinNative(Vector256.Create(65536f), Vector256.MaxNative(Vector256.Create(-65536f), value));
        // Beside a number 2^13 times as large, single rounds where half does; half as much again, so that neither sign crosses a power of two.
        Vector256<float> large = (Vector256.Max(held.AsInt32() & Vector256.Create(Special), Vector256.Create(0x38800000)) + Vector256.Create(0x06C00000)).AsSingle();
        Vector256<uint> bits = ((held + large - large) * Vector256.Create(Inverse)).AsUInt32();
        return (bits >> 13) | ((value.AsUInt32() >> 16) & Vector256.Create(0x8000u));
    }

    /// <summary>Half as single; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(Vector256<short> cells)
    {
        Vector512<int> value = Spread(Vector512.WidenLower(cells.ToVector512Unsafe()) << 13);
        if (Vector256.EqualsAny(cells & Vector256.Create(HalfSpecial), Vector256.Create(HalfSpecial))) value = Raise(value);
        return value.AsSingle();
    }

    /// <summary>The lower and the upper half of each lane as single; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Vector512<int> pairs, out Vector512<float> lower, out Vector512<float> upper)
    {
        Vector512<int> low = Spread((pairs << 16) >> 3), high = Spread(pairs >> 3);
        if (Vector512.EqualsAny(pairs.AsInt16() & Vector512.Create(HalfSpecial), Vector512.Create(HalfSpecial))) (low, high) = (Raise(low), Raise(high));
        (lower, upper) = (low.AsSingle(), high.AsSingle());
    }

    /// <summary>The bits of a finite single from those of a half, moved to where they belong but for the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Spread(Vector512<int> bits) => ((bits & Vector512.Create(Kept)).AsSingle() * Vector512.Create(Scale)).AsInt32();

    /// <summary>Infinity and NaN where they have become numbers of 65536 and more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Raise(Vector512<int> value) =>
        value | (Vector512.GreaterThanOrEqual(value & Vector512.Create(int.MaxValue), Vector512.Create(0x47800000)) & Vector512.Create(Special));

    /// <summary>Single as half, in the low 16 bits of each lane; to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<float> value)
    {
        // From 65520 on 65536, which becomes infinity. A NaN stands second, so that it stays.
        Vector512<float> held = Vector512.MinNative(Vector512.Create(65536f), Vector512.MaxNative(Vector512.Create(-65536f), value));
        // Beside a number 2^13 times as large, single rounds where half does; half as much again, so that neither sign crosses a power of two.
        Vector512<float> large = (Vector512.Max(held.AsInt32() & Vector512.Create(Special), Vector512.Create(0x38800000)) + Vector512.Create(0x06C00000)).AsSingle();
        Vector512<uint> bits = ((held + large - large) * Vector512.Create(Inverse)).AsUInt32();
        return (bits >> 13) | ((value.AsUInt32() >> 16) & Vector512.Create(0x8000u));
    }
}
