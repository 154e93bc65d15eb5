using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection whose windows do not overlap: the winners and gradients of a register of windows along the row are picked for all their cells, of which those that won keep them.</summary>
internal readonly unsafe struct PickedShare<TBits, TLane, TVector>(Geometry geometry, TBits* gradOutput, long* indices, bool streams) : IRowShare<TBits>
    where TBits : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Beyond, what is picked is no longer kept in the first-level cache.
    private const long FarApart = 64;

    private readonly IndexCheck<TLane, TVector> _check = new(geometry, indices);

    public long ScratchBytes => (_check.TableLength + Picks + geometry.Depth.MostTaps * geometry.Height.MostTaps) * sizeof(TLane);

    public bool FillsRows => true;

    public bool FillsBands => true;

    /// <summary>Cells of a register of windows, and those that may be left behind them.</summary>
    private long Picks => geometry.Width.Stride * (TVector.Count + 1);

    /// <summary>Whether windows fill a register, not too far apart, and each has cells along the row.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry is { Inner: 1, Width: { IsAdaptive: false, Stride: <= FarApart } } && geometry.Width.EffectiveKernel <= geometry.Width.Stride && geometry.Width.OutputLength >= TVector.Count
        && geometry.Width.AllHaveCells;

    /// <summary>Whether every register of cells is part of a line, so that it may go around the caches by itself.</summary>
    public static bool HasLines(in Geometry geometry, TBits* gradInput) =>
        sizeof(TBits) == sizeof(TLane) && ((nint)gradInput | (geometry.Width.InputLength * sizeof(TBits))) % Streaming.Line == 0 && geometry.Width.PaddingBefore == 0;

    public void Prepare(void* scratch)
    {
        TLane* table = (TLane*)scratch, picks = table + _check.TableLength;
        _check.Prepare(table);
        for (long window = 0; window <= TVector.Count; window++)
        for (long cell = 0; cell < geometry.Width.Stride; cell++) *picks++ = TLane.CreateTruncating(window);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(long output, in RowPlace at, TBits** rows, int count, long band, void* scratch, LineStream<TBits>* stream)
    {
        TLane* table = (TLane*)scratch, picks = table + _check.TableLength, apart = picks + Picks;
        if (count == 0)
        {
            _check.Refuse(output, 1, at.Depth, at.Height, table);
            return;
        }
        for (int i = 0; i < count; i++) apart[i] = TLane.CreateTruncating(rows[i] - rows[0]);
        Axis width = geometry.Width;
        Windows windows = new()
        {
            Gradients = gradOutput + output * width.OutputLength, Indices = indices + output * width.OutputLength, Row = width.OutputLength, Firsts = table, Picks = picks,
            Stride = width.Stride, Lead = width.PaddingBefore, Width = width.InputLength, Columns = width.Dilation == 1 ? 1 : width.Kernel, Dilation = width.Dilation,
            Target = rows[0], Apart = apart, Count = count, Band = band, Pitch = geometry.Height.Stride * width.InputLength,
            Start = (at.Depth.First * geometry.Height.InputLength + at.Height.First) * width.InputLength, Stream = stream,
        };
        if (streams ? Compare<One>(windows) : Compare<None>(windows)) return;
        // -1 was met, or what is no cell of its window.
        for (long i = 0; i < band; i++) _check.Refuse(output + i, 1, at.Depth, at.Height with { First = at.Height.First + i * geometry.Height.Stride }, table);
    }

    private static bool Compare<TLines>(in Windows windows)
        where TLines : struct, ICount => windows.Count switch
    {
        1 => Compare<One, TLines>(windows),
        2 => Compare<Two, TLines>(windows),
        3 => Compare<Three, TLines>(windows),
        _ => Compare<Four, TLines>(windows),
    };

    /// <summary>Every cell of every row; whether every index is a cell of its window.</summary>
    /// <typeparam name="TRows">Input rows of an output row; <see cref="Four"/> is that many or more.</typeparam>
    /// <typeparam name="TLines"><see cref="One"/> where registers go around the caches by themselves.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Compare<TRows, TLines>(in Windows windows)
        where TRows : struct, ICount
        where TLines : struct, ICount
    {
        int lanes = TVector.Count;
        long row = windows.Row, width = windows.Width, stride = windows.Stride, lead = windows.Lead, count = windows.Count;
        TBits* gradients = windows.Gradients, target = windows.Target;
        long* indices = windows.Indices;
        TLane* firsts = windows.Firsts, picks = windows.Picks, apart = windows.Apart;
        LineStream<TBits>* to = windows.Stream;
        LineStream<TBits> stream = to == null ? default : *to;
        TVector wrong = TVector.Create(TLane.Zero), start = TVector.Create(TLane.CreateTruncating(windows.Start)), further = TVector.Create(TLane.CreateTruncating(lanes));
        for (long left = windows.Band; ; gradients += row, indices += row, start += TVector.Create(TLane.CreateTruncating(windows.Pitch)))
        {
            for (long x = 0; x < row; x += lanes)
            {
                // The last register reaches back over the one before, of which no cell is made again, and on to the end of the row.
                long from = Math.Min(x, row - lanes), first = from * stride - lead, cell = Math.Max(0, x * stride - lead) - first, end = x + lanes < row ? stride * lanes : width - first;
                TVector share = TVector.Widen(gradients + from), winner = IndexCheck<TLane, TVector>.Index(indices + from, out TVector upper);
                // From the first row, or the last before the winner: what lies before a window is large.
                TVector column = winner - (TVector.Load(firsts + from) + start), least = column, reach = TVector.Load(firsts + row + from);
                for (long i = 1; i < count; i++) least = TVector.Min(least, column - TVector.Create(apart[i]));
                wrong |= TVector.Max(least, reach) ^ reach;
                if (sizeof(TLane) < sizeof(long)) wrong |= upper;
                if (windows.Dilation > 1) wrong |= Between(least, windows.Columns, windows.Dilation);
                TVector here = TVector.Ramp + start + TVector.Create(TLane.CreateTruncating(first + cell));
                TBits* cells = target + first;
                for (; cell + lanes <= end; cell += lanes, here += further) Put<TRows, TLines>(winner, share, picks + cell, here, apart, count, cells + cell);
                if (cell == end) continue;
                here += TVector.Create(TLane.CreateTruncating(end - lanes - cell));
                Put<TRows, None>(winner, share, picks + end - lanes, here, apart, count, cells + end - lanes);
            }
            if (--left == 0) break;
            if (to == null)
            {
                target += windows.Pitch;
                continue;
            }
            stream.Take(windows.Pitch);
            target = stream.Next;
        }
        if (to != null) *to = stream;
        return TVector.IsZero(wrong);
    }

    /// <summary>0 where a column is one of some that are apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Between(TVector column, long columns, long dilation)
    {
        TVector step = TVector.Create(TLane.CreateTruncating(dilation));
        for (long i = 1; i < columns; i++) column = TVector.Min(column, column - step);
        return column;
    }

    /// <summary>A register of cells of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TRows, TLines>(TVector winners, TVector shares, TLane* picks, TVector here, TLane* apart, long count, TBits* cells)
        where TRows : struct, ICount
        where TLines : struct, ICount
    {
        TVector places = TVector.Load(picks), winner = TVector.Pick(winners, places), share = TVector.Pick(shares, places);
        Put<TLines>(TVector.WhereEqual(winner, here, share), cells);
        if (TRows.Value > 1) Put<TLines>(winner, share, here, apart[1], cells);
        if (TRows.Value > 2) Put<TLines>(winner, share, here, apart[2], cells);
        for (long i = 3; TRows.Value > 3 && i < count; i++) Put<TLines>(winner, share, here, apart[i], cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TLines>(TVector winner, TVector share, TVector here, TLane apart, TBits* cells)
        where TLines : struct, ICount =>
        Put<TLines>(TVector.WhereEqual(winner, here + TVector.Create(apart), share), cells + long.CreateTruncating(apart));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TLines>(TVector kept, TBits* cells)
        where TLines : struct, ICount
    {
        if (TLines.Value > 0) kept.StoreAround((TLane*)cells);
        else kept.Narrow(cells);
    }

    /// <summary>A band of output rows.</summary>
    private struct Windows
    {
        public TBits* Gradients;

        public long* Indices;

        /// <summary>Outputs of a row.</summary>
        public long Row;

        /// <summary>Where the window of each begins and, behind them, how far it reaches.</summary>
        public TLane* Firsts;

        /// <summary>Of a register of windows, which one each of their cells belongs to.</summary>
        public TLane* Picks;

        /// <summary>Cells from one window to the next, those of the first before the input, and all of a row.</summary>
        public long Stride, Lead, Width;

        /// <summary>Taps of a row where they are apart, and how far.</summary>
        public long Columns, Dilation;

        /// <summary>The first output row's first row, how far behind it each of its rows is, and how many they are.</summary>
        public TBits* Target;

        public TLane* Apart;

        public long Count;

        /// <summary>How many output rows, and cells from the input rows of one to those of the next.</summary>
        public long Band, Pitch;

        /// <summary>The index of the first cell.</summary>
        public long Start;

        public LineStream<TBits>* Stream;
    }
}
