using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection with small windows one or two apart: of each output that taps a cell, its gradient where the cell is the winner, a register of cells at a time.</summary>
/// <remarks>
/// A band of input rows at a time, in the first-level cache: the winners of the output rows that tap it are made as short as lanes, the gradients kept beside. A cell adds
/// up in the order of the outputs. Where windows are two apart, even and odd columns are other taps of theirs, and meet at the end.
/// </remarks>
internal readonly unsafe struct RowWinners<T, TSum, TLane, TVector, TPlaces> : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TSum>
    where TPlaces : struct, ILanes<TPlaces, TLane>
{
    // Rows and columns of outputs that tap a cell.
    private const long MostRows = 3, MostColumns = 3;

    // Each row of an output's window is a step of the check.
    private const long MostTapped = 8;

    // What is kept of the output rows that tap one row stays in a second-level cache.
    private const long MostBytes = 256 * 1024;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly IndexCheck<TLane, TPlaces> _check;
    private readonly long _rows;
    private readonly long _kept;
    private readonly bool _streams;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">The winners.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="bandBytes">Bytes that are kept at a time, if a row needs no more.</param>
    /// <param name="streams">Whether sums should go around the caches: done where rows are whole lines.</param>
    public RowWinners(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, long bandBytes, bool streams)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _check = new(geometry, indices);
        _streams = streams && Sums<T, TSum>.AreCells && ((nint)gradInput | (geometry.Width.InputLength * sizeof(T))) % Streaming.Line == 0;
        Axis height = geometry.Height;
        // All rows where their outputs can be kept, else twice as many at least as lie between those that tap one cell, or most are kept anew for each band.
        long reaching = height.MostOutputsBetween, bytes = 2 * Pitch(geometry.Width) * sizeof(TLane), most = height.OutputLength * bytes <= bandBytes ? height.InputLength : Math.Max(2 * reaching, (bandBytes / bytes - reaching) * height.Stride);
        _rows = most >= height.InputLength ? height.InputLength : (height.InputLength - 1) / ((height.InputLength - 1) / most + 1) + 1;
        _kept = Math.Min(height.OutputLength, (_rows - 1) / height.Stride + 1 + reaching);
    }

    public long Units => _geometry.Outer * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane * sizeof(T) + _geometry.OutputPlane * (sizeof(T) + sizeof(long))) / _geometry.Height.InputLength;

    /// <summary>Whether outputs fill a register, few windows tap a cell, and each has cells.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry is { Inner: 1, Depth: { InputLength: 1, OutputLength: 1, PaddingBefore: 0 }, Width: { Stride: 1, Kernel: > 0 and <= MostColumns } or { Stride: 2, Dilation: 1, Kernel: 3 or 4 } }
        && !geometry.Height.IsAdaptive && geometry.Height.AllHaveCells && geometry.Width.AllHaveCells && geometry.Height.MostOutputs <= MostRows && geometry.Height.MostTaps <= MostTapped
        && geometry.Width.EffectiveKernel <= TVector.Count && geometry.Width.OutputLength >= TVector.Count
        && geometry.Height.MostOutputsBetween * Pitch(geometry.Width) * 2 * sizeof(TLane) <= MostBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, _, Axis height, Axis width, _) = _geometry;
        long cells = width.InputLength, outputs = width.OutputLength, pitch = Pitch(width), round = width.Stride * TVector.Count, runsOn = _streams ? 0 : (cells + round - 1) / round * round - cells;
        long tableBytes = Streaming.WholeLines(_check.TableLength * sizeof(TLane)), sumBytes = Streaming.WholeLines((cells + runsOn) * sizeof(T));
        byte* scratch = (byte*)Scratch.Rent(tableBytes + sumBytes + _kept * pitch * 2 * sizeof(TLane) + (height.InputLength + height.OutputLength) * sizeof(TapRange));
        TLane* table = (TLane*)scratch;
        T* sums = (T*)(scratch + tableBytes);
        // Of each output row its winners, and behind them its gradients. Beside a row are winners that no cell is.
        TLane* kept = (TLane*)((byte*)sums + sumBytes);
        TapRange* tapping = (TapRange*)(kept + 2 * _kept * pitch), tapped = tapping + height.InputLength;
        for (long slot = 0; slot < _kept; slot++)
        {
            new Span<TLane>(kept + 2 * slot * pitch, (int)pitch).Fill(~TLane.Zero);
            new Span<TLane>(kept + (2 * slot + 1) * pitch, (int)pitch).Clear();
        }
        _check.Prepare(table);
        Columns even = new(width, 0), odd = new(width, 1);
        T* target = _gradInput + first * cells;
        Outputs row = new() { Firsts = table, Count = outputs, Length = cells, Kernel = width.Kernel, Dilation = width.Dilation, Kept = kept + Before(width), Pitch = pitch };
        Cells band = new()
        {
            Tapping = tapping, Even = even, Odd = odd, Length = cells, Pitch = pitch, Streams = _streams,
            AheadBytes = outputs * height.OutputLength * sizeof(long) / height.InputLength, GradientsAheadBytes = outputs * height.OutputLength * sizeof(T) / height.InputLength,
        };
        TLane* winners = row.Kept + even.First;
        Prepare(height, first % height.InputLength, Math.Min(end - first, height.InputLength), tapping, tapped);
        for (long unit = first, rows; unit < end; unit += rows)
        {
            (long plane, long ih) = Math.DivRem(unit, height.InputLength);
            rows = Math.Min(Math.Min(_rows, height.InputLength - ih), end - unit);
            (long firstOutput, long endOutput) = height.OutputsOf(ih, ih + rows);
            long position = plane * height.OutputLength + firstOutput;
            row.Rows = endOutput - firstOutput;
            row.Tapped = tapped + firstOutput;
            row.Indices = _indices + position * outputs;
            row.Gradients = _gradOutput + position * outputs;
            if (!Keep(row))
                for (long output = firstOutput; output < endOutput; output++) _check.Refuse(plane * height.OutputLength + output, 1, new(0, 1, 1), tapped[output], table);
            band.Kept = winners - 2 * firstOutput * pitch;
            band.Ahead = (byte*)(row.Indices + row.Rows * outputs);
            band.GradientsAhead = (byte*)(row.Gradients + row.Rows * outputs);
            // A register runs on into the next rows, which are written later, but for the last.
            long last = Math.Min(rows, Math.Max(0, (runsOn - (end - unit - rows) * cells + cells - 1) / cells));
            band.Sums = target;
            (band.Start, band.First, band.Rows) = (TLane.CreateTruncating(ih * cells), ih, rows - last);
            Add(band);
            if (last > 0) band.Sums = sums;
            for (long i = rows - last; i < rows; i++)
            {
                (band.Start, band.First, band.Rows) = (TLane.CreateTruncating((ih + i) * cells), ih + i, 1);
                Add(band);
                NativeMemory.Copy(sums, target + i * cells, (nuint)(cells * sizeof(T)));
            }
            target += rows * cells;
        }
        if (_streams) Streaming.Finish();
    }

    /// <summary>Works out what taps some rows, which may run on from the last one to the first, and what is tapped by these outputs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Prepare(Axis height, long first, long count, TapRange* tapping, TapRange* tapped)
    {
        long length = height.InputLength;
        for (long done = 0, rows; done < count; done += rows, first = 0)
        {
            rows = Math.Min(count - done, length - first);
            (long output, long end) = height.OutputsOf(first, first + rows);
            for (; output < end; output++) tapped[output] = height.Taps(output);
            for (long row = first; row < first + rows; row++) tapping[row] = height.Outputs(row);
        }
    }

    /// <summary>Places before and behind a row that taps of the first and the last cells meet; those of the first cell begin a line.</summary>
    private static long Before(in Axis width) => Streaming.WholeLines(width.EffectiveKernel * sizeof(TLane)) / sizeof(TLane) - new Columns(width, 0).First;

    private static long Pitch(in Axis width) =>
        Streaming.WholeLines((2 * width.EffectiveKernel + Math.Max(width.OutputLength, width.InputLength) + 2 * TVector.Count) * sizeof(TLane)) / sizeof(TLane) + Streaming.Line / sizeof(TLane);

    /// <summary>Keeps of rows of outputs the winners and the gradients.</summary>
    /// <returns>Whether every winner is a cell of its window.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Keep(in Outputs outputs)
    {
        long count = outputs.Count, length = outputs.Length, pitch = outputs.Pitch, columns = outputs.Dilation == 1 ? 0 : outputs.Kernel;
        TLane* indices = (TLane*)outputs.Indices, firsts = outputs.Firsts, reaches = firsts + count, places = outputs.Kept;
        T* gradients = outputs.Gradients;
        TapRange* tapped = outputs.Tapped;
        TPlaces wrong = TPlaces.Create(TLane.Zero), upper = wrong, along = TPlaces.Create(TLane.CreateTruncating(outputs.Dilation));
        for (long left = outputs.Rows; left > 0; left--, tapped++, places += 2 * pitch, indices += count * sizeof(long) / sizeof(TLane), gradients += count)
        {
            long rows = tapped->Count;
            TPlaces first = TPlaces.Create(TLane.CreateTruncating(tapped->First * length)), step = TPlaces.Create(TLane.CreateTruncating(tapped->Step * length));
            for (long x = 0; x < count; x += TPlaces.Count)
            {
                // The last register reaches back over the one before.
                x = Math.Min(x, count - TPlaces.Count);
                TPlaces index;
                if (sizeof(TLane) < sizeof(long))
                {
                    // The lower halves, and what stands above them.
                    TPlaces low = TPlaces.Load(indices + 2 * x), high = TPlaces.Load(indices + 2 * x + TPlaces.Count);
                    index = TPlaces.Even(low, high);
                    upper |= low | high;
                }
                else index = TPlaces.Load(indices + x);
                index.Store(places + x);
                TVector.Widen(gradients + x).Store((TSum*)(places + pitch) + x);
                // Back to the first of the rows: a step too far makes a number larger, and is not taken.
                TPlaces at = index - (TPlaces.Load(firsts + x) + first), reach = TPlaces.Load(reaches + x);
                for (long i = 1; i < rows; i++) at = TPlaces.Min(at, at - step);
                wrong |= TPlaces.Max(at, reach) ^ reach;
                if (columns == 0) continue;
                for (long i = 1; i < columns; i++) at = TPlaces.Min(at, at - along);
                wrong |= at;
            }
        }
        if (sizeof(TLane) < sizeof(long)) upper = TPlaces.Odd(upper, upper);
        return TPlaces.IsZero(wrong | upper);
    }

    private static void Add(in Cells band)
    {
        bool apart = band.Odd.First > band.Even.First;
        switch ((band.Even.Count, band.Odd.Count))
        {
            case (1, 0): Add<One, None, None>(band); break;
            case (2, 0): Add<Two, None, None>(band); break;
            case (3, 0): Add<Three, None, None>(band); break;
            case (1, 2): Add<One, Two, None>(band); break;
            case (2, 1): Add<Two, One, One>(band); break;
            default:
                if (apart) Add<Two, Two, One>(band);
                else Add<Two, Two, None>(band);
                break;
        }
    }

    /// <summary>Rows of cells.</summary>
    /// <typeparam name="TEven">Outputs of a row that tap a cell, an even one where windows are two apart.</typeparam>
    /// <typeparam name="TOdd">Those that tap an odd one.</typeparam>
    /// <typeparam name="TApart">How much further on these begin.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add<TEven, TOdd, TApart>(in Cells band)
        where TEven : struct, ICount
        where TOdd : struct, ICount
        where TApart : struct, ICount
    {
        long length = band.Length, pitch = band.Pitch, step = TOdd.Value > 0 ? 1 : band.Even.Step;
        int wide = TOdd.Value > 0 ? 2 : 1;
        T* sums = band.Sums;
        bool streams = band.Streams;
        byte* ahead = band.Ahead, gradientsAhead = band.GradientsAhead;
        TPlaces places = TPlaces.Create(band.Start), ramp = TPlaces.Ramp, one = TPlaces.Create(TLane.One);
        TPlaces round = TPlaces.Create(TLane.CreateTruncating(wide * TPlaces.Count)), row = TPlaces.Create(TLane.CreateTruncating(length));
        TPlaces further = ramp + TPlaces.Create(TLane.CreateTruncating(step));
        TVector second = Unsafe.BitCast<TPlaces, TVector>(further), third = Unsafe.BitCast<TPlaces, TVector>(further + TPlaces.Create(TLane.CreateTruncating(step)));
        if (wide == 2) ramp += ramp;
        TapRange* tapping = band.Tapping + band.First;
        for (long left = band.Rows; left > 0; left--, tapping++, places += row)
        {
            int windows = (int)tapping->Count;
            long next = 2 * pitch * tapping->Step;
            TSum* first = (TSum*)(band.Kept + 2 * pitch * tapping->First);
            T* to = sums;
            TPlaces here = places + ramp;
            for (long x = 0; x < length; x += wide * TVector.Count, here += round, first += TVector.Count, to += wide * TVector.Count)
            {
                TVector even = Unsafe.BitCast<TPlaces, TVector>(here), odd = Unsafe.BitCast<TPlaces, TVector>(here + one), evens = TVector.Create(TSum.Zero), odds = evens;
                TSum* winners = first;
                for (int i = 0; i < windows; i++, winners += next)
                {
                    TVector winner = TVector.Load(winners), share = TVector.Load(winners + pitch);
                    evens = TVector.AddWhereEqual(evens, winner, even, share);
                    if (TOdd.Value > 0 && TApart.Value == 0) odds = TVector.AddWhereEqual(odds, winner, odd, share);
                    if (TEven.Value == 1 && TOdd.Value + TApart.Value < 2) continue;
                    TVector nextWinner, nextShare, winner2, share2;
                    if (TVector.LooksAhead)
                    {
                        (nextWinner, nextShare) = (TVector.Load(winners + TVector.Count), TVector.Load(winners + pitch + TVector.Count));
                        (winner2, share2) = (TVector.Ahead(winner, nextWinner, second), TVector.Ahead(share, nextShare, second));
                    }
                    else
                    {
                        (nextWinner, nextShare) = (winner, share);
                        (winner2, share2) = (TVector.Load(winners + step), TVector.Load(winners + pitch + step));
                    }
                    if (TEven.Value > 1) evens = TVector.AddWhereEqual(evens, winner2, even, share2);
                    if (TOdd.Value + TApart.Value > 1) odds = TVector.AddWhereEqual(odds, winner2, odd, share2);
                    if (TEven.Value < 3 && TOdd.Value + TApart.Value < 3) continue;
                    if (TVector.LooksAhead) (winner2, share2) = (TVector.Ahead(winner, nextWinner, third), TVector.Ahead(share, nextShare, third));
                    else (winner2, share2) = (TVector.Load(winners + 2 * step), TVector.Load(winners + pitch + 2 * step));
                    if (TEven.Value > 2) evens = TVector.AddWhereEqual(evens, winner2, even, share2);
                    if (TOdd.Value + TApart.Value > 2) odds = TVector.AddWhereEqual(odds, winner2, odd, share2);
                }
                if (TOdd.Value == 0)
                {
                    Put(evens, to, streams);
                    continue;
                }
                Put(TVector.ZipLow(evens, odds), to, streams);
                if (!streams || x + TVector.Count < length) Put(TVector.ZipHigh(evens, odds), to + TVector.Count, streams);
            }
            sums += length;
            if (!Sse.IsSupported) continue;
            for (long i = 0; i < band.AheadBytes; i += Streaming.Line) Sse.Prefetch1(ahead + i);
            for (long i = 0; i < band.GradientsAheadBytes; i += Streaming.Line) Sse.Prefetch1(gradientsAhead + i);
            ahead += band.AheadBytes;
            gradientsAhead += band.GradientsAheadBytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TVector sums, T* cells, bool streams)
    {
        if (streams) sums.StoreAround((TSum*)cells);
        else Sums<T, TSum>.Round(sums, cells);
    }

    /// <summary>The outputs of a row that tap a cell: one of an even column, of an odd one, or where windows are one apart of any.</summary>
    private readonly struct Columns
    {
        public Columns(in Axis width, long parity)
        {
            if (parity >= width.Stride) return;
            // The first output taps the cell last.
            long tap = width.Kernel - 1;
            if (width.Stride == 2) tap -= (tap + parity + width.PaddingBefore) & 1;
            Count = (int)(tap / width.Stride) + 1;
            Step = width.Dilation;
            First = (parity + width.PaddingBefore - tap * width.Dilation) / width.Stride;
        }

        public int Count { get; }

        /// <summary>From a cell, or a pair of cells, to the first output, and from that to the next.</summary>
        public long First { get; }

        public long Step { get; }
    }

    /// <summary>Rows of outputs.</summary>
    private struct Outputs
    {
        public long* Indices;

        public T* Gradients;

        /// <summary>How many rows, and what they tap.</summary>
        public long Rows;

        public TapRange* Tapped;

        /// <summary>Outputs of a row, and cells of one.</summary>
        public long Count, Length;

        /// <summary>What <see cref="IndexCheck{TLane, TVector}"/> prepares.</summary>
        public TLane* Firsts;

        /// <summary>Taps of a row, and how far apart.</summary>
        public long Kernel, Dilation;

        /// <summary>Where winners go, how far behind them the gradients, and these behind the next row.</summary>
        public TLane* Kept;

        public long Pitch;
    }

    /// <summary>Rows of cells.</summary>
    private struct Cells
    {
        /// <summary>Which rows of outputs tap each row.</summary>
        public TapRange* Tapping;

        /// <summary>Which row is the first, and how many.</summary>
        public long First, Rows;

        /// <summary>The index of the first cell.</summary>
        public TLane Start;

        public Columns Even, Odd;

        /// <summary>Cells of a row.</summary>
        public long Length;

        /// <summary>Indices and gradients of the next band, of which so many bytes are asked for a row.</summary>
        public byte* Ahead, GradientsAhead;

        public long AheadBytes, GradientsAheadBytes;

        /// <summary>The winners that tap the first cell of the first row of outputs, if that is kept, and from there to its gradients, and from there to the next row.</summary>
        public TLane* Kept;

        public long Pitch;

        /// <summary>Where the sums go, and whether around the caches.</summary>
        public T* Sums;

        public bool Streams;
    }
}
