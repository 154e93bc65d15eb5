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

    /// <summary>A function of each, in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TFunction>(TFunction function, Span<double> numbers)
        where TFunction : struct, IFunction
    {
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count) function.Of(new(numbers[i..])).CopyTo(numbers[i..]);
        Span<double> rest = numbers[i..], last = stackalloc double[Vector<double>.Count];
        if (rest.IsEmpty) return;
        last.Clear();
        rest.CopyTo(last);
        function.Of(new(last)).CopyTo(last);
        last[..rest.Length].CopyTo(rest);
    }

    /// <summary>Times others, in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Span<double> numbers, ReadOnlySpan<double> others)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count) (new Vector<double>(numbers[i..]) * new Vector<double>(others[i..])).CopyTo(numbers[i..]);
        for (; i < numbers.Length; i++) numbers[i] *= others[i];
    }

    /// <summary>Over others, in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Divide(Span<double> numbers, ReadOnlySpan<double> others)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count) (new Vector<double>(numbers[i..]) / new Vector<double>(others[i..])).CopyTo(numbers[i..]);
        for (; i < numbers.Length; i++) numbers[i] /= others[i];
    }

    /// <summary>The least and the largest number; NaN both where there is one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static (double Least, double Most) Range(ReadOnlySpan<double> numbers)
    {
        int i = 0;
        (double least, double most) = (double.PositiveInfinity, double.NegativeInfinity);
        Vector<double> leasts = new(least), mosts = new(most);
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count)
        {
            Vector<double> some = new(numbers[i..]);
            (leasts, mosts) = (Vector.Min(leasts, some), Vector.Max(mosts, some));
        }
        for (; i < numbers.Length; i++) (least, most) = (Math.Min(least, numbers[i]), Math.Max(most, numbers[i]));
        for (i = 0; i < Vector<double>.Count; i++) (least, most) = (Math.Min(least, leasts[i]), Math.Max(most, mosts[i]));
        return (least, most);
    }
}
