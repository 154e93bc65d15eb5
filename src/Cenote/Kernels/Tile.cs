using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>
/// Any sliding window: a piece of the input is laid out with its padding, so that no window is clipped; then the whole piece is reduced
/// down the columns and along the rows as one flat line.
/// </summary>
/// <remarks>
/// A window longer than a few taps is put together from windows of 4, 16, 64 … taps, additions (or maxima) alone: the cost grows with the
/// logarithm of its length. Where the order of the taps matters they are added one by one.
/// </remarks>
internal readonly unsafe struct Tile<T, TLane, TFold, TVector> : IKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Up to here a tap more costs less than another pass over the tile.
    private const int FewTaps = 6;

    // What may have to be added in order.
    private const int MostTaps = 9;

    private readonly Pass<T, TLane, TFold> _pass;
    private readonly TileShape _shape;
    private readonly bool _ordered;

    public Tile(Pass<T, TLane, TFold> pass)
    {
        _pass = pass;
        _ordered = pass.Fold.IsOrdered;
        _shape = TileShape.For(pass.Geometry, sizeof(TLane), _ordered);
    }

    public long Units => _pass.Geometry.Outer * _pass.Geometry.Depth.OutputLength * _shape.Down * _shape.Across;

    public long UnitBytes => _pass.Bytes / Units;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        TileShape shape = _shape;
        (long outer, Axis depth, Axis height, Axis width, long inner) = pass.Geometry;
        long slices = _ordered ? Math.Min(depth.Kernel, depth.InputLength) : 1;
        long pitch = shape.Columns * inner, slack = (width.EffectiveKernel + shape.Columns) * inner + 8 * TVector.Count;
        long size = slices * shape.Rows * pitch + slack;
        TLane* tile = (TLane*)Scratch.Rent((2 * size + pass.OutputRow + TVector.Count) * sizeof(TLane) + (Math.Max(Math.Max(MostTaps, FewTaps), pass.MostRows) + 1) * sizeof(long));
        TLane* second = tile + size, widthScales = second + size;
        long* taps = (long*)(((nint)(widthScales + pass.OutputRow + TVector.Count) + 7) & ~7);
        T** rows = (T**)taps;
        pass.FillWidthScales(widthScales);

        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, shape.Across);
            (long plane, long down) = Math.DivRem(rest, shape.Down);
            (long o, long od) = Math.DivRem(plane, depth.OutputLength);
            long oh = down * shape.OutputRows, ow = across * shape.OutputColumns;
            long outputRows = Math.Min(shape.OutputRows, height.OutputLength - oh), outputColumns = Math.Min(shape.OutputColumns, width.OutputLength - ow);
            long columns = (outputColumns - 1) * width.Stride + width.EffectiveKernel, inputRows = (outputRows - 1) * height.Stride + height.EffectiveKernel;
            pitch = columns * inner;

            TapRange d = depth.Taps(od);
            T* source = pass.Input + o * depth.InputLength * height.InputLength * pass.InputRow;
            for (long slice = 0; slice < (_ordered ? d.Count : 1); slice++)
            for (long y = 0; y < inputRows; y++)
            {
                long ih = height.Start(oh) + y;
                int count = 0;
                if (ih >= 0 && ih < height.InputLength)
                    for (long i = slice; i < (_ordered ? slice + 1 : d.Count); i++)
                        rows[count++] = source + ((d.First + i * d.Step) * height.InputLength + ih) * pass.InputRow;
                LayRow(pass, rows, count, width.Start(ow) * inner, pitch, tile + (slice * inputRows + y) * pitch);
            }

            long rowStep = height.Stride, lines = inputRows;
            int tapCount = 0;
            if (_ordered)
            {
                for (long slice = 0; slice < d.Count; slice++)
                for (long j = 0; j < height.Kernel; j++)
                for (long k = 0; k < width.Kernel; k++)
                    taps[tapCount++] = ((slice * inputRows) + j * height.Dilation) * pitch + k * width.Dilation * inner;
            }
            else
            {
                if (height.Kernel > FewTaps)
                {
                    lines = (outputRows - 1) * rowStep + 1;
                    tile = Windows(tile, second, lines * pitch, height.Dilation * pitch, height.Kernel, out second);
                }
                else if (height.Kernel > 1 && rowStep > 1 && pitch < TVector.Count)
                {
                    // A register would run over rows still wanted: every row, then.
                    lines = (outputRows - 1) * rowStep + 1;
                    CombineRows(tile, lines, pitch, height.Dilation * pitch, height.Kernel, pitch);
                }
                else if (height.Kernel > 1)
                {
                    CombineRows(tile, outputRows, rowStep * pitch, height.Dilation * pitch, height.Kernel, pitch);
                    (lines, rowStep) = (outputRows, 1);
                }
                if (width.Kernel > FewTaps)
                {
                    tile = Windows(tile, second, lines * pitch, width.Dilation * inner, width.Kernel, out second);
                    taps[tapCount++] = 0;
                }
                else
                {
                    for (long k = 0; k < width.Kernel; k++) taps[tapCount++] = k * width.Dilation * inner;
                }
            }

            long outputRow = (o * depth.OutputLength + od) * height.OutputLength + oh;
            for (long y = 0; y < outputRows; y++)
            {
                long divisor = pass.IsUniform ? 1 : depth.Divisor(od, pass.Fold.CountsPadding) * height.Divisor(oh + y, pass.Fold.CountsPadding);
                TVector scale = pass.RowScale<TVector>(divisor);
                Emit(pass, tile + y * rowStep * pitch, taps, tapCount, width.Stride, inner, outputColumns,
                    pass.Output + (outputRow + y) * pass.OutputRow + ow * inner, scale, widthScales + ow * inner, second);
            }
        }
    }

    /// <summary>One row of the input between its padding; later rows overwrite what it spills behind its end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void LayRow(in Pass<T, TLane, TFold> pass, T** rows, int count, long start, long pitch, TLane* lanes)
    {
        long left = count == 0 ? pitch : Math.Clamp(-start, 0, pitch);
        long cells = Math.Max(0, Math.Min(pitch - left, pass.InputRow - (start + left)));
        TVector identity = TVector.Create(TFold.Identity);
        for (long i = 0; i < left; i += TVector.Count) identity.Store(lanes + i);
        if (count == 0) return;
        if (cells > 0) pass.LiftRows<TVector>(rows, count, start + left, cells, lanes + left);
        for (long i = left + cells; i < pitch; i += TVector.Count) identity.Store(lanes + i);
    }

    /// <summary>A few rows of each window combined, the result in the place of the first rows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void CombineRows(TLane* tile, long outputRows, long stride, long step, long kernel, long pitch)
    {
        // Rows one apart are one flat line; rows further apart never need again what the row before spilled over.
        (long lines, long length) = stride == pitch ? (1, outputRows * pitch) : (outputRows, pitch);
        for (long line = 0; line < lines; line++)
        {
            TLane* from = tile + line * stride, to = tile + line * pitch;
            if (kernel == 3)
            {
                for (long i = 0; i < length; i += TVector.Count)
                    TFold.Combine(TFold.Combine(TVector.Load(from + i), TVector.Load(from + step + i)), TVector.Load(from + 2 * step + i)).Store(to + i);
                continue;
            }
            for (long i = 0; i < length; i += TVector.Count)
            {
                TVector sum = TVector.Load(from + i);
                for (long k = 1; k < kernel; k++) sum = TFold.Combine(sum, TVector.Load(from + k * step + i));
                sum.Store(to + i);
            }
        }
    }

    /// <summary>Lane i becomes the lanes i, i + step, … of a window combined, for the first <paramref name="count"/> lanes.</summary>
    /// <returns>Where the result is; the other buffer is free again.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TLane* Windows(TLane* line, TLane* other, long count, long step, long kernel, out TLane* free)
    {
        int lanes = TVector.Count;
        long covered = 1;
        if (TFold.IsIdempotent)
        {
            for (; 4 * covered <= kernel; covered *= 4) Quadruple(line, count + (kernel - 4 * covered) * step, covered * step);
            // At most four overlapping windows cover the rest.
            long a = Math.Min(covered, kernel - covered) * step, b = Math.Min(2 * covered, kernel - covered) * step, c = (kernel - covered) * step;
            if (kernel > covered)
                for (long i = 0; i < count; i += lanes)
                    TFold.Combine(
                        TFold.Combine(TVector.Load(line + i), TVector.Load(line + i + a)),
                        TFold.Combine(TVector.Load(line + i + b), TVector.Load(line + i + c))).Store(line + i);
            free = other;
            return line;
        }
        // Sums: the length in digits of base 4, each digit so many windows side by side.
        long at = 0;
        for (long rest = kernel; ; rest /= 4)
        {
            long digit = rest % 4;
            TLane* from = line + at * step;
            for (long i = 0; digit > 0 && i < count; i += lanes)
            {
                TVector sum = TVector.Load(from + i);
                for (long k = 1; k < digit; k++) sum = TFold.Combine(sum, TVector.Load(from + i + k * covered * step));
                if (at > 0) sum = TFold.Combine(TVector.Load(other + i), sum);
                sum.Store(other + i);
            }
            at += digit * covered;
            if (rest < 4) break;
            Quadruple(line, count + (kernel - 4 * covered) * step, covered * step);
            covered *= 4;
        }
        free = line;
        return other;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quadruple(TLane* line, long count, long step)
    {
        for (long i = 0; i < count; i += TVector.Count)
            TFold.Combine(
                TFold.Combine(TVector.Load(line + i), TVector.Load(line + i + step)),
                TFold.Combine(TVector.Load(line + i + 2 * step), TVector.Load(line + i + 3 * step))).Store(line + i);
    }

    /// <summary>Combines the last taps, keeps every stride-th window and finishes one row.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Emit(
        in Pass<T, TLane, TFold> pass, TLane* line, long* taps, int tapCount, long stride, long inner, long outputs, T* output, TVector scale,
        TLane* widthScales, TLane* spare)
    {
        int lanes = TVector.Count;
        long cells = outputs * inner;
        bool halves = stride == 2 && inner == 1;
        if ((stride > 1 && !halves) || cells < lanes || tapCount == 0)
        {
            // Every window, then those wanted: a copy costs less than picking lanes tap by tap.
            long all = ((outputs - 1) * stride + 1) * inner;
            for (long i = 0; i < all; i += lanes) Taps(line + i, taps, tapCount).Store(spare + i);
            if (stride > 1 && inner == 1)
                for (long i = 1; i < outputs; i++) spare[i] = spare[i * stride];
            else if (stride > 1)
                for (long i = 1; i < outputs; i++) Buffer.MemoryCopy(spare + i * stride * inner, spare + i * inner, inner * sizeof(TLane), inner * sizeof(TLane));
            pass.FinishRow(spare, output, cells, scale, widthScales);
            return;
        }
        TFold fold = pass.Fold;
        bool isUniform = pass.IsUniform;
        for (long i = 0; i < cells; i += lanes)
        {
            i = Math.Min(i, cells - lanes);
            TVector sum;
            if (halves)
            {
                TLane* pair = line + 2 * i;
                sum = TVector.Even(TVector.Load(pair + taps[0]), TVector.Load(pair + taps[0] + lanes));
                for (int k = 1; k < tapCount; k++)
                    sum = TFold.Combine(sum, TVector.Even(TVector.Load(pair + taps[k]), TVector.Load(pair + taps[k] + lanes)));
            }
            else
            {
                sum = Taps(line + i, taps, tapCount);
            }
            fold.Finish(sum, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + i), output + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Taps(TLane* line, long* taps, int tapCount)
    {
        TVector sum = TVector.Create(TFold.Identity);
        if (tapCount > 0) sum = TVector.Load(line + taps[0]);
        for (int k = 1; k < tapCount; k++) sum = TFold.Combine(sum, TVector.Load(line + taps[k]));
        return sum;
    }
}
