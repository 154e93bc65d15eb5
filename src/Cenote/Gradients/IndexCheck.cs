using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Whether the indices of a row of winners are cells of their windows, a register at a time.</summary>
/// <remarks>
/// Lanes are unsigned, so that what lies before a window is large. Those of 32 bits do for planes of up to 2^31 cells.
/// </remarks>
/// <param name="geometry">The window.</param>
/// <param name="indices">The winners.</param>
internal readonly unsafe struct IndexCheck<TLane, TVector>(Geometry geometry, long* indices)
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    /// <summary>Steps, of all axes together: no more than one for each bit of a length.</summary>
    public const int MostSteps = 3 * 64;

    private readonly long _row = geometry.Width.OutputLength * geometry.Inner;

    // Outputs one behind the other that have one window, if they fill a register.
    private readonly long _run = geometry.Inner >= TVector.Count ? geometry.Inner : 1;

    /// <summary>Room for what <see cref="Prepare"/> works out.</summary>
    public long TableLength => 2 * (_row / _run) + 1 + MostSteps;

    /// <summary>Works out where each window of a row begins and how far it reaches.</summary>
    public void Prepare(TLane* table)
    {
        TLane* firsts = table, reaches = firsts + _row / _run, hasEmpty = reaches + _row / _run;
        Axis width = geometry.Width;
        *hasEmpty = TLane.Zero;
        for (long o = 0; o < width.OutputLength; o++)
        {
            TapRange taps = width.Taps(o);
            if (taps.Count == 0) *hasEmpty = TLane.One;
            (TLane first, TLane reach) = (TLane.CreateTruncating(taps.First), TLane.CreateTruncating((taps.Count - 1) * taps.Step));
            for (long channel = 0; channel < geometry.Inner; channel += _run) (*firsts++, *reaches++) = (first, reach);
        }
    }

    /// <summary>Refuses rows that name a cell outside of their windows; -1 is none.</summary>
    /// <param name="row">The first output row.</param>
    /// <param name="count">How many, the same row of planes one after another.</param>
    /// <param name="depth">The slices that they tap.</param>
    /// <param name="height">The rows that they tap.</param>
    /// <param name="table">What was prepared.</param>
    /// <param name="lower">Where not null, the indices of the first row go there, as lanes.</param>
    /// <exception cref="ArgumentException">An index is no cell of its window; the first of all such is named.</exception>
    public void Refuse(long row, long count, in TapRange depth, in TapRange height, TLane* table, TLane* lower = null)
    {
        long* first = indices + row * _row;
        long plane = geometry.OutputPlane * geometry.Inner;
        bool isSound = true;
        // A register cannot tell of a window without a cell.
        if (_row >= TVector.Count && depth.Count > 0 && height.Count > 0 && table[2 * (_row / _run)] == TLane.Zero)
        {
            isSound = lower == null ? AreSound<None>(first, count, plane, depth, height, table, lower) : AreSound<One>(first, count, plane, depth, height, table, lower);
        }
        else
        {
            for (long i = 0; i < count; i++) isSound &= WindowIndices.AreCells(geometry, first + i * plane, depth, height);
            for (long i = 0; lower != null && i < _row; i++) lower[i] = TLane.CreateTruncating(first[i]);
        }
        if (!isSound) WindowIndices.Check(geometry, indices);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool AreSound<TKept>(long* row, long count, long pitch, in TapRange depth, in TapRange height, TLane* table, TLane* lower)
        where TKept : struct, ICount
    {
        long cells = _row, run = _run, rowCells = geometry.Width.InputLength, slice = geometry.Height.InputLength * rowCells;
        TLane* firsts = table, reaches = firsts + cells / run, steps = reaches + cells / run + 1;
        TLane* across = Steps(height.Count, height.Step * rowCells, Steps(depth.Count, depth.Step * slice, steps)), along = Along(geometry.Width, across);
        TVector start = TVector.Create(TLane.CreateTruncating(depth.First * slice + height.First * rowCells)), wrong = TVector.Create(TLane.Zero);
        if (run > 1)
        {
            for (long window = 0, at = 0; at < cells; window++, at += run)
            {
                TVector first = TVector.Create(firsts[window]) + start, reach = TVector.Create(reaches[window]);
                for (long i = 0; i < run; i += TVector.Count)
                {
                    // The last register reaches back over the one before.
                    i = Math.Min(i, run - TVector.Count);
                    long* next = row + at + i;
                    for (long plane = 0; plane < count; plane++, next += pitch) wrong |= Wrong<TKept>(next, first, reach, steps, across, along, lower + at + i);
                }
            }
            return TVector.IsZero(wrong);
        }
        for (long i = 0; i < cells; i += TVector.Count)
        {
            i = Math.Min(i, cells - TVector.Count);
            TVector first = TVector.Load(firsts + i) + start, reach = TVector.Load(reaches + i);
            long* next = row + i;
            for (long plane = 0; plane < count; plane++, next += pitch) wrong |= Wrong<TKept>(next, first, reach, steps, across, along, lower + i);
        }
        return TVector.IsZero(wrong);
    }

    /// <summary>0 where an index is a cell of its window, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Wrong<TKept>(long* row, TVector first, TVector reach, TLane* steps, TLane* across, TLane* along, TLane* lower)
        where TKept : struct, ICount
    {
        TVector index = Index(row, out TVector upper);
        if (TKept.Value > 0) index.Store(lower);
        return Unless(Wrong(index - first, reach, steps, across, along), index, upper);
    }

    /// <summary>Steps of which some, in this order, make up any of the distances 0, step, 2 step, …: about half of what is left each.</summary>
    /// <returns>Behind the last.</returns>
    public static TLane* Steps(long count, long step, TLane* steps)
    {
        for (; count > 1; count -= count / 2) *steps++ = TLane.CreateTruncating(count / 2 * step);
        return steps;
    }

    /// <summary>Steps along a row, where taps are apart.</summary>
    public static TLane* Along(in Axis width, TLane* steps) =>
        width.Dilation > 1 ? Steps(Math.Min(width.Kernel, (width.InputLength - 1) / width.Dilation + 1), width.Dilation, steps) : steps;

    /// <summary>A register of indices as lanes, and their upper halves, where a lane is half as wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Index(long* indices, out TVector upper)
    {
        TVector index = TVector.Load((TLane*)indices);
        upper = index;
        if (sizeof(TLane) == sizeof(long)) return index;
        TVector further = TVector.Load((TLane*)indices + TVector.Count);
        upper = TVector.Odd(index, further);
        return TVector.Even(index, further);
    }

    /// <summary>0 where what is so far behind the first tap is a tap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Wrong(TVector at, TVector reach, TLane* steps, TLane* across, TLane* along)
    {
        // Back to the first of the rows: a step too far makes a number larger, and is not taken.
        TLane* step = steps;
        for (; step < across; step++) at = TVector.Min(at, at - TVector.Create(*step));
        TVector wrong = TVector.Max(at, reach) ^ reach;
        if (step == along) return wrong;
        for (; step < along; step++) at = TVector.Min(at, at - TVector.Create(*step));
        return wrong | at;
    }

    /// <summary>The same, 0 where an index is -1 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Unless(TVector wrong, TVector index, TVector upper)
    {
        if (sizeof(TLane) < sizeof(long)) wrong |= upper;
        return TVector.Min(wrong, TVector.Min(index, upper) + TVector.Create(TLane.One));
    }
}
