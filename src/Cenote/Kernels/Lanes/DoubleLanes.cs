using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Whole numbers to double and back by whole registers.</summary>
internal static class DoubleLanes
{
    // 2^52: beside it a whole number stands in the low bits, with half as much again negative ones too.
    private const double Beside = 1L << 52, BesideSigned = Beside + Beside / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Widen(Vector128<int> low) => Sse2.IsSupported ? Sse2.ConvertToVector128Double(low) : Vector128.ConvertToDouble(Vector128.WidenLower(low));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Widen(Vector128<ushort> low) => Avx.ConvertToVector256Double(Vector128.WidenLower(low).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Widen(Vector128<short> low) => Avx.ConvertToVector256Double(Vector128.WidenLower(low));

    /// <summary>Whole numbers from 0 to 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Exact(Vector128<long> lanes) => (lanes ^ Vector128.Create(Beside).AsInt64()).AsDouble() - Vector128.Create(Beside);

    /// <summary>Whole numbers from 0 to 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exact(Vector256<long> lanes) => (lanes ^ Vector256.Create(Beside).AsInt64()).AsDouble() - Vector256.Create(Beside);

    /// <summary>Whole numbers from 0 to 2^52, what is behind the point dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Truncate(Vector128<double> lanes) => (Vector128.Truncate(lanes) + Vector128.Create(Beside)).AsInt64() ^ Vector128.Create(Beside).AsInt64();

    /// <summary>Whole numbers from 0 to 2^52, what is behind the point dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Truncate(Vector256<double> lanes) => (Vector256.Truncate(lanes) + Vector256.Create(Beside)).AsInt64() ^ Vector256.Create(Beside).AsInt64();

    /// <summary>Whole numbers of 32 bits, what is behind the point dropped; in the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Cut<TCell>(Vector128<double> lanes)
    {
        if (typeof(TCell) != typeof(uint) && Sse2.IsSupported) return Sse2.ConvertToVector128Int32WithTruncation(lanes).AsUInt32();
        Vector128<ulong> whole = (Vector128.Truncate(lanes) + Vector128.Create(BesideSigned)).AsUInt64();
        return Vector128.Narrow(whole, whole);
    }

    /// <summary>Whole numbers of 32 bits, what is behind the point dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Cut<TCell>(Vector256<double> lanes)
    {
        if (typeof(TCell) != typeof(uint)) return Avx.ConvertToVector128Int32WithTruncation(lanes).AsUInt32();
        Vector256<ulong> whole = (Vector256.Truncate(lanes) + Vector256.Create(BesideSigned)).AsUInt64();
        return Vector256.Narrow(whole, whole).GetLower();
    }

    /// <summary>Whole numbers of 32 bits, what is behind the point dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Cut<TCell>(Vector512<double> lanes) => typeof(TCell) == typeof(uint)
        ? Avx512F.ConvertToVector256UInt32WithTruncation(lanes) : Avx512F.ConvertToVector256Int32WithTruncation(lanes).AsUInt32();

    /// <summary>How often whole numbers of 32 bits hold others, toward zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Quotient(Vector128<int> sums, Vector128<int> counts) => Vector128.Create(
        Cut<int>(Widen(sums) / Widen(counts)).GetLower(),
        Cut<int>(Widen(Vector128.Shuffle(sums, Vector128.Create(2, 3, 2, 3))) / Widen(Vector128.Shuffle(counts, Vector128.Create(2, 3, 2, 3)))).GetLower()).AsInt32();

    /// <summary>How often whole numbers of 32 bits hold others, toward zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Quotient(Vector256<int> sums, Vector256<int> counts) => Vector256.Create(
        Cut<int>(Avx.ConvertToVector256Double(sums.GetLower()) / Avx.ConvertToVector256Double(counts.GetLower())),
        Cut<int>(Avx.ConvertToVector256Double(sums.GetUpper()) / Avx.ConvertToVector256Double(counts.GetUpper()))).AsInt32();

    /// <summary>How often whole numbers of 32 bits hold others, toward zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Quotient(Vector512<int> sums, Vector512<int> counts) => Vector512.Create(
        Cut<int>(Avx512F.ConvertToVector512Double(sums.GetLower()) / Avx512F.ConvertToVector512Double(counts.GetLower())),
        Cut<int>(Avx512F.ConvertToVector512Double(sums.GetUpper()) / Avx512F.ConvertToVector512Double(counts.GetUpper()))).AsInt32();
}
