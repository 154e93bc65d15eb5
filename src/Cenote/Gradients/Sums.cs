using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Rows of cells as the type that gradients are added up in, and back, rounded once.</summary>
internal static unsafe class Sums<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
{
    // What rounds to infinity, and is a number of single.
    private const float MostHalf = 65536;

    /// <summary>Whether cells are sums, so that they are added from where they are and up where they belong.</summary>
    public static bool AreCells
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(TSum);
    }

    /// <summary>Cells to sums, exact.</summary>
    public static void Widen(T* cells, TSum* sums, long count)
    {
        long done = !HasLanes ? 0 : Vector512.IsHardwareAccelerated ? WidenLanes<Lanes512<TSum>>(cells, sums, count)
            : Vector256.IsHardwareAccelerated ? WidenLanes<Lanes256<TSum>>(cells, sums, count) : WidenLanes<Lanes128<TSum>>(cells, sums, count);
        if (done < count) TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(cells + done, (int)(count - done)), new Span<TSum>(sums + done, (int)(count - done)));
    }

    /// <summary>Sums to cells: to the nearest, whole numbers to the closest the type can hold. Leaves zeros.</summary>
    public static void Round(TSum* sums, T* cells, long count)
    {
        long done = !HasLanes ? 0 : Vector512.IsHardwareAccelerated ? RoundLanes<Lanes512<TSum>>(sums, cells, count)
            : Vector256.IsHardwareAccelerated ? RoundLanes<Lanes256<TSum>>(sums, cells, count) : RoundLanes<Lanes128<TSum>>(sums, cells, count);
        if (done == count) return;
        Span<TSum> rest = new(sums + done, (int)(count - done));
        TensorPrimitives.ConvertSaturating(rest, new Span<T>(cells + done, rest.Length));
        rest.Clear();
    }

    /// <summary>A register of sums to cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Round<TVector>(TVector sums, T* cells)
        where TVector : struct, ILanes<TVector, TSum>
    {
        if (typeof(T) != typeof(Half))
        {
            sums.Narrow(cells);
            return;
        }
        // Sums of halves are multiples of the least one, which scaled are exact, so that they are rounded once. From 65520 on they become infinity. A NaN stands second, so that it stays.
        TVector held = TVector.MinNative(TVector.Create(TSum.CreateTruncating(MostHalf)), TVector.MaxNative(TVector.Create(TSum.CreateTruncating(-MostHalf)), sums));
        (held * TVector.Create(TSum.CreateTruncating(HalfLanes.Inverse))).NarrowScaled((Half*)cells);
    }

    // .NET's conversions do not know BFloat16, take whole numbers one by one, halves in many steps, and are slow to begin with short rows.
    private static bool HasLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(TSum) || ((typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16)) && typeof(TSum) == typeof(float))
            || ((typeof(T) == typeof(float) || KnownFolds.IsWhole<T>()) && typeof(TSum) == typeof(double)) || (KnownFolds.IsWhole<T>() && sizeof(T) < sizeof(int) && typeof(TSum) == typeof(int));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long WidenLanes<TVector>(T* cells, TSum* sums, long count)
        where TVector : struct, ILanes<TVector, TSum>
    {
        if (count < TVector.Count) return 0;
        for (long i = 0; i < count; i += TVector.Count)
        {
            // The last register reaches back over the one before.
            i = Math.Min(i, count - TVector.Count);
            TVector.Widen(cells + i).Store(sums + i);
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long RoundLanes<TVector>(TSum* sums, T* cells, long count)
        where TVector : struct, ILanes<TVector, TSum>
    {
        if (count < TVector.Count) return 0;
        // The last register reaches back over the one before.
        long end = count - TVector.Count;
        TVector zero = TVector.Create(TSum.Zero), last = TVector.Load(sums + end);
        for (long i = 0; i < end; i += TVector.Count)
        {
            Round(TVector.Load(sums + i), cells + i);
            zero.Store(sums + i);
        }
        Round(last, cells + end);
        zero.Store(sums + end);
        return count;
    }
}
