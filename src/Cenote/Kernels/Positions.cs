using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Maxima or minima with their places: the taps of each input row are compared in order, then the winners of a window's rows, and how far each stands behind the window's first tap goes along.</summary>
/// <remarks>
/// The first of equals wins, the last of several NaNs. A tap in the padding is never above another, and a window begins with the place of its
/// first tap inside, so that it need not hold anything above the identity.
/// </remarks>
internal readonly unsafe struct Positions<T, TLane, TRank, TVector> : IKernel
    where T : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TRank : struct, IRank<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // The winners of rows, most of a first-level cache of 32 KB where windows are small, and the rows that are laid out at a time; and the fewest outputs of a row.
    private const long BandBytes = 12 * 1024, LaidBytes = 8 * 1024, FewestOutputs = 256;

    // The same where nothing is laid out but after a NaN; and winners that are gathered before they go around the caches.
    private const long PairBytes = 512 * 1024, GatheredBytes = 8 * 1024;

    // Of planes that are one, so that there is a part for every thread.
    private const long PlaneBytes = 64 * 1024;

    // Of columns, one below the other, that are compared as they are read.
    private const int MostPairs = 4;

    private readonly Pass<T, TLane, TRank> _pass;
    private readonly long* _indices;
    private readonly long _rowStep;
    private readonly long _below;
    private readonly long _planeRows;
    private readonly long _planeHeight;
    private readonly long _outputRows;
    private readonly long _outputColumns;
    private readonly long _rows;
    private readonly long _strips;
    private readonly long _pitch;
    private readonly long _laid;
    private readonly long _group;
    private readonly long _phase;
    private readonly long _phases;
    private readonly long _down;
    private readonly long _across;
    private readonly bool _pairs;
    private readonly bool _lies;
    private readonly bool _streams;

    /// <param name="pass">The call.</param>
    /// <param name="indices">Where the places go.</param>
    public Positions(Pass<T, TLane, TRank> pass, long* indices)
    {
        _indices = indices;
        // Where rows of windows tile the planes these are one, in which places begin anew.
        (_planeRows, _planeHeight, long planes) = (pass.Geometry.Height.OutputLength, pass.Geometry.Height.InputLength, pass.Geometry.Outer);
        _pass = pass = pass.AsOnePlane();
        bool isOnePlane = pass.Geometry.Outer < planes;
        (_, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        _below = isOnePlane && _planeRows == 1 ? 0 : height.Stride * width.InputLength;
        int lanes = TVector.Count;
        _rowStep = TileShape.Step(height);
        long slices = Math.Min(depth.Kernel, depth.InputLength), tall = TileShape.Span(height, _rowStep, 1), step = height.Stride / _rowStep;
        // Twice the window in height keeps what neighbouring bands share below half of the work.
        long least = slices * Math.Min(_below == 0 ? tall : 2 * tall + step, TileShape.Span(height, _rowStep, height.OutputLength));
        _pairs = height.StaysInside && width.StaysInside && width is { Kernel: 2, Stride: 2, Dilation: 1 } && depth.Kernel * height.Kernel <= MostPairs;
        _outputColumns = Columns(_pairs ? PairBytes : BandBytes);
        // A row that is too long for its pairs to be compared at once is done in the parts that others are.
        _pairs &= _outputColumns == width.OutputLength;
        if (!_pairs) _outputColumns = Columns(BandBytes);
        _strips = (_outputColumns + lanes - 1) / lanes;
        long line = _strips * lanes;
        // Whole registers, each on its boundary.
        _laid = _pitch = (width.Stride * line + width.EffectiveKernel + 3 * lanes - 1) / lanes * lanes;
        if (IsParted(width))
        {
            // Each tap is of one phase of the stride, and those come again.
            _phase = (line + (width.EffectiveKernel - 1) / width.Stride) / lanes * lanes + lanes;
            _phases = Math.Min(width.Kernel, width.Stride / TileShape.Step(width));
            _laid = width.Stride * _phase + 3 * lanes;
            _pitch = _phases * _phase;
        }
        _across = (width.OutputLength - 1) / _outputColumns + 1;
        _group = Math.Max(1, LaidBytes / ((_phases > 0 ? _laid + _pitch : _laid) * sizeof(TLane)));
        _lies = width.InteriorEnd() == width.OutputLength && (width.PaddingBefore == 0 || (width.PaddingBefore == 1 && IsThreeByTwo(width)));
        long bytes = !_pairs ? BandBytes : isOnePlane ? PlaneBytes : PairBytes;
        _outputRows = Math.Clamp((Math.Max(bytes / (2 * line * sizeof(TLane)), least) / slices - tall) / step + 1, 1, height.OutputLength);
        _down = (height.OutputLength - 1) / _outputRows + 1;
        _outputRows = (height.OutputLength - 1) / _down + 1;
        _down = (height.OutputLength - 1) / _outputRows + 1;
        _rows = TileShape.Span(height, _rowStep, _outputRows);
        _streams = _across == 1 && Streaming.IsWorth(UnitBytes * Units);

        long Columns(long bytes) => Math.Min(width.OutputLength, Math.Max(FewestOutputs, bytes / ((2 + width.Stride) * sizeof(TLane) * least) / lanes * lanes));
    }

    /// <summary>Whether cells are compared as the numbers they are, and watched for NaNs.</summary>
    public static bool IsNumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) || typeof(T) == typeof(double);
    }

    public long Units => _pass.Geometry.Outer * _pass.Geometry.Depth.OutputLength * _down * _across;

    public long UnitBytes => (_pass.Bytes + _pass.OutputRows * _pass.OutputRow * sizeof(long)) / Units;

    // From the winners of one register of columns to those of the next.
    private long Strip => _rows * 2 * TVector.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, TRank> pass = _pass;
        (_, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        int lanes = TVector.Count;
        long slices = Math.Min(depth.Kernel, depth.InputLength), won = slices * _strips * Strip, laidOut = _group * _laid, parted = _phases > 0 ? _group * _pitch : 0;
        long choices = width.Stride > 2 ? width.Kernel * (width.Stride - 1) * lanes : 0;
        bool streams = _streams && !_pairs;
        long gatheredRows = streams ? Math.Clamp(GatheredBytes / (width.OutputLength * sizeof(long)), 1, _outputRows) : 0, gatheredValues = Gathered(gatheredRows * width.OutputLength * sizeof(T));
        long gathered = !_streams ? 0 : _pairs ? LineStream<T>.AsideBytes + LineStream<long>.AsideBytes : gatheredValues + Gathered(gatheredRows * width.OutputLength * sizeof(long));
        byte* scratch = (byte*)Scratch.Rent(gathered + (won + _strips * lanes + lanes + laidOut + parted + choices) * sizeof(TLane) + (lanes + width.Kernel) * sizeof(long));
        TLane* winners = (TLane*)(scratch + gathered), fewValues = winners + won, firsts = fewValues + lanes;
        Laid laid = new() { Firsts = firsts, Cells = firsts + _strips * lanes, Step = _rowStep * width.InputLength };
        laid.Parted = laid.Cells + laidOut;
        laid.Choices = laid.Parted + parted;
        long* fewIndices = (long*)(laid.Choices + choices);
        laid.Taps = fewIndices + lanes;
        for (long k = 0; k < width.Kernel; k++)
            laid.Taps[k] = _phases > 0 ? k % (width.Stride / TileShape.Step(width)) * _phase + k * width.Dilation / width.Stride : k * width.Dilation;
        if (width.Stride > 2) Number(laid.Choices);
        TLane** rows = stackalloc TLane*[Planner.MostRanked];
        TLane* offsets = stackalloc TLane[Planner.MostRanked], evens = stackalloc TLane[2 * lanes], across = stackalloc TLane[lanes];
        Pass<T, TLane, TRank>.Number(evens, lanes, first: 0, step: 2);
        Pass<T, TLane, TRank>.Number(evens + lanes, lanes, first: 1, step: 2);
        Pass<T, TLane, TRank>.Number(across, lanes, first: 0, step: width.Stride);
        laid.Evens = evens;
        T* mine = pass.Output + end / _down * height.OutputLength * width.OutputLength + end % _down * _outputRows * width.OutputLength;
        (long interior, long interiorEnd) = height.Interior();
        long prepared = -1, begun = first / _down * height.OutputLength * width.OutputLength + first % _down * _outputRows * width.OutputLength;
        LineStream<T> valueStream = streams ? new(scratch, pass.Output + begun) : default;
        LineStream<long> indexStream = streams ? new(scratch + gatheredValues, _indices + begun) : default;

        for (long unit = first; unit < end; unit++)
        {
            (long rest, long part) = Math.DivRem(unit, _across);
            (long plane, long down) = Math.DivRem(rest, _down);
            (long o, long od) = Math.DivRem(plane, depth.OutputLength);
            long oh = down * _outputRows, ow = part * _outputColumns, columns = Math.Min(_outputColumns, width.OutputLength - ow);
            long endRow = Math.Min(oh + _outputRows, height.OutputLength);
            TapRange d = depth.Taps(od);
            T* source = pass.Input + o * pass.Geometry.InputPlane;
            if (_pairs && d.Count > 0)
            {
                oh = Pairs(source, d, plane, oh, endRow, mine, rows, offsets, evens, scratch);
                if (oh == endRow) continue;
            }
            if (prepared != ow) Prepare(ow, columns, firsts);
            prepared = ow;
            long top = height.Start(oh), bottom = TileShape.Span(height, _rowStep, endRow - oh);
            laid.First = top < 0 ? (-top + _rowStep - 1) / _rowStep : 0;
            laid.End = Math.Min(bottom, (height.InputLength - top + _rowStep - 1) / _rowStep);
            laid.Start = width.Start(ow);
            laid.Columns = columns;
            T* plain = source + (d.First * height.InputLength + top) * width.InputLength;
            bool areNumbers = IsNumber && Reduce<One>(plain, d, laid, winners);
            if (!areNumbers) Reduce<None>(plain, d, laid, winners);
            for (long run = 1; oh < endRow; oh += run)
            {
                TapRange h = height.Taps(oh);
                int count = 0;
                for (long i = 0; i < d.Count; i++)
                for (long j = 0; j < h.Count; j++)
                {
                    rows[count] = winners + i * _strips * Strip + (h.First + j * h.Step - top) / _rowStep * 2 * lanes;
                    offsets[count++] = TLane.CreateTruncating((i * d.Step * height.InputLength + j * h.Step) * width.InputLength);
                }
                long output = (plane * height.OutputLength + oh) * width.OutputLength + ow;
                run = 1;
                if (count == 0)
                {
                    T* values = streams ? valueStream.Next : pass.Output + output;
                    for (long x = 0; x < columns; x++) pass.Fold.Finish(TRank.Identity, 0, values + x);
                    new Span<long>(streams ? indexStream.Next : _indices + output, (int)columns).Fill(-1);
                    if (streams) Take(columns);
                    continue;
                }
                // Each register but a thread's last may run on into the next row, which is written after.
                long room = streams ? gatheredRows : _across > 1 || pass.Output + output + _strips * lanes > mine ? 0 : (mine - pass.Output - output - _strips * lanes) / columns + 1;
                if (room > 1 && oh >= interior) run = Math.Max(1, Math.Min(room, Math.Min(endRow, interiorEnd) - oh));
                if (_below > 0) run = Math.Min(run, _planeRows - oh % _planeRows);
                long whole = room > 0 ? columns : columns / lanes * lanes;
                Ranked ranked = new()
                {
                    Rows = rows, Offsets = offsets, Count = count, Strip = Strip, Run = run, Down = height.Stride / _rowStep * 2 * lanes, Across = across,
                    Start = Place(d.First, h.First) + width.Start(ow), StartDown = _below, Stride = width.Stride,
                    OutputRow = width.OutputLength, Values = pass.Output + output, Indices = _indices + output, End = whole,
                };
                if (streams)
                {
                    Choose(ranked with { Values = valueStream.Next, Indices = indexStream.Next }, areNumbers);
                    Take(run * columns);
                    continue;
                }
                if (whole > 0) Choose(ranked, areNumbers);
                if (whole == columns) continue;
                Choose(ranked with { First = whole, End = columns, Values = (T*)fewValues - whole, Indices = fewIndices - whole }, areNumbers);
                for (long x = whole; x < columns; x++) (pass.Output[output + x], _indices[output + x]) = (((T*)fewValues)[x - whole], fewIndices[x - whole]);
            }
        }
        if (!streams) return;
        valueStream.End();
        indexStream.End();

        static long Gathered(long bytes) => Streaming.WholeLines(bytes + TVector.Count * sizeof(long) + LineStream<T>.MarginBytes);

        void Take(long outputs)
        {
            valueStream.Take(outputs);
            indexStream.Take(outputs);
        }
    }

    /// <summary>The place of a row's first cell.</summary>
    private long Place(long slice, long row) => (slice * _pass.Geometry.Height.InputLength + row % _planeHeight) * _pass.Geometry.Width.InputLength;

    private static bool IsThreeByTwo(in Axis width) => width is { Kernel: 3, Stride: 2, Dilation: 1 };

    /// <summary>Whether windows lie side by side and their columns are taken apart in registers.</summary>
    private static bool IsSideBySide(in Axis width) => width.Kernel == width.Stride && width.Dilation == 1 && (width.Kernel is 2 or 4 || (width.Kernel == 3 && TVector.LooksAhead));

    private static bool IsParted(in Axis width) => width.Stride > 2 && !IsSideBySide(width);

    /// <summary>The winners of each input row of some windows.</summary>
    /// <typeparam name="TNumbers"><see cref="One"/> where cells are compared as the numbers they are.</typeparam>
    /// <returns>Whether no NaN was met among numbers.</returns>
    private bool Reduce<TNumbers>(T* plain, TapRange slices, in Laid laid, TLane* winners)
        where TNumbers : struct, ICount
    {
        T* end = _pass.InputEnd;
        for (long i = 0; i < slices.Count; i++)
        {
            T* from = plain + i * slices.Step * _pass.Geometry.Height.InputLength * _pass.InputRow + laid.First * laid.Step;
            TLane* won = winners + i * _strips * Strip + laid.First * 2 * TVector.Count;
            long lying = 0;
            // Reading on into the next row is harmless, reading on behind the last one is not.
            if (TNumbers.Value > 0 && _lies) lying = Math.Max(0, Math.Min(laid.End - laid.First, (end - from - laid.Start - _laid + laid.Step) / laid.Step));
            for (long row = laid.First, rows; row < laid.End; row += rows, from += rows * laid.Step, won += rows * 2 * TVector.Count)
            {
                rows = _phases == 0 && lying > 0 ? lying : Math.Min(_group, lying > 0 ? lying : laid.End - row);
                if (lying == 0) Lay<TNumbers>(from, laid.Start, laid.Cells, rows);
                bool stands = lying > 0
                    ? Columns<TNumbers>((TLane*)(from + laid.Start), laid.Step, laid, won, rows, laid.Start < 0)
                    : Columns<TNumbers>(laid.Cells, _laid, laid, won, rows, isPadded: false);
                if (!stands) return false;
                lying = Math.Max(0, lying - rows);
            }
        }
        return true;
    }

    /// <summary>Whether rows hold no NaN.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool AreNumbers(TLane* row, long pitch, long rows, long cells)
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(TLane.Zero), more = seen;
        for (; rows > 0; rows--, row += pitch)
        {
            long i = 0;
            for (; i + 3 * lanes < cells; i += 4 * lanes)
            {
                seen |= TVector.Unordered(TVector.Load(row + i), TVector.Load(row + i + lanes));
                more |= TVector.Unordered(TVector.Load(row + i + 2 * lanes), TVector.Load(row + i + 3 * lanes));
            }
            for (; i < cells; i += lanes) seen |= TVector.Unordered(TVector.Load(row + i), TVector.Load(row + i));
        }
        return TVector.IsZero(seen | more);
    }

    /// <summary>How far behind each window's first tap its first inside the input stands.</summary>
    private void Prepare(long ow, long columns, TLane* firsts)
    {
        Axis width = _pass.Geometry.Width;
        (long interior, long interiorEnd) = width.Interior();
        new Span<TLane>(firsts, (int)columns).Clear();
        for (long x = ow; x < ow + columns; x++)
        {
            if (x >= interior && x < interiorEnd) x = interiorEnd - 1;
            else firsts[x - ow] = TLane.CreateTruncating(width.Taps(x).First - width.Start(x));
        }
    }

    /// <summary>Rows of the input with their padding.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Lay<TNumbers>(T* cells, long start, TLane* row, long rows)
        where TNumbers : struct, ICount
    {
        int lanes = TVector.Count;
        long pitch = _laid, wanted = pitch - lanes, before = Math.Max(0, -start), inside = Math.Min(_pass.InputRow - start, wanted), taken = inside - before, step = _rowStep * _pass.InputRow;
        T* end = _pass.InputEnd;
        TVector none = TVector.Create(TNumbers.Value > 0 ? LeastNumber : TRank.Identity);
        for (T* from = cells + start + before; rows > 0; rows--, from += step, row += pitch)
        {
            TLane* to = row + before;
            // Reading on into the next row is harmless, reading on behind the last one is not.
            long safe = from + taken + lanes <= end ? taken : taken - lanes + 1, i = 0;
            for (TLane* pad = row; pad < to; pad += lanes) none.Store(pad);
            for (; i < safe; i += lanes)
            {
                if (_streams) Streaming.Ask(from + i, lanes);
                (TNumbers.Value > 0 ? TVector.Load((TLane*)(from + i)) : default(TRank).Lift<TVector>(from + i)).Store(to + i);
            }
            for (; i < taken; i++) to[i] = TNumbers.Value > 0 ? *(TLane*)(from + i) : default(TRank).Lift(from + i);
            for (i = inside; i < wanted; i += lanes) none.Store(row + i);
        }
    }

    /// <summary>What no number is under, or of the minimum above.</summary>
    private static TLane LeastNumber
    {
        get
        {
            TLane least;
            default(TRank).Finish(TRank.Identity, 0, (T*)&least);
            return least;
        }
    }

    /// <summary>Where each phase stands in as many registers as the stride is long, one register of them after the other joined to those before.</summary>
    private void Number(TLane* choices)
    {
        Axis width = _pass.Geometry.Width;
        int lanes = TVector.Count;
        for (long phase = 0; phase < (_phases > 0 ? _phases : width.Stride); phase++)
        for (long register = 1; register < width.Stride; register++)
        for (int lane = 0; lane < lanes; lane++)
        {
            (long at, long place) = Math.DivRem(lane * width.Stride + phase * width.Dilation % width.Stride, lanes);
            *choices++ = TLane.CreateTruncating(at == register ? lanes + place : at == 0 && register == 1 ? place : lane);
        }
    }

    /// <summary>Takes rows apart into the phases that are tapped.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Part(TLane* row, long pitch, TLane* choices, TLane* parted, long rows)
    {
        long stride = _pass.Geometry.Width.Stride, dilation = _pass.Geometry.Width.Dilation, count = _phase, most = _phases;
        int lanes = TVector.Count;
        for (; rows > 0; rows--, row += pitch, parted += _pitch)
        {
            TLane* phases = parted, first = choices;
            for (long phase = 0; phase < most; phase++, first += (stride - 1) * lanes, phases += count)
            {
                TLane* from = row;
                for (long i = 0; TVector.LooksAhead && i < count; i += lanes, from += stride * lanes)
                {
                    TVector some = TVector.Load(from);
                    TLane* choice = first, next = from + lanes;
                    for (long k = 1; k < stride; k++, choice += lanes, next += lanes) some = TVector.Ahead(some, TVector.Load(next), TVector.Load(choice));
                    some.Store(phases + i);
                }
                from += phase * dilation % stride;
                for (long i = 0; !TVector.LooksAhead && i < count; i++, from += stride) phases[i] = *from;
            }
        }
    }

    /// <summary>The winner of each window's taps in one row, and how far behind the first it stands; for several rows, a register of columns at a time.</summary>
    /// <returns>Whether no NaN was met among numbers.</returns>
    private bool Columns<TNumbers>(TLane* row, long pitch, in Laid laid, TLane* winners, long rows, bool isPadded)
        where TNumbers : struct, ICount
    {
        ref readonly Axis width = ref _pass.Geometry.Width;
        int lanes = TVector.Count;
        bool isThreeByTwo = IsThreeByTwo(width), isSideBySide = IsSideBySide(width), isThree = width is { Stride: 1, Kernel: 3 } && 2 * width.Dilation <= lanes;
        // What is not watched as it is compared, of pairs the cell before the first one.
        long unwatched = isSideBySide || isThree || isPadded ? 0 : isThreeByTwo ? 1 : (laid.Columns - 1) * width.Stride + width.EffectiveKernel;
        if (TNumbers.Value > 0 && unwatched > 0 && !AreNumbers(row, pitch, rows, unwatched)) return false;
        if (_phases > 0)
        {
            Part(row, pitch, laid.Choices, laid.Parted, rows);
            row = laid.Parted;
            pitch = _pitch;
        }
        TLane least = isPadded ? LeastNumber : default;
        long strips = (laid.Columns + lanes - 1) / lanes, next = (_phases > 0 ? 1 : width.Stride) * lanes;
        // Down the rows, or along one if it is longer.
        bool stands = true, asks = _streams && row != laid.Cells, isAlong = strips > rows;
        Line line = isAlong ? new() { Next = next, NextFirsts = lanes, NextWinners = Strip, Count = strips } : new() { Next = pitch, NextWinners = 2 * lanes, Count = rows };
        for (long i = 0; i < (isAlong ? rows : strips); i++)
        {
            line.Row = row + i * (isAlong ? pitch : next);
            line.Firsts = laid.Firsts + (isAlong ? 0 : i * lanes);
            line.Winners = winners + i * (isAlong ? 2 * lanes : Strip);
            if (isThreeByTwo && isPadded && (isAlong || i == 0))
            {
                stands &= ThreeByTwo<TNumbers>(line with { Count = isAlong ? 1 : rows }, &least, 0, laid.Evens, asks);
                if (isAlong) stands &= ThreeByTwo<TNumbers>(line with { Row = line.Row + next, Firsts = line.Firsts + lanes, Winners = line.Winners + Strip, Count = strips - 1 }, line.Row + next, next, laid.Evens, asks);
            }
            else if (isThreeByTwo) stands &= ThreeByTwo<TNumbers>(line, line.Row, line.Next, laid.Evens, asks);
            else if (isSideBySide && width.Stride == 2) stands &= SideBySide<Two, TNumbers>(line, laid, asks);
            else if (isSideBySide && width.Stride == 3) stands &= SideBySide<Three, TNumbers>(line, laid, asks);
            else if (isSideBySide) stands &= SideBySide<Four, TNumbers>(line, laid, asks);
            else if (isThree) stands &= ThreeColumns<TNumbers>(line, width.Dilation);
            else if (width.Stride == 2) Columns<Two, TNumbers>(line, laid.Taps, width.Kernel, width.Dilation);
            else Columns<One, TNumbers>(line, laid.Taps, width.Kernel, width.Dilation);
        }
        return stands;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TStride, TNumbers>(in Line line, long* taps, long kernel, long dilation)
        where TStride : struct, ICount
        where TNumbers : struct, ICount
    {
        TVector most = TVector.Create(TRank.MostNumber), next = TVector.Create(TLane.CreateTruncating(dilation));
        TLane* row = line.Row, firsts = line.Firsts, winners = line.Winners;
        long step = line.Next, firstsStep = line.NextFirsts, winnersStep = line.NextWinners;
        for (long count = line.Count; count > 0; count--, row += step, firsts += firstsStep, winners += winnersStep)
        {
            TVector winner = Tap<TStride>(row), column = TVector.Load(firsts), tap = next;
            for (long k = 1; k < kernel; k++, tap += next) Meet<TNumbers>(Tap<TStride>(row + taps[k]), tap, most, ref winner, ref column);
            winner.Store(winners);
            column.Store(winners + TVector.Count);
        }
    }

    /// <summary>Three taps of windows that move by one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool ThreeColumns<TNumbers>(in Line line, long dilation)
        where TNumbers : struct, ICount
    {
        TVector most = TVector.Create(TRank.MostNumber), second = TVector.Create(TLane.CreateTruncating(dilation)), third = second + second, seen = TVector.Create(TLane.Zero);
        TLane* row = line.Row, firsts = line.Firsts, winners = line.Winners;
        long step = line.Next, firstsStep = line.NextFirsts, winnersStep = line.NextWinners;
        for (long count = line.Count; count > 0; count--, row += step, firsts += firstsStep, winners += winnersStep)
        {
            TVector winner = TVector.Load(row), last = TVector.Load(row + 2 * dilation), column = TVector.Load(firsts);
            // All cells between are the first or the last of some window.
            if (TNumbers.Value > 0) seen |= TVector.Unordered(winner, last);
            Meet<TNumbers>(TVector.Load(row + dilation), second, most, ref winner, ref column);
            Meet<TNumbers>(last, third, most, ref winner, ref column);
            winner.Store(winners);
            column.Store(winners + TVector.Count);
        }
        return TNumbers.Value == 0 || TVector.IsZero(seen);
    }

    /// <summary>Three taps side by side of windows that move by two, the second and third in a pair of registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool ThreeByTwo<TNumbers>(in Line line, TLane* before, long beforeStep, TLane* evens, bool asks)
        where TNumbers : struct, ICount
    {
        int lanes = TVector.Count;
        TVector most = TVector.Create(TRank.MostNumber), second = TVector.Create(TLane.One), third = second + second;
        TVector even = TVector.Load(evens), odd = TVector.Load(evens + lanes), seen = TVector.Create(TLane.Zero);
        TLane* row = line.Row + 1, firsts = line.Firsts, winners = line.Winners;
        long step = line.Next, firstsStep = line.NextFirsts, winnersStep = line.NextWinners;
        for (long count = line.Count; count > 0; count--, row += step, before += beforeStep, firsts += firstsStep, winners += winnersStep)
        {
            if (asks) Streaming.Ask(row, 2 * lanes);
            TVector low = TVector.Load(row), high = TVector.Load(row + lanes), column = TVector.Load(firsts);
            TVector last = Odd(low, high, odd), winner = TVector.Left(TVector.Create(*before), last);
            if (TNumbers.Value > 0) seen |= TVector.Unordered(low, high);
            Meet<TNumbers>(Even(low, high, even), second, most, ref winner, ref column);
            Meet<TNumbers>(last, third, most, ref winner, ref column);
            winner.Store(winners);
            column.Store(winners + lanes);
        }
        return TNumbers.Value == 0 || TVector.IsZero(seen);
    }

    /// <summary>Taps of windows that lie side by side, in as many registers as a window is long.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool SideBySide<TTaps, TNumbers>(in Line line, in Laid laid, bool asks)
        where TTaps : struct, ICount
        where TNumbers : struct, ICount
    {
        int lanes = TVector.Count;
        TVector most = TVector.Create(TRank.MostNumber), second = TVector.Create(TLane.One), third = second + second, fourth = second + third;
        TLane* choices = TTaps.Value == 3 ? laid.Choices : laid.Evens;
        TVector even = TVector.Load(choices), odd = TVector.Load(choices + lanes), seen = TVector.Create(TLane.Zero);
        TVector secondLow = TTaps.Value == 3 ? TVector.Load(choices + 2 * lanes) : even, secondHigh = TTaps.Value == 3 ? TVector.Load(choices + 3 * lanes) : even;
        TVector thirdLow = TTaps.Value == 3 ? TVector.Load(choices + 4 * lanes) : even, thirdHigh = TTaps.Value == 3 ? TVector.Load(choices + 5 * lanes) : even;
        TLane* row = line.Row, firsts = line.Firsts, winners = line.Winners;
        long step = line.Next, firstsStep = line.NextFirsts, winnersStep = line.NextWinners;
        for (long count = line.Count; count > 0; count--, row += step, firsts += firstsStep, winners += winnersStep)
        {
            if (asks) Streaming.Ask(row, 2 * lanes);
            if (asks && TTaps.Value > 2) Streaming.Ask(row + 2 * lanes, (TTaps.Value - 2) * lanes);
            TVector a = TVector.Load(row), b = TVector.Load(row + lanes), c = TTaps.Value > 2 ? TVector.Load(row + 2 * lanes) : b, d = TTaps.Value > 3 ? TVector.Load(row + 3 * lanes) : c;
            TVector column = TVector.Load(firsts), winner;
            if (TNumbers.Value > 0) seen |= TVector.Unordered(a, b);
            if (TNumbers.Value > 0 && TTaps.Value > 2) seen |= TVector.Unordered(c, d);
            if (TTaps.Value == 2)
            {
                winner = Even(a, b, even);
                Meet<TNumbers>(Odd(a, b, odd), second, most, ref winner, ref column);
            }
            else if (TTaps.Value == 3)
            {
                winner = TVector.Ahead(TVector.Ahead(a, b, even), c, odd);
                Meet<TNumbers>(TVector.Ahead(TVector.Ahead(a, b, secondLow), c, secondHigh), second, most, ref winner, ref column);
                Meet<TNumbers>(TVector.Ahead(TVector.Ahead(a, b, thirdLow), c, thirdHigh), third, most, ref winner, ref column);
            }
            else
            {
                TVector evenLow = Even(a, b, even), oddLow = Odd(a, b, odd), evenHigh = Even(c, d, even), oddHigh = Odd(c, d, odd);
                winner = Even(evenLow, evenHigh, even);
                Meet<TNumbers>(Even(oddLow, oddHigh, even), second, most, ref winner, ref column);
                Meet<TNumbers>(Odd(evenLow, evenHigh, odd), third, most, ref winner, ref column);
                Meet<TNumbers>(Odd(oddLow, oddHigh, odd), fourth, most, ref winner, ref column);
            }
            winner.Store(winners);
            column.Store(winners + lanes);
        }
        return TNumbers.Value == 0 || TVector.IsZero(seen);
    }

    // The places are loaded, since the compiler would load constants anew in every round.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Even(TVector low, TVector high, TVector evens) => TVector.LooksAhead ? TVector.Ahead(low, high, evens) : TVector.Even(low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Odd(TVector low, TVector high, TVector odds) => TVector.LooksAhead ? TVector.Ahead(low, high, odds) : TVector.Odd(low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tap<TStride>(TLane* at)
        where TStride : struct, ICount => TStride.Value == 1 ? TVector.Load(at) : TVector.Even(TVector.Load(at), TVector.Load(at + TVector.Count));

    private static void Choose(in Ranked ranked, bool areNumbers)
    {
        if (IsNumber && areNumbers) Choose<One>(ranked);
        else Choose<None>(ranked);
    }

    private static void Choose<TNumbers>(in Ranked ranked)
        where TNumbers : struct, ICount
    {
        if (ranked.Count == 1) Rows<One, TNumbers>(ranked);
        else if (ranked.Count == 2) Rows<Two, TNumbers>(ranked);
        else if (ranked.Count == 3) Rows<Three, TNumbers>(ranked);
        else Rows<Four, TNumbers>(ranked);
    }

    /// <summary>The winners of the rows of a window, in order, into the outputs; a last register runs on behind them.</summary>
    /// <typeparam name="TRows">How many rows; <see cref="Four"/> is that many or more.</typeparam>
    /// <typeparam name="TNumbers"><see cref="One"/> where cells are compared as the numbers they are.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TRows, TNumbers>(in Ranked ranked)
        where TRows : struct, ICount
        where TNumbers : struct, ICount
    {
        TRank fold = default;
        int lanes = TVector.Count, count = ranked.Count;
        TVector most = TVector.Create(TRank.MostNumber), second = TVector.Create(ranked.Offsets[TRows.Value > 1 ? 1 : 0]), third = TVector.Create(ranked.Offsets[TRows.Value > 2 ? 2 : 0]);
        TVector placeDown = Further(ranked.StartDown);
        long down = ranked.Down, startDown = ranked.StartDown, outputRow = ranked.OutputRow;
        // From right to left: what runs on into the next row is written after.
        for (long i = (ranked.End - 1) / lanes * lanes; i >= ranked.First; i -= lanes)
        {
            long apart = i / lanes * ranked.Strip, start = ranked.Start + i * ranked.Stride;
            TLane** rows = ranked.Rows;
            TLane* a = rows[0] + apart, b = TRows.Value > 1 ? rows[1] + apart : a, c = TRows.Value > 2 ? rows[2] + apart : a;
            T* values = ranked.Values + i;
            long* indices = ranked.Indices + i;
            TVector place = Place(TVector.Load(ranked.Across), start);
            for (long run = ranked.Run; run > 0; run--, a += down, b += down, c += down, start += startDown, place += placeDown, values += outputRow, indices += outputRow)
            {
                TVector winner = TVector.Load(a), offset = TVector.Load(a + lanes);
                if (TRows.Value > 1) Meet<TNumbers>(TVector.Load(b), TVector.Load(b + lanes) + second, most, ref winner, ref offset);
                if (TRows.Value > 2) Meet<TNumbers>(TVector.Load(c), TVector.Load(c + lanes) + third, most, ref winner, ref offset);
                for (int k = 3; TRows.Value > 3 && k < count; k++)
                {
                    TLane* more = a + (rows[k] - rows[0]);
                    Meet<TNumbers>(TVector.Load(more), TVector.Load(more + lanes) + TVector.Create(ranked.Offsets[k]), most, ref winner, ref offset);
                }
                if (TNumbers.Value > 0) FinishNumbers(winner).Store((TLane*)values);
                else fold.Finish(winner, default(TVector), values);
                Store(offset + place, start, indices);
            }
        }
    }

    // Places of a whole plane are too many for the shortest lanes, which count them from those of the register's first window.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Place(TVector across, long start) => sizeof(TLane) == sizeof(short) ? across : across + TVector.Create(TLane.CreateTruncating(start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Further(long places) => TVector.Create(sizeof(TLane) == sizeof(short) ? TLane.Zero : TLane.CreateTruncating(places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector places, long start, long* indices)
    {
        if (sizeof(TLane) == sizeof(short)) places.StoreLong(indices, (int)start);
        else places.StoreLong(indices);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Meet<TNumbers>(TVector cell, TVector cellOffset, TVector most, ref TVector winner, ref TVector offset)
        where TNumbers : struct, ICount
    {
        if (TNumbers.Value > 0) MeetNumbers(cell, cellOffset, most, ref winner, ref offset);
        else Meet(cell, cellOffset, most, ref winner, ref offset);
    }

    /// <summary>A cell against the best so far: a NaN is above any number, the best NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Meet(TVector cell, TVector cellOffset, TVector most, ref TVector winner, ref TVector offset)
    {
        TVector wins = TVector.Greater(cell, TRank.HasNaNs ? TVector.Min(winner, most) : winner);
        winner = TVector.Max(cell, winner);
        offset = TVector.Blend(wins, cellOffset, offset);
    }

    /// <summary>Windows two wide and two apart, side by side in whole rows: as they are read, into the outputs.</summary>
    /// <returns>The first row that is left: those whose last registers would run on too far, or all of them after a NaN.</returns>
    private long Pairs(T* source, TapRange d, long plane, long oh, long endRow, T* mine, TLane** taps, TLane* offsets, TLane* evens, byte* aside)
    {
        Pass<T, TLane, TRank> pass = _pass;
        (_, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        int count = 0, lanes = TVector.Count;
        for (long i = 0; i < d.Count; i++)
        for (long j = 0; j < height.Kernel; j++)
        {
            long offset = (i * d.Step * height.InputLength + j * height.Dilation) * width.InputLength;
            taps[count] = (TLane*)(source + (d.First * height.InputLength + height.Start(oh)) * width.InputLength + offset);
            offsets[count++] = TLane.CreateTruncating(offset);
        }
        long row = (plane * height.OutputLength + oh) * width.OutputLength, whole = (width.OutputLength + lanes - 1) / lanes * lanes, below = height.Stride * width.InputLength;
        T* last = (T*)taps[count - 1];
        long done = endRow - oh;
        for (; done > 0; done--)
            if (last + (done - 1) * below + 2 * whole <= pass.InputEnd && pass.Output + row + (done - 1) * width.OutputLength + whole <= mine) break;
        Block block = new()
        {
            Taps = taps, Offsets = offsets, Down = below, Rows = done, Columns = width.OutputLength, Start = Place(d.First, height.Start(oh)), StartDown = _below, PlaneRows = _planeRows, Left = _planeRows - oh % _planeRows,
            Evens = evens, Values = pass.Output + row, Indices = _indices + row, Aside = aside,
        };
        bool stands = _streams ? Pairs<One>(block, count) : Pairs<None>(block, count);
        return stands ? oh + done : oh;
    }

    private static bool Pairs<TStreams>(in Block block, int count)
        where TStreams : struct, ICount => count switch
    {
        1 => Pairs<One, TStreams>(block),
        2 => Pairs<Two, TStreams>(block),
        3 => Pairs<Three, TStreams>(block),
        _ => Pairs<Four, TStreams>(block),
    };

    /// <typeparam name="TRows">Rows of a window.</typeparam>
    /// <typeparam name="TStreams"><see cref="One"/> where results go around the caches.</typeparam>
    /// <returns>Whether no NaN was met.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pairs<TRows, TStreams>(in Block block)
        where TRows : struct, ICount
        where TStreams : struct, ICount
    {
        int lanes = TVector.Count;
        long count = block.Columns, down = block.Down, start = block.Start, startDown = block.StartDown;
        T* a = (T*)block.Taps[0], b = TRows.Value > 1 ? (T*)block.Taps[1] : a, c = TRows.Value > 2 ? (T*)block.Taps[2] : a, d = TRows.Value > 3 ? (T*)block.Taps[3] : a;
        TVector evens = TVector.Load(block.Evens), odds = TVector.Load(block.Evens + lanes), one = TVector.Create(TLane.One), most = TVector.Create(TRank.MostNumber);
        TVector second = TVector.Create(block.Offsets[TRows.Value > 1 ? 1 : 0]), third = TVector.Create(block.Offsets[TRows.Value > 2 ? 2 : 0]);
        TVector fourth = TVector.Create(block.Offsets[TRows.Value > 3 ? 3 : 0]), seen = TVector.Create(default), further = Further(2 * lanes);
        T* values = block.Values;
        long* indices = block.Indices;
        LineStream<T> valueStream = TStreams.Value > 0 ? new(block.Aside, values) : default;
        LineStream<long> indexStream = TStreams.Value > 0 ? new(block.Aside + LineStream<T>.AsideBytes, indices) : default;
        long planeRows = block.PlaneRows, left = block.Left;
        for (long rows = block.Rows; rows > 0; rows--, left--, a += down, b += down, c += down, d += down, start += startDown)
        {
            if (left == 0) (left, start) = (planeRows, start - planeRows * startDown);
            TVector place = Place(evens, start);
            for (long x = 0, first = 0; x < count; first = x)
            {
                long end = TStreams.Value > 0 ? Math.Min(count, x + LineStream<long>.PieceCells) : count;
                if (TStreams.Value > 0)
                {
                    values = valueStream.Next - x;
                    indices = indexStream.Next - x;
                }
                for (; x < end; x += lanes, place += further)
                {
                    if (TStreams.Value > 0)
                    {
                        Streaming.Ask(a + 2 * x, 2 * lanes);
                        if (TRows.Value > 1) Streaming.Ask(b + 2 * x, 2 * lanes);
                        if (TRows.Value > 2) Streaming.Ask(c + 2 * x, 2 * lanes);
                        if (TRows.Value > 3) Streaming.Ask(d + 2 * x, 2 * lanes);
                    }
                    TVector offset = TVector.Create(TLane.Zero);
                    Pair(a + 2 * x, evens, odds, out TVector winner, out TVector odd, ref seen);
                    MeetNumbers(odd, one, most, ref winner, ref offset);
                    if (TRows.Value > 1) Pair(b + 2 * x, second, one, evens, odds, most, ref winner, ref offset, ref seen);
                    if (TRows.Value > 2) Pair(c + 2 * x, third, one, evens, odds, most, ref winner, ref offset, ref seen);
                    if (TRows.Value > 3) Pair(d + 2 * x, fourth, one, evens, odds, most, ref winner, ref offset, ref seen);
                    if (IsNumber) FinishNumbers(winner).Store((TLane*)(values + x));
                    else default(TRank).Finish(winner, default(TVector), values + x);
                    Store(offset + place, start + 2 * x, indices + x);
                }
                if (TStreams.Value == 0) continue;
                valueStream.Take(Math.Min(x, count) - first);
                indexStream.Take(Math.Min(x, count) - first);
            }
            if (TStreams.Value > 0) continue;
            values += count;
            indices += count;
        }
        if (TStreams.Value > 0)
        {
            valueStream.End();
            indexStream.End();
        }
        return !IsNumber || TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(T* cells, TVector first, TVector one, TVector evens, TVector odds, TVector most, ref TVector winner, ref TVector offset, ref TVector seen)
    {
        Pair(cells, evens, odds, out TVector even, out TVector odd, ref seen);
        MeetNumbers(even, first, most, ref winner, ref offset);
        MeetNumbers(odd, first + one, most, ref winner, ref offset);
    }

    /// <summary>Two registers of cells, even and odd columns apart; numbers as they are, and watched for NaNs.</summary>
    // The places are loaded, since the compiler would load constants anew in every round.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(T* cells, TVector evens, TVector odds, out TVector even, out TVector odd, ref TVector seen)
    {
        // Not asked of the rank: what is dead by a constant alone need not be inlined.
        if (sizeof(T) < sizeof(TLane))
        {
            TRank.Split(cells, out even, out odd, ref seen);
            return;
        }
        TVector low = IsNumber ? TVector.Load((TLane*)cells) : default(TRank).Lift<TVector>(cells);
        TVector high = IsNumber ? TVector.Load((TLane*)(cells + TVector.Count)) : default(TRank).Lift<TVector>(cells + TVector.Count);
        even = TVector.LooksAhead ? TVector.Ahead(low, high, evens) : TVector.Even(low, high);
        if (IsNumber) seen |= TVector.Unordered(low, high);
        odd = TVector.LooksAhead ? TVector.Ahead(low, high, odds) : TVector.Odd(low, high);
    }

    /// <summary>Winners that were compared as numbers, as they are returned: not -0, but +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FinishNumbers(TVector winner) => TVector.AddNumbers(winner, TVector.Create(TLane.Zero));

    /// <summary>A cell against the best so far, as numbers where they are; of NaNs the answer is not right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MeetNumbers(TVector cell, TVector cellOffset, TVector most, ref TVector winner, ref TVector offset)
    {
        if (!IsNumber)
        {
            Meet(cell, cellOffset, most, ref winner, ref offset);
            return;
        }
        offset = TRank.SmallestWins ? TVector.IfGreater(winner, cell, cellOffset, offset) : TVector.IfGreater(cell, winner, cellOffset, offset);
        winner = TRank.SmallestWins ? TVector.MinNative(cell, winner) : TVector.MaxNative(cell, winner);
    }

    /// <summary>Rows of the input that windows see.</summary>
    private struct Laid
    {
        /// <summary>Cells from one to the next.</summary>
        public long Step;

        /// <summary>The first row that is no padding.</summary>
        public long First;

        /// <summary>Behind the last.</summary>
        public long End;

        /// <summary>The first window's first tap.</summary>
        public long Start;

        /// <summary>How many windows.</summary>
        public long Columns;

        /// <summary>How far behind each window's first tap its first inside the input stands.</summary>
        public TLane* Firsts;

        /// <summary>Room for rows with their padding.</summary>
        public TLane* Cells;

        /// <summary>Room for rows taken apart into phases.</summary>
        public TLane* Parted;

        /// <summary>Where the phases stand, see <see cref="Number"/>.</summary>
        public TLane* Choices;

        /// <summary>From a window's first tap to each.</summary>
        public long* Taps;

        /// <summary>Where the even lanes of two registers stand, then where the odd ones do.</summary>
        public TLane* Evens;
    }

    /// <summary>Registers of windows that are alike in one row after the other, or side by side in one.</summary>
    private struct Line
    {
        /// <summary>The first tap of the first window.</summary>
        public TLane* Row;

        /// <summary>From there to that of the next register.</summary>
        public long Next;

        /// <summary>How far behind each window's first tap its first inside the input stands.</summary>
        public TLane* Firsts;

        public long NextFirsts;

        /// <summary>Where the winners go, and a register behind them their columns.</summary>
        public TLane* Winners;

        public long NextWinners;

        /// <summary>How many registers.</summary>
        public long Count;
    }

    /// <summary>Rows of windows, as the winners of the input rows that they see.</summary>
    private struct Ranked
    {
        /// <summary>Of the first row of windows, top to bottom: a register of winners, and behind it their columns.</summary>
        public TLane** Rows;

        /// <summary>From the first of them to each.</summary>
        public TLane* Offsets;

        public int Count;

        /// <summary>Lanes from the winners of one register of columns to those of the next.</summary>
        public long Strip;

        /// <summary>How many rows of windows.</summary>
        public long Run;

        /// <summary>Lanes from the winners of one to those of the next.</summary>
        public long Down;

        /// <summary>The place of the first window's first tap in the first row.</summary>
        public long Start;

        /// <summary>From there to that of the next row of windows.</summary>
        public long StartDown;

        /// <summary>From there to that of the next window.</summary>
        public long Stride;

        /// <summary>From there to those of a register.</summary>
        public TLane* Across;

        /// <summary>The first window wanted.</summary>
        public long First;

        /// <summary>Behind the last.</summary>
        public long End;

        public long OutputRow;

        public T* Values;

        public long* Indices;
    }

    /// <summary>Rows of outputs whose windows are pairs of columns.</summary>
    private struct Block
    {
        /// <summary>The rows of the first windows, cells of the input.</summary>
        public TLane** Taps;

        /// <summary>From the first of them to each.</summary>
        public TLane* Offsets;

        /// <summary>From the taps of one row to those of the next.</summary>
        public long Down;

        public long Rows;

        public long Columns;

        /// <summary>The place of the first tap.</summary>
        public long Start;

        /// <summary>From there to that of the next row.</summary>
        public long StartDown;

        /// <summary>Rows of a plane, in whose next one places begin anew.</summary>
        public long PlaneRows;

        /// <summary>Those left of the first.</summary>
        public long Left;

        /// <summary>Where the even lanes of two registers stand, then where the odd ones do.</summary>
        public TLane* Evens;

        public T* Values;

        public long* Indices;

        /// <summary>Room to gather outputs that are written around the caches.</summary>
        public byte* Aside;
    }
}
