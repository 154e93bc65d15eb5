using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>The least and the largest whole number that a cell can hold, and lanes brought between them.</summary>
internal static class LaneRange<TCell>
    where TCell : unmanaged
{
    private static bool IsSigned
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(TCell) == typeof(sbyte) || typeof(TCell) == typeof(short) || typeof(TCell) == typeof(int);
    }

    private static long Least
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSigned ? -(1L << (8 * Unsafe.SizeOf<TCell>() - 1)) : 0;
    }

    private static long Most
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSigned ? (1L << (8 * Unsafe.SizeOf<TCell>() - 1)) - 1 : (1L << (8 * Unsafe.SizeOf<TCell>())) - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Clamp(Vector128<int> lanes) => Vector128.Min(Vector128.Max(lanes, Vector128.Create((int)Least)), Vector128.Create((int)Most));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Clamp(Vector128<double> lanes) => Vector128.MinNative(Vector128.MaxNative(lanes, Vector128.Create((double)Least)), Vector128.Create((double)Most));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Clamp(Vector256<int> lanes) => Vector256.Min(Vector256.Max(lanes, Vector256.Create((int)Least)), Vector256.Create((int)Most));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Clamp(Vector256<double> lanes) => Vector256.MinNative(Vector256.MaxNative(lanes, Vector256.Create((double)Least)), Vector256.Create((double)Most));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Clamp(Vector512<double> lanes) => Vector512.MinNative(Vector512.MaxNative(lanes, Vector512.Create((double)Least)), Vector512.Create((double)Most));
}
