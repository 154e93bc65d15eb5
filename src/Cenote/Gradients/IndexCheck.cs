using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Whether the indices of a row of winners are cells of their windows, a register at a time.</summary>
/// <remarks>Lanes of 32 bits do for planes of up to 2^31 cells.</remarks>
/// <param name="geometry">The window.</param>
/// <param name="indices">The winners.</param>
internal readonly unsafe struct IndexCheck<TLane, TVector>(Geometry geometry, long* indices)
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly long _row = geometry.Width.OutputLength * geometry.Inner;

    /// <summary>Room for what <see cref="Prepare"/> works out.</summary>
    public long TableLength => 2 * (_row + TVector.Count);

    /// <summary>Works out where each window of a row begins and how far it reaches.</summary>
    public void Prepare(TLane* table)
    {
        TLane* firsts = table, reaches = table + _row + TVector.Count;
        Axis width = geometry.Width;
        for (long o = 0; o < width.OutputLength; o++)
        {
            TapRange taps = width.Taps(o);
            // A window without a cell begins where no index is.
            (TLane first, TLane reach) = taps.Count > 0
                ? (TLane.CreateTruncating(taps.First), TLane.CreateTruncating((taps.Count - 1) * taps.Step)) : (TLane.MinValue, TLane.Zero);
            for (long channel = 0; channel < geometry.Inner; channel++) (*firsts++, *reaches++) = (first, reach);
        }
    }

    /// <summary>Refuses a row that names a cell outside of its windows; -1 is none.</summary>
    /// <param name="row">The output row.</param>
    /// <param name="depth">The slices that it taps.</param>
    /// <param name="height">The rows that it taps.</param>
    /// <param name="table">What was prepared.</param>
    /// <exception cref="ArgumentException">An index is no cell of its window; the first of all such is named.</exception>
    public void Refuse(long row, in TapRange depth, in TapRange height, TLane* table)
    {
        long* first = indices + row * _row;
        bool isSound = _row > 1 ? IsSound(first, depth, height, table)
            : *first == -1 || WindowIndices.IsCell(geometry, *first, depth, height, geometry.Width.Taps(0));
        if (!isSound) WindowIndices.Check(geometry, indices);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool IsSound(long* row, in TapRange depth, in TapRange height, TLane* table)
    {
        int lanes = TVector.Count;
        long* few = stackalloc long[lanes];
        TLane* firsts = table, reaches = table + _row + lanes;
        TVector worst = TVector.Create(-TLane.One);
        for (long i = 0; _row >= lanes && i < _row; i += lanes)
        {
            // The last register reaches back over the one before.
            i = Math.Min(i, _row - lanes);
            worst = TVector.Max(worst, Sound(row + i, firsts + i, reaches + i, depth, height));
        }
        if (_row < lanes)
        {
            for (int lane = 0; lane < lanes; lane++) few[lane] = lane < _row ? row[lane] : -1;
            worst = TVector.Max(worst, Sound(few, firsts, reaches, depth, height));
        }
        worst.Store((TLane*)few);
        return !new ReadOnlySpan<TLane>(few, lanes).Contains(TLane.Zero);
    }

    /// <summary>All ones where an index is one of its window's, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Sound(long* row, TLane* firsts, TLane* reaches, in TapRange depth, in TapRange height)
    {
        TVector index = TVector.Load((TLane*)row), none = TVector.Create(-TLane.One), zero = TVector.Create(TLane.Zero), sign = zero;
        if (sizeof(TLane) < sizeof(long))
        {
            // The lower halves are the index, the upper ones its sign over and over.
            TVector further = TVector.Load((TLane*)row + TVector.Count);
            (index, sign) = (TVector.Even(index, further), TVector.Odd(index, further));
            sign ^= TVector.Greater(zero, index);
        }
        TVector reach = TVector.Load(reaches), column = index - TVector.Load(firsts), sound = TVector.Equal(index, none);
        long width = geometry.Width.InputLength, step = geometry.Width.Dilation, kernel = geometry.Width.Kernel;
        for (long i = 0; i < depth.Count; i++)
        for (long j = 0; j < height.Count; j++)
        {
            long start = ((depth.First + i * depth.Step) * geometry.Height.InputLength + height.First + j * height.Step) * width;
            TVector at = column - TVector.Create(TLane.CreateTruncating(start));
            TVector inside = TVector.Equal(TVector.Max(TVector.Min(at, reach), zero), at);
            if (step > 1)
            {
                TVector tapped = TVector.Equal(at, zero);
                for (long k = 1; k < kernel && k * step < width; k++) tapped = TVector.Min(tapped, TVector.Equal(at, TVector.Create(TLane.CreateTruncating(k * step))));
                inside = TVector.Max(inside, tapped);
            }
            sound = TVector.Min(sound, inside);
        }
        // None may be 0, which stands for what is wrong; what is under -1 could wrap round.
        return TVector.Max(sound, TVector.Max(TVector.Equal(sign, zero), TVector.Greater(index, none + none)));
    }
}
