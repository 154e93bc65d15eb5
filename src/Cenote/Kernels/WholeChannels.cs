using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>
/// One window over the whole plane, channels last: the plane is read from front to back, a few cells at a time, into a row of sums, one for each channel. Of few channels
/// cells side by side are taken as one that has as many times the channels, whose sums are combined at the end.
/// </summary>
internal readonly unsafe struct WholeChannels<T, TLane, TFold, TVector> : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Sums stay in the first-level cache.
    private const long MostBytes = 8192;

    // Parts of a plane's channels, where there are few planes for several threads, and channels from which a part is worth it.
    private const long FewPlanes = 8, ManyChannels = 64;

    // Rows of cells that are taken as one, so that what is left to do for a plane is little.
    private const long FewRows = 16;

    // Cells side by side, so that their sums are not loaded and stored for each; half as many lanes of twice the size.
    private static int Together
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(TLane) == typeof(double) ? 8 : 4;
    }

    private readonly Pass<T, TLane, TFold> _pass;
    private readonly long _block;
    private readonly long _blocks;
    private readonly long _wide = 1;

    public WholeChannels(in Pass<T, TLane, TFold> pass)
    {
        _pass = pass;
        long channels = pass.Geometry.Inner, pair = 2 * TVector.Count, pairs = (channels - 1) / pair + 1, most = MostBytes / sizeof(TLane) / pair;
        long parts = Math.Min(Math.Max(1, channels / ManyChannels), Math.Max(1, FewPlanes / Math.Max(1, pass.Geometry.Outer)));
        _block = Math.Min((pairs - 1) / parts + 1, most) * pair;
        _blocks = (channels - 1) / _block + 1;
        if (_blocks > 1 || TFold.IsPlaced || pass.Fold.IsOrdered) return;
        // Whole pairs of registers.
        long wide = Math.Min(most * pair, pass.Geometry.InputPlane * channels / FewRows) / channels, step = pair / Math.Min(pair, channels & -channels);
        if (wide < 2 * step) return;
        _wide = wide / step * step;
        _block = _wide * channels;
    }

    public long Units => _pass.Geometry.Outer * _blocks;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        (_, Axis depth, Axis height, Axis width, long channels) = pass.Geometry;
        bool counts = pass.Fold.CountsPadding;
        long cells = pass.Geometry.InputPlane;
        TVector scale = pass.RowScale<TVector>(depth.Divisor(0, counts) * height.Divisor(0, counts) * width.Divisor(0, counts));
        TLane* sums = (TLane*)Scratch.Rent((_block + TVector.Count) * sizeof(TLane));
        bool stands = true;
        for (long unit = first; unit < end; unit++)
        {
            (long plane, long block) = Math.DivRem(unit, _blocks);
            long channel = block * _block, count = Math.Min(_block, channels - channel);
            Pass<T, TLane, TFold>.Clear<TVector>(sums, sums + _block);
            T* cell = pass.Input + plane * cells * channels, output = pass.Output + plane * channels;
            if (_wide == 1)
            {
                stands &= Add(pass.Fold, cell, cells, channel, count, channels, sums);
                Finish(pass.Fold, sums, channel, count, channels, scale, output);
                continue;
            }
            long rows = cells / _wide;
            stands &= Add(pass.Fold, cell, rows, 0, _block, _block, sums) && Gather(pass.Fold, sums, _wide, cell + rows * _block, cells % _wide, channels);
            for (long i = 0; i < channels; i += TVector.Count)
            {
                i = Math.Min(i, channels - TVector.Count);
                pass.Fold.Finish(TVector.Load(sums + i), scale, output + i);
            }
        }
        return stands;
    }

    /// <summary>All cells to the sums of some channels.</summary>
    private static bool Add(TFold fold, T* cell, long cells, long channel, long count, long channels, TLane* sums)
    {
        bool stands = true;
        for (long some; cells > 0; cells -= some, cell += some * channels)
        {
            some = cells >= Together ? Together : 1;
            stands &= some == 1 ? Add<One>(fold, cell, channel, count, channels, sums) : Add<Four>(fold, cell, channel, count, channels, sums);
        }
        return stands;
    }

    /// <summary>The sums of cells side by side to those of the first, and further cells, in the order of the channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Gather(TFold fold, TLane* sums, long wide, T* rest, long cells, long channels)
    {
        int lanes = TVector.Count;
        for (TLane* pair = sums, end = sums + wide * channels; sizeof(T) < sizeof(TLane) && TFold.IsSplit && pair < end; pair += 2 * lanes)
        {
            TVector even = TVector.Load(pair), odd = TVector.Load(pair + lanes);
            TVector.ZipLow(even, odd).Store(pair);
            TVector.ZipHigh(even, odd).Store(pair + lanes);
        }
        TVector seen = TVector.Create(default);
        long i = 0;
        for (; i + lanes <= channels; i += lanes)
        {
            TVector sum = TVector.Load(sums + i);
            for (TLane* other = sums + channels + i, end = sums + wide * channels; other < end; other += channels) sum = TFold.Combine(sum, TVector.Load(other));
            for (long k = 0; k < cells; k++)
            {
                TVector more = fold.Lift<TVector>(rest + k * channels + i);
                TFold.Watch(ref seen, more, more);
                sum = TFold.Combine(sum, more);
            }
            sum.Store(sums + i);
        }
        for (; i < channels; i++)
        {
            for (long k = 1; k < wide; k++) sums[i] = TFold.Combine(sums[i], sums[k * channels + i]);
            for (long k = 0; k < cells; k++)
            {
                TLane more = fold.Lift(rest + k * channels + i);
                TFold.Watch(ref seen, TVector.Create(more), TVector.Create(more));
                sums[i] = TFold.Combine(sums[i], more);
            }
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>A cell, or as many as are taken together, to the sums of some channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Add<TCells>(TFold fold, T* cell, long channel, long count, long channels, TLane* sums)
        where TCells : struct, ICount
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(default);
        long end = channel + count;
        for (; channel + 2 * lanes <= end; channel += 2 * lanes, sums += 2 * lanes)
        {
            TVector a = TVector.Load(sums), b = TVector.Load(sums + lanes);
            T* next = cell + channel;
            Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, next, ref seen);
            if (TCells.Value > 1) Three(fold, ref a, ref b, ref next, channels, ref seen);
            if (TCells.Value > 1 && Together > 4)
            {
                Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, next += channels, ref seen);
                Three(fold, ref a, ref b, ref next, channels, ref seen);
            }
            a.Store(sums);
            b.Store(sums + lanes);
        }
        for (; channel < end; channel += lanes, sums += lanes)
        {
            TVector sum = TVector.Load(sums);
            // The last register reaches back over the one before.
            T* next = cell + Math.Min(channel, channels - lanes);
            for (int k = 0, cells = TCells.Value > 1 ? Together : 1; k < cells; k++, next += channels)
            {
                TVector more = fold.Lift<TVector>(next);
                TFold.Watch(ref seen, more, more);
                sum = TFold.Combine(sum, more);
            }
            sum.Store(sums);
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three(TFold fold, ref TVector a, ref TVector b, ref T* next, long channels, ref TVector seen)
    {
        Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, next += channels, ref seen);
        Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, next += channels, ref seen);
        Pass<T, TLane, TFold>.JoinPair(fold, ref a, ref b, next += channels, ref seen);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Finish(TFold fold, TLane* sums, long channel, long count, long channels, TVector scale, T* output)
    {
        int lanes = TVector.Count;
        long end = channel + count;
        for (; channel + 2 * lanes <= end; channel += 2 * lanes, sums += 2 * lanes)
            Pass<T, TLane, TFold>.FinishPair(fold, TVector.Load(sums), TVector.Load(sums + lanes), scale, output + channel);
        for (; channel < end; channel += lanes, sums += lanes) fold.Finish(TVector.Load(sums), scale, output + Math.Min(channel, channels - lanes));
    }
}
