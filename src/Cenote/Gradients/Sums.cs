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
    /// <summary>Cells to sums, exact.</summary>
    public static void Widen(T* cells, TSum* sums, long count)
    {
        long done = !HasLanes ? 0 : Vector512.IsHardwareAccelerated ? WidenLanes<Lanes512<TSum>>(cells, sums, count)
            : Vector256.IsHardwareAccelerated ? WidenLanes<Lanes256<TSum>>(cells, sums, count) : WidenLanes<Lanes128<TSum>>(cells, sums, count);
        if (done < count) TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(cells + done, (int)(count - done)), new Span<TSum>(sums + done, (int)(count - done)));
    }

    /// <summary>Sums to cells: to the nearest, whole numbers to the closest the type can hold.</summary>
    public static void Round(TSum* sums, T* cells, long count)
    {
        long done = !HasLanes ? 0 : Vector512.IsHardwareAccelerated ? RoundLanes<Lanes512<TSum>>(sums, cells, count)
            : Vector256.IsHardwareAccelerated ? RoundLanes<Lanes256<TSum>>(sums, cells, count) : RoundLanes<Lanes128<TSum>>(sums, cells, count);
        if (done < count) TensorPrimitives.ConvertSaturating(new ReadOnlySpan<TSum>(sums + done, (int)(count - done)), new Span<T>(cells + done, (int)(count - done)));
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
        for (long i = 0; i < count; i += TVector.Count)
        {
            i = Math.Min(i, count - TVector.Count);
            TVector.Load(sums + i).Narrow(cells + i);
        }
        return count;
    }
}
