using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Channels last: the taps of a window are runs of channels, combined register by register; no lane ever meets its neighbour.</summary>
internal readonly unsafe struct ChannelsLast<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        Axis width = pass.Geometry.Width;
        long channels = pass.Geometry.Inner;
        int lanes = TVector.Count;
        TFold fold = pass.Fold;
        TVector scale = pass.RowScale<TVector>(1);
        long tail = (channels + lanes - 1) / lanes * lanes;
        // Of windows wholly inside, those below each other are done in pairs where they share rows.
        Axis height = pass.Geometry.Height;
        (long inside, long outside) = width.IsAdaptive ? default : width.Interior();
        bool pairs = !TFold.IsPlaced && channels >= lanes && outside > inside && pass.Geometry.Depth.MostTaps == 1
            && height is { IsAdaptive: false, Dilation: 1 } && height.Kernel > height.Stride;
        bool isLower = false;
        T** rows = (T**)Scratch.Rent(pass.MostRows * sizeof(T*));
        T* mine = pass.Output + end * pass.OutputRow;
        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        bool stands = true;
        for (long row = first; row < end; row++, cursor.Advance())
        {
            int count = cursor.Count;
            long divisor = cursor.Divisor;
            T* output = pass.Output + row * pass.OutputRow;
            bool isPaired = isLower || (pairs && row + 1 < end && count == height.Kernel && cursor.WholeRows > 1);
            for (long ow = 0; ow < width.OutputLength; ow++)
            {
                TapRange taps = width.Taps(ow);
                T* pixel = output + ow * channels;
                long start = taps.First * channels, step = taps.Step * channels;
                // Fewer channels than lanes: a register runs on into the next pixel, which is written after.
                if (channels < lanes && (pixel + tail > mine || (count > 0 && rows[count - 1] + start + (taps.Count - 1) * step + tail > pass.InputEnd)))
                {
                    pass.Cells(rows, count, divisor, output, ow, ow + 1);
                    continue;
                }
                if (!pass.IsUniform) scale = pass.RowScale<TVector>(divisor * width.Divisor(ow, pass.Fold.CountsPadding));
                if (ow == inside && isPaired)
                {
                    if (!isLower)
                    {
                        Two two = new()
                        {
                            Top = rows[0] + start, InputRow = pass.InputRow, Own = height.Stride, Count = count, Taps = taps.Count, Step = step,
                            Stride = width.Stride * channels, Outputs = outside - inside, Channels = channels, Pixel = pixel, OutputRow = pass.OutputRow,
                        };
                        stands &= Pair(fold, two, scale);
                    }
                    ow = outside - 1;
                    continue;
                }
                // Windows wholly inside are alike. Where they lie side by side each cell is asked for once.
                long outputs = ow == inside && channels >= lanes ? Math.Max(1, outside - inside) : 1;
                stands &= count == 2 && taps.Count == 2 && channels % (4 * lanes) == 0
                    ? TwoByTwo(fold, rows[0] + start, rows[1] - rows[0], step, width.Stride * channels, outputs, channels, scale, pixel)
                    : Pixels(fold, rows, count, start, taps.Count, step, width.Stride * channels, outputs, channels, scale, pixel, pass.Streams && width.Kernel <= width.Stride);
                ow += outputs - 1;
            }
            isLower = isPaired && !isLower;
        }
        return stands;
    }

    /// <summary>Outputs of two rows at a time: the rows that both see are read once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pair(TFold fold, in Two two, in TVector rowScale)
    {
        int lanes = TVector.Count;
        long inputRow = two.InputRow, own = two.Own, count = two.Count, taps = two.Taps, step = two.Step, channels = two.Channels, outputRow = two.OutputRow;
        T* top = two.Top, pixel = two.Pixel;
        TVector seen = TVector.Create(default), scale = rowScale;
        for (long outputs = two.Outputs; outputs > 0; outputs--, top += two.Stride, pixel += channels)
        {
            long channel = 0;
            for (; channel + 2 * lanes <= channels; channel += 2 * lanes)
            {
                TVector a = TVector.Create(TFold.Identity), b = a, c = a, d = a;
                T* row = top + channel;
                long i = 0;
                for (; i < own; i++, row += inputRow)
                {
                    T* cell = row;
                    for (long k = 0; k < taps; k++, cell += step) Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell, ref seen);
                }
                for (; i < count; i++, row += inputRow)
                {
                    T* cell = row;
                    for (long k = 0; k < taps; k++, cell += step) JoinBoth(fold, ref a, ref b, ref c, ref d, cell, ref seen);
                }
                for (; i < count + own; i++, row += inputRow)
                {
                    T* cell = row;
                    for (long k = 0; k < taps; k++, cell += step) Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell, ref seen);
                }
                Pass<T, TLane, TFold>.FinishPair(fold, a, b, scale, pixel + channel);
                Pass<T, TLane, TFold>.FinishPair(fold, c, d, scale, pixel + outputRow + channel);
            }
            for (; channel < channels; channel += lanes)
            {
                channel = Math.Min(channel, channels - lanes);
                TVector upper = TVector.Create(TFold.Identity), lower = upper;
                T* row = top + channel;
                for (long i = 0; i < count + own; i++, row += inputRow)
                {
                    T* cell = row;
                    for (long k = 0; k < taps; k++, cell += step)
                    {
                        TVector more = fold.Lift<TVector>(cell);
                        TFold.Watch(ref seen, more, more);
                        if (i < count) upper = TFold.Combine(upper, more);
                        if (i >= own) lower = TFold.Combine(lower, more);
                    }
                }
                fold.Finish(upper, scale, pixel + channel);
                fold.Finish(lower, scale, pixel + outputRow + channel);
            }
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void JoinBoth(TFold fold, ref TVector low, ref TVector high, ref TVector lowerLow, ref TVector lowerHigh, T* cells, ref TVector seen)
    {
        Pass<T, TLane, TFold>.Pair(fold, cells, out TVector a, out TVector b, ref seen);
        low = TFold.Combine(low, a);
        high = TFold.Combine(high, b);
        lowerLow = TFold.Combine(lowerLow, a);
        lowerHigh = TFold.Combine(lowerHigh, b);
    }

    /// <summary>Windows of four taps, written out: the fewer steps there are to a line of memory, the further ahead the processor looks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool TwoByTwo(TFold fold, T* upper, long below, long step, long stride, long outputs, long channels, in TVector rowScale, T* pixel)
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(default), scale = rowScale;
        for (; outputs > 0; outputs--, upper += stride, pixel += channels)
        for (long channel = 0; channel < channels; channel += 4 * lanes)
        {
            T* cell = upper + channel;
            Pass<T, TLane, TFold>.Pair(fold, cell, out TVector a, out TVector b, ref seen);
            Pass<T, TLane, TFold>.Pair(fold, cell + 2 * lanes, out TVector c, out TVector d, ref seen);
            Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell + step, ref seen);
            Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell + step + 2 * lanes, ref seen);
            cell += below;
            Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell, ref seen);
            Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell + 2 * lanes, ref seen);
            Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell + step, ref seen);
            Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell + step + 2 * lanes, ref seen);
            Pass<T, TLane, TFold>.FinishPair(fold, a, b, scale, pixel + channel);
            Pass<T, TLane, TFold>.FinishPair(fold, c, d, scale, pixel + channel + 2 * lanes);
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>All channels of some outputs of a row, two registers at a time while there are so many.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pixels(TFold fold, T** rows, int count, long first, long taps, long step, long stride, long outputs, long channels, in TVector rowScale, T* pixel, bool streams)
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(default), scale = rowScale;
        for (; outputs > 0; outputs--, first += stride, pixel += channels)
        {
            long channel = 0;
            // As much side by side as there is, so that memory is read in order.
            for (; channel + 4 * lanes <= channels; channel += 4 * lanes)
            {
                TVector a = TVector.Create(TFold.Identity), b = a, c = a, d = a;
                for (int i = 0; i < count; i++)
                {
                    T* cell = rows[i] + first + channel;
                    for (long k = 0; k < taps; k++, cell += step)
                    {
                        Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell, ref seen);
                        Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell + 2 * lanes, ref seen);
                        if (!streams) continue;
                        Streaming.Ask(cell, 2 * lanes);
                        Streaming.Ask(cell + 2 * lanes, 2 * lanes);
                    }
                }
                Pass<T, TLane, TFold>.FinishPair(fold, a, b, scale, pixel + channel);
                Pass<T, TLane, TFold>.FinishPair(fold, c, d, scale, pixel + channel + 2 * lanes);
            }
            for (; channel + 2 * lanes <= channels; channel += 2 * lanes)
            {
                TVector a = TVector.Create(TFold.Identity), b = a;
                for (int i = 0; i < count; i++)
                {
                    T* cell = rows[i] + first + channel;
                    for (long k = 0; k < taps; k++, cell += step) Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell, ref seen);
                }
                Pass<T, TLane, TFold>.FinishPair(fold, a, b, scale, pixel + channel);
            }
            for (; channel < channels; channel += lanes)
            {
                if (channel + lanes > channels && channels >= lanes) channel = channels - lanes;
                TVector sum = TVector.Create(TFold.Identity);
                for (int i = 0; i < count; i++)
                {
                    T* cell = rows[i] + first + channel;
                    for (long k = 0; k < taps; k++, cell += step)
                    {
                        TVector more = fold.Lift<TVector>(cell);
                        TFold.Watch(ref seen, more, more);
                        sum = TFold.Combine(sum, more);
                    }
                }
                fold.Finish(sum, scale, pixel + channel);
            }
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>Windows wholly inside, of two output rows.</summary>
    private struct Two
    {
        /// <summary>The first cell of the first window.</summary>
        public T* Top;

        /// <summary>Cells from one input row to the next.</summary>
        public long InputRow;

        /// <summary>Input rows that the upper output row alone sees, and as many that the lower one alone sees.</summary>
        public long Own;

        /// <summary>Input rows of one output row.</summary>
        public long Count;

        /// <summary>Columns of a window.</summary>
        public long Taps;

        /// <summary>Cells from one column to the next.</summary>
        public long Step;

        /// <summary>Cells from one window to the next.</summary>
        public long Stride;

        /// <summary>Windows of a row.</summary>
        public long Outputs;

        public long Channels;

        /// <summary>The first output of the upper row.</summary>
        public T* Pixel;

        /// <summary>Cells from one output row to the next.</summary>
        public long OutputRow;
    }
}
