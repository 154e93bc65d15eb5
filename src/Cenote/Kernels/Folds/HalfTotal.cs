using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Sum and mean of halves as <see cref="Total{T, TLane}"/> computes them, but for infinities and NaNs, which are watched beside: cells and sums are carried scaled, see <see cref="HalfLanes"/>.</summary>
internal readonly unsafe struct HalfTotal : IFold<Half, float>
{
    /// <summary>What a mean may be divided by, see <see cref="HalfLanes"/>.</summary>
    public const long MostTaps = 1 << 12;

    private readonly bool _multiplies, _mayOverflow;
    private readonly long _divisor;

    /// <param name="countsPadding">Whether taps in the padding count.</param>
    /// <param name="divisor">What to divide by instead of the number of taps, or 0.</param>
    /// <param name="geometry">Where; decides whether every window has the same count.</param>
    /// <param name="ordered">Whether the cells must be added row by row, left to right.</param>
    public HalfTotal(bool countsPadding, long divisor, in Geometry geometry, bool ordered)
    {
        (CountsPadding, _divisor, IsOrdered) = (countsPadding, divisor, ordered);
        UniformCount = divisor != 0 ? divisor : geometry.UniformCount(countsPadding);
        _mayOverflow = divisor != 0 && Math.Abs(divisor) < geometry.MostTaps;
        // Halving is exact, and a ninth is so near to a float, 2^-27 of it, that no sum's quotient comes to the other side of a tie of halves.
        _multiplies = UniformCount == 9 || (UniformCount > 0 && long.IsPow2(UniformCount));
    }

    public static float Identity => 0;

    public static bool IsIdempotent => false;

    public static bool IsPlaced => false;

    public static bool IsScaled => true;

    public static bool IsSplit => true;

    public static bool IsWatchful => true;

    public bool IsOrdered { get; }

    public bool CountsPadding { get; }

    public long UniformCount { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Lift(Half* cell) => HalfLanes.WidenScaled(cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Combine(float left, float right) => left + right;

    public void Finish(float accumulator, long count, Half* cell)
    {
        if (_divisor != 0) count = _divisor;
        *cell = count == 0 ? Half.Zero : (Half)((accumulator + 0f) / count * HalfLanes.Scale);
    }

    public float Scale(long count)
    {
        float scale = count == 0 ? 1 : count;
        return _multiplies ? 1 / scale : scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(Half* cells)
        where TVector : struct, ILanes<TVector, float> => TVector.WidenScaled(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<TVector>(Half* cells, out TVector even, out TVector odd, ref TVector seen)
        where TVector : struct, ILanes<TVector, float> => TVector.SplitScaled(cells, out even, out odd, ref seen);

    public static bool Stands<TVector>(TVector seen)
        where TVector : struct, ILanes<TVector, float> => TVector.AreFinite(seen);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, float> => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Watch<TVector>(ref TVector seen, TVector a, TVector b)
        where TVector : struct, ILanes<TVector, float> => seen = TVector.WatchScaled(seen, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, Half* cells)
        where TVector : struct, ILanes<TVector, float> => Mean(accumulator, scale).NarrowScaled(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FinishSplit<TVector>(TVector even, TVector odd, TVector scale, Half* cells)
        where TVector : struct, ILanes<TVector, float> => TVector.NarrowScaled(Mean(even, scale), Mean(odd, scale), cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Mean<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, float>
    {
        // Of denormal numbers, which small sums and means are here, division is slow, and multiplication but where something is added; -0 changes nothing.
        TVector zero = TVector.Create(0), nothing = TVector.Create(-0f), up = TVector.Create(HalfLanes.Scale), down = TVector.Create(HalfLanes.Inverse);
        TVector mean = _multiplies ? TVector.MultiplyAdd(accumulator, scale, zero) : TVector.MultiplyAdd(TVector.MultiplyAdd(accumulator, up, zero) / scale, down, nothing);
        // A mean is between its cells; what no half can hold becomes infinity on the way.
        if (_mayOverflow) mean = TVector.MultiplyAdd(TVector.MultiplyAdd(mean, up, nothing) * up * down, down, nothing);
        return mean;
    }

    public void FinishFew<TVector>(TVector accumulator, TVector scale, Half* cells, long count)
        where TVector : struct, ILanes<TVector, float> => Pass<Half, float, HalfTotal>.FinishAside(this, accumulator, scale, cells, count);
}
