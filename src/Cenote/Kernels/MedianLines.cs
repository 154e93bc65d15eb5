using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Medians and their places, of many windows side by side: of a little more than half of the taps neither the least nor the largest can be the median, and the next tap takes their place.</summary>
/// <remarks>
/// The outputs of a few rows are one line, and so is each of their taps, as integers that sort as the cells do. Of the cells that a clipped window lacks some are below all and
/// the others above, so that its median is in the middle too. Which tap it is is looked for in the end. Source: Paeth, "Median finding on a 3 x 3 grid", Graphics Gems (1990).
/// </remarks>
internal readonly unsafe struct MedianLines<T, TLane, TRank, TVector> : IKernel
    where T : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TRank : struct, IRank<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // What of a first-level cache lines may take, how long they are worth being, and how much of a row one window may reach over.
    private const long CacheBytes = 24 * 1024, MostLanes = 2048, MostSpan = 256 * 1024;

    private readonly Geometry _geometry;
    private readonly T* _input;
    private readonly T* _inputEnd;
    private readonly T* _values;
    private readonly long* _indices;

    // Taps along each axis, together, and of the axes across the rows.
    private readonly long _depths;
    private readonly long _heights;
    private readonly long _widths;
    private readonly int _taps;
    private readonly long _tapRows;

    // Where windows move by one a tap is the row itself, further on.
    private readonly bool _slides;

    // Windows of a row that are done together, how often a row has as many, and how many rows are one line.
    private readonly long _windows;
    private readonly long _pieces;
    private readonly long _group;
    private readonly long _rows;

    /// <param name="geometry">The window, see <see cref="Fits"/>.</param>
    /// <param name="input">The cells.</param>
    /// <param name="values">Where the medians go.</param>
    /// <param name="indices">Where their places go; null if nowhere.</param>
    public MedianLines(in Geometry geometry, T* input, T* values, long* indices)
    {
        _geometry = geometry;
        _input = input;
        _inputEnd = input + geometry.Outer * geometry.InputPlane * geometry.Inner;
        _values = values;
        _indices = indices;
        Axis width = geometry.Width;
        (_depths, _heights, _widths) = (Taps(geometry.Depth), Taps(geometry.Height), Taps(width));
        _tapRows = _depths * _heights;
        _taps = (int)(_tapRows * _widths);
        _slides = width is { IsAdaptive: false, Stride: 1 };
        _rows = geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;
        long lanes = Math.Clamp(CacheBytes / ((_slides ? _tapRows : _taps) * sizeof(TLane)), 2 * Block, MostLanes), inner = geometry.Inner;
        _windows = Math.Clamp(Math.Min(lanes / inner, (MostSpan / inner - Reach(width)) / Apart + 1), 1, width.OutputLength);
        _pieces = (width.OutputLength - 1) / _windows + 1;
        _group = _pieces > 1 ? 1 : Math.Clamp(lanes / Segment(_windows), 1, _rows);
    }

    public long Units => _pieces * _rows;

    public long UnitBytes => _windows * _geometry.Inner * ((_taps + 1) * sizeof(T) + (_indices == null ? 0 : sizeof(long)));

    /// <summary>Lanes that are worked on at a time: two registers, since of one the next step would wait for the one before.</summary>
    private static int Block
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TVector.Count;
    }

    /// <summary>Whose places a lane numbers, and among which each window's median is not sooner found by itself.</summary>
    private static int MostTaps => Math.Min(sizeof(TLane) == 1 ? sbyte.MaxValue : short.MaxValue, 48 * TVector.Count);

    /// <summary>Above all numbers.</summary>
    private static TLane Padding
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TRank.HasNaNs ? TRank.MostNumber + TLane.One : TLane.MaxValue;
    }

    /// <summary>Whether the taps are few, and not too far from each other.</summary>
    public static bool Fits(in Geometry geometry) =>
        (Int128)Taps(geometry.Depth) * Taps(geometry.Height) * Taps(geometry.Width) <= MostTaps && (Int128)Reach(geometry.Width) * geometry.Inner <= MostSpan;

    public void Run(long first, long end)
    {
        Work work = default;
        work.Put((byte*)Scratch.Rent(work.Put(null, this)), this);
        PutTaps(work);
        for (long unit = first, known = -1; unit < end; unit += work.Rows)
        {
            (long piece, work.FirstRow) = Math.DivRem(unit, _rows);
            if (piece != known) PutWindows(ref work, piece);
            known = piece;
            work.Rows = Math.Min(_group, Math.Min(end - unit, _rows - work.FirstRow));
            LayRows(ref work);
            if (!work.IsWhole) PutLows(work);
            Select(work);
            Write(work);
        }
    }

    private static long Taps(in Axis axis) => axis.IsAdaptive ? axis.MostTaps : axis.Kernel;

    /// <summary>Cells from the first tap of a window to the last.</summary>
    private static long Reach(in Axis axis) => axis.IsAdaptive ? axis.MostTaps : axis.EffectiveKernel;

    /// <summary>How far windows are apart along a row, at most.</summary>
    private long Apart => _geometry.Width.IsAdaptive ? _geometry.Width.InputLength / _geometry.Width.OutputLength + 1 : _geometry.Width.Stride;

    /// <summary>Cells that so many windows side by side see at most, from the first to the last.</summary>
    private long Span(long windows) => (windows - 1) * Apart + Reach(_geometry.Width);

    /// <summary>Lanes from one row of a line to the next.</summary>
    private long Segment(long windows) => (_slides ? Span(windows) : windows) * _geometry.Inner;

    /// <summary>Where each tap's line begins, and how far it is from the window's first; the number of a tap counts from the last, so that of equal ones the largest is the first.</summary>
    private void PutTaps(in Work work)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        int tap = 0;
        for (long i = 0; i < _depths; i++)
        for (long j = 0; j < _heights; j++)
        for (long k = 0; k < _widths; k++, tap++)
        {
            long row = tap / _widths;
            work.Taps[tap] = work.Lines + (_slides ? row * work.Line + k * width.Dilation * inner : tap * work.Line);
            work.Balanced[tap] = work.BalancedLines + tap * Block;
            work.Numbers[tap] = TLane.CreateTruncating(_taps - tap);
            work.Offsets[_taps - tap] = (i * depth.Dilation * height.InputLength + j * height.Dilation) * width.InputLength + k * width.Dilation;
        }
    }

    /// <summary>What the windows of a piece of each row see along it.</summary>
    private void PutWindows(ref Work work, long piece)
    {
        Axis width = _geometry.Width;
        work.FirstWindow = piece * _windows;
        work.Windows = Math.Min(_windows, width.OutputLength - work.FirstWindow);
        work.SeesWhole = true;
        long span = Span(work.Windows);
        for (long window = 0; window < work.Windows; window++)
        {
            TapRange taps = width.Taps(work.FirstWindow + window);
            work.Starts[window] = width.Start(work.FirstWindow + window);
            work.Counts[window] = taps.Count;
            work.SeesWhole &= taps.Count == _widths;
            for (long k = 0; k < _widths && !_slides; k++)
            {
                long column = work.Starts[window] + k * width.Dilation;
                // Behind all is one that is padding.
                work.Columns[k * _windows + window] = (int)((taps.Contains(column) ? column - work.Starts[0] : span) * _geometry.Inner);
            }
        }
    }

    /// <summary>Lays out the rows that each of some output rows sees.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void LayRows(ref Work work)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        TVector largest = TVector.Create(TLane.MinValue);
        work.IsWhole = work.SeesWhole;
        long span = Span(work.Windows), segment = Segment(work.Windows), inputRow = width.InputLength * inner;
        // What of a row is padding.
        long before = Math.Clamp(-work.Starts[0], 0, span), end = Math.Clamp(width.InputLength - work.Starts[0], before, span);
        (long slice, long oh) = Math.DivRem(work.FirstRow, height.OutputLength);
        (long plane, long od) = Math.DivRem(slice, depth.OutputLength);
        TapRange d = depth.Taps(od);
        for (long row = 0; row < work.Rows; row++)
        {
            TapRange h = height.Taps(oh);
            long firstDepth = depth.Start(od), firstHeight = height.Start(oh);
            work.Planes[row] = _input + plane * _geometry.InputPlane * inner;
            work.Firsts[row] = (firstDepth * height.InputLength + firstHeight) * width.InputLength;
            work.RowCounts[row] = d.Count * h.Count;
            work.IsWhole &= work.RowCounts[row] == _tapRows;
            T** source = work.Sources + row * _tapRows;
            TLane* line = work.Lines + row * segment;
            for (long i = 0, atDepth = firstDepth; i < _depths; i++, atDepth += depth.Dilation)
            for (long j = 0, atHeight = firstHeight; j < _heights; j++, atHeight += height.Dilation)
            {
                // Where taps are gathered one more is padding.
                bool isSeen = d.Contains(atDepth) && h.Contains(atHeight);
                T* cells = isSeen ? work.Planes[row] + (atDepth * height.InputLength + atHeight) * inputRow : null;
                TLane* lanes = _slides ? line : work.Span;
                *source++ = cells;
                Pad(lanes, (isSeen ? before : span) * inner);
                if (isSeen && end > before) Lift(cells + (work.Starts[0] + before) * inner, lanes + before * inner, (end - before) * inner, ref largest);
                if (isSeen) Pad(lanes + end * inner, (span - end) * inner);
                if (!_slides) Pad(lanes + span * inner, inner);
                if (!_slides) Gather(work, lanes, line);
                line += (_slides ? 1 : _widths) * work.Line;
            }
            if (++oh < height.OutputLength) continue;
            oh = 0;
            if (++od == depth.OutputLength) (od, plane) = (0, plane + 1);
            d = depth.Taps(od);
        }
        work.HasNaN = TRank.HasNaNs && !TVector.IsZero(TVector.Greater(largest, TVector.Create(TRank.MostNumber)));
    }

    /// <summary>Padding in some lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pad(TLane* lanes, long count)
    {
        if (count < TVector.Count) for (long i = 0; i < count; i++) lanes[i] = Padding;
        else new Span<TLane>(lanes, (int)count).Fill(Padding);
    }

    /// <summary>Cells as integers, all NaNs as one; a register may be written beyond the end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Lift(T* cells, TLane* lanes, long count, ref TVector largest)
    {
        TVector most = TVector.Create(TRank.MostNumber), nan = TVector.Create(TLane.MaxValue), seen = largest;
        // Reading on into the next row is harmless, reading on behind the last one is not.
        long i = 0, safe = cells + count + TVector.Count <= _inputEnd ? count : count - TVector.Count + 1;
        for (; i < safe; i += TVector.Count)
        {
            TVector lane = default(TRank).Lift<TVector>(cells + i);
            if (TRank.HasNaNs)
            {
                seen = TVector.Max(seen, lane);
                lane = TVector.Blend(TVector.Greater(lane, most), nan, lane);
            }
            lane.Store(lanes + i);
        }
        for (; i < count; i++)
        {
            TLane lane = default(TRank).Lift(cells + i);
            if (TRank.HasNaNs) seen = TVector.Max(seen, TVector.Create(lane));
            lanes[i] = TRank.HasNaNs && lane > TRank.MostNumber ? TLane.MaxValue : lane;
        }
        largest = seen;
    }

    /// <summary>The taps along a row, each to a line of its own; a register may be written beyond the end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Gather(in Work work, TLane* span, TLane* lines)
    {
        long inner = _geometry.Inner, windows = work.Windows, dilation = _geometry.Width.Dilation;
        bool isPaired = inner == 1 && _geometry.Width.Stride == 2;
        for (long k = 0; k < _widths; k++, lines += work.Line)
        {
            int* columns = work.Columns + k * _windows;
            TLane* first = span + k * dilation;
            if (isPaired)
                for (long window = 0; window < windows; window += TVector.Count)
                    TVector.Even(TVector.Load(first + 2 * window), TVector.Load(first + 2 * window + TVector.Count)).Store(lines + window);
            else if (inner == 1)
                for (long window = 0; window < windows; window++) lines[window] = span[columns[window]];
            else
                for (long window = 0; window < windows; window++)
                    for (long channel = 0; channel < inner; channel += TVector.Count)
                        TVector.Load(span + columns[window] + channel).Store(lines + window * inner + channel);
        }
    }

    /// <summary>How many of the cells that each clipped window lacks are below its median, and one more; 0 of those that lack none.</summary>
    private void PutLows(in Work work)
    {
        long inner = _geometry.Inner, segment = Segment(work.Windows);
        for (long row = 0; row < work.Rows; row++)
        {
            TLane* lows = work.Lows + row * segment;
            if (row > 0 && work.RowCounts[row] == work.RowCounts[row - 1])
            {
                new Span<TLane>(lows - segment, (int)segment).CopyTo(new(lows, (int)segment));
                continue;
            }
            new Span<TLane>(lows, (int)(segment + Block)).Clear();
            for (long window = 0; window < work.Windows; window++)
            {
                long count = work.RowCounts[row] * work.Counts[window];
                if (count < _taps) new Span<TLane>(lows + window * inner, (int)inner).Fill(TLane.CreateTruncating((_taps - 1) / 2 - (count - 1) / 2 + 1));
            }
        }
    }

    /// <summary>The numbers of the medians among the taps.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Select(in Work work)
    {
        TLane* numbers = work.Numbers, medians = work.Medians;
        int count = _taps;
        long lanes = work.Rows * Segment(work.Windows);
        bool isWhole = work.IsWhole, hasNaN = work.HasNaN;
        TVector zero = TVector.Create(TLane.Zero), all = TVector.Create(TLane.AllBitsSet), nan = TVector.Create(TLane.MaxValue);
        for (long lane = 0; lane < lanes; lane += Block)
        {
            bool isClipped = !isWhole && new Span<TLane>(work.Lows + lane, Block).ContainsAnyExcept(TLane.Zero);
            if (isClipped) Balance(work, lane);
            Middle(isClipped ? work.Balanced : work.Taps, count, isClipped ? 0 : lane, work.Kept, out TVector median, out TVector other);
            TVector number = zero, otherNumber = zero;
            for (int tap = 0; tap < count; tap++)
            {
                TLane* cells = work.Taps[tap] + lane;
                TVector one = TVector.Create(numbers[tap]);
                number = TVector.Max(number, TVector.WhereEqual(TVector.Load(cells), median, one));
                otherNumber = TVector.Max(otherNumber, TVector.WhereEqual(TVector.Load(cells + TVector.Count), other, one));
            }
            if (isClipped)
            {
                // Of what is as large as padding it is not known which is which.
                TVector padding = TVector.Create(Padding), low = TVector.Load(work.Lows + lane), otherLow = TVector.Load(work.Lows + lane + TVector.Count);
                number = TVector.Select(TVector.WhereEqual(median, padding, TVector.Greater(low, zero)), zero, number);
                otherNumber = TVector.Select(TVector.WhereEqual(other, padding, TVector.Greater(otherLow, zero)), zero, otherNumber);
            }
            // Of NaNs the last one.
            for (int tap = 0; tap < count && hasNaN; tap++)
            {
                TLane* cells = work.Taps[tap] + lane;
                TVector one = TVector.Create(numbers[tap]);
                number = TVector.Select(TVector.WhereEqual(TVector.Load(cells), nan, all), one, number);
                otherNumber = TVector.Select(TVector.WhereEqual(TVector.Load(cells + TVector.Count), nan, all), one, otherNumber);
            }
            number.Store(medians + lane);
            otherNumber.Store(medians + lane + TVector.Count);
        }
    }

    /// <summary>The medians of two registers of windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Middle(TLane** taps, int count, long lane, TLane* kept, out TVector median, out TVector other)
    {
        (median, other) = (TVector.Load(taps[0] + lane), TVector.Load(taps[0] + lane + TVector.Count));
        if (count == 1) return;
        TVector low, otherLow, high = median, otherHigh = other;
        int keeps = count / 2 + 1, next = keeps;
        // Of an even number the lower of the middle two, as if one more was below all.
        if (count % 2 == 0) low = otherLow = TVector.Create(TLane.MinValue);
        else (low, otherLow) = (TVector.Load(taps[next] + lane), TVector.Load(taps[next++] + lane + TVector.Count));
        Order(ref low, ref high);
        Order(ref otherLow, ref otherHigh);
        for (int i = 1; i < keeps; i++) Meet(taps[i] + lane, kept + (i - 1) * Block, ref low, ref otherLow, ref high, ref otherHigh);
        for (keeps--; keeps > 1; keeps--, next++)
        {
            (low, otherLow) = (TVector.Load(taps[next] + lane), TVector.Load(taps[next] + lane + TVector.Count));
            (high, otherHigh) = (TVector.Load(kept), TVector.Load(kept + TVector.Count));
            Order(ref low, ref high);
            Order(ref otherLow, ref otherHigh);
            for (TLane* at = kept, end = kept + (keeps - 1) * Block; at < end; at += Block) Meet(at + Block, at, ref low, ref otherLow, ref high, ref otherHigh);
        }
        (median, other) = (TVector.Load(kept), TVector.Load(kept + TVector.Count));
    }

    /// <summary>Another cell beside the least and the largest so far: what is neither is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Meet(TLane* cells, TLane* kept, ref TVector low, ref TVector otherLow, ref TVector high, ref TVector otherHigh)
    {
        TVector cell = TVector.Load(cells), other = TVector.Load(cells + TVector.Count);
        Order(ref low, ref cell);
        Order(ref otherLow, ref other);
        Order(ref cell, ref high);
        Order(ref other, ref otherHigh);
        cell.Store(kept);
        other.Store(kept + TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Order(ref TVector low, ref TVector high) => (low, high) = (TVector.Min(low, high), TVector.Max(low, high));

    /// <summary>The taps of clipped windows with some of the cells that they lack below all.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Balance(in Work work, long lane)
    {
        TVector padding = TVector.Create(Padding), least = TVector.Create(TLane.MinValue), one = TVector.Create(TLane.One);
        TVector lows = TVector.Load(work.Lows + lane), otherLows = TVector.Load(work.Lows + lane + TVector.Count);
        for (int tap = 0; tap < _taps; tap++)
        {
            TLane* cells = work.Taps[tap] + lane, balanced = work.Balanced[tap];
            TVector cell = TVector.Load(cells), other = TVector.Load(cells + TVector.Count);
            TVector below = TVector.WhereEqual(cell, padding, TVector.Greater(lows, one)), otherBelow = TVector.WhereEqual(other, padding, TVector.Greater(otherLows, one));
            TVector.Select(below, least, cell).Store(balanced);
            TVector.Select(otherBelow, least, other).Store(balanced + TVector.Count);
            (lows, otherLows) = (lows + below, otherLows + otherBelow);
        }
    }

    /// <summary>The cells themselves, and their places.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Write(in Work work)
    {
        long inner = _geometry.Inner, segment = Segment(work.Windows), outputRow = _geometry.Width.OutputLength * inner, windows = work.Windows, rows = work.Rows;
        long* offsets = work.Offsets, starts = work.Starts;
        bool isWhole = work.IsWhole;
        for (long row = 0; row < rows; row++)
        {
            if (!isWhole) FindUnknown(work, row);
            TLane* number = work.Medians + row * segment;
            T* cells = work.Planes[row];
            long output = (work.FirstRow + row) * outputRow + work.FirstWindow * inner, first = work.Firsts[row];
            T* value = _values + output;
            long* place = _indices == null ? null : _indices + output;
            for (long window = 0; window < windows; window++)
            {
                long start = first + starts[window];
                for (long channel = 0; channel < inner; channel++)
                {
                    int tap = int.CreateTruncating(*number++);
                    long index = tap == 0 ? -1 : start + offsets[tap];
                    *value++ = tap == 0 ? default : cells[index * inner + channel];
                    if (place != null) *place++ = index;
                }
            }
        }
    }

    /// <summary>Of clipped windows whose median is as large as padding, the number of the first tap of that size that is none; 0 if there is none.</summary>
    private void FindUnknown(in Work work, long row)
    {
        long start = row * Segment(work.Windows);
        Span<TLane> numbers = new(work.Medians + start, (int)(work.Windows * _geometry.Inner));
        for (int lane = numbers.IndexOf(TLane.Zero), further; lane >= 0; lane = further < 0 ? -1 : lane + 1 + further)
        {
            long window = lane / _geometry.Inner;
            TapRange seen = _geometry.Width.Taps(work.FirstWindow + window);
            int tap = 0;
            while (tap < _taps && !(work.Sources[row * _tapRows + tap / _widths] != null && work.Taps[tap][start + lane] == Padding
                && seen.Contains(work.Starts[window] + tap % _widths * _geometry.Width.Dilation))) tap++;
            numbers[lane] = TLane.CreateTruncating(_taps - tap);
            further = numbers[(lane + 1)..].IndexOf(TLane.Zero);
        }
    }

    /// <summary>The lines of one thread, and what is known of them.</summary>
    private struct Work
    {
        /// <summary>Of each row of taps, or of each tap, one line; and how long one is.</summary>
        public TLane* Lines;
        public long Line;

        /// <summary>A row before its taps are gathered.</summary>
        public TLane* Span;

        /// <summary>Taps of a block that may yet be its median.</summary>
        public TLane* Kept;

        /// <summary>Of each lane the number of the tap that is its median, and what <see cref="PutLows"/> says.</summary>
        public TLane* Medians;
        public TLane* Lows;

        /// <summary>Of each tap: its line, a block of it see <see cref="Balance"/>, its number, and by this how far from the first of its window it is.</summary>
        public TLane** Taps;
        public TLane** Balanced;
        public TLane* BalancedLines;
        public TLane* Numbers;
        public long* Offsets;

        /// <summary>Of each window of a row: where it begins, its taps along the row, and where each of them stands in the row.</summary>
        public long* Starts;
        public long* Counts;
        public int* Columns;

        /// <summary>Of each row: its plane, the place of the first tap there, how many rows it sees, and which.</summary>
        public T** Planes;
        public long* Firsts;
        public long* RowCounts;
        public T** Sources;

        public long FirstRow;
        public long Rows;
        public long FirstWindow;
        public long Windows;

        /// <summary>Whether no window is clipped along the width, and whether none is.</summary>
        public bool SeesWhole;
        public bool IsWhole;
        public bool HasNaN;

        /// <summary>Divides memory.</summary>
        /// <returns>How much it takes.</returns>
        public long Put(byte* memory, in MedianLines<T, TLane, TRank, TVector> kernel)
        {
            byte* next = memory;
            long lanes = (kernel._group * kernel.Segment(kernel._windows) / Block + 1) * Block, span = kernel.Span(kernel._windows) * kernel._geometry.Inner;
            // Behind it what is written beyond the end.
            Line = lanes + TVector.Count + (kernel._slides ? (kernel.Span(1) - 1) * kernel._geometry.Inner : 0);
            Lines = (TLane*)Take(Line * (kernel._slides ? kernel._tapRows : kernel._taps) * sizeof(TLane));
            Span = (TLane*)Take((span + kernel._geometry.Inner + 3 * TVector.Count) * sizeof(TLane));
            Kept = (TLane*)Take((kernel._taps / 2 + 1) * Block * sizeof(TLane));
            BalancedLines = (TLane*)Take(kernel._taps * Block * sizeof(TLane));
            Balanced = (TLane**)Take(kernel._taps * sizeof(TLane*));
            Medians = (TLane*)Take(lanes * sizeof(TLane));
            Lows = (TLane*)Take((lanes + Block) * sizeof(TLane));
            Taps = (TLane**)Take(kernel._taps * sizeof(TLane*));
            Numbers = (TLane*)Take(kernel._taps * sizeof(TLane));
            Offsets = (long*)Take((kernel._taps + 1) * sizeof(long));
            Starts = (long*)Take(kernel._windows * sizeof(long));
            Counts = (long*)Take(kernel._windows * sizeof(long));
            Columns = (int*)Take(kernel._windows * kernel._widths * sizeof(int));
            Planes = (T**)Take(kernel._group * sizeof(T*));
            Firsts = (long*)Take(kernel._group * sizeof(long));
            RowCounts = (long*)Take(kernel._group * sizeof(long));
            Sources = (T**)Take(kernel._group * kernel._tapRows * sizeof(T*));
            return next - memory;

            byte* Take(long bytes)
            {
                byte* taken = next;
                next += (bytes + 63) / 64 * 64;
                return taken;
            }
        }
    }
}
