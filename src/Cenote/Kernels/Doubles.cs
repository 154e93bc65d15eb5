using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Gradients;
using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>Cells to double and back, and what is done there to each, by loops that are compiled in earnest at their first call.</summary>
internal static unsafe class Doubles
{
    // Halves that are singles before they are doubles.
    private const int AtOnce = 512;

    /// <summary>Cells as doubles.</summary>
    public static void Widen<T>(T* cells, Span<double> numbers)
        where T : unmanaged, INumber<T>
    {
        fixed (double* to = numbers)
        {
            if (typeof(T) != typeof(Half) && typeof(T) != typeof(BFloat16))
            {
                Sums<T, double>.Widen(cells, to, numbers.Length);
                return;
            }
            float* singles = stackalloc float[AtOnce];
            for (int i = 0; i < numbers.Length; i += AtOnce)
            {
                int count = Math.Min(AtOnce, numbers.Length - i);
                Sums<T, float>.Widen(cells + i, singles, count);
                Sums<float, double>.Widen(singles, to + i, count);
            }
        }
    }

    /// <summary>Doubles as cells; whole numbers as <see cref="WholeNumber"/> cuts them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<T>(ReadOnlySpan<double> numbers, T* cells)
        where T : unmanaged, INumber<T>
    {
        int i = 0;
        if (typeof(T) == typeof(double))
        {
            numbers.CopyTo(new((double*)cells, numbers.Length));
            return;
        }
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
