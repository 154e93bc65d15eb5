using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Whether the indices of a row of winners are cells of their windows, a register at a time.</summary>
/// <param name="geometry">The window.</param>
/// <param name="indices">The winners.</param>
internal readonly unsafe struct IndexCheck<TVector>(Geometry geometry, long* indices)
    where TVector : struct, ILanes<TVector, long>
{
    private readonly long _row = geometry.Width.OutputLength * geometry.Inner;

    /// <summary>Room for what <see cref="Prepare"/> works out.</summary>
    public long TableLength => 2 * (_row + TVector.Count);

    /// <summary>Works out where each window of a row begins and how far it reaches.</summary>
    public void Prepare(long* table)
    {
        long* firsts = table, reaches = table + _row + TVector.Count;
        Axis width = geometry.Width;
        for (long o = 0; o < width.OutputLength; o++)
        {
            TapRange taps = width.Taps(o);
            // A window without a cell begins behind every index.
            (long first, long reach) = taps.Count > 0 ? (taps.First, (taps.Count - 1) * taps.Step) : (long.MaxValue / 2, 0);
            for (long channel = 0; channel < geometry.Inner; channel++) (*firsts++, *reaches++) = (first, reach);
        }
    }

    /// <summary>Refuses a row that names a cell outside of its windows; -1 is none.</summary>
    /// <param name="row">The output row.</param>
    /// <param name="depth">The slices that it taps.</param>
    /// <param name="height">The rows that it taps.</param>
    /// <param name="table">What was prepared.</param>
    /// <exception cref="ArgumentException">An index is no cell of its window; the first of all such is named.</exception>
    public void Refuse(long row, in TapRange depth, in TapRange height, long* table)
    {
        long* first = indices + row * _row;
        bool isSound = _row > 1 ? IsSound(first, depth, height, table)
            : *first == -1 || WindowIndices.IsCell(geometry, *first, depth, height, geometry.Width.Taps(0));
        if (!isSound) WindowIndices.Check(geometry, indices);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool IsSound(long* row, in TapRange depth, in TapRange height, long* table)
    {
        int lanes = TVector.Count;
        long* firsts = table, reaches = table + _row + lanes, few = stackalloc long[3 * lanes];
        TVector worst = TVector.Create(-1);
        long i = 0;
        for (; i + lanes <= _row; i += lanes) worst = TVector.Max(worst, Sound(row + i, firsts + i, reaches + i, depth, height));
        if (i < _row)
        {
            for (int lane = 0; lane < lanes; lane++)
                (few[lane], few[lanes + lane], few[2 * lanes + lane]) = i + lane < _row ? (row[i + lane], firsts[i + lane], reaches[i + lane]) : (-1, 0, 0);
            worst = TVector.Max(worst, Sound(few, few + lanes, few + 2 * lanes, depth, height));
        }
        worst.Store(few);
        return !new ReadOnlySpan<long>(few, lanes).Contains(0);
    }

    /// <summary>All ones where an index is one of its window's, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Sound(long* row, long* firsts, long* reaches, in TapRange depth, in TapRange height)
    {
        TVector index = TVector.Load(row), reach = TVector.Load(reaches), none = TVector.Create(-1), column = index - TVector.Load(firsts);
        TVector sound = TVector.Equal(index, none);
        long width = geometry.Width.InputLength, step = geometry.Width.Dilation, kernel = geometry.Width.Kernel;
        for (long i = 0; i < depth.Count; i++)
        for (long j = 0; j < height.Count; j++)
        {
            TVector at = column - TVector.Create(((depth.First + i * depth.Step) * geometry.Height.InputLength + height.First + j * height.Step) * width);
            TVector inside = TVector.Equal(TVector.Max(TVector.Min(at, reach), TVector.Create(0)), at);
            if (step > 1)
            {
                TVector tapped = TVector.Equal(at, TVector.Create(0));
                for (long k = 1; k < kernel && k * step < width; k++) tapped = TVector.Min(tapped, TVector.Equal(at, TVector.Create(k * step)));
                inside = TVector.Max(inside, tapped);
            }
            sound = TVector.Min(sound, inside);
        }
        return sound;
    }
}
