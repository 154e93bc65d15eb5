using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>Cells to double and back, and what is done there to each, by loops that are compiled in earnest at their first call.</summary>
internal static unsafe class Doubles
{
    /// <summary>Cells as doubles.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Widen<T>(T* cells, Span<double> numbers)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (typeof(T) == typeof(float) && Vector.IsHardwareAccelerated)
        {
            for (; i + Vector<float>.Count <= numbers.Length; i += Vector<float>.Count)
            {
                Vector.Widen(Unsafe.ReadUnaligned<Vector<float>>(cells + i), out Vector<double> low, out Vector<double> high);
                low.CopyTo(numbers[i..]);
                high.CopyTo(numbers[(i + Vector<double>.Count)..]);
            }
        }
        for (; i < numbers.Length; i++) numbers[i] = double.CreateTruncating(cells[i]);
    }

    /// <summary>Doubles as cells; whole numbers as <see cref="WholeNumber"/> cuts them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<T>(ReadOnlySpan<double> numbers, T* cells)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (typeof(T) == typeof(float) && Vector.IsHardwareAccelerated)
        {
            for (; i + Vector<float>.Count <= numbers.Length; i += Vector<float>.Count)
                Unsafe.WriteUnaligned(cells + i, Vector.Narrow(new Vector<double>(numbers[i..]), new Vector<double>(numbers[(i + Vector<double>.Count)..])));
        }
        for (; i < numbers.Length; i++) cells[i] = WholeNumber.Cut<T>(numbers[i]);
    }

    /// <summary>The squares, in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Square(Span<double> numbers)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count)
        {
            Vector<double> some = new(numbers[i..]);
            (some * some).CopyTo(numbers[i..]);
        }
        for (; i < numbers.Length; i++) numbers[i] *= numbers[i];
    }

    /// <summary>The square roots, in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Root(Span<double> numbers)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count) Vector.SquareRoot(new Vector<double>(numbers[i..])).CopyTo(numbers[i..]);
        for (; i < numbers.Length; i++) numbers[i] = Math.Sqrt(numbers[i]);
    }
}
