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
    // Rows and their winners, most of a first-level cache of 32 KB where windows are small; and the fewest outputs of a row.
    private const long BandBytes = 24 * 1024, FewestOutputs = 256;

    // The same where nothing is laid out but after a NaN.
    private const long PairBytes = 512 * 1024;

    // Of columns, one below the other, that are compared as they are read.
    private const int MostPairs = 4;

    private readonly Pass<T, TLane, TRank> _pass;
    private readonly long* _indices;
    private readonly long _rowStep;
    private readonly long _outputRows;
    private readonly long _outputColumns;
    private readonly long _rows;
    private readonly long _line;
    private readonly long _pitch;
    private readonly long _laid;
    private readonly long _phase;
    private readonly long _phases;
    private readonly long _down;
    private readonly long _across;
    private readonly bool _pairs;
    private readonly bool _streams;

    /// <param name="pass">The call.</param>
    /// <param name="indices">Where the places go.</param>
    public Positions(Pass<T, TLane, TRank> pass, long* indices)
    {
        _pass = pass;
        _indices = indices;
        (_, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        int lanes = TVector.Count;
        _rowStep = TileShape.Step(height);
        long slices = Math.Min(depth.Kernel, depth.InputLength), tall = TileShape.Span(height, _rowStep, 1), step = height.Stride / _rowStep;
        // Twice the window in height keeps what neighbouring bands share below half of the work.
        long least = slices * Math.Min(2 * tall + step, TileShape.Span(height, _rowStep, height.OutputLength));
        _outputColumns = Math.Min(width.OutputLength, Math.Max(FewestOutputs, BandBytes / ((2 + width.Stride) * sizeof(TLane) * least) / lanes * lanes));
        // Whole registers, each on its boundary.
        _line = (_outputColumns + lanes - 1) / lanes * lanes;
        _laid = _pitch = (width.Stride * _line + width.EffectiveKernel + 3 * lanes - 1) / lanes * lanes;
        if (width.Stride > 2)
        {
            // Each tap is of one phase of the stride, and those come again.
            _phase = (_line + (width.EffectiveKernel - 1) / width.Stride) / lanes * lanes + lanes;
            _phases = Math.Min(width.Kernel, width.Stride / TileShape.Step(width));
            _laid = width.Stride * _phase + 3 * lanes;
            _pitch = _phases * _phase;
        }
        _across = (width.OutputLength - 1) / _outputColumns + 1;
        _pairs = IsInside(height) && IsInside(width) && width is { Kernel: 2, Stride: 2, Dilation: 1 } && depth.Kernel * height.Kernel <= MostPairs && _across == 1;
        long bytes = _pairs ? PairBytes : BandBytes;
        _outputRows = Math.Clamp((Math.Max(bytes / ((2 * _line + _pitch) * sizeof(TLane)), least) / slices - tall) / step + 1, 1, height.OutputLength);
        _rows = TileShape.Span(height, _rowStep, _outputRows);
        _down = (height.OutputLength - 1) / _outputRows + 1;
        _streams = _pairs && Streaming.IsWorth(UnitBytes * Units);

        static bool IsInside(in Axis axis) => axis.PaddingBefore == 0 && axis.InteriorEnd() == axis.OutputLength;
    }

    /// <summary>Whether cells are compared as the numbers they are, and watched for NaNs.</summary>
    public static bool IsNumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) || typeof(T) == typeof(double);
    }

    public long Units => _pass.Geometry.Outer * _pass.Geometry.Depth.OutputLength * _down * _across;

    public long UnitBytes => (_pass.Bytes + _pass.OutputRows * _pass.OutputRow * sizeof(long)) / Units;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, TRank> pass = _pass;
        (_, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        int lanes = TVector.Count;
        long slices = Math.Min(depth.Kernel, depth.InputLength), line = _line;
        long aside = _phases > 0 ? _laid + _phases * width.Stride * lanes : 0, gathered = _streams ? LineStream<T>.AsideBytes + LineStream<long>.AsideBytes : 0;
        byte* scratch = (byte*)Scratch.Rent((slices * _rows * (_pitch + 2 * line) + line + lanes + aside) * sizeof(TLane) + (lanes + width.Kernel) * sizeof(long) + gathered);
        TLane* cells = (TLane*)(scratch + gathered);
        TLane* winners = cells + slices * _rows * _pitch, firsts = winners + slices * _rows * 2 * line, fewValues = firsts + line, spare = fewValues + lanes, choices = spare + _laid;
        long* fewIndices = (long*)(fewValues + lanes + aside), taps = fewIndices + lanes;
        for (long k = 0; k < width.Kernel; k++)
            taps[k] = _phases > 0 ? k % (width.Stride / TileShape.Step(width)) * _phase + k * width.Dilation / width.Stride : k * width.Dilation;
        if (_phases > 0) Number(choices);
        TLane** rows = stackalloc TLane*[Planner.MostRanked];
        TLane* offsets = stackalloc TLane[Planner.MostRanked], evens = stackalloc TLane[2 * lanes];
        int* steps = stackalloc int[lanes];
        for (int i = 0; i < lanes; i++) steps[i] = (int)(i * width.Stride);
        Pass<T, TLane, TRank>.Number(evens, lanes, first: 0, step: 2);
        Pass<T, TLane, TRank>.Number(evens + lanes, lanes, first: 1, step: 2);
        T* mine = pass.Output + end / _down * height.OutputLength * width.OutputLength + end % _down * _outputRows * width.OutputLength;
        (long interior, long interiorEnd) = height.Interior();
        long prepared = -1;

        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, _across);
            (long plane, long down) = Math.DivRem(rest, _down);
            (long o, long od) = Math.DivRem(plane, depth.OutputLength);
            long oh = down * _outputRows, ow = across * _outputColumns, columns = Math.Min(_outputColumns, width.OutputLength - ow);
            long endRow = Math.Min(oh + _outputRows, height.OutputLength);
            TapRange d = depth.Taps(od);
            T* source = pass.Input + o * pass.Geometry.InputPlane;
            if (_pairs && d.Count > 0)
            {
                oh = Pairs(source, d, plane, oh, endRow, mine, rows, offsets, evens, steps, scratch);
                if (oh == endRow) continue;
            }
            if (prepared != ow) Prepare(ow, columns, firsts);
            prepared = ow;
            long top = height.Start(oh), bottom = TileShape.Span(height, _rowStep, endRow - oh);
            long low = top < 0 ? (-top + _rowStep - 1) / _rowStep : 0, high = Math.Min(bottom, (height.InputLength - top + _rowStep - 1) / _rowStep);
            for (long i = 0; i < d.Count && low < high; i++)
            {
                TLane* laid = cells + (i * _rows + low) * _pitch, won = winners + (i * _rows + low) * 2 * line;
                T* from = source + ((d.First + i * d.Step) * height.InputLength + top + low * _rowStep) * width.InputLength;
                if (_phases == 0) Lay(from, width.Start(ow), laid, high - low);
                for (long row = 0; row < high - low && _phases > 0; row++)
                {
                    Lay(from + row * _rowStep * width.InputLength, width.Start(ow), spare, 1);
                    Part(spare, choices, laid + row * _pitch);
                }
                Columns(laid, firsts, taps, won, high - low, columns);
            }
            for (long run = 1; oh < endRow; oh += run)
            {
                TapRange h = height.Taps(oh);
                int count = 0;
                for (long i = 0; i < d.Count; i++)
                for (long j = 0; j < h.Count; j++)
                {
                    rows[count] = winners + (i * _rows + (h.First + j * h.Step - top) / _rowStep) * 2 * line;
                    offsets[count++] = TLane.CreateTruncating((i * d.Step * height.InputLength + j * h.Step) * width.InputLength);
                }
                long output = (plane * height.OutputLength + oh) * width.OutputLength + ow;
                run = 1;
                if (count == 0)
                {
                    for (long x = 0; x < columns; x++) pass.Fold.Finish(TRank.Identity, 0, pass.Output + output + x);
                    new Span<long>(_indices + output, (int)columns).Fill(-1);
                    continue;
                }
                // Each register but a thread's last may run on into the next row, which is written after.
                long room = _across > 1 || pass.Output + output + line > mine ? 0 : (mine - pass.Output - output - line) / columns + 1;
                if (room > 1 && oh >= interior) run = Math.Max(1, Math.Min(room, Math.Min(endRow, interiorEnd) - oh));
                long whole = room > 0 ? columns : columns / lanes * lanes;
                Ranked ranked = new()
                {
                    Rows = rows, Offsets = offsets, Count = count, Line = line, Run = run, Down = height.Stride / _rowStep * 2 * line, Steps = steps,
                    Start = (d.First * height.InputLength + h.First) * width.InputLength + width.Start(ow), StartDown = height.Stride * width.InputLength, Stride = width.Stride,
                    OutputRow = width.OutputLength, Values = pass.Output + output, Indices = _indices + output, End = whole,
                };
                if (whole > 0) Choose(ranked);
                if (whole == columns) continue;
                Choose(ranked with { First = whole, End = columns, Values = (T*)fewValues - whole, Indices = fewIndices - whole });
                for (long x = whole; x < columns; x++) (pass.Output[output + x], _indices[output + x]) = (((T*)fewValues)[x - whole], fewIndices[x - whole]);
            }
        }
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
    private void Lay(T* cells, long start, TLane* row, long rows)
    {
        TRank fold = default;
        int lanes = TVector.Count;
        long pitch = _laid, wanted = pitch - 2 * lanes, before = Math.Max(0, -start), inside = Math.Min(_pass.InputRow - start, wanted), taken = inside - before, step = _rowStep * _pass.InputRow;
        T* end = _pass.InputEnd;
        TVector none = TVector.Create(TRank.Identity);
        for (T* from = cells + start + before; rows > 0; rows--, from += step, row += pitch)
        {
            TLane* to = row + before;
            // Reading on into the next row is harmless, reading on behind the last one is not.
            long safe = from + taken + lanes <= end ? taken : taken - lanes + 1, i = 0;
            for (TLane* pad = row; pad < to; pad += lanes) none.Store(pad);
            for (; i < safe; i += lanes) fold.Lift<TVector>(from + i).Store(to + i);
            for (; i < taken; i++) to[i] = fold.Lift(from + i);
            for (i = inside; i < wanted; i += lanes) none.Store(row + i);
        }
    }

    /// <summary>Where each phase stands in as many registers as the stride is long, one register of them after the other joined to those before.</summary>
    private void Number(TLane* choices)
    {
        Axis width = _pass.Geometry.Width;
        int lanes = TVector.Count;
        for (long phase = 0; phase < _phases; phase++)
        for (long register = 1; register < width.Stride; register++)
        for (int lane = 0; lane < lanes; lane++)
        {
            (long at, long place) = Math.DivRem(lane * width.Stride + phase * width.Dilation % width.Stride, lanes);
            *choices++ = TLane.CreateTruncating(at == register ? lanes + place : at == 0 && register == 1 ? place : lane);
        }
    }

    /// <summary>Takes a row apart into the phases that are tapped.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Part(TLane* row, TLane* choices, TLane* phases)
    {
        long stride = _pass.Geometry.Width.Stride, dilation = _pass.Geometry.Width.Dilation, count = _phase, most = _phases;
        int lanes = TVector.Count;
        for (long phase = 0; phase < most; phase++, choices += (stride - 1) * lanes, phases += count)
        {
            TLane* from = row;
            for (long i = 0; TVector.LooksAhead && i < count; i += lanes, from += stride * lanes)
            {
                TVector some = TVector.Load(from);
                TLane* choice = choices, next = from + lanes;
                for (long k = 1; k < stride; k++, choice += lanes, next += lanes) some = TVector.Ahead(some, TVector.Load(next), TVector.Load(choice));
                some.Store(phases + i);
            }
            from += phase * dilation % stride;
            for (long i = 0; !TVector.LooksAhead && i < count; i++, from += stride) phases[i] = *from;
        }
    }

    /// <summary>The winner of each window's taps in one row, and how far behind the first it stands; for several rows.</summary>
    private void Columns(TLane* row, TLane* firsts, long* taps, TLane* winners, long rows, long count)
    {
        ref readonly Axis width = ref _pass.Geometry.Width;
        if (width.Stride == 2 && width is { Kernel: 3, Dilation: 1 }) ThreeColumns<Two>(row, _pitch, firsts, 1, winners, _line, rows, count);
        else if (width.Stride == 2) Columns<Two>(row, _pitch, firsts, taps, width.Kernel, width.Dilation, winners, _line, rows, count);
        else if (width.Stride == 1 && width.Kernel == 3) ThreeColumns<One>(row, _pitch, firsts, width.Dilation, winners, _line, rows, count);
        else Columns<One>(row, _pitch, firsts, taps, width.Kernel, width.Dilation, winners, _line, rows, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TStride>(TLane* row, long pitch, TLane* firsts, long* taps, long kernel, long dilation, TLane* winners, long line, long rows, long count)
        where TStride : struct, ICount
    {
        TVector most = TVector.Create(TRank.MostNumber), next = TVector.Create(TLane.CreateTruncating(dilation));
        int lanes = TVector.Count;
        for (; rows > 0; rows--, row += pitch, winners += 2 * line)
        {
            long i = 0;
            // Two registers side by side: of one the next tap would wait for the one before.
            for (; i + lanes < count; i += 2 * lanes)
            {
                TLane* at = row + TStride.Value * i;
                TVector winner = Tap<TStride>(at), column = TVector.Load(firsts + i), tap = next;
                TVector other = Tap<TStride>(at + TStride.Value * lanes), otherColumn = TVector.Load(firsts + i + lanes);
                for (long k = 1; k < kernel; k++, tap += next)
                {
                    TLane* cell = at + taps[k];
                    Meet(Tap<TStride>(cell), tap, most, ref winner, ref column);
                    Meet(Tap<TStride>(cell + TStride.Value * lanes), tap, most, ref other, ref otherColumn);
                }
                winner.Store(winners + i);
                other.Store(winners + i + lanes);
                column.Store(winners + line + i);
                otherColumn.Store(winners + line + i + lanes);
            }
            if (i >= count) continue;
            TLane* last = row + TStride.Value * i;
            TVector lastWinner = Tap<TStride>(last), lastColumn = TVector.Load(firsts + i), lastTap = next;
            for (long k = 1; k < kernel; k++, lastTap += next) Meet(Tap<TStride>(last + taps[k]), lastTap, most, ref lastWinner, ref lastColumn);
            lastWinner.Store(winners + i);
            lastColumn.Store(winners + line + i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ThreeColumns<TStride>(TLane* row, long pitch, TLane* firsts, long dilation, TLane* winners, long line, long rows, long count)
        where TStride : struct, ICount
    {
        TVector most = TVector.Create(TRank.MostNumber), second = TVector.Create(TLane.CreateTruncating(dilation)), third = second + second;
        for (; rows > 0; rows--, row += pitch, winners += 2 * line)
        for (long i = 0; i < count; i += TVector.Count)
        {
            TLane* at = row + TStride.Value * i;
            TVector low = TVector.Load(at), high = TVector.Load(at + (TStride.Value == 1 ? dilation : TVector.Count)), column = TVector.Load(firsts + i);
            TVector winner = TStride.Value == 1 ? low : TVector.Even(low, high);
            Meet(TStride.Value == 1 ? high : TVector.Odd(low, high), second, most, ref winner, ref column);
            Meet(Tap<TStride>(at + 2 * dilation), third, most, ref winner, ref column);
            winner.Store(winners + i);
            column.Store(winners + line + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tap<TStride>(TLane* at)
        where TStride : struct, ICount => TStride.Value == 1 ? TVector.Load(at) : TVector.Even(TVector.Load(at), TVector.Load(at + TVector.Count));

    private static void Choose(in Ranked ranked)
    {
        if (ranked.Count == 1) Rows<One>(ranked);
        else if (ranked.Count == 2) Rows<Two>(ranked);
        else if (ranked.Count == 3) Rows<Three>(ranked);
        else Rows<Four>(ranked);
    }

    /// <summary>The winners of the rows of a window, in order, into the outputs; a last register runs on behind them.</summary>
    /// <typeparam name="TRows">How many rows; <see cref="Four"/> is that many or more.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TRows>(in Ranked ranked)
        where TRows : struct, ICount
    {
        TRank fold = default;
        long first = ranked.First, end = ranked.End, line = ranked.Line, stride = ranked.Stride, down = ranked.Down, rowStart = ranked.Start + first * stride;
        int count = ranked.Count;
        int* steps = ranked.Steps;
        TLane** rows = ranked.Rows;
        TLane* offsets = ranked.Offsets, a = rows[0], b = TRows.Value > 1 ? rows[1] : a, c = TRows.Value > 2 ? rows[2] : a;
        T* values = ranked.Values;
        long* indices = ranked.Indices;
        TVector most = TVector.Create(TRank.MostNumber), second = TVector.Create(offsets[TRows.Value > 1 ? 1 : 0]), third = TVector.Create(offsets[TRows.Value > 2 ? 2 : 0]);
        for (long run = ranked.Run; run > 0; run--, a += down, b += down, c += down, rowStart += ranked.StartDown, values += ranked.OutputRow, indices += ranked.OutputRow)
        {
            long start = rowStart;
            for (long i = first; i < end; i += TVector.Count, start += stride * TVector.Count)
            {
                TVector winner = TVector.Load(a + i), offset = TVector.Load(a + line + i);
                if (TRows.Value > 1) Meet(TVector.Load(b + i), TVector.Load(b + line + i) + second, most, ref winner, ref offset);
                if (TRows.Value > 2) Meet(TVector.Load(c + i), TVector.Load(c + line + i) + third, most, ref winner, ref offset);
                for (int k = 3; TRows.Value > 3 && k < count; k++)
                {
                    TLane* more = a + (rows[k] - rows[0]) + i;
                    Meet(TVector.Load(more), TVector.Load(more + line) + TVector.Create(offsets[k]), most, ref winner, ref offset);
                }
                fold.Finish(winner, default(TVector), values + i);
                offset.StorePlaces(indices + i, steps, start);
            }
        }
    }

    /// <summary>A cell against the best so far: a NaN is above any number, the best NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Meet(TVector cell, TVector cellOffset, TVector most, ref TVector winner, ref TVector offset)
    {
        TVector wins = TVector.Greater(cell, TRank.HasNaNs ? TVector.Min(winner, most) : winner);
        winner = TRank.HasNaNs ? TVector.Blend(wins, cell, winner) : TVector.Max(cell, winner);
        offset = TVector.Blend(wins, cellOffset, offset);
    }

    /// <summary>Windows two wide and two apart, side by side in whole rows: as they are read, into the outputs.</summary>
    /// <returns>The first row that is left: those whose last registers would run on too far, or all of them after a NaN.</returns>
    private long Pairs(T* source, TapRange d, long plane, long oh, long endRow, T* mine, TLane** taps, TLane* offsets, TLane* evens, int* steps, byte* aside)
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
            Taps = taps, Offsets = offsets, Down = below, Rows = done, Columns = width.OutputLength, Start = (d.First * height.InputLength + height.Start(oh)) * width.InputLength,
            Evens = evens, Steps = steps, Values = pass.Output + row, Indices = _indices + row, Aside = aside,
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
        long count = block.Columns, down = block.Down, start = block.Start;
        T* a = (T*)block.Taps[0], b = TRows.Value > 1 ? (T*)block.Taps[1] : a, c = TRows.Value > 2 ? (T*)block.Taps[2] : a, d = TRows.Value > 3 ? (T*)block.Taps[3] : a;
        TVector evens = TVector.Load(block.Evens), odds = TVector.Load(block.Evens + lanes), one = TVector.Create(TLane.One), most = TVector.Create(TRank.MostNumber);
        TVector second = TVector.Create(block.Offsets[TRows.Value > 1 ? 1 : 0]), third = TVector.Create(block.Offsets[TRows.Value > 2 ? 2 : 0]);
        TVector fourth = TVector.Create(block.Offsets[TRows.Value > 3 ? 3 : 0]), seen = TVector.Create(default), across = TVector.Create(TLane.CreateTruncating(2 * lanes));
        int* steps = block.Steps;
        T* values = block.Values;
        long* indices = block.Indices;
        LineStream<T> valueStream = TStreams.Value > 0 ? new(block.Aside, values) : default;
        LineStream<long> indexStream = TStreams.Value > 0 ? new(block.Aside + LineStream<T>.AsideBytes, indices) : default;
        for (long rows = block.Rows; rows > 0; rows--, a += down, b += down, c += down, d += down, start += down)
        {
            TVector place = evens + TVector.Create(TLane.CreateTruncating(start));
            for (long x = 0, first = 0; x < count; first = x)
            {
                long end = TStreams.Value > 0 ? Math.Min(count, x + LineStream<long>.PieceCells) : count;
                if (TStreams.Value > 0)
                {
                    values = valueStream.Next - x;
                    indices = indexStream.Next - x;
                }
                for (; x < end; x += lanes, place += across)
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
                    // Places of a whole plane are too many for the shortest lanes.
                    if (sizeof(TLane) == sizeof(short)) offset.StorePlaces(indices + x, steps, start + 2 * x);
                    else (offset + place).StoreLong(indices + x);
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
        if (TRank.IsSplit)
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

    /// <summary>Winners that were compared as numbers, as they are returned: not -0, whose bits are the least integer, but +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FinishNumbers(TVector winner) => TVector.Select(TVector.Greater(winner, TVector.Create(TLane.MinValue)), winner, TVector.Create(TLane.Zero));

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

    /// <summary>Rows of windows, as the winners of the input rows that they see.</summary>
    private struct Ranked
    {
        /// <summary>Of the first row of windows, top to bottom: winners, and a line behind them the columns.</summary>
        public TLane** Rows;

        /// <summary>From the first of them to each.</summary>
        public TLane* Offsets;

        public int Count;

        public long Line;

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
        public int* Steps;

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

        /// <summary>Where the even lanes of two registers stand, then where the odd ones do.</summary>
        public TLane* Evens;

        /// <summary>From the first window's first tap to those of the others of a register.</summary>
        public int* Steps;

        public T* Values;

        public long* Indices;

        /// <summary>Room to gather outputs that are written around the caches.</summary>
        public byte* Aside;
    }
}
