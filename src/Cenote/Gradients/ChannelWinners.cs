using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection with channels last: of each output that taps a cell, the gradients of those channels whose winner it is, a register at a time.</summary>
/// <remarks>Worth it where few windows tap a cell. Indices are checked and made as short as lanes once, gradients as long, a row of outputs at a time, and kept while input rows are tapped by it.</remarks>
internal readonly unsafe struct ChannelWinners<T, TSum, TLane, TVector, TPlaces> : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TSum>
    where TPlaces : struct, ILanes<TPlaces, TLane>
{
    private const long MostWindows = 9;

    // Rows that are kept: as many as lie between those that tap one cell.
    private const long MostKept = 64;

    // So many rows before they are needed, indices and gradients are asked for beside results that go past the caches.
    private const long RowsAhead = 2;

    // Outputs along the row that tap a cell, for code of its own.
    private const long MostAlike = 3;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly bool _isLarge;
    private readonly bool _streams;
    private readonly IndexCheck<TLane, TPlaces> _check;
    private readonly bool _haveCells;
    private readonly long _slices;
    private readonly long _rows;

    public ChannelWinners(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, bool streams)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _isLarge = streams;
        _streams = streams && Sums<T, TSum>.AreCells && ((nint)gradInput & (Streaming.Line - 1)) == 0 && geometry.Inner * sizeof(T) % Streaming.Line == 0;
        _check = new(geometry, indices);
        _haveCells = geometry.Depth.AllHaveCells && geometry.Height.AllHaveCells;
        (_slices, _rows) = (geometry.Depth.MostOutputsBetween, geometry.Height.MostOutputsBetween);
    }

    public long Units => _geometry.Outer * _geometry.Depth.InputLength * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane * sizeof(T) + _geometry.OutputPlane * (sizeof(T) + sizeof(long))) * _geometry.Inner
        / (_geometry.Depth.InputLength * _geometry.Height.InputLength);

    /// <summary>Whether the channels fill a register and few windows tap a cell.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry.Inner >= TVector.Count && geometry.MostOutputs <= MostWindows && geometry.Depth.MostOutputsBetween * geometry.Height.MostOutputsBetween <= MostKept;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        long outputs = width.OutputLength * inner, pitch = Streaming.WholeLines(outputs * sizeof(TLane)) / sizeof(TLane), kept = _slices * _rows;
        long keptBytes = kept * pitch * sizeof(TLane), shareBytes = Sums<T, TSum>.AreCells ? 0 : keptBytes, tableBytes = Streaming.WholeLines(_check.TableLength * sizeof(TLane));
        byte* scratch = (byte*)Scratch.Rent(keptBytes + shareBytes + tableBytes + (3 * width.InputLength + 2 * MostWindows + kept) * sizeof(long));
        TLane* places = (TLane*)scratch, table = (TLane*)(scratch + keptBytes + shareBytes);
        TSum* shares = (TSum*)(scratch + keptBytes);
        TapRange* columns = (TapRange*)((byte*)table + tableBytes);
        TLane** tapping = (TLane**)(columns + width.InputLength);
        TSum** gradients = (TSum**)(tapping + MostWindows);
        long* numbers = (long*)(gradients + MostWindows);
        for (long i = 0; i < width.InputLength; i++) columns[i] = width.Outputs(i);
        new Span<long>(numbers, (int)kept).Fill(-1);
        _check.Prepare(table);
        long total = _geometry.Outer * _geometry.OutputPlane * inner;
        Row row = new()
        {
            Columns = columns, Inner = inner, Places = tapping, Gradients = gradients, Target = _gradInput + first * width.InputLength * inner, Streams = _streams, AsksAhead = _isLarge,
            OutputsAhead = _geometry.OutputPlane * inner / _geometry.InputPlane,
        };
        long stride = width.IsAdaptive ? 1 : width.Stride;
        (long begin, long groups) = Alike(columns, width.InputLength, stride);
        for (long unit = first; unit < end; unit++)
        {
            if (!_haveCells) CheckPadding(unit, table);
            (long rest, long ih) = Math.DivRem(unit, height.InputLength);
            (long plane, long id) = Math.DivRem(rest, depth.InputLength);
            TapRange d = depth.Outputs(id), h = height.Outputs(ih);
            row.Windows = 0;
            for (long i = 0, od = d.First; i < d.Count; i++, od += d.Step)
            for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step)
            {
                long number = (plane * depth.OutputLength + od) * height.OutputLength + oh, slot = od % _slices * _rows + oh % _rows;
                if (numbers[slot] != number)
                {
                    _check.Refuse(number, 1, depth.Taps(od), height.Taps(oh), table, places + slot * pitch);
                    if (!Sums<T, TSum>.AreCells) Sums<T, TSum>.Widen(_gradOutput + number * outputs, shares + slot * pitch, outputs);
                }
                numbers[slot] = number;
                tapping[row.Windows] = places + slot * pitch;
                gradients[row.Windows++] = Sums<T, TSum>.AreCells ? (TSum*)_gradOutput + number * outputs : shares + slot * pitch;
            }
            row.Start = (id * height.InputLength + ih) * width.InputLength;
            long ahead = (long)((Int128)unit * total / Units) + RowsAhead * outputs;
            row.Ahead = (byte*)(_indices + ahead);
            row.GradientsAhead = (byte*)(_gradOutput + ahead);
            Add(ref row, 0, begin);
            if (groups > 0) Add(ref row, begin, groups, stride);
            Add(ref row, begin + groups * stride, width.InputLength);
        }
        if (_streams) Streaming.Finish();
    }

    /// <summary>Cells in the middle of a row, one or two at a time, tapped by as many outputs each time, one further on: where they begin, and how often.</summary>
    private static (long Begin, long Groups) Alike(TapRange* columns, long cells, long stride)
    {
        long middle = cells / 2 / stride * stride;
        // Of two of which one is tapped by none the other comes first.
        if (stride == 2 && columns[middle].Count == 0) middle++;
        if (stride > 2 || middle + stride > cells) return (0, 0);
        long begin = middle, end = middle, even = columns[middle].Count, odd = stride == 1 ? 0 : columns[middle + 1].Count;
        if (even is 0 or > MostAlike || odd > MostAlike - 1 || (even == MostAlike && odd > 0)) return (0, 0);
        while (end + stride <= cells && IsAlike(end)) end += stride;
        while (begin >= stride && IsAlike(begin - stride)) begin -= stride;
        return (begin, (end - begin) / stride);

        bool IsAlike(long cell)
        {
            for (long i = 0; i < stride; i++)
            {
                TapRange outputs = columns[cell + i], expected = columns[middle + i];
                if (outputs.Count != expected.Count || (outputs.Count > 0 && outputs != expected with { First = expected.First + (cell - middle) / stride })) return false;
            }
            return true;
        }
    }

    /// <summary>Of the rows of outputs that fall to a unit, refuses those that tap no cell and name one.</summary>
    private void CheckPadding(long unit, TLane* table)
    {
        (Axis depth, Axis height) = (_geometry.Depth, _geometry.Height);
        for (long row = Share(unit), end = Share(unit + 1); row < end; row++)
        {
            (TapRange d, TapRange h) = (depth.Taps(row / height.OutputLength % depth.OutputLength), height.Taps(row % height.OutputLength));
            if (d.Count == 0 || h.Count == 0) _check.Refuse(row, 1, d, h, table);
        }
    }

    /// <summary>How many output rows fall to the units before.</summary>
    private long Share(long unit) => (long)((Int128)unit * (_geometry.Outer * _geometry.Depth.OutputLength * _geometry.Height.OutputLength) / Units);

    /// <summary>Cells of an input row.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(ref Row row, long begin, long end)
    {
        long inner = row.Inner;
        for (long cell = begin; cell < end; cell++)
        {
            T* to = row.Target;
            TVector here = Unsafe.BitCast<TPlaces, TVector>(TPlaces.Create(TLane.CreateTruncating(row.Start + cell)));
            long first = row.Columns[cell].First * inner, count = row.Columns[cell].Count, step = row.Columns[cell].Step * inner;
            for (long x = 0; x < inner; x += TVector.Count)
            {
                // The last register reaches back over the one before.
                x = Math.Min(x, inner - TVector.Count);
                TVector sum = TVector.Create(TSum.Zero);
                for (long i = 0; i < row.Windows; i++)
                {
                    TLane* places = row.Places[i] + first + x;
                    TSum* gradients = row.Gradients[i] + first + x;
                    for (long k = count; k > 0; k--, places += step, gradients += step) sum = Add(sum, places, here, gradients);
                }
                Store(sum, to + x, row.Streams);
            }
            row.Take(1);
        }
    }

    private static void Add(ref Row row, long begin, long groups, long stride)
    {
        switch ((row.Columns[begin].Count, stride == 1 ? 0 : row.Columns[begin + 1].Count))
        {
            case (1, 0): Add<One, None>(ref row, begin, groups, (int)stride); break;
            case (2, 0): Add<Two, None>(ref row, begin, groups, (int)stride); break;
            case (3, 0): Add<Three, None>(ref row, begin, groups, (int)stride); break;
            case (1, 1): Add<One, One>(ref row, begin, groups, (int)stride); break;
            case (1, 2): Add<One, Two>(ref row, begin, groups, (int)stride); break;
            case (2, 1): Add<Two, One>(ref row, begin, groups, (int)stride); break;
            default: Add<Two, Two>(ref row, begin, groups, (int)stride); break;
        }
    }

    /// <summary>Cells in the middle of an input row, or pairs of cells.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add<TEven, TOdd>(ref Row row, long begin, long groups, int stride)
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        long inner = row.Inner, first = row.Columns[begin].First * inner, step = row.Columns[begin].Step * inner, other = TOdd.Value > 0 ? row.Columns[begin + 1].First * inner - first : 0;
        int windows = (int)row.Windows;
        bool streams = row.Streams;
        TLane** allPlaces = row.Places;
        TSum** allGradients = row.Gradients;
        // Most cells lie in one or two rows of windows.
        TLane* places = allPlaces[0], morePlaces = allPlaces[1];
        TSum* gradients = allGradients[0], moreGradients = allGradients[1];
        TPlaces cell = TPlaces.Create(TLane.CreateTruncating(row.Start + begin)), one = TPlaces.Create(TLane.One), further = stride == 2 ? one + one : one;
        for (long left = groups; left > 0; left--, first += inner, cell += further)
        {
            T* to = row.Target;
            TVector even = Unsafe.BitCast<TPlaces, TVector>(cell), odd = Unsafe.BitCast<TPlaces, TVector>(cell + one);
            for (long x = 0; x < inner; x += TVector.Count)
            {
                x = Math.Min(x, inner - TVector.Count);
                TVector evens = TVector.Create(TSum.Zero), odds = evens;
                long at = first + x;
                if (windows > 0) Tap<TEven, TOdd>(places + at, gradients + at, step, other, even, odd, ref evens, ref odds);
                if (windows > 1) Tap<TEven, TOdd>(morePlaces + at, moreGradients + at, step, other, even, odd, ref evens, ref odds);
                for (int i = 2; i < windows; i++) Tap<TEven, TOdd>(allPlaces[i] + at, allGradients[i] + at, step, other, even, odd, ref evens, ref odds);
                Store(evens, to + x, streams);
                if (stride == 2) Store(odds, to + inner + x, streams);
            }
            row.Take(stride);
        }
    }

    /// <summary>The outputs of one row that tap a cell, or two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tap<TEven, TOdd>(TLane* places, TSum* gradients, long step, long other, TVector even, TVector odd, ref TVector evens, ref TVector odds)
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        evens = Add(evens, places, even, gradients);
        if (TEven.Value > 1) evens = Add(evens, places + step, even, gradients + step);
        if (TEven.Value > 2) evens = Add(evens, places + 2 * step, even, gradients + 2 * step);
        if (TOdd.Value > 0) odds = Add(odds, places + other, odd, gradients + other);
        if (TOdd.Value > 1) odds = Add(odds, places + other + step, odd, gradients + other + step);
    }

    /// <summary>Adds a register of gradients where the winner is here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, TLane* places, TVector here, TSum* gradients) => TVector.AddWhereEqual(sum, TVector.Load((TSum*)places), here, TVector.Load(gradients));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector sum, T* cells, bool streams)
    {
        if (streams) sum.StoreAround((TSum*)cells);
        else Sums<T, TSum>.Round(sum, cells);
    }

    /// <summary>A row of cells and the rows of outputs that tap it.</summary>
    private struct Row
    {
        /// <summary>The outputs that tap each cell, and how many channels it has.</summary>
        public TapRange* Columns;

        public long Inner;

        /// <summary>The index of the first cell.</summary>
        public long Start;

        /// <summary>How many rows of outputs, their winners and gradients.</summary>
        public long Windows;

        public TLane** Places;

        public TSum** Gradients;

        /// <summary>Where the next sums go, and whether around the caches.</summary>
        public T* Target;

        public bool Streams, AsksAhead;

        /// <summary>Indices and gradients that will be needed soon, and how many of them a cell asks for.</summary>
        public byte* Ahead, GradientsAhead;

        public long OutputsAhead;

        /// <summary>Takes the sums of so many cells.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(long cells)
        {
            Target += cells * Inner;
            if (!AsksAhead) return;
            long outputs = cells * OutputsAhead;
            for (long i = 0; Sse.IsSupported && i < outputs * sizeof(long); i += Streaming.Line) Sse.Prefetch1(Ahead + i);
            for (long i = 0; Sse.IsSupported && i < outputs * sizeof(T); i += Streaming.Line) Sse.Prefetch1(GradientsAhead + i);
            Ahead += outputs * sizeof(long);
            GradientsAhead += outputs * sizeof(T);
        }
    }
}
