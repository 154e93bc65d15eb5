using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Whether the indices of small planes of winners are cells of their windows, a register at a time, whatever the length of a row or a plane.</summary>
/// <remarks>As <see cref="IndexCheck{TLane, TVector}"/>, but that windows of all rows differ: what lies behind the last row of one is told by its last cell.</remarks>
/// <param name="geometry">The window.</param>
/// <param name="indices">The winners.</param>
/// <param name="planes">Planes that are taken as one, where they are small.</param>
internal readonly unsafe struct PlaneCheck<TLane, TVector>(Geometry geometry, long* indices, long planes)
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // What is known of each window stays in the first-level cache.
    private const long MostOutputs = 1024;

    private const long ShortRows = 4;

    private readonly long _outputs = geometry.OutputPlane;
    // So long that what is known of all begins on a register's boundary.
    private readonly long _all = (planes * geometry.OutputPlane + TVector.Count - 1) / TVector.Count * TVector.Count;
    private readonly long _rows = geometry.Height.MostTaps;

    /// <summary>Room for what <see cref="Prepare"/> works out.</summary>
    public long TableLength => 3 * _all + IndexCheck<TLane, TVector>.MostSteps + IndexCheck<TLane, TVector>.RowLength;

    /// <summary>From where each window begins to how far it reaches, and to its last cell.</summary>
    public long Pitch => _all;

    /// <summary>Whether windows have up to four rows without gaps along them, and fill a register, so that their steps stay in registers.</summary>
    public bool IsShort => geometry.Width.Dilation == 1 && _rows <= ShortRows && _outputs >= TVector.Count;

    /// <summary>Of windows of which that is so, no place and the steps to their other rows.</summary>
    public TLane* Starts(TLane* table) => table + 3 * _all + IndexCheck<TLane, TVector>.MostSteps;

    /// <summary>Whether outputs are few enough to know each window, and every one has a cell.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry is { Inner: 1, Depth: { InputLength: 1, OutputLength: 1, PaddingBefore: 0 } } && geometry.OutputPlane <= MostOutputs
        && geometry.Height.AllHaveCells && geometry.Width.AllHaveCells;

    /// <summary>Works out where each window begins, how far it reaches along its first row, and how far to its last cell.</summary>
    public void Prepare(TLane* table)
    {
        (Axis height, Axis width) = (geometry.Height, geometry.Width);
        TLane* reaches = table + _all, lasts = reaches + _all;
        for (long ow = 0; ow < width.OutputLength; ow++)
        {
            TapRange taps = width.Taps(ow);
            (table[ow], reaches[ow]) = (TLane.CreateTruncating(taps.First), TLane.CreateTruncating((taps.Count - 1) * taps.Step));
        }
        // From the last row up, since the first one is what they are made of.
        for (long oh = height.OutputLength; --oh >= 0;)
        {
            TapRange taps = height.Taps(oh);
            (TLane first, TLane last) = (TLane.CreateTruncating(taps.First * width.InputLength), TLane.CreateTruncating((taps.Count - 1) * taps.Step * width.InputLength));
            long row = oh * width.OutputLength;
            for (long ow = 0; ow < width.OutputLength; ow++) (table[row + ow], reaches[row + ow], lasts[row + ow]) = (table[ow] + first, reaches[ow], reaches[ow] + last);
        }
        TLane* starts = Starts(table);
        new Span<TLane>(starts, IndexCheck<TLane, TVector>.RowLength).Clear();
        if (_rows <= ShortRows) IndexCheck<TLane, TVector>.Steps(_rows, height.Dilation * width.InputLength, starts + 1);
        for (long i = _outputs; i < planes * _outputs; i++) (table[i], reaches[i], lasts[i]) = (table[i - _outputs], reaches[i - _outputs], lasts[i - _outputs]);
    }

    /// <summary>Refuses planes that name a cell outside of a window; -1 is none.</summary>
    /// <param name="plane">The first one.</param>
    /// <param name="count">How many, no more than are taken as one.</param>
    /// <param name="table">What was prepared.</param>
    /// <returns>Whether each is known to name one.</returns>
    /// <exception cref="ArgumentException">An index is no cell of its window; the first of all such is named.</exception>
    public bool Refuse(long plane, long count, TLane* table)
    {
        long outputs = count * _outputs;
        long* from = indices + plane * _outputs;
        if (outputs < TVector.Count)
        {
            if (!AreCells(from, count)) WindowIndices.Check(geometry, indices);
            return false;
        }
        TLane* reaches = table + _all, lasts = reaches + _all, steps = lasts + _all;
        TLane* across = IndexCheck<TLane, TVector>.Steps(_rows, geometry.Height.Dilation * geometry.Width.InputLength, steps), along = IndexCheck<TLane, TVector>.Along(geometry.Width, across);
        bool areAll = across == along && across - steps <= 2 ? AreSound(from, outputs, table, _all, across > steps ? steps[0] : TLane.Zero, across > steps + 1 ? steps[1] : TLane.Zero)
            : AreSound<None>(from, outputs, table, _all, steps, across, along);
        if (!areAll && !AreSound<One>(from, outputs, table, _all, steps, across, along)) WindowIndices.Check(geometry, indices);
        return areAll;
    }

    /// <summary>Whether each is a cell, of windows of up to four rows, whose steps stay in registers; one of 0 is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool AreSound(long* from, long outputs, TLane* table, long all, TLane first, TLane second)
    {
        TVector wrong = TVector.Create(TLane.Zero), one = TVector.Create(first), two = TVector.Create(second);
        TLane* reaches = table + all, lasts = reaches + all;
        for (long i = 0; i < outputs; i += TVector.Count)
        {
            // The last register reaches back over the one before.
            if (i > outputs - TVector.Count) i = outputs - TVector.Count;
            TVector index = IndexCheck<TLane, TVector>.Index(from + i, out TVector upper), at = index - TVector.Load(table + i), reach = TVector.Load(reaches + i), last = TVector.Load(lasts + i);
            TVector behind = TVector.Max(at, last) ^ last;
            at = TVector.Min(at, at - one);
            at = TVector.Min(at, at - two);
            wrong |= IndexCheck<TLane, TVector>.Unless<None>((TVector.Max(at, reach) ^ reach) | behind, index, upper);
        }
        return TVector.IsZero(wrong);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool AreSound<TLoose>(long* from, long outputs, TLane* table, long all, TLane* steps, TLane* across, TLane* along)
        where TLoose : struct, ICount
    {
        TVector wrong = TVector.Create(TLane.Zero);
        TLane* reaches = table + all, lasts = reaches + all;
        for (long i = 0; i < outputs; i += TVector.Count)
        {
            i = Math.Min(i, outputs - TVector.Count);
            TVector index = IndexCheck<TLane, TVector>.Index(from + i, out TVector upper), at = index - TVector.Load(table + i), last = TVector.Load(lasts + i);
            TVector apart = IndexCheck<TLane, TVector>.Wrong(at, TVector.Load(reaches + i), steps, across, along) | (TVector.Max(at, last) ^ last);
            wrong |= IndexCheck<TLane, TVector>.Unless<TLoose>(apart, index, upper);
        }
        return TVector.IsZero(wrong);
    }

    /// <summary>The same, too few for a register.</summary>
    private bool AreCells(long* from, long count)
    {
        for (long i = 0; i < count; i++)
        for (long oh = 0; oh < geometry.Height.OutputLength; oh++, from += geometry.Width.OutputLength)
            if (!WindowIndices.AreCells(geometry, from, new(0, 1, 1), geometry.Height.Taps(oh))) return false;
        return true;
    }
}
