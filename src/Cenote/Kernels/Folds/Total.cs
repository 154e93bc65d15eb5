using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Sum and mean: additions only, one division at the end; what <see cref="Mean{T, TAccumulator}"/> computes, a register at a time.</summary>
/// <remarks>
/// Lanes of 16 bits carry sums of up to 128 bytes, which have room below the sign, or of up to 257 where a product divides them, lanes of <see cref="int"/> sums below 2^24, which float divides
/// exactly (<see cref="WideTotal{T}"/> larger ones), lanes of <see cref="double"/> sums of whole numbers below 2^53; the planner sees to it. A mean of nothing but -0 is +0, as a sum that begins at 0 gives.
/// </remarks>
internal readonly unsafe struct Total<T, TLane> : IFold<T, TLane>
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
{
    // Sums of so many cells are below 2^51, which double divides exactly by an inverse rounded up.
    private const long FewWide = 1 << 19;

    // Whole numbers that float divides exactly by an inverse rounded up, with bits to spare for its rounding and the product's.
    private const long FewInt = 1 << 21;

    private readonly long _divisor;
    private readonly bool _multiplies;
    private readonly int _shift;

    /// <param name="countsPadding">Whether taps in the padding count.</param>
    /// <param name="divisor">What to divide by instead of the number of taps, or 0.</param>
    /// <param name="geometry">Where; decides whether every window has the same count.</param>
    /// <param name="ordered">Whether the cells must be added row by row, left to right.</param>
    public Total(bool countsPadding, long divisor, in Geometry geometry, bool ordered)
    {
        (CountsPadding, _divisor, IsOrdered) = (countsPadding, divisor, ordered);
        UniformCount = divisor != 0 ? divisor : geometry.UniformCount(countsPadding);
        if (sizeof(TLane) == sizeof(short))
        {
            _multiplies = UniformCount > 1;
            _shift = Shift(UniformCount);
        }
        // Sums are of cells, or of gradients, where windows differ times a common multiple, which is the divisor.
        if (typeof(TLane) == typeof(int))
            _multiplies = UniformCount > 1 && Int128.Max(geometry.MostTaps, geometry.MostOutputs) * (geometry.UniformCount(countsPadding) != 0 ? 1 : UniformCount) <= FewInt >> (8 * sizeof(T));
        if (typeof(TLane) != typeof(float) && typeof(TLane) != typeof(double)) return;
        // Halving is exact, so a power of two may multiply; double has bits to spare for any other divisor of a float.
        _multiplies = (UniformCount > 0 && (long.IsPow2(UniformCount) || (IsWide && geometry.MostTaps <= FewWide))) || (typeof(T) == typeof(float) && typeof(TLane) == typeof(double));
    }

    public static TLane Identity => TLane.Zero;

    public static bool IsIdempotent => false;

    public static bool IsPlaced => false;

    public static bool IsScaled => true;

    /// <summary>Whether whole numbers are carried in double.</summary>
    private static bool IsWide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(TLane) == typeof(double) && KnownFolds.IsWhole<T>();
    }

    public bool IsOrdered { get; }

    public bool CountsPadding { get; }

    public long UniformCount { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane Lift(T* cell) => TLane.CreateTruncating(*cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Combine(TLane left, TLane right) => left + right;

    public void Finish(TLane accumulator, long count, T* cell)
    {
        if (_divisor != 0) count = _divisor;
        *cell = count == 0 ? T.Zero : T.CreateSaturating((accumulator + TLane.Zero) / TLane.CreateTruncating(count));
    }

    public TLane Scale(long count)
    {
        // Rounded up, by less than what could make a sum's quotient one too large; of signed sums even where it is exact.
        if (sizeof(TLane) == sizeof(short) && _multiplies) return TLane.CreateTruncating(Inverse(count));
        // Likewise, so that no whole quotient comes to lie under itself.
        if (typeof(TLane) == typeof(int) && _multiplies) return TLane.CreateTruncating(BitConverter.SingleToInt32Bits(MathF.BitIncrement(1f / count)));
        if (IsWide && _multiplies && count > 1) return TLane.CreateTruncating(Math.BitIncrement(1.0 / count));
        TLane scale = count == 0 ? TLane.One : TLane.CreateTruncating(count);
        return _multiplies ? TLane.One / scale : scale;
    }

    /// <summary>Whether sums up to so many, in lanes of 16 bits, are divided exactly by a product.</summary>
    public static bool Divides(long count, long most) => count == 1 || (Inverse(count) * count - (1L << (16 + Shift(count)))) * most < 1L << (16 + Shift(count));

    // Of lanes of 16 bits: so much more than 16 bits a product is moved down.
    private static int Shift(long count) => Math.Max(0, BitOperations.Log2((uint)count - 1));

    private static long Inverse(long count) => ((1L << (16 + Shift(count))) - (typeof(TLane) == typeof(short) ? 0 : 1)) / count + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, TLane> =>
        // The compiler counts what the other might do before it inlines, for other cells too.
        typeof(T) == typeof(TLane) ? TVector.Load((TLane*)cells) : TVector.Widen(cells);

    public static bool IsSplit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * sizeof(T) == sizeof(TLane) && sizeof(TLane) <= sizeof(int) && typeof(T) != typeof(Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<TVector>(T* cells, out TVector even, out TVector odd, ref TVector seen)
        where TVector : struct, ILanes<TVector, TLane> => TVector.Split(cells, out even, out odd);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, TLane> => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane>
    {
        // A product of float's sums is never rounded to nothing, so that 0 may as well be added after it, in one step; not where a divisor turns the sign of 0.
        if (typeof(T) == typeof(float) && typeof(TLane) == typeof(double) && _divisor >= 0)
        {
            TVector.MultiplyAdd(accumulator, scale, TVector.Create(TLane.Zero)).Narrow(cells);
            return;
        }
        if (typeof(T) == typeof(TLane)) Finished(accumulator, scale).Store((TLane*)cells);
        // A mean is between its cells.
        else if (IsWide && _divisor == 0) Finished(accumulator, scale).Cut(cells);
        else Finished(accumulator, scale).Narrow(cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FinishSplit<TVector>(TVector even, TVector odd, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane> => TVector.NarrowSplit(Finished(even, scale), Finished(odd, scale), cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finished<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector sum = IsWide ? accumulator : accumulator + TVector.Create(TLane.Zero);
        return !_multiplies ? sum / scale : sizeof(TLane) == sizeof(short) || typeof(TLane) == typeof(int) ? TVector.Times(sum, scale, _shift) : sum * scale;
    }

    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, TLane> => Pass<T, TLane, Total<T, TLane>>.FinishAside(this, accumulator, scale, cells, count);
}
