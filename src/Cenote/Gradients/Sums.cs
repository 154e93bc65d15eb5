using System.Numerics;
using System.Numerics.Tensors;
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
        long done = typeof(T) == typeof(BFloat16) && typeof(TSum) == typeof(float) ? WidenLanes((BFloat16*)cells, (float*)sums, count) : 0;
        TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(cells + done, (int)(count - done)), new Span<TSum>(sums + done, (int)(count - done)));
    }

    /// <summary>Sums to cells: to the nearest, whole numbers to the closest the type can hold.</summary>
    public static void Round(TSum* sums, T* cells, long count)
    {
        long done = typeof(T) == typeof(BFloat16) && typeof(TSum) == typeof(float) ? RoundLanes((float*)sums, (BFloat16*)cells, count) : 0;
        TensorPrimitives.ConvertSaturating(new ReadOnlySpan<TSum>(sums + done, (int)(count - done)), new Span<T>(cells + done, (int)(count - done)));
    }

    // .NET's conversions do not know this type.
    private static long WidenLanes(BFloat16* cells, float* sums, long count)
    {
        long i = 0;
        for (; i + Vector128<float>.Count <= count; i += Vector128<float>.Count) Lanes128<float>.Widen(cells + i).Store(sums + i);
        return i;
    }

    private static long RoundLanes(float* sums, BFloat16* cells, long count)
    {
        long i = 0;
        for (; i + Vector128<float>.Count <= count; i += Vector128<float>.Count) Lanes128<float>.Load(sums + i).Narrow(cells + i);
        return i;
    }
}
