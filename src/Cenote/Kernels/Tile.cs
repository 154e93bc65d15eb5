using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>
/// Any sliding window: a piece of the input is laid out with its padding, so that no window is clipped; then the whole piece is reduced
/// down the columns and along the rows as one flat line.
/// </summary>
/// <remarks>
/// A window longer than a few taps is put together from windows of 4, 16, 64 … taps, additions (or maxima) alone: the cost grows with the
/// logarithm of its length. Where the order of the taps matters they are added one by one.
/// </remarks>
internal readonly unsafe struct Tile<T, TLane, TFold, TVector> : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass;
    private readonly TileShape _shape;
    private readonly bool _ordered;

    public Tile(in Pass<T, TLane, TFold> pass)
    {
        _pass = pass.AsOnePlane();
        _ordered = pass.Fold.IsOrdered;
        _shape = TileShape.For(_pass.Geometry, sizeof(TLane), _ordered);
    }

    public long Units => _pass.Geometry.Outer * _pass.Geometry.Depth.OutputLength * _shape.Down * _shape.Across;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        TileShape shape = _shape;
        (long outer, Axis depth, Axis height, Axis width, long inner) = pass.Geometry;
        long slices = _ordered ? Math.Min(depth.Kernel, depth.InputLength) : 1;
        long rowStride = height.Stride / shape.RowStep, rowDilation = Math.Max(1, height.Dilation / shape.RowStep);
        long columnStride = width.Stride / shape.ColumnStep, columnDilation = Math.Max(1, width.Dilation / shape.ColumnStep);
        long tall = rowDilation * (height.Kernel - 1) + 1, wide = columnDilation * (width.Kernel - 1) + 1;
        long slack = (wide + shape.Columns) * inner + 8 * TVector.Count;
        long size = slices * shape.Rows * shape.Columns * inner + shape.Columns * shape.ColumnStep + slack;
        TLane* tile = (TLane*)Scratch.Rent(
            (2 * size + pass.OutputRow + TVector.Count) * sizeof(TLane) + (Math.Max(TileShape.MostOrdered, pass.MostRows) + 1) * sizeof(long));
        TLane* second = tile + size, widthScales = second + size;
        long* taps = (long*)(((nint)(widthScales + pass.OutputRow + TVector.Count) + 7) & ~7);
        T** planes = (T**)taps;
        pass.FillWidthScales(widthScales, TVector.Count);
        bool isUniform = pass.IsUniform;
        TVector scale = pass.RowScale<TVector>(1);

        bool stands = true;
        long cleared = 0;
        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, shape.Across);
            (long plane, long down) = Math.DivRem(rest, shape.Down);
            (long o, long od) = Math.DivRem(plane, depth.OutputLength);
            long oh = down * shape.OutputRows, ow = across * shape.OutputColumns;
            long outputRows = Math.Min(shape.OutputRows, height.OutputLength - oh), outputColumns = Math.Min(shape.OutputColumns, width.OutputLength - ow);
            long columns = (outputColumns - 1) * columnStride + wide, inputRows = (outputRows - 1) * rowStride + tall;
            long pitch = columns * inner;

            TapRange d = depth.Taps(od);
            T* source = pass.Input + o * depth.InputLength * height.InputLength * pass.InputRow;
            for (long slice = 0; slice < (_ordered ? d.Count : 1); slice++)
            {
                int count = 0;
                for (long i = slice; i < (_ordered ? slice + 1 : d.Count); i++)
                    planes[count++] = source + (d.First + i * d.Step) * height.InputLength * pass.InputRow;
                stands &= LayRows(pass, shape, planes, count, height.Start(oh), inputRows, width.Start(ow) * inner, columns, tile + slice * inputRows * pitch, second);
            }

            long used = slices * inputRows * pitch;
            if (used + slack > cleared)
            {
                cleared = used + slack;
                Pass<T, TLane, TFold>.Clear<TVector>(tile + used, tile + cleared);
                Pass<T, TLane, TFold>.Clear<TVector>(second + outputRows * pitch, second + cleared);
            }

            // Down the columns, or tap by tap where order matters; a window's result stands where its first tap stood.
            int tapCount = 0;
            bool longColumns = !_ordered && height.Kernel > Planner.FewTaps;
            if (_ordered)
            {
                for (long slice = 0; slice < d.Count; slice++)
                for (long j = 0; j < height.Kernel; j++)
                for (long k = 0; k < width.Kernel; k++)
                    taps[tapCount++] = ((slice * inputRows) + j * rowDilation) * pitch + k * columnDilation * inner;
            }
            else if (longColumns)
            {
                tapCount = Windows(ref tile, ref second, ((outputRows - 1) * rowStride + 1) * pitch, rowDilation * pitch, height.Kernel, taps);
            }
            else
            {
                for (long j = 0; j < height.Kernel; j++) taps[tapCount++] = j * rowDilation * pitch;
            }
            if (rowStride == 1)
            {
                Combine(tile, tile, outputRows * pitch, taps, tapCount);
            }
            else
            {
                for (long y = 0; y < outputRows; y++) Combine(tile + y * rowStride * pitch, second + y * pitch, pitch, taps, tapCount);
                TLane* free = tile;
                tile = second;
                second = free;
            }

            // Along the rows.
            if (!_ordered && width.Kernel > 1)
            {
                tapCount = 0;
                if (width.Kernel > Planner.FewTaps)
                    tapCount = Windows(ref tile, ref second, outputRows * pitch, columnDilation * inner, width.Kernel, taps);
                else
                    for (long k = 0; k < width.Kernel; k++) taps[tapCount++] = k * columnDilation * inner;
                Combine(tile, tile, outputRows * pitch, taps, tapCount);
            }

            T* output = pass.Output + ((o * depth.OutputLength + od) * height.OutputLength + oh) * pass.OutputRow + ow * inner;
            if (isUniform)
            {
                Emit(pass, tile, pitch, outputRows, columnStride, inner, outputColumns, output, scale, widthScales, second);
                continue;
            }
            for (long y = 0; y < outputRows; y++)
            {
                scale = pass.RowScale<TVector>(depth.Divisor(od, pass.Fold.CountsPadding) * height.Divisor(oh + y, pass.Fold.CountsPadding));
                Emit(pass, tile + y * pitch, pitch, 1, columnStride, inner, outputColumns, output + y * pass.OutputRow, scale, widthScales + ow * inner, second);
            }
        }
        return stands;
    }

    /// <summary>The rows of a tile, each between its padding; a row overwrites what the one before spilled behind its end.</summary>
    /// <param name="pass">The call.</param>
    /// <param name="shape">Which rows and columns are wanted.</param>
    /// <param name="planes">The planes that are combined, none where the window sees none.</param>
    /// <param name="count">How many.</param>
    /// <param name="top">The first input row; outside the input is padding.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="start">The first cell of each, likewise.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="lanes">Where they go.</param>
    /// <param name="spare">Room for a row before columns are left out.</param>
    /// <returns>Whether no NaN was met, see <see cref="IFold{T, TLane}.Watch"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static bool LayRows(
        in Pass<T, TLane, TFold> pass, in TileShape shape, T** planes, int count, long top, long rows, long start, long columns, TLane* lanes, TLane* spare)
    {
        TFold fold = pass.Fold;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        long step = shape.ColumnStep, rowStep = shape.RowStep, inputRow = pass.InputRow, height = pass.Geometry.Height.InputLength;
        long pitch = columns * pass.Geometry.Inner, wanted = step == 1 ? pitch : (columns - 1) * step + 1;
        long left = Math.Clamp(-start, 0, wanted), cells = Math.Max(0, Math.Min(wanted - left, inputRow - (start + left)));
        for (; rows > 0; rows--, top += rowStep, lanes += pitch)
        {
            if (top < 0 || top >= height || count == 0 || cells == 0)
            {
                for (long i = 0; i < pitch; i += TVector.Count) identity.Store(lanes + i);
                continue;
            }
            T* from = planes[0] + top * inputRow + start + left;
            if (step == 2 && count == 1 && from + cells + 3 * TVector.Count <= pass.InputEnd)
            {
                // One column in two straight from the input: a first one in the padding may be an odd one.
                long first = (left + 1) / 2, end = (left + cells + 1) / 2;
                from += 2 * first - left;
                for (long i = 0; i < first; i += TVector.Count) identity.Store(lanes + i);
                for (long i = first; i < end; i += TVector.Count, from += 2 * TVector.Count)
                {
                    TVector even = TVector.Even(fold.Lift<TVector>(from), fold.Lift<TVector>(from + TVector.Count));
                    TFold.Watch(ref seen, even, even);
                    even.Store(lanes + i);
                }
                for (long i = end; i < columns; i += TVector.Count) identity.Store(lanes + i);
                continue;
            }
            TLane* row = step == 1 ? lanes : spare;
            for (long i = 0; i < left; i += TVector.Count) identity.Store(row + i);
            LiftRow(fold, planes, count, top * inputRow + start + left, cells, row + left, pass.InputEnd, ref seen);
            for (long i = left + cells; i < wanted; i += TVector.Count) identity.Store(row + i);
            if (step == 2)
                for (long i = 0; i < columns; i += TVector.Count)
                    TVector.Even(TVector.Load(row + 2 * i), TVector.Load(row + 2 * i + TVector.Count)).Store(lanes + i);
            else if (step > 2)
                for (long i = 0; i < columns; i++) lanes[i] = row[i * step];
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>Cells of several planes combined; a register may be written beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LiftRow(TFold fold, T** planes, int count, long offset, long cells, TLane* lanes, T* inputEnd, ref TVector seen)
    {
        long i = 0;
        // Reading on into the next row is harmless, reading on behind the last one is not.
        long safe = planes[count - 1] + offset + cells + TVector.Count <= inputEnd ? cells : cells - TVector.Count + 1;
        T* from = planes[0] + offset;
        for (; i < safe; i += TVector.Count)
        {
            TVector sum = fold.Lift<TVector>(from + i);
            TFold.Watch(ref seen, sum, sum);
            for (int plane = 1; plane < count; plane++)
            {
                TVector more = fold.Lift<TVector>(planes[plane] + offset + i);
                TFold.Watch(ref seen, more, more);
                sum = TFold.Combine(sum, more);
            }
            sum.Store(lanes + i);
        }
        for (; i < cells; i++)
        {
            TLane sum = fold.Lift(from + i);
            for (int plane = 1; plane < count; plane++) sum = TFold.Combine(sum, fold.Lift(planes[plane] + offset + i));
            lanes[i] = sum;
            TFold.Watch(ref seen, TVector.Create(sum), TVector.Create(sum));
        }
    }

    /// <summary>Taps of every lane combined, four registers at a time; into the same lanes or others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Combine(TLane* from, TLane* to, long count, long* taps, int tapCount)
    {
        int lanes = TVector.Count;
        long i = 0;
        if (tapCount == 0)
        {
            for (; i < count; i += lanes) TVector.Create(TFold.Identity).Store(to + i);
            return;
        }
        if (tapCount == 1 && from == to && taps[0] == 0) return;
        for (; i + 4 * lanes <= count; i += 4 * lanes)
        {
            TLane* tap = from + i + taps[0];
            TVector a = TVector.Load(tap), b = TVector.Load(tap + lanes), c = TVector.Load(tap + 2 * lanes), d = TVector.Load(tap + 3 * lanes);
            for (int k = 1; k < tapCount; k++)
            {
                tap = from + i + taps[k];
                a = TFold.Combine(a, TVector.Load(tap));
                b = TFold.Combine(b, TVector.Load(tap + lanes));
                c = TFold.Combine(c, TVector.Load(tap + 2 * lanes));
                d = TFold.Combine(d, TVector.Load(tap + 3 * lanes));
            }
            a.Store(to + i);
            b.Store(to + i + lanes);
            c.Store(to + i + 2 * lanes);
            d.Store(to + i + 3 * lanes);
        }
        for (; i < count; i += lanes)
        {
            TVector sum = TVector.Load(from + i + taps[0]);
            for (int k = 1; k < tapCount; k++) sum = TFold.Combine(sum, TVector.Load(from + i + taps[k]));
            sum.Store(to + i);
        }
    }

    /// <summary>Puts long windows together, until a few taps are left that make lane i the lanes i, i + step, … of a window combined.</summary>
    /// <param name="line">The lanes; afterwards those that the taps are of.</param>
    /// <param name="other">Another buffer; afterwards the one that is free.</param>
    /// <param name="count">How many windows are wanted.</param>
    /// <param name="step">From one lane of a window to the next.</param>
    /// <param name="kernel">Lanes of a window.</param>
    /// <param name="taps">Where the taps go, four at most.</param>
    /// <returns>How many taps there are.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static int Windows(ref TLane* line, ref TLane* other, long count, long step, long kernel, long* taps)
    {
        int lanes = TVector.Count;
        long covered = 1;
        if (TFold.IsIdempotent)
        {
            for (; 4 * covered <= kernel; covered *= 4) Quadruple(line, count + (kernel - 4 * covered) * step, covered * step);
            // At most four windows, the last of them overlapping, cover the rest.
            int tapCount = 0;
            for (long at = 0; at < kernel; at += covered) taps[tapCount++] = Math.Min(at, kernel - covered) * step;
            return tapCount;
        }
        // Sums: the length in digits of base 4, each digit so many windows side by side.
        long done = 0;
        for (long rest = kernel; ; rest /= 4)
        {
            long digit = rest % 4;
            TLane* from = line + done * step;
            long a = covered * step;
            for (long i = 0; digit > 0 && i < count; i += lanes)
            {
                TVector sum = TVector.Load(from + i);
                if (digit > 1) sum = TFold.Combine(sum, TVector.Load(from + i + a));
                if (digit > 2) sum = TFold.Combine(sum, TVector.Load(from + i + 2 * a));
                if (done > 0) sum = TFold.Combine(TVector.Load(other + i), sum);
                sum.Store(other + i);
            }
            done += digit * covered;
            if (rest < 4) break;
            Quadruple(line, count + (kernel - 4 * covered) * step, a);
            covered *= 4;
        }
        TLane* free = line;
        line = other;
        other = free;
        taps[0] = 0;
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quadruple(TLane* line, long count, long step)
    {
        for (long i = 0; i < count; i += TVector.Count)
            TFold.Combine(
                TFold.Combine(TVector.Load(line + i), TVector.Load(line + i + step)),
                TFold.Combine(TVector.Load(line + i + 2 * step), TVector.Load(line + i + 3 * step))).Store(line + i);
    }

    /// <summary>Keeps every stride-th window of some rows and finishes it.</summary>
    private static void Emit(
        in Pass<T, TLane, TFold> pass, TLane* line, long pitch, long rows, long stride, long inner, long outputs, T* output, TVector scale,
        TLane* widthScales, TLane* spare)
    {
        long cells = outputs * inner, outputRow = pass.OutputRow;
        if (stride == 1 && pass.IsUniform && cells >= TVector.Count)
        {
            Emit(pass.Fold, line, pitch, rows, cells, output, outputRow, scale);
            return;
        }
        for (; rows > 0; rows--, line += pitch, output += outputRow)
        {
            if (stride > 1) Pick(line, stride, inner, outputs, spare);
            pass.FinishRow(stride > 1 ? spare : line, output, cells, scale, widthScales);
        }
    }

    /// <summary>Finishes rows as they are, all with one scale.</summary>
    // Without a call inside, for which the compiler would keep registers in memory.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Emit(TFold fold, TLane* line, long pitch, long rows, long cells, T* output, long outputRow, TVector scale)
    {
        for (; rows > 0; rows--, line += pitch, output += outputRow)
            for (long i = 0; i < cells; i += TVector.Count)
            {
                i = Math.Min(i, cells - TVector.Count);
                fold.Finish(TVector.Load(line + i), scale, output + i);
            }
    }

    /// <summary>Every stride-th window of a row; a register may be written beyond the end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Pick(TLane* line, long stride, long inner, long outputs, TLane* to)
    {
        int lanes = TVector.Count;
        if (stride == 2 && inner == 1)
            for (long i = 0; i < outputs; i += lanes) TVector.Even(TVector.Load(line + 2 * i), TVector.Load(line + 2 * i + lanes)).Store(to + i);
        else if (inner == 1)
            for (long i = 0; i < outputs; i++) to[i] = line[i * stride];
        else
        {
            // The last few bytes of one are written anew by the next.
            long bytes = inner * sizeof(TLane), step = stride * bytes;
            byte* from = (byte*)line, next = (byte*)to;
            for (long i = 0; i < outputs; i++, from += step, next += bytes)
                for (long at = 0; at < bytes; at += Vector128<byte>.Count) Vector128.Load(from + at).Store(next + at);
        }
    }
}
