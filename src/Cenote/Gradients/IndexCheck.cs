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

    // Those that are kept in registers.
    private const int ShortSteps = 2;

    /// <summary>What <see cref="PrepareRows"/> works out of a row.</summary>
    public const int RowLength = 1 + ShortSteps;

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
    /// <returns>Whether each is known to name one.</returns>
    /// <exception cref="ArgumentException">An index is no cell of its window; the first of all such is named.</exception>
    public bool Refuse(long row, long count, in TapRange depth, in TapRange height, TLane* table, TLane* lower = null)
    {
        long* first = indices + row * _row;
        long plane = geometry.OutputPlane * geometry.Inner;
        bool isSound = true;
        // A register cannot tell of a window without a cell.
        if (_row >= TVector.Count && depth.Count > 0 && height.Count > 0 && table[2 * (_row / _run)] == TLane.Zero)
        {
            if (lower == null ? AreSound<None, None>(first, count, plane, depth, height, table, lower) : AreSound<One, None>(first, count, plane, depth, height, table, lower)) return true;
            isSound = AreSound<None, One>(first, count, plane, depth, height, table, lower);
        }
        else
        {
            for (long i = 0; i < count; i++) isSound &= WindowIndices.AreCells(geometry, first + i * plane, depth, height);
            for (long i = 0; lower != null && i < _row; i++) lower[i] = TLane.CreateTruncating(first[i]);
        }
        if (!isSound) WindowIndices.Check(geometry, indices);
        return false;
    }

    /// <summary>Whether <see cref="AreCells"/> can tell: windows without gaps along the row, of few rows and slices, each with cells, and rows that fill a register.</summary>
    public static bool IsShort(in Geometry geometry) =>
        geometry.Width.Dilation == 1 && geometry.Width.OutputLength * geometry.Inner >= TVector.Count && geometry.Inner == 1 && BitOperations.Log2((ulong)geometry.Depth.MostTaps * 2 - 1) + BitOperations.Log2((ulong)geometry.Height.MostTaps * 2 - 1) <= ShortSteps
        && geometry.Depth.AllHaveCells && geometry.Height.AllHaveCells && geometry.Width.AllHaveCells;

    /// <summary>Room for what <see cref="PrepareRows"/> works out.</summary>
    public long RowsLength => RowLength * geometry.Depth.OutputLength * geometry.Height.OutputLength;

    /// <summary>Works out where each row of windows of a plane begins, and which steps lead from there to its other rows.</summary>
    public void PrepareRows(TLane* rows)
    {
        (Axis depth, Axis height) = (geometry.Depth, geometry.Height);
        long row = geometry.Width.InputLength, slice = height.InputLength * row;
        for (long od = 0; od < depth.OutputLength; od++)
        for (long oh = 0; oh < height.OutputLength; oh++)
        {
            (TapRange d, TapRange h) = (depth.Taps(od), height.Taps(oh));
            *rows++ = TLane.CreateTruncating(d.First * slice + h.First * row);
            TLane* end = rows + ShortSteps;
            for (rows = Steps(h.Count, h.Step * row, Steps(d.Count, d.Step * slice, rows)); rows < end;) *rows++ = TLane.Zero;
        }
    }

    /// <summary>Whether each index is a cell of its window, and none is -1.</summary>
    /// <param name="indices">Those of the first row.</param>
    /// <param name="length">Outputs of a row.</param>
    /// <param name="count">How many rows of a plane.</param>
    /// <param name="table">What was prepared of each output of a row.</param>
    /// <param name="rows">What was prepared of these rows.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static bool AreCells(long* indices, long length, long count, TLane* table, TLane* rows)
    {
        TVector wrong = TVector.Create(TLane.Zero), upper = wrong;
        for (; count > 0; count--, rows += RowLength, indices += length)
        {
            TVector start = TVector.Create(rows[0]), first = TVector.Create(rows[1]), second = TVector.Create(rows[2]);
            for (long i = 0; i < length; i += TVector.Count)
            {
                // The last register reaches back over the one before.
                if (i > length - TVector.Count) i = length - TVector.Count;
                wrong |= Wrong<None>(indices + i, table + i, length, start, first, second, ref upper);
            }
        }
        return AreSound(wrong, upper);
    }

    /// <summary>0 where an index is a cell of its window, of few rows; what stands above the lower halves is collected.</summary>
    /// <typeparam name="TLast">Whether rows differ, as <see cref="PlaneCheck{TLane, TVector}"/> has it.</typeparam>
    /// <param name="indices">A register of them.</param>
    /// <param name="table">Where each window begins, and so far behind how far it reaches, and to its last cell.</param>
    /// <param name="pitch">How far.</param>
    /// <param name="start">Where the row begins.</param>
    /// <param name="first">The first step to the other rows.</param>
    /// <param name="second">The second.</param>
    /// <param name="upper">What is collected.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Wrong<TLast>(long* indices, TLane* table, long pitch, TVector start, TVector first, TVector second, ref TVector upper)
        where TLast : struct, ICount
    {
        TVector index = TVector.Load((TLane*)indices);
        if (sizeof(TLane) < sizeof(long))
        {
            TVector further = TVector.Load((TLane*)indices + TVector.Count);
            upper |= index | further;
            index = TVector.Even(index, further);
        }
        TVector at = index - TVector.Load(table), reach = TVector.Load(table + pitch), behind = default;
        if (TLast.Value == 0)
        {
            at -= start;
        }
        else
        {
            TVector last = TVector.Load(table + 2 * pitch);
            behind = TVector.Max(at, last) ^ last;
        }
        at = TVector.Min(at, at - first);
        at = TVector.Min(at, at - second);
        TVector wrong = TVector.Max(at, reach) ^ reach;
        return TLast.Value == 0 ? wrong : wrong | behind;
    }

    /// <summary>Whether all that was collected is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreSound(TVector wrong, TVector upper)
    {
        if (sizeof(TLane) < sizeof(long)) wrong |= TVector.Odd(upper, upper);
        return TVector.IsZero(wrong);
    }

    /// <typeparam name="TKept">Whether indices are kept as lanes.</typeparam>
    /// <typeparam name="TLoose">Whether -1 will do.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool AreSound<TKept, TLoose>(long* row, long count, long pitch, in TapRange depth, in TapRange height, TLane* table, TLane* lower)
        where TKept : struct, ICount
        where TLoose : struct, ICount
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
                    for (long plane = 0; plane < count; plane++, next += pitch) wrong |= Wrong<TKept, TLoose>(next, first, reach, steps, across, along, lower + at + i);
                }
            }
            return TVector.IsZero(wrong);
        }
        for (long i = 0; i < cells; i += TVector.Count)
        {
            i = Math.Min(i, cells - TVector.Count);
            TVector first = TVector.Load(firsts + i) + start, reach = TVector.Load(reaches + i);
            long* next = row + i;
            for (long plane = 0; plane < count; plane++, next += pitch) wrong |= Wrong<TKept, TLoose>(next, first, reach, steps, across, along, lower + i);
        }
        return TVector.IsZero(wrong);
    }

    /// <summary>0 where an index is a cell of its window, or where it may be -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Wrong<TKept, TLoose>(long* row, TVector first, TVector reach, TLane* steps, TLane* across, TLane* along, TLane* lower)
        where TKept : struct, ICount
        where TLoose : struct, ICount
    {
        TVector index = Index(row, out TVector upper);
        if (TKept.Value > 0) index.Store(lower);
        return Unless<TLoose>(Wrong(index - first, reach, steps, across, along), index, upper);
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

    /// <summary>The same, and whether it is beyond all lanes; 0 where it may be -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Unless<TLoose>(TVector wrong, TVector index, TVector upper)
        where TLoose : struct, ICount
    {
        if (sizeof(TLane) < sizeof(long)) wrong |= upper;
        return TLoose.Value == 0 ? wrong : TVector.Min(wrong, TVector.Min(index, upper) + TVector.Create(TLane.One));
    }
}
