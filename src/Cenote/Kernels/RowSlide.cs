using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>
/// A window along a row, register by register from the last to the first, so that what follows a register is known. A window is put together
/// from windows of 1, 2, 4, 8 … cells, additions (or maxima) alone.
/// </summary>
/// <remarks>Four registers at most: of a larger struct the compiler would keep none in a register.</remarks>
internal unsafe struct RowSlide<T, TLane, TFold, TVector>
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private TVector _one, _two, _four, _eight;

    /// <summary>Whether windows of any length can be asked; of registers with more lanes those shorter than <see cref="Planner.MostDoubled"/> alone.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Count <= Planner.MostDoubled;
    }

    /// <summary>Whether windows are covered by two overlapping ones, as long as a power of two, rather than by as many as their length takes.</summary>
    public static bool Overlaps
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFold.IsIdempotent && TVector.LooksAhead;
    }

    /// <summary>What a loop that slides reads from memory: two registers numbered from 0, and 1 in every lane.</summary>
    public static void Fill(TFold fold, TLane* ramp)
    {
        Pass<T, TLane, TFold>.Number(ramp, 2 * TVector.Count, first: 0, step: 1);
        for (int lane = 0; lane < TVector.Count; lane++) ramp[2 * TVector.Count + lane] = fold.Scale(1);
    }

    /// <summary>Nothing, as behind the last register of a row.</summary>
    public static RowSlide<T, TLane, TFold, TVector> None
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            TVector none = TVector.Create(TFold.Identity);
            return new() { _one = none, _two = none, _four = none, _eight = none };
        }
    }

    /// <summary>Each lane of a register combined with those after it: windows of as many cells as a power of two that the kernel, and a register, holds.</summary>
    /// <param name="cells">The register.</param>
    /// <param name="kernel">Cells of a window.</param>
    /// <param name="after">The windows of the register after it; afterwards of this one.</param>
    /// <param name="restsAfter">The same for <paramref name="rest"/>.</param>
    /// <param name="rest">Windows of what is over when a kernel is cut into whole registers; nothing of use for a fold that may take cells twice.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Next(
        TVector cells, long kernel, ref RowSlide<T, TLane, TFold, TVector> after,
        ref RowSlide<T, TLane, TFold, TVector> restsAfter, out TVector rest)
    {
        int lanes = TVector.Count;
        TVector windows = cells;
        rest = cells;
        if (kernel >= 2)
        {
            windows = Double(cells, ref after._one, 1);
            if (lanes > 2 && !Overlaps && (kernel & 2) != 0) rest = Join(windows, (kernel & 1) != 0, rest, ref restsAfter._two, 2);
        }
        if (lanes >= 4 && kernel >= 4)
        {
            windows = Double(windows, ref after._two, 2);
            if (lanes > 4 && !Overlaps && (kernel & 4) != 0) rest = Join(windows, (kernel & 3) != 0, rest, ref restsAfter._four, 4);
        }
        if (lanes >= 8 && kernel >= 8)
        {
            windows = Double(windows, ref after._four, 4);
            if (lanes > 8 && !Overlaps && (kernel & 8) != 0) rest = Join(windows, (kernel & 7) != 0, rest, ref restsAfter._eight, 8);
        }
        if (lanes >= 16 && kernel >= 16) windows = Double(windows, ref after._eight, 8);
        return windows;
    }

    /// <summary>Each lane of a register combined with those after it, as many as a window has; fewer than two registers, or than four without <see cref="Overlaps"/>.</summary>
    /// <param name="cells">The register.</param>
    /// <param name="kernel">Cells of a window.</param>
    /// <param name="over">The lanes so many further on as the kernel is longer than a power of two; for windows that overlap.</param>
    /// <param name="after">See <see cref="Next"/>.</param>
    /// <param name="restsAfter">See <see cref="Next"/>.</param>
    /// <param name="last">What the windows of the register after it end with; afterwards of this one.</param>
    /// <param name="two">The same where a window holds a second register.</param>
    /// <param name="three">The same where it holds a third.</param>
    /// <typeparam name="TRegisters">Whole registers of a window, at least 1.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Window<TRegisters>(
        TVector cells, long kernel, TVector over, ref RowSlide<T, TLane, TFold, TVector> after, ref RowSlide<T, TLane, TFold, TVector> restsAfter,
        ref TVector last, ref TVector two, ref TVector three)
        where TRegisters : struct, ICount
    {
        TVector windows = Next(cells, kernel, ref after, ref restsAfter, out TVector rest), whole = windows;
        if (Overlaps)
        {
            if ((kernel & (kernel - 1)) == 0) return windows;
            whole = TFold.Combine(windows, TVector.Ahead(windows, last, over));
            last = windows;
            return whole;
        }
        if (kernel < TVector.Count) return rest;
        if (kernel % TVector.Count != 0) (whole, last) = (TFold.Combine(windows, last), rest);
        if (TRegisters.Value > 1) (whole, two) = (TFold.Combine(windows, two), whole);
        if (TRegisters.Value > 2) (whole, three) = (TFold.Combine(windows, three), whole);
        return whole;
    }

    /// <summary>The same as <see cref="Next"/> for two registers side by side, step by step for both, so that neither waits for the other.</summary>
    /// <param name="left">The left one; afterwards its windows.</param>
    /// <param name="right">The right one; afterwards its windows.</param>
    /// <param name="leftNext">Each lane of the left one one cell further on.</param>
    /// <param name="rightNext">The same of the right one.</param>
    /// <param name="kernel">Cells of a window.</param>
    /// <param name="one">See <see cref="Pass{T, TLane, TFold}.CombineBeside"/>.</param>
    /// <param name="after">The windows of the register after them; afterwards of the left one.</param>
    /// <param name="restsAfter">The same for the rests.</param>
    /// <param name="restLeft">See <see cref="Next"/>.</param>
    /// <param name="restRight">See <see cref="Next"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Two(
        ref TVector left, ref TVector right, TVector leftNext, TVector rightNext, long kernel, TVector one,
        ref RowSlide<T, TLane, TFold, TVector> after, ref RowSlide<T, TLane, TFold, TVector> restsAfter, out TVector restLeft, out TVector restRight)
    {
        int lanes = TVector.Count;
        (restLeft, restRight) = (left, right);
        if (kernel >= 2)
        {
            (left, right) = (Pass<T, TLane, TFold>.CombineBeside(left, leftNext, one), Pass<T, TLane, TFold>.CombineBeside(right, rightNext, one));
            if (lanes > 2 && !Overlaps && (kernel & 2) != 0) Join(left, right, (kernel & 1) != 0, ref restLeft, ref restRight, ref restsAfter._two, 2, one);
        }
        if (lanes >= 4 && kernel >= 4)
        {
            Double(ref left, ref right, ref after._two, 2);
            if (lanes > 4 && !Overlaps && (kernel & 4) != 0) Join(left, right, (kernel & 3) != 0, ref restLeft, ref restRight, ref restsAfter._four, 4, one);
        }
        if (lanes >= 8 && kernel >= 8)
        {
            Double(ref left, ref right, ref after._four, 4);
            if (lanes > 8 && !Overlaps && (kernel & 8) != 0) Join(left, right, (kernel & 7) != 0, ref restLeft, ref restRight, ref restsAfter._eight, 8, one);
        }
        if (lanes >= 16 && kernel >= 16) Double(ref left, ref right, ref after._eight, 8);
    }

    /// <summary>The same as <see cref="Window"/> for two registers side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Windows<TRegisters>(
        ref TVector left, ref TVector right, TVector leftNext, TVector rightNext, long kernel, TVector over, TVector one,
        ref RowSlide<T, TLane, TFold, TVector> after, ref RowSlide<T, TLane, TFold, TVector> restsAfter,
        ref TVector last, ref TVector two, ref TVector three)
        where TRegisters : struct, ICount
    {
        Two(ref left, ref right, leftNext, rightNext, kernel, one, ref after, ref restsAfter, out TVector restLeft, out TVector restRight);
        if (Overlaps)
        {
            if ((kernel & (kernel - 1)) == 0) return;
            TVector whole = TFold.Combine(left, TVector.Ahead(left, right, over));
            right = TFold.Combine(right, TVector.Ahead(right, last, over));
            last = left;
            left = whole;
            return;
        }
        if (kernel < TVector.Count)
        {
            (left, right) = (restLeft, restRight);
            return;
        }
        // A register of windows and what is left of them in the next one, as often as a window holds a register.
        TVector a = left, b = right;
        if (kernel % TVector.Count != 0) (a, b, last) = (TFold.Combine(left, restRight), TFold.Combine(right, last), restLeft);
        if (TRegisters.Value > 1) (a, b, two) = (TFold.Combine(left, b), TFold.Combine(right, two), a);
        if (TRegisters.Value > 2) (a, b, three) = (TFold.Combine(left, b), TFold.Combine(right, three), a);
        (left, right) = (a, b);
    }

    /// <summary>Each lane of two registers side by side one cell further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Left, TVector Right) Further(TVector left, TVector right, ref RowSlide<T, TLane, TFold, TVector> after)
    {
        TVector further = TVector.Further(right, after._one, 1);
        after._one = left;
        return (TVector.Further(left, right, 1), further);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Double(ref TVector left, ref TVector right, ref TVector after, [ConstantExpected] byte shift)
    {
        TVector both = TFold.Combine(left, TVector.Further(left, right, shift));
        right = TFold.Combine(right, TVector.Further(right, after, shift));
        after = left;
        left = both;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(TVector left, TVector right, bool more, ref TVector restLeft, ref TVector restRight, ref TVector restAfter, [ConstantExpected] byte shift, TVector one)
    {
        if (!more)
        {
            (restLeft, restRight) = (left, right);
            return;
        }
        TVector both = Pass<T, TLane, TFold>.CombineBeside(left, TVector.Further(restLeft, restRight, shift), one);
        restRight = Pass<T, TLane, TFold>.CombineBeside(right, TVector.Further(restRight, restAfter, shift), one);
        restAfter = restLeft;
        restLeft = both;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Double(TVector windows, ref TVector after, [ConstantExpected] byte shift)
    {
        TVector both = TFold.Combine(windows, TVector.Further(windows, after, shift));
        after = windows;
        return both;
    }

    /// <summary>Windows with shorter ones behind them, if there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Join(TVector windows, bool more, TVector rest, ref TVector restAfter, [ConstantExpected] byte shift)
    {
        if (!more) return windows;
        TVector both = TFold.Combine(windows, TVector.Further(rest, restAfter, shift));
        restAfter = rest;
        return both;
    }
}
