using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cenote.Gradients;
using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>Cells to double and back, and what is done there to each, by loops that are compiled in earnest at their first call.</summary>
internal static unsafe class Doubles
{
    // Cells that are something else in between.
    private const int AtOnce = 512;

    private const long Infinity = 0x7FF0000000000000;

    private const short ShortInfinity = 0x7F80;

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

    /// <summary>Doubles as cells, rounded once; whole numbers as <see cref="WholeNumber"/> cuts them.</summary>
    public static void Narrow<T>(ReadOnlySpan<double> numbers, T* cells)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(double))
        {
            numbers.CopyTo(new((double*)cells, numbers.Length));
            return;
        }
        if (!KnownFolds.IsInDouble<T>())
        {
            for (int i = 0; i < numbers.Length; i++) cells[i] = WholeNumber.Cut<T>(numbers[i]);
            return;
        }
        double* here = stackalloc double[AtOnce];
        for (int i = 0; i < numbers.Length; i += AtOnce)
        {
            ReadOnlySpan<double> some = numbers.Slice(i, Math.Min(AtOnce, numbers.Length - i));
            if (KnownFolds.IsWhole<T>())
            {
                NearToWhole(some, here);
                Sums<T, double>.Round(here, cells + i, some.Length);
            }
            else if (typeof(T) == typeof(float)) ToSingle(some, (float*)cells + i, toOdd: false);
            else
            {
                ToSingle(some, (float*)here, toOdd: true);
                if (Vector512.IsHardwareAccelerated) NarrowLanes<T, Lanes512<float>>((float*)here, cells + i, some.Length);
                else if (Vector256.IsHardwareAccelerated) NarrowLanes<T, Lanes256<float>>((float*)here, cells + i, some.Length);
                else if (Vector128.IsHardwareAccelerated) NarrowLanes<T, Lanes128<float>>((float*)here, cells + i, some.Length);
                else
                    for (int j = 0; j < some.Length; j++) cells[i + j] = T.CreateSaturating(some[j]);
            }
        }
    }

    /// <summary>Singles to the nearest, or, if inexact, to that of the two next to the number whose last bit is set: then rounded again as the number itself would be.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ToSingle(ReadOnlySpan<double> numbers, float* singles, bool toOdd)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= numbers.Length; i += Vector<float>.Count)
        {
            Vector<double> low = new(numbers[i..]), high = new(numbers[(i + Vector<double>.Count)..]);
            Vector<float> near = Vector.Narrow(low, high);
            if (toOdd)
            {
                Vector.Widen(near, out Vector<double> nearLow, out Vector<double> nearHigh);
                Vector<int> isExact = Vector.Narrow(Vector.Equals(nearLow, low), Vector.Equals(nearHigh, high));
                // Masks are -1 where they are set.
                Vector<int> isBeyond = Vector.Narrow(Vector.GreaterThan(Vector.Abs(nearLow), Vector.Abs(low)), Vector.GreaterThan(Vector.Abs(nearHigh), Vector.Abs(high)));
                near = Vector.ConditionalSelect(isExact, near, Vector.AsVectorSingle((Vector.AsVectorInt32(near) + isBeyond) | Vector<int>.One));
            }
            near.Store(singles + i);
        }
        for (; i < numbers.Length; i++)
        {
            singles[i] = (float)numbers[i];
            if (!toOdd || singles[i] == numbers[i]) continue;
            int bits = BitConverter.SingleToInt32Bits(singles[i]);
            singles[i] = BitConverter.Int32BitsToSingle((Math.Abs((double)singles[i]) > Math.Abs(numbers[i]) ? bits - 1 : bits) | 1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void NarrowLanes<T, TVector>(float* singles, T* cells, int count)
        where T : unmanaged, INumber<T>
        where TVector : struct, ILanes<TVector, float>
    {
        int i = 0;
        for (; i + TVector.Count <= count; i += TVector.Count) TVector.Load(singles + i).Narrow(cells + i);
        for (; i < count; i++) cells[i] = T.CreateSaturating(singles[i]);
    }

    /// <summary>What rounding has left just short of a whole number as that number, and 0 for what is none at all.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void NearToWhole(ReadOnlySpan<double> numbers, double* to)
    {
        int i = 0;
        Vector<double> close = new(WholeNumber.Near);
        for (; i + Vector<double>.Count <= numbers.Length; i += Vector<double>.Count)
        {
            Vector<double> some = new(numbers[i..]), whole = Vector.Round(some);
            Vector<double> near = Vector.ConditionalSelect(Vector.LessThanOrEqual(Vector.Abs(some - whole), Vector.Abs(some) * close), whole, some);
            Vector.ConditionalSelect(Vector.Equals(some, some), near, Vector<double>.Zero).Store(to + i);
        }
        for (; i < numbers.Length; i++) to[i] = double.IsNaN(numbers[i]) ? 0 : WholeNumber.Settle(numbers[i]);
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

    /// <summary>The least magnitude that is not 0, or infinity, and the largest, or 0; NaN where a number is.</summary>
    public static (double Least, double Most) Magnitudes(ReadOnlySpan<double> numbers)
    {
        (long least, long most) = Magnitudes(MemoryMarshal.Cast<double, long>(numbers), Infinity);
        return (BitConverter.Int64BitsToDouble(least), BitConverter.Int64BitsToDouble(most));
    }

    /// <inheritdoc cref="Magnitudes(ReadOnlySpan{double})"/>
    public static (double Least, double Most) Magnitudes(ReadOnlySpan<BFloat16> numbers)
    {
        (short least, short most) = Magnitudes(MemoryMarshal.Cast<BFloat16, short>(numbers), ShortInfinity);
        return ((double)BFloat16.FromBits((ushort)least), (double)BFloat16.FromBits((ushort)most));
    }

    // Without their sign they sort as integers do, NaN above infinity.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static (TBits Least, TBits Most) Magnitudes<TBits>(ReadOnlySpan<TBits> numbers, TBits infinity)
        where TBits : unmanaged, IBinaryInteger<TBits>, IMinMaxValue<TBits>
    {
        int i = 0;
        Vector<TBits> leasts = new(infinity), mosts = Vector<TBits>.Zero, otherLeasts = leasts, otherMosts = mosts, magnitude = new(TBits.MaxValue);
        for (; i + 2 * Vector<TBits>.Count <= numbers.Length; i += 2 * Vector<TBits>.Count)
        {
            Vector<TBits> some = new Vector<TBits>(numbers[i..]) & magnitude, others = new Vector<TBits>(numbers[(i + Vector<TBits>.Count)..]) & magnitude;
            leasts = Vector.Min(leasts, some + (Vector.Equals(some, Vector<TBits>.Zero) & magnitude));
            otherLeasts = Vector.Min(otherLeasts, others + (Vector.Equals(others, Vector<TBits>.Zero) & magnitude));
            (mosts, otherMosts) = (Vector.Max(mosts, some), Vector.Max(otherMosts, others));
        }
        (leasts, mosts) = (Vector.Min(leasts, otherLeasts), Vector.Max(mosts, otherMosts));
        (TBits least, TBits most) = (infinity, TBits.Zero);
        for (; i < numbers.Length; i++) Meet(numbers[i] & TBits.MaxValue, numbers[i] & TBits.MaxValue);
        for (i = 0; i < Vector<TBits>.Count; i++) Meet(leasts[i], mosts[i]);
        return (least, most);

        void Meet(TBits small, TBits large) => (least, most) = (small == TBits.Zero ? least : TBits.Min(least, small), TBits.Max(most, large));
    }
}
