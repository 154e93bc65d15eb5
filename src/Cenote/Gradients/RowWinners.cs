using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection with small windows one or two apart: of each output that taps a cell, its gradient where the cell is the winner, a register of cells at a time.</summary>
/// <remarks>
/// Of each output row it is kept where in their windows the winners lie, and the gradients beside: an input row needs those of the few output rows that tap it. A cell adds
/// up in the order of the outputs. Where windows are two apart, even and odd columns are other taps of theirs, and meet at the end.
/// </remarks>
internal readonly unsafe struct RowWinners<T, TLane, TVector, TPlaces> : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, T>
    where TPlaces : struct, ILanes<TPlaces, TLane>
{
    // Rows and columns of outputs that tap a cell.
    private const long MostRows = 3, MostColumns = 3;

    // What is kept of output rows stays in a second-level cache.
    private const long MostBytes = 256 * 1024;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly bool _streams;
    private readonly IndexCheck<TLane, TPlaces> _check;
    private readonly long _slots;
    private readonly long _before;
    private readonly long _pitch;

    public RowWinners(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, bool streams)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _streams = streams;
        _check = new(geometry, indices);
        (_slots, _before, _pitch) = (Slots(geometry.Height), Before(geometry.Width), Pitch(geometry.Width));
    }

    public long Units => _geometry.Outer * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane * sizeof(T) + _geometry.OutputPlane * (sizeof(T) + sizeof(long))) / _geometry.Height.InputLength;

    /// <summary>Whether outputs fill a register, few windows tap a cell, and those at the ends reach the input.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry is { Inner: 1, Depth: { InputLength: 1, OutputLength: 1, PaddingBefore: 0 }, Width: { Stride: 1, Kernel: > 0 and <= MostColumns } or { Stride: 2, Dilation: 1, Kernel: 3 or 4 } }
        && Reaches(geometry.Height) && Reaches(geometry.Width) && geometry.Height.MostOutputs <= MostRows
        && geometry.Width.OutputLength >= TVector.Count && Slots(geometry.Height) * Pitch(geometry.Width) * (sizeof(TLane) + sizeof(T)) <= MostBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, _, Axis height, Axis width, _) = _geometry;
        long stride = height.Stride, padding = height.PaddingBefore, dilation = height.Dilation, reach = height.EffectiveKernel - 1 - padding;
        long cells = width.InputLength, outputs = width.OutputLength, round = width.Stride * TVector.Count, runsOn = (cells + round - 1) / round * round - cells;
        long tableBytes = Line(_check.TableLength * sizeof(TLane)), sumBytes = Line((cells + runsOn) * sizeof(T)), asideBytes = Line(cells * sizeof(T)) + LineStream<T>.AsideBytes;
        byte* scratch = (byte*)Scratch.Rent(tableBytes + sumBytes + asideBytes + _slots * _pitch * (sizeof(TLane) + sizeof(T)));
        TLane* table = (TLane*)scratch;
        T* sums = (T*)(scratch + tableBytes);
        byte* aside = (byte*)sums + sumBytes;
        // Of each output row the places of its winners, and behind them its gradients. Beside a row are places that no cell has.
        TLane* kept = (TLane*)(aside + asideBytes);
        for (long slot = 0; slot < _slots; slot++)
        {
            new Span<TLane>(kept + 2 * slot * _pitch, (int)_pitch).Fill(~TLane.Zero);
            new Span<T>(kept + (2 * slot + 1) * _pitch, (int)_pitch).Clear();
        }
        kept += _before;
        _check.Prepare(table);

        (long plane, long ih) = Math.DivRem(first, height.InputLength);
        (long firstOutput, _) = height.Reaching(ih, ih + 1);
        long next = firstOutput;
        TLane** rows = stackalloc TLane*[(int)MostRows];
        TLane* starts = stackalloc TLane[(int)MostRows];
        Taps taps = new() { Even = new(width, 0), Odd = new(width, 1), Further = TLane.CreateTruncating(width.Stride * width.Dilation), Rows = rows, Starts = starts, Apart = _pitch, Count = cells };
        T* target = _gradInput + first * cells;
        LineStream<T> stream = new(aside, target);
        for (long left = (end - first) * cells; left > 0; target += cells)
        {
            // Windows that have ended above this row, and that begin with it.
            while (firstOutput * stride + reach < ih) firstOutput++;
            for (; next < height.OutputLength && next * stride - padding <= ih; next++)
            {
                long row = plane * height.OutputLength + next;
                TapRange tapped = height.Taps(next);
                if (!Keep(_indices + row * outputs, _gradOutput + row * outputs, next * stride - padding, tapped, table, Kept(kept, next)))
                    _check.Refuse(row, 1, new(0, 1, 1), tapped, table);
            }
            taps.Outputs = 0;
            for (long output = firstOutput; output < next; output++)
            {
                long apart = ih + padding - output * stride;
                if (dilation > 1 && apart % dilation != 0) continue;
                rows[taps.Outputs] = Kept(kept, output);
                starts[taps.Outputs++] = TLane.CreateTruncating(apart * cells);
            }
            left -= cells;
            // A register runs on into the next rows, which are written later, but for the last.
            T* to = _streams ? stream.Next : target;
            bool isDirect = _streams || runsOn <= left;
            taps.Sums = isDirect ? to : sums;
            Add(taps);
            if (!isDirect) NativeMemory.Copy(sums, to, (nuint)(cells * sizeof(T)));
            if (_streams) stream.Take(cells);
            if (++ih < height.InputLength) continue;
            (ih, firstOutput, next) = (0, 0, 0);
            plane++;
        }
        if (_streams) stream.End();
    }

    private TLane* Kept(TLane* kept, long output) => kept + 2 * (output & (_slots - 1)) * _pitch;

    /// <summary>Rows that are kept at a time, a power of two.</summary>
    private static long Slots(in Axis height) => (long)BitOperations.RoundUpToPowerOf2((ulong)((height.EffectiveKernel - 1) / height.Stride + 1));

    /// <summary>Places before and behind a row that taps of the first and the last cells meet, in whole lines.</summary>
    private static long Before(in Axis width) => Line(width.EffectiveKernel * sizeof(TLane)) / sizeof(TLane);

    private static long Pitch(in Axis width) =>
        Before(width) + Line((Math.Max(width.OutputLength, width.InputLength) + TVector.Count + width.EffectiveKernel) * sizeof(TLane)) / sizeof(TLane);

    private static long Line(long bytes) => (bytes + Streaming.Line - 1) / Streaming.Line * Streaming.Line;

    /// <summary>Whether every window has a cell.</summary>
    private static bool Reaches(in Axis axis) => !axis.IsAdaptive && axis.Dilation <= axis.InputLength && axis.PaddingBefore < axis.EffectiveKernel && axis.Start(axis.OutputLength - 1) < axis.InputLength;

    /// <summary>Keeps of a row of outputs the places of their winners, counted from the first taps, and the gradients.</summary>
    /// <returns>Whether every winner is a cell of its window.</returns>
    private bool Keep(long* indices, T* gradients, long start, in TapRange tapped, TLane* table, TLane* places)
    {
        Axis width = _geometry.Width;
        Outputs outputs = new()
        {
            Indices = indices, Gradients = gradients, Count = width.OutputLength, Start = start * width.InputLength - width.PaddingBefore, Stride = width.Stride, Firsts = table,
            First = tapped.First * width.InputLength, Rows = tapped.Count, Step = tapped.Step * width.InputLength, Kernel = width.Kernel, Dilation = width.Dilation, Places = places, Apart = _pitch,
        };
        return Keep(outputs);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Keep(in Outputs outputs)
    {
        long count = outputs.Count, start = outputs.Start, stride = outputs.Stride, rows = outputs.Rows, columns = outputs.Dilation == 1 ? 0 : outputs.Kernel;
        TLane* indices = (TLane*)outputs.Indices, firsts = outputs.Firsts, reaches = firsts + count, places = outputs.Places;
        T* gradients = outputs.Gradients;
        T* shares = (T*)(places + outputs.Apart);
        TPlaces ramp = stride == 1 ? TPlaces.Ramp : TPlaces.Ramp + TPlaces.Ramp, wrong = TPlaces.Create(TLane.Zero), upper = wrong;
        TPlaces first = TPlaces.Create(TLane.CreateTruncating(outputs.First)), step = TPlaces.Create(TLane.CreateTruncating(outputs.Step)), along = TPlaces.Create(TLane.CreateTruncating(outputs.Dilation));
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
            (index - (ramp + TPlaces.Create(TLane.CreateTruncating(start + stride * x)))).Store(places + x);
            TVector.Load(gradients + x).Store(shares + x);
            // Back to the first of the rows: a step too far makes a number larger, and is not taken.
            TPlaces at = index - (TPlaces.Load(firsts + x) + first), reach = TPlaces.Load(reaches + x);
            for (long i = 1; i < rows; i++) at = TPlaces.Min(at, at - step);
            wrong |= TPlaces.Max(at, reach) ^ reach;
            if (columns == 0) continue;
            for (long i = 1; i < columns; i++) at = TPlaces.Min(at, at - along);
            wrong |= at;
        }
        if (sizeof(TLane) < sizeof(long)) upper = TPlaces.Odd(upper, upper);
        return TPlaces.IsZero(wrong | upper);
    }

    private static void Add(in Taps taps)
    {
        switch ((taps.Even.Count, taps.Odd.Count))
        {
            case (1, 0): Add<One, None>(taps); break;
            case (2, 0): Add<Two, None>(taps); break;
            case (3, 0): Add<Three, None>(taps); break;
            case (1, 2): Add<One, Two>(taps); break;
            case (2, 1): Add<Two, One>(taps); break;
            default: Add<Two, Two>(taps); break;
        }
    }

    private static void Add<TEven, TOdd>(in Taps taps)
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        switch (taps.Outputs)
        {
            case 0: NativeMemory.Clear(taps.Sums, (nuint)(taps.Count * sizeof(T))); break;
            case 1: Add<One, TEven, TOdd>(taps); break;
            case 2: Add<Two, TEven, TOdd>(taps); break;
            default: Add<Three, TEven, TOdd>(taps); break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add<TRows, TEven, TOdd>(in Taps taps)
        where TRows : struct, ICount
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        long count = taps.Count, apart = taps.Apart, step = taps.Even.Step;
        T* sums = taps.Sums;
        TLane even = taps.Even.Place, odd = taps.Odd.Place, further = taps.Further;
        TLane* row0 = taps.Rows[0] + taps.Even.First, row1 = taps.Rows[TRows.Value > 1 ? 1 : 0] + taps.Even.First, row2 = taps.Rows[TRows.Value > 2 ? 2 : 0] + taps.Even.First;
        TLane start0 = taps.Starts[0], start1 = taps.Starts[TRows.Value > 1 ? 1 : 0], start2 = taps.Starts[TRows.Value > 2 ? 2 : 0];
        TPlaces even00 = TPlaces.Create(even + start0), even01 = TPlaces.Create(even + start0 - further), even02 = TPlaces.Create(even + start0 - further - further);
        TPlaces even10 = TPlaces.Create(even + start1), even11 = TPlaces.Create(even + start1 - further), even12 = TPlaces.Create(even + start1 - further - further);
        TPlaces even20 = TPlaces.Create(even + start2), even21 = TPlaces.Create(even + start2 - further), even22 = TPlaces.Create(even + start2 - further - further);
        if (TOdd.Value == 0)
        {
            for (long x = 0; x < count; x += TVector.Count)
            {
                TVector sum = TVector.Create(T.Zero);
                Add<TEven>(row0 + x, apart, step, even00, even01, even02, ref sum);
                if (TRows.Value > 1) Add<TEven>(row1 + x, apart, step, even10, even11, even12, ref sum);
                if (TRows.Value > 2) Add<TEven>(row2 + x, apart, step, even20, even21, even22, ref sum);
                sum.Store(sums + x);
            }
            return;
        }
        long other = taps.Odd.First - taps.Even.First;
        TPlaces odd00 = TPlaces.Create(odd + start0), odd01 = TPlaces.Create(odd + start0 - further);
        TPlaces odd10 = TPlaces.Create(odd + start1), odd11 = TPlaces.Create(odd + start1 - further);
        TPlaces odd20 = TPlaces.Create(odd + start2), odd21 = TPlaces.Create(odd + start2 - further);
        for (long x = 0; 2 * x < count; x += TVector.Count)
        {
            TVector evens = TVector.Create(T.Zero), odds = evens;
            Add<TEven>(row0 + x, apart, 1, even00, even01, even01, ref evens);
            Add<TOdd>(row0 + other + x, apart, 1, odd00, odd01, odd01, ref odds);
            if (TRows.Value > 1)
            {
                Add<TEven>(row1 + x, apart, 1, even10, even11, even11, ref evens);
                Add<TOdd>(row1 + other + x, apart, 1, odd10, odd11, odd11, ref odds);
            }
            if (TRows.Value > 2)
            {
                Add<TEven>(row2 + x, apart, 1, even20, even21, even21, ref evens);
                Add<TOdd>(row2 + other + x, apart, 1, odd20, odd21, odd21, ref odds);
            }
            TVector.ZipLow(evens, odds).Store(sums + 2 * x);
            TVector.ZipHigh(evens, odds).Store(sums + 2 * x + TVector.Count);
        }
    }

    /// <summary>Adds to a register of cells what they won of the outputs of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TTaps>(TLane* row, long apart, long step, TPlaces first, TPlaces second, TPlaces third, ref TVector sum)
        where TTaps : struct, ICount
    {
        Add(row, apart, first, ref sum);
        if (TTaps.Value > 1) Add(row + step, apart, second, ref sum);
        if (TTaps.Value > 2) Add(row + 2 * step, apart, third, ref sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TLane* row, long apart, TPlaces place, ref TVector sum) =>
        sum += Unsafe.BitCast<TPlaces, TVector>(TPlaces.WhereEqual(TPlaces.Load(row), place, TPlaces.Load(row + apart)));

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
            Place = TLane.CreateTruncating(tap * width.Dilation);
            First = (parity + width.PaddingBefore - tap * width.Dilation) / width.Stride;
        }

        public int Count { get; }

        /// <summary>From a cell, or a pair of cells, to the first output, and from that to the next.</summary>
        public long First { get; }

        public long Step { get; }

        /// <summary>Where the cell lies in a row of the first one's window.</summary>
        public TLane Place { get; }
    }

    /// <summary>A row of outputs.</summary>
    private struct Outputs
    {
        public long* Indices;

        public T* Gradients;

        public long Count;

        /// <summary>The first tap of the first window, and how far on the next one lies.</summary>
        public long Start, Stride;

        /// <summary>What <see cref="IndexCheck{TLane, TVector}"/> prepares.</summary>
        public TLane* Firsts;

        /// <summary>Where the first of the rows begins that the windows tap, how many there are, and how far apart.</summary>
        public long First, Rows, Step;

        /// <summary>Taps of a row, and how far apart.</summary>
        public long Kernel, Dilation;

        /// <summary>Where the winners go, and how far behind them the gradients.</summary>
        public TLane* Places;

        public long Apart;
    }

    /// <summary>An input row and the outputs that tap it.</summary>
    private struct Taps
    {
        public Columns Even, Odd;

        /// <summary>How much further on a cell lies in the window before.</summary>
        public TLane Further;

        /// <summary>The places of each output row's winners, and where in its windows the input row begins.</summary>
        public TLane** Rows;

        public TLane* Starts;

        /// <summary>How many output rows.</summary>
        public int Outputs;

        /// <summary>From places to gradients.</summary>
        public long Apart;

        /// <summary>The sums of the input row, and how many cells it has.</summary>
        public T* Sums;

        public long Count;
    }
}
