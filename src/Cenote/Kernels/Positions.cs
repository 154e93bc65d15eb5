using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Maxima or minima with their places: a tile is laid out, its columns and then its rows are compared in order, and the offset of the winner goes along.</summary>
/// <remarks>
/// Few taps, none of them in the padding, are compared straight from the input, one by one.
/// The first of equals wins, the last of several NaNs. A window that holds nothing above the identity may hold nothing at all, so that its
/// whole row is done cell by cell.
/// </remarks>
internal readonly unsafe struct Positions<T, TLane, TOrder, TVector> : IKernel
    where T : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TOrder : struct, IOrder
    where TVector : struct, ILanes<TVector, TLane>
{
    // Up to here a cell is sooner made a lane again for every tap than stored as one.
    private const int FewTaps = 4, FewPairs = 9;

    // Of columns, one below the other, that are compared as they are read.
    private const int MostPairs = 4;

    private readonly Pass<T, TLane, Extreme<T, TLane, TOrder>> _pass;
    private readonly TileShape _shape;
    private readonly long* _indices;
    private readonly TLane _infinity;
    private readonly bool _straight;
    private readonly bool _pairs;

    /// <param name="pass">The call.</param>
    /// <param name="indices">Where the places go.</param>
    /// <param name="infinity">What every number stays at or under, and every NaN is above.</param>
    public Positions(Pass<T, TLane, Extreme<T, TLane, TOrder>> pass, long* indices, TLane infinity)
    {
        (_pass, _infinity) = (pass, infinity);
        _indices = indices;
        _shape = TileShape.For(pass.Geometry, sizeof(TLane), ordered: true);
        (_, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        _straight = IsInside(height) && IsInside(width) && width.Stride <= 2 && depth.Kernel * height.Kernel * width.Kernel <= (width.Stride == 2 ? FewPairs : FewTaps);
        _pairs = _straight && width is { Kernel: 2, Stride: 2, Dilation: 1 } && IsNumber && depth.Kernel * height.Kernel <= MostPairs && _shape.Across == 1;

        static bool IsInside(in Axis axis) => axis.PaddingBefore == 0 && axis.InteriorEnd() == axis.OutputLength;
    }

    private static bool IsNumber => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    public long Units => _pass.Geometry.Outer * _pass.Geometry.Depth.OutputLength * _shape.Down * _shape.Across;

    public long UnitBytes => (_pass.Bytes + _pass.OutputRows * _pass.OutputRow * sizeof(long)) / Units;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, Extreme<T, TLane, TOrder>> pass = _pass;
        TileShape shape = _shape;
        (long outer, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        long slices = Math.Min(depth.Kernel, depth.InputLength);
        long rowStride = height.Stride / shape.RowStep, rowDilation = Math.Max(1, height.Dilation / shape.RowStep);
        long columnStride = width.Stride / shape.ColumnStep, columnDilation = Math.Max(1, width.Dilation / shape.ColumnStep);
        long wide = columnDilation * (width.Kernel - 1) + 1;
        long size = slices * shape.Rows * shape.Columns + wide + 8 * TVector.Count;
        long line = shape.Columns * shape.ColumnStep + columnStride * TVector.Count + 2 * TVector.Count;
        // Whole registers, each on its boundary. Winners along the rows, for every row of the tile.
        size = (size + TVector.Count - 1) / TVector.Count * TVector.Count;
        line = (line + TVector.Count - 1) / TVector.Count * TVector.Count;
        long rowWinners = _straight ? 0 : slices * shape.Rows * line;
        TLane* tile = (TLane*)Scratch.Rent((size + 3 * line + 2 * rowWinners) * sizeof(TLane));
        TLane* best = tile + size, places = best + line, spare = places + line, winners = spare + line, columns = winners + rowWinners;
        long* taps = stackalloc long[Planner.MostCompared];
        TLane* offsets = stackalloc TLane[Planner.MostCompared];
        T** planes = stackalloc T*[1];
        TLane* ramp = stackalloc TLane[3 * TVector.Count], evens = ramp + TVector.Count;
        // Every window where the stride is none that a register can take, else those wanted alone.
        long taken = _straight ? width.Stride : columnStride <= 2 ? columnStride : 1, step = _straight ? taken : taken * shape.ColumnStep;
        for (int i = 0; i < TVector.Count; i++) ramp[i] = TLane.CreateTruncating(i * step);
        Pass<T, TLane, Extreme<T, TLane, TOrder>>.Number(evens, TVector.Count, first: 0, step: 2);
        Pass<T, TLane, Extreme<T, TLane, TOrder>>.Number(evens + TVector.Count, TVector.Count, first: 1, step: 2);
        T* mine = pass.Output + end / shape.Down * height.OutputLength * width.OutputLength + end % shape.Down * shape.OutputRows * width.OutputLength;

        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, shape.Across);
            (long plane, long down) = Math.DivRem(rest, shape.Down);
            (long o, long od) = Math.DivRem(plane, depth.OutputLength);
            long oh = down * shape.OutputRows, ow = across * shape.OutputColumns;
            long outputRows = Math.Min(shape.OutputRows, height.OutputLength - oh), outputColumns = Math.Min(shape.OutputColumns, width.OutputLength - ow);
            long pitch = (outputColumns - 1) * columnStride + wide, inputRows = (outputRows - 1) * rowStride + rowDilation * (height.Kernel - 1) + 1;
            TapRange d = depth.Taps(od);
            T* source = pass.Input + o * pass.Geometry.InputPlane;
            int tapCount = 0;
            for (long slice = 0; slice < d.Count; slice++)
            {
                planes[0] = source + (d.First + slice * d.Step) * height.InputLength * width.InputLength;
                if (!_straight) Tile<T, TLane, Extreme<T, TLane, TOrder>, TVector>.LayRows(
                    pass, shape, planes, 1, height.Start(oh), inputRows, width.Start(ow), pitch, tile + slice * inputRows * pitch, spare);
                for (long j = 0; j < height.Kernel; j++)
                for (long k = 0; k < (_straight ? width.Kernel : 1); k++)
                {
                    long offset = (slice * d.Step * height.InputLength + j * height.Dilation) * width.InputLength + k * width.Dilation;
                    taps[tapCount] = _straight ? offset : (slice * inputRows + j * rowDilation) * line;
                    offsets[tapCount++] = TLane.CreateTruncating(offset);
                }
            }
            long compared = taken == columnStride ? outputColumns : (outputColumns - 1) * columnStride + 1;
            for (long y = 0; !_straight && y < d.Count * inputRows; y++)
            {
                if (taken == 2) ColumnPairs(tile + y * pitch, width.Kernel, columnDilation, width.Dilation, compared, _infinity, winners + y * line, columns + y * line);
                else Columns(tile + y * pitch, width.Kernel, columnDilation, width.Dilation, compared, _infinity, winners + y * line, columns + y * line);
            }
            long done = 0;
            if (_pairs && tapCount > 0)
            {
                // As many rows as a register may run on behind, in the input and in the outputs of this range.
                long row = ((o * depth.OutputLength + od) * height.OutputLength + oh) * width.OutputLength;
                long start = (d.First * height.InputLength + height.Start(oh)) * width.InputLength, whole = (outputColumns + TVector.Count - 1) / TVector.Count * TVector.Count;
                long below = height.Stride * width.InputLength;
                T* last = source + start + taps[tapCount - 2];
                for (done = outputRows; done > 0; done--)
                    if (last + (done - 1) * below + 2 * whole <= pass.InputEnd && pass.Output + row + (done - 1) * width.OutputLength + whole <= mine) break;
                Block block = new()
                {
                    Cells = source + start, Taps = taps, Down = below, Rows = done, Columns = outputColumns, Start = TLane.CreateTruncating(start), Ramp = ramp,
                    Places = evens, Values = pass.Output + row, Indices = _indices + row,
                };
                bool stands = tapCount switch { 2 => Pairs<One>(block), 4 => Pairs<Two>(block), 6 => Pairs<Three>(block), _ => Pairs<Four>(block) };
                if (!stands) done = 0;
            }
            for (long y = done; y < outputRows; y++)
            {
                long row = ((o * depth.OutputLength + od) * height.OutputLength + oh + y) * width.OutputLength + ow;
                long start = (d.First * height.InputLength + height.Start(oh + y)) * width.InputLength + width.Start(ow);
                T* here = source + start;
                bool fits = _straight && here + taps[Math.Max(0, tapCount - 1)] + taken * (outputColumns + 2 * TVector.Count) <= pass.InputEnd;
                if (fits && tapCount > 0)
                {
                    Compare(here, taps, offsets, tapCount, taken, outputColumns, TLane.CreateTruncating(start), step, ramp, _infinity, best, places);
                }
                else if (!_straight && tapCount > 0)
                {
                    long from = y * rowStride * line;
                    // Each register but a thread's last may run on into the next row, which is written after.
                    if (taken == columnStride && shape.Across == 1 && pass.Output + row + (outputColumns + TVector.Count - 1) / TVector.Count * TVector.Count <= mine)
                    {
                        if (!Rows(winners + from, columns + from, taps, offsets, tapCount, compared, TLane.CreateTruncating(start), step, ramp, _infinity, pass.Output + row, _indices + row))
                            Cells(source, od, oh + y, ow, outputColumns, row);
                        continue;
                    }
                    Rows(winners + from, columns + from, taps, offsets, tapCount, compared, TLane.CreateTruncating(start), step, ramp, _infinity, best, places);
                    if (taken != columnStride)
                        for (long i = 1; i < outputColumns; i++) (best[i], places[i]) = (best[i * columnStride], places[i * columnStride]);
                }
                if (tapCount == 0 || (!fits && (_straight || new ReadOnlySpan<TLane>(best, (int)outputColumns).Contains(TLane.MinValue))))
                    Cells(source, od, oh + y, ow, outputColumns, row);
                else
                {
                    pass.FinishRow(best, pass.Output + row, outputColumns, default(TVector), best);
                    TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TLane>(places, (int)outputColumns), new Span<long>(_indices + row, (int)outputColumns));
                }
            }
        }
    }

    /// <summary>Windows two wide and two apart over numbers, side by side in whole rows: as they are read, into the outputs.</summary>
    /// <returns>Whether no NaN was met.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pairs<TRows>(in Block block)
        where TRows : struct, ICount
    {
        int lanes = TVector.Count;
        long count = block.Columns, down = block.Down;
        T* a = block.Cells, b = TRows.Value > 1 ? a + block.Taps[2] : a, c = TRows.Value > 2 ? a + block.Taps[4] : a, d = TRows.Value > 3 ? a + block.Taps[6] : a;
        TLane one = TLane.One, start = block.Start, across = TLane.CreateTruncating(2 * lanes), below = TLane.CreateTruncating(down);
        TVector evens = TVector.Load(block.Places), odds = TVector.Load(block.Places + lanes), ramp = TVector.Load(block.Ramp), seen = TVector.Create(default);
        TVector bFirst = TVector.Create(TLane.CreateTruncating(b - a)), cFirst = TVector.Create(TLane.CreateTruncating(c - a)), dFirst = TVector.Create(TLane.CreateTruncating(d - a));
        T* values = block.Values;
        long* indices = block.Indices;
        for (long rows = block.Rows; rows > 0; rows--, a += down, b += down, c += down, d += down, start += below, values += count, indices += count)
        {
            TVector place = ramp + TVector.Create(start);
            for (long x = 0; x < count; x += lanes, place += TVector.Create(across))
            {
                TVector low = TVector.Load((TLane*)(a + 2 * x)), high = TVector.Load((TLane*)(a + 2 * x + lanes)), zero = TVector.Create(TLane.Zero);
                TVector winner = Even(low, high, evens), offset = zero;
                seen |= TVector.Unordered(low, high);
                Meet(Odd(low, high, odds), TVector.Create(one), ref winner, ref offset);
                if (TRows.Value > 1) Pair((TLane*)(b + 2 * x), bFirst, evens, odds, ref winner, ref offset, ref seen);
                if (TRows.Value > 2) Pair((TLane*)(c + 2 * x), cFirst, evens, odds, ref winner, ref offset, ref seen);
                if (TRows.Value > 3) Pair((TLane*)(d + 2 * x), dFirst, evens, odds, ref winner, ref offset, ref seen);
                // The bits of -0 are the least integer; it is +0 that is returned.
                TVector.Select(TVector.Greater(winner, TVector.Create(TLane.MinValue)), winner, zero).Store((TLane*)(values + x));
                (place + offset).StoreLong(indices + x);
            }
        }
        return TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(TLane* cells, TVector first, TVector evens, TVector odds, ref TVector winner, ref TVector offset, ref TVector seen)
    {
        TVector low = TVector.Load(cells), high = TVector.Load(cells + TVector.Count);
        seen |= TVector.Unordered(low, high);
        Meet(Even(low, high, evens), first, ref winner, ref offset);
        Meet(Odd(low, high, odds), first + TVector.Create(TLane.One), ref winner, ref offset);
    }

    /// <summary>A number against the best so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Meet(TVector cell, TVector cellOffset, ref TVector winner, ref TVector offset)
    {
        TVector wins = TOrder.SmallestWins ? TVector.GreaterNumber(winner, cell) : TVector.GreaterNumber(cell, winner);
        winner = TVector.Select(wins, cell, winner);
        offset = TVector.Select(wins, cellOffset, offset);
    }

    // The places are loaded, since the compiler would load constants anew in every round.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Even(TVector low, TVector high, TVector places) => TVector.LooksAhead ? TVector.Ahead(low, high, places) : TVector.Even(low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Odd(TVector low, TVector high, TVector places) => TVector.LooksAhead ? TVector.Ahead(low, high, places) : TVector.Odd(low, high);

    /// <summary>Every tap in order, from the cells of the input.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Compare(
        T* cells, long* taps, TLane* offsets, int tapCount, long stride, long count, TLane start, long step, TLane* ramp, TLane infinity, TLane* best, TLane* places)
    {
        int lanes = TVector.Count;
        TVector most = TVector.Create(infinity), place = TVector.Load(ramp) + TVector.Create(start), move = TVector.Create(TLane.CreateTruncating(step * lanes));
        for (long i = 0; i < count; i += lanes)
        {
            T* at = cells + i * stride;
            // The least there is: only where nothing is above it does the first tap keep its place.
            TVector winner = TVector.Create(TLane.MinValue), offset = TVector.Create(offsets[0]);
            for (int k = 0; k < tapCount; k++)
            {
                TVector low = Tap(at + taps[k]);
                if (stride == 2)
                {
                    TVector high = Tap(at + taps[k] + lanes);
                    Meet(TVector.Even(low, high), TVector.Create(offsets[k]), most, ref winner, ref offset);
                    if (k + 1 == tapCount || taps[k + 1] != taps[k] + 1) continue;
                    low = TVector.Odd(low, high);
                    k++;
                }
                Meet(low, TVector.Create(offsets[k]), most, ref winner, ref offset);
            }
            winner.Store(best + i);
            (offset + place).Store(places + i);
            place += move;
        }
    }

    /// <summary>The winner of each window's taps in one row of the tile, and how far behind the first it stands.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Columns(TLane* row, long kernel, long apart, long dilation, long count, TLane infinity, TLane* winners, TLane* columns)
    {
        TVector most = TVector.Create(infinity), zero = TVector.Create(TLane.Zero), next = TVector.Create(TLane.CreateTruncating(dilation));
        for (long i = 0; i < count; i += TVector.Count)
        {
            TVector winner = TVector.Load(row + i), column = zero, tap = zero;
            for (long k = 1; k < kernel; k++)
            {
                tap += next;
                Meet(TVector.Load(row + i + k * apart), tap, most, ref winner, ref column);
            }
            winner.Store(winners + i);
            column.Store(columns + i);
        }
    }

    /// <summary>The same of windows two apart.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ColumnPairs(TLane* row, long kernel, long apart, long dilation, long count, TLane infinity, TLane* winners, TLane* columns)
    {
        int lanes = TVector.Count;
        TVector most = TVector.Create(infinity), zero = TVector.Create(TLane.Zero), next = TVector.Create(TLane.CreateTruncating(dilation));
        for (long i = 0; i < count; i += lanes)
        {
            TLane* at = row + 2 * i;
            TVector winner = TVector.Even(TVector.Load(at), TVector.Load(at + lanes)), column = zero, tap = zero;
            for (long k = 1; k < kernel; k++)
            {
                at += apart;
                tap += next;
                Meet(TVector.Even(TVector.Load(at), TVector.Load(at + lanes)), tap, most, ref winner, ref column);
            }
            winner.Store(winners + i);
            column.Store(columns + i);
        }
    }

    /// <summary>The winners of the rows of a window, in order.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Rows(
        TLane* winners, TLane* columns, long* taps, TLane* offsets, int tapCount, long count, TLane start, long step, TLane* ramp, TLane infinity, TLane* best, TLane* places)
    {
        TVector most = TVector.Create(infinity), place = TVector.Load(ramp) + TVector.Create(start), move = TVector.Create(TLane.CreateTruncating(step * TVector.Count));
        for (long i = 0; i < count; i += TVector.Count, place += move)
        {
            TVector winner = Row(winners + i, columns + i, taps, offsets, tapCount, most, out TVector offset);
            winner.Store(best + i);
            (offset + place).Store(places + i);
        }
    }

    /// <summary>The same into the outputs; a last register runs on behind them.</summary>
    /// <returns>Whether every window holds something above the identity.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Rows(
        TLane* winners, TLane* columns, long* taps, TLane* offsets, int tapCount, long count, TLane start, long step, TLane* ramp, TLane infinity, T* values, long* indices)
    {
        Extreme<T, TLane, TOrder> fold = default;
        TVector most = TVector.Create(infinity), place = TVector.Load(ramp) + TVector.Create(start), move = TVector.Create(TLane.CreateTruncating(step * TVector.Count)), least = most;
        for (long i = 0; i < count; i += TVector.Count, place += move)
        {
            TVector winner = Row(winners + i, columns + i, taps, offsets, tapCount, most, out TVector offset);
            least = TVector.Min(least, winner);
            fold.Finish(winner, default(TVector), values + i);
            (offset + place).StoreLong(indices + i);
        }
        return TVector.IsZero(TVector.Equal(least, TVector.Create(TLane.MinValue)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Row(TLane* winners, TLane* columns, long* taps, TLane* offsets, int tapCount, TVector most, out TVector offset)
    {
        TVector winner = TVector.Load(winners);
        offset = TVector.Load(columns);
        for (int k = 1; k < tapCount; k++)
            Meet(TVector.Load(winners + taps[k]), TVector.Load(columns + taps[k]) + TVector.Create(offsets[k]), most, ref winner, ref offset);
        return winner;
    }

    /// <summary>A cell against the best so far: a NaN is above any number, the best NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Meet(TVector cell, TVector cellOffset, TVector most, ref TVector winner, ref TVector offset)
    {
        TVector wins = TVector.Greater(cell, TVector.Min(winner, most));
        winner = TVector.Select(wins, cell, winner);
        offset = TVector.Select(wins, cellOffset, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tap(T* at) => default(Extreme<T, TLane, TOrder>).Lift<TVector>(at);

    /// <summary>Some outputs of a row, tap by tap.</summary>
    private void Cells(T* source, long od, long oh, long ow, long count, long row)
    {
        (_, Axis depth, Axis height, Axis width, _) = _pass.Geometry;
        TapRange d = depth.Taps(od), h = height.Taps(oh);
        for (long x = 0; x < count; x++, row++)
        {
            TapRange w = width.Taps(ow + x);
            (TLane best, long place) = (TLane.MinValue, -1);
            for (long i = 0; i < d.Count; i++)
            for (long j = 0; j < h.Count; j++)
            for (long k = 0; k < w.Count; k++)
            {
                long at = ((d.First + i * d.Step) * height.InputLength + h.First + j * h.Step) * width.InputLength + w.First + k * w.Step;
                TLane cell = Extreme<T, TLane, TOrder>.Lift(source[at]);
                if (place < 0 || cell > TLane.Min(best, _infinity)) (best, place) = (cell, at);
            }
            _pass.Fold.Finish(best, 1, _pass.Output + row);
            _indices[row] = place;
        }
    }

    /// <summary>Rows of outputs whose windows are pairs of columns.</summary>
    private struct Block
    {
        /// <summary>The first tap of the first window.</summary>
        public T* Cells;

        /// <summary>From there to all taps.</summary>
        public long* Taps;

        /// <summary>From the taps of one row to those of the next.</summary>
        public long Down;

        public long Rows;

        public long Columns;

        /// <summary>The place of the first tap.</summary>
        public TLane Start;

        /// <summary>The places of the first register's taps from there.</summary>
        public TLane* Ramp;

        /// <summary>Where the even lanes of two registers stand, then where the odd ones do.</summary>
        public TLane* Places;

        public T* Values;

        public long* Indices;
    }
}
