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

    /// <summary>The cubes, in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Cube(Span<double> numbers)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count)
        {
            Vector<double> some = new(numbers[i..]);
            (some * some * some).CopyTo(numbers[i..]);
        }
        for (; i < numbers.Length; i++) numbers[i] *= numbers[i] * numbers[i];
    }

    /// <summary>The square roots, in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Root(Span<double> numbers)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count) Vector.SquareRoot(new Vector<double>(numbers[i..])).CopyTo(numbers[i..]);
        for (; i < numbers.Length; i++) numbers[i] = Math.Sqrt(numbers[i]);
    }

    /// <summary>The cube roots of numbers of 0 or more, in place: within one unit in the last place, where their inverse is a normal number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void CubeRoot(Span<double> numbers)
    {
        // 4/3 of the bits of 1, less what brings the third of any bits closest to those of the inverse root.
        const long Third = 0x553EF0FF289DD796;
        int i = 0;
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count)
        {
            Vector<double> x = new(numbers[i..]);
            Vector<long> bits = Vector.AsVectorInt64(x);
            // A third as 5/16, 17/16 of that, 257/256 of that and so on.
            bits = (bits >> 2) + (bits >> 4);
            bits += bits >> 4;
            bits += bits >> 8;
            bits += bits >> 16;
            Vector<double> inverse = Vector.AsVectorDouble(new Vector<long>(Third) - bits), third = new(1.0 / 3);
            // Newton's steps, each of which doubles the bits that are right.
            for (int step = 0; step < 4; step++) inverse += inverse * third * (Vector<double>.One - x * inverse * inverse * inverse);
            Vector<double> square = inverse * inverse, root = x * square;
            root -= (root * root * root - x) * square * third;
            // Of 0 and of what is no number there is no inverse.
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<double>.Zero) & Vector.LessThan(x, new Vector<double>(double.PositiveInfinity)), root, x).CopyTo(numbers[i..]);
        }
        Span<double> rest = numbers[i..];
        if (rest.IsEmpty) return;
        Span<double> last = stackalloc double[Vector<double>.Count];
        last.Clear();
        rest.CopyTo(last);
        CubeRoot(last);
        last[..rest.Length].CopyTo(rest);
    }
}
