using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Channels last: the taps of a window are runs of channels, combined register by register; no lane ever meets its neighbour.</summary>
internal readonly unsafe struct ChannelsLast<T, TLane, TFold, TVector> : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Rows that a thread takes at a time at least, where they are done in pairs: few lose their partner.
    private const long Band = 4;

    private readonly Pass<T, TLane, TFold> _pass;
    private readonly long _band;

    public ChannelsLast(in Pass<T, TLane, TFold> pass)
    {
        _pass = pass;
        // Of windows wholly inside, those below each other are done in pairs where they share rows.
        Axis height = pass.Geometry.Height;
        _band = pass.Geometry.Depth.MostTaps == 1 && height is { IsAdaptive: false, Dilation: 1 } && height.Kernel > height.Stride ? Band : 1;
    }

    /// <summary>Whether a lane is finished as the cell that it goes to.</summary>
    private static bool IsCell
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(T) == sizeof(TLane) && !TFold.IsPlaced;
    }

    /// <summary>Whether cells are added as they are: of what takes more steps the compiler does not inline nine taps.</summary>
    private static bool IsSum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsCell && TFold.IsScaled;
    }

    public long Units => (_pass.OutputRows - 1) / _band + 1;

    public long UnitBytes => _pass.Bytes / Units;

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
        Axis height = pass.Geometry.Height;
        (long inside, long outside) = width.Interior();
        bool pairs = _band > 1 && !TFold.IsPlaced && channels >= lanes && outside > inside;
        (first, end) = (first * _band, Math.Min(end * _band, pass.OutputRows));
        bool isWhole = channels % (4 * lanes) == 0, isLower = false;
        bool streams = pass.Streams && IsCell && isWhole && ((nint)pass.Output & (Streaming.Line - 1)) == 0;
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
                if (ow == inside && count > 0 && channels >= lanes)
                {
                    if (!isLower)
                    {
                        Windows windows = new()
                        {
                            Top = rows[0] + start, InputRow = count > 1 ? rows[1] - rows[0] : 0, Own = isPaired ? height.Stride : count, Count = count, Taps = taps.Count, Step = step,
                            Stride = width.Stride * channels, Outputs = Math.Max(1, outside - inside), Channels = channels, Pixel = pixel, OutputRow = pass.OutputRow, Streams = streams,
                        };
                        stands &= (windows.Own, count, taps.Count, isWhole) switch
                        {
                            (2, 2, 2, true) => Written<Two, None, Two>(fold, windows, scale),
                            (3, 3, 3, true) when IsSum => Written<Three, None, Three>(fold, windows, scale),
                            (2, 3, 3, true) when IsSum => Written<Two, One, Three>(fold, windows, scale),
                            (1, 3, 3, true) when IsSum => Written<One, Two, Three>(fold, windows, scale),
                            _ => isPaired ? Pair(fold, windows, scale)
                                : Pixels(fold, rows, count, start, taps.Count, step, width.Stride * channels, windows.Outputs, channels, scale, pixel, pass.Streams && width.Kernel <= width.Stride),
                        };
                    }
                    ow = Math.Max(ow, outside - 1);
                    continue;
                }
                stands &= Pixels(fold, rows, count, start, taps.Count, step, 0, 1, channels, scale, pixel, false);
            }
            isLower = isPaired && !isLower;
        }
        if (streams) Streaming.Finish();
        return stands;
    }

    /// <summary>Outputs of two rows at a time: the rows that both see are read once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pair(TFold fold, in Windows windows, in TVector rowScale)
    {
        int lanes = TVector.Count;
        long inputRow = windows.InputRow, own = windows.Own, count = windows.Count, taps = windows.Taps, step = windows.Step, channels = windows.Channels, outputRow = windows.OutputRow;
        T* top = windows.Top, pixel = windows.Pixel;
        TVector seen = TVector.Create(default), scale = rowScale;
        for (long outputs = windows.Outputs; outputs > 0; outputs--, top += windows.Stride, pixel += channels)
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

    /// <summary>
    /// Windows of a few rows and columns, written out, for four registers at a time: what an instruction reads is always as far from what it read before,
    /// so that the processor learns to read ahead. Of two output rows where they share rows, else of one.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Written<TOwn, TShared, TTaps>(TFold fold, in Windows windows, in TVector rowScale)
        where TOwn : struct, ICount
        where TShared : struct, ICount
        where TTaps : struct, ICount
    {
        long inputRow = windows.InputRow, step = windows.Step, stride = windows.Stride, channels = windows.Channels, outputRow = windows.OutputRow;
        T* top = windows.Top, pixel = windows.Pixel;
        bool streams = windows.Streams;
        TVector seen = TVector.Create(default), scale = rowScale, none = TVector.Create(TFold.Identity);
        for (long outputs = windows.Outputs; outputs > 0; outputs--, top += stride, pixel += channels)
        for (long channel = 0; channel < channels; channel += 4 * TVector.Count)
        {
            T* row = top + channel;
            TVector a = none, b = none, c = none, d = none, e = none, f = none, g = none, h = none;
            Row<TTaps>(fold, ref a, ref b, ref c, ref d, row, step, ref seen);
            if (typeof(TOwn) != typeof(One)) Row<TTaps>(fold, ref a, ref b, ref c, ref d, row += inputRow, step, ref seen);
            if (typeof(TOwn) == typeof(Three)) Row<TTaps>(fold, ref a, ref b, ref c, ref d, row += inputRow, step, ref seen);
            if (typeof(TShared) != typeof(None)) Both<TTaps>(fold, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, row += inputRow, step, ref seen);
            if (typeof(TShared) == typeof(Two)) Both<TTaps>(fold, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, row += inputRow, step, ref seen);
            Finish(fold, a, b, c, d, scale, pixel + channel, streams);
            if (typeof(TShared) == typeof(None)) continue;
            Row<TTaps>(fold, ref e, ref f, ref g, ref h, row += inputRow, step, ref seen);
            if (typeof(TOwn) == typeof(Two)) Row<TTaps>(fold, ref e, ref f, ref g, ref h, row + inputRow, step, ref seen);
            Finish(fold, e, f, g, h, scale, pixel + outputRow + channel, streams);
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TTaps>(TFold fold, ref TVector a, ref TVector b, ref TVector c, ref TVector d, T* cell, long step, ref TVector seen)
        where TTaps : struct, ICount
    {
        Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell, ref seen);
        Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell + 2 * TVector.Count, ref seen);
        Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell += step, ref seen);
        Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell + 2 * TVector.Count, ref seen);
        if (typeof(TTaps) == typeof(Two)) return;
        Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, cell += step, ref seen);
        Pass<T, TLane, TFold>.JoinPair(fold, ref c, ref d, cell + 2 * TVector.Count, ref seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Both<TTaps>(
        TFold fold, ref TVector a, ref TVector b, ref TVector c, ref TVector d, ref TVector e, ref TVector f, ref TVector g, ref TVector h, T* cell, long step, ref TVector seen)
        where TTaps : struct, ICount
    {
        JoinBoth(fold, ref a, ref b, ref e, ref f, cell, ref seen);
        JoinBoth(fold, ref c, ref d, ref g, ref h, cell + 2 * TVector.Count, ref seen);
        JoinBoth(fold, ref a, ref b, ref e, ref f, cell += step, ref seen);
        JoinBoth(fold, ref c, ref d, ref g, ref h, cell + 2 * TVector.Count, ref seen);
        if (typeof(TTaps) == typeof(Two)) return;
        JoinBoth(fold, ref a, ref b, ref e, ref f, cell += step, ref seen);
        JoinBoth(fold, ref c, ref d, ref g, ref h, cell + 2 * TVector.Count, ref seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TFold fold, TVector a, TVector b, TVector c, TVector d, TVector scale, T* pixel, bool streams)
    {
        if (sizeof(T) == sizeof(TLane) && streams)
        {
            fold.Finished(a, scale).StoreAround((TLane*)pixel);
            fold.Finished(b, scale).StoreAround((TLane*)pixel + TVector.Count);
            fold.Finished(c, scale).StoreAround((TLane*)pixel + 2 * TVector.Count);
            fold.Finished(d, scale).StoreAround((TLane*)pixel + 3 * TVector.Count);
            return;
        }
        Pass<T, TLane, TFold>.FinishPair(fold, a, b, scale, pixel);
        Pass<T, TLane, TFold>.FinishPair(fold, c, d, scale, pixel + 2 * TVector.Count);
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

    /// <summary>Windows wholly inside, of one output row or of two that share rows.</summary>
    private struct Windows
    {
        /// <summary>The first cell of the first window.</summary>
        public T* Top;

        /// <summary>Cells from one input row to the next.</summary>
        public long InputRow;

        /// <summary>Input rows that the upper output row alone sees, and as many that the lower one alone sees; all of one output row.</summary>
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

        /// <summary>Whether outputs, each on lines of its own, are written around the caches.</summary>
        public bool Streams;
    }
}
