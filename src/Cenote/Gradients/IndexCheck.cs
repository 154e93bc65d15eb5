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
    // Of each of the axes, no more than one for each bit of its length.
    private const int MostSteps = 3 * 64;

    private readonly long _row = geometry.Width.OutputLength * geometry.Inner;

    /// <summary>Room for what <see cref="Prepare"/> works out.</summary>
    public long TableLength => 2 * _row + 1 + MostSteps;

    /// <summary>Works out where each window of a row begins and how far it reaches.</summary>
    public void Prepare(TLane* table)
    {
        TLane* firsts = table, reaches = firsts + _row, hasEmpty = reaches + _row;
        Axis width = geometry.Width;
        *hasEmpty = TLane.Zero;
        for (long o = 0; o < width.OutputLength; o++)
        {
            TapRange taps = width.Taps(o);
            if (taps.Count == 0) *hasEmpty = TLane.One;
            (TLane first, TLane reach) = (TLane.CreateTruncating(taps.First), TLane.CreateTruncating((taps.Count - 1) * taps.Step));
            for (long channel = 0; channel < geometry.Inner; channel++) (*firsts++, *reaches++) = (first, reach);
        }
    }

    /// <summary>Refuses rows that name a cell outside of their windows; -1 is none.</summary>
    /// <param name="row">The first output row.</param>
    /// <param name="count">How many, the same row of planes one after another.</param>
    /// <param name="depth">The slices that they tap.</param>
    /// <param name="height">The rows that they tap.</param>
    /// <param name="table">What was prepared.</param>
    /// <exception cref="ArgumentException">An index is no cell of its window; the first of all such is named.</exception>
    public void Refuse(long row, long count, in TapRange depth, in TapRange height, TLane* table)
    {
        long* first = indices + row * _row;
        long plane = geometry.OutputPlane * geometry.Inner;
        bool isSound = true;
        // A register cannot tell of a window without a cell.
        if (_row >= TVector.Count && depth.Count > 0 && height.Count > 0 && table[2 * _row] == TLane.Zero)
            isSound = AreSound(first, count, plane, depth, height, table);
        else
            for (long i = 0; i < count; i++) isSound &= WindowIndices.AreCells(geometry, first + i * plane, depth, height);
        if (!isSound) WindowIndices.Check(geometry, indices);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool AreSound(long* row, long count, long pitch, in TapRange depth, in TapRange height, TLane* table)
    {
        long cells = _row, rowCells = geometry.Width.InputLength, slice = geometry.Height.InputLength * rowCells;
        TLane* firsts = table, reaches = firsts + cells, steps = reaches + cells + 1;
        TLane* across = Steps(height.Count, height.Step * rowCells, Steps(depth.Count, depth.Step * slice, steps)), along = across;
        if (geometry.Width.Dilation > 1) along = Steps(Math.Min(geometry.Width.Kernel, (rowCells - 1) / geometry.Width.Dilation + 1), geometry.Width.Dilation, across);
        TVector start = TVector.Create(TLane.CreateTruncating(depth.First * slice + height.First * rowCells)), wrong = TVector.Create(TLane.Zero);
        for (long i = 0; i < cells; i += TVector.Count)
        {
            // The last register reaches back over the one before.
            i = Math.Min(i, cells - TVector.Count);
            TVector first = TVector.Load(firsts + i) + start, reach = TVector.Load(reaches + i);
            long* next = row + i;
            for (long plane = 0; plane < count; plane++, next += pitch) wrong |= Wrong(next, first, reach, steps, across, along);
        }
        return TVector.IsZero(wrong);
    }

    /// <summary>Steps of which some, in this order, make up any of the distances 0, step, 2 step, …: about half of what is left each.</summary>
    /// <returns>Behind the last.</returns>
    private static TLane* Steps(long count, long step, TLane* steps)
    {
        for (; count > 1; count -= count / 2) *steps++ = TLane.CreateTruncating(count / 2 * step);
        return steps;
    }

    /// <summary>0 where an index is a cell of its window, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Wrong(long* row, TVector first, TVector reach, TLane* steps, TLane* across, TLane* along)
    {
        // The halves of an index, where a lane is half as wide.
        TVector index = TVector.Load((TLane*)row), upper = index;
        if (sizeof(TLane) < sizeof(long))
        {
            TVector further = TVector.Load((TLane*)row + TVector.Count);
            (index, upper) = (TVector.Even(index, further), TVector.Odd(index, further));
        }
        // Back to the first of the rows: a step too far makes a number larger, and is not taken.
        TVector at = index - first;
        TLane* step = steps;
        for (; step < across; step++) at = TVector.Min(at, at - TVector.Create(*step));
        TVector wrong = TVector.Max(at, reach) ^ reach;
        if (step < along)
        {
            for (; step < along; step++) at = TVector.Min(at, at - TVector.Create(*step));
            wrong |= at;
        }
        if (sizeof(TLane) < sizeof(long)) wrong |= upper;
        return TVector.Min(wrong, TVector.Min(index, upper) + TVector.Create(TLane.One));
    }
}
