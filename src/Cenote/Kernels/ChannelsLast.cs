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
        // Windows wholly inside that share one column with the next.
        bool shares = !fold.IsOrdered && !TFold.IsPlaced && channels >= lanes && width is { IsAdaptive: false, Dilation: 1 } && width.Kernel == width.Stride + 1;
        (long inside, long outside) = shares ? width.Interior() : default;
        TLane* shared = (TLane*)Scratch.Rent(tail * sizeof(TLane) + pass.MostRows * sizeof(T*));
        T** rows = (T**)(shared + tail);
        T* mine = pass.Output + end * pass.OutputRow;
        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        bool stands = true;
        for (long row = first; row < end; row++, cursor.Advance())
        {
            int count = cursor.Count;
            long divisor = cursor.Divisor;
            T* output = pass.Output + row * pass.OutputRow;
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
                if (ow == inside && outside - inside > 1 && count > 0)
                {
                    stands &= Sharing(fold, rows, count, start, outside - inside, width.Stride, channels, scale, pixel, shared);
                    ow = outside - 1;
                    continue;
                }
                stands &= Pixel(fold, rows, count, start, taps.Count, step, channels, scale, pixel);
            }
        }
        return stands;
    }

    /// <summary>Outputs whose windows share one column with the next: its rows are combined once, and kept for the next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Sharing(
        TFold fold, T** rows, int count, long first, long outputs, long stride, long channels, TVector scale, T* pixel, TLane* shared)
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(default);
        for (long channel = 0, slot = 0; channel < channels; channel += lanes, slot += lanes)
            Column(fold, rows, count, first + Math.Min(channel, channels - lanes), ref seen).Store(shared + slot);
        for (; outputs > 0; outputs--, pixel += channels)
        {
            long last = first + stride * channels, channel = 0;
            for (; channel + 4 * lanes <= channels; channel += 4 * lanes)
            {
                TVector a = TVector.Load(shared + channel), b = TVector.Load(shared + channel + lanes);
                TVector c = TVector.Load(shared + channel + 2 * lanes), d = TVector.Load(shared + channel + 3 * lanes);
                for (long at = first + channels + channel; at < last; at += channels)
                    for (int i = 0; i < count; i++)
                    {
                        Pass<T, TLane, TFold>.Join(fold, ref a, ref b, rows[i] + at, ref seen);
                        Pass<T, TLane, TFold>.Join(fold, ref c, ref d, rows[i] + at + 2 * lanes, ref seen);
                    }
                TVector e = TVector.Create(TFold.Identity), f = e, g = e, h = e;
                for (int i = 0; i < count; i++)
                {
                    Pass<T, TLane, TFold>.Join(fold, ref e, ref f, rows[i] + last + channel, ref seen);
                    Pass<T, TLane, TFold>.Join(fold, ref g, ref h, rows[i] + last + channel + 2 * lanes, ref seen);
                }
                fold.Finish(TFold.Combine(a, e), scale, pixel + channel);
                fold.Finish(TFold.Combine(b, f), scale, pixel + channel + lanes);
                fold.Finish(TFold.Combine(c, g), scale, pixel + channel + 2 * lanes);
                fold.Finish(TFold.Combine(d, h), scale, pixel + channel + 3 * lanes);
                e.Store(shared + channel);
                f.Store(shared + channel + lanes);
                g.Store(shared + channel + 2 * lanes);
                h.Store(shared + channel + 3 * lanes);
            }
            // The last register reaches back over the one before, but not over what that has kept.
            for (long slot = channel; channel < channels; channel += lanes, slot += lanes)
            {
                channel = Math.Min(channel, channels - lanes);
                TVector sum = TVector.Load(shared + slot);
                for (long at = first + channels + channel; at < last; at += channels) sum = TFold.Combine(sum, Column(fold, rows, count, at, ref seen));
                TVector next = Column(fold, rows, count, last + channel, ref seen);
                fold.Finish(TFold.Combine(sum, next), scale, pixel + channel);
                next.Store(shared + slot);
            }
            first = last;
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>A register of one column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Column(TFold fold, T** rows, int count, long at, ref TVector seen)
    {
        TVector sum = TVector.Create(TFold.Identity);
        for (int i = 0; i < count; i++)
        {
            TVector more = fold.Lift<TVector>(rows[i] + at);
            TFold.Watch(ref seen, more, more);
            sum = TFold.Combine(sum, more);
        }
        return sum;
    }

    /// <summary>All channels of one output, four registers at a time while there are so many.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pixel(TFold fold, T** rows, int count, long first, long taps, long step, long channels, TVector scale, T* pixel)
    {
        int lanes = TVector.Count;
        long channel = 0;
        TVector seen = TVector.Create(default);
        for (; channel + 4 * lanes <= channels; channel += 4 * lanes)
        {
            TVector a = TVector.Create(TFold.Identity), b = a, c = a, d = a;
            for (int i = 0; i < count; i++)
            {
                T* cell = rows[i] + first + channel;
                for (long k = 0; k < taps; k++, cell += step)
                {
                    Pass<T, TLane, TFold>.Join(fold, ref a, ref b, cell, ref seen);
                    Pass<T, TLane, TFold>.Join(fold, ref c, ref d, cell + 2 * lanes, ref seen);
                }
            }
            fold.Finish(a, scale, pixel + channel);
            fold.Finish(b, scale, pixel + channel + lanes);
            fold.Finish(c, scale, pixel + channel + 2 * lanes);
            fold.Finish(d, scale, pixel + channel + 3 * lanes);
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
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }
}
