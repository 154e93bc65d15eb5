using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>One window over the whole plane, channels last: the plane is read from front to back, a few cells at a time, into a row of sums, one for each channel.</summary>
internal readonly unsafe struct WholeChannels<T, TLane, TFold, TVector> : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Sums stay in the first-level cache.
    private const long MostBytes = 8192;

    // Parts of a plane's channels, where there are few planes for several threads.
    private const long FewPlanes = 8;

    // Cells side by side, so that their sums are not loaded and stored for each; half as many lanes of twice the size.
    private static int Together
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(TLane) == typeof(double) ? 8 : 4;
    }

    private readonly Pass<T, TLane, TFold> _pass;
    private readonly long _block;
    private readonly long _blocks;

    public WholeChannels(in Pass<T, TLane, TFold> pass)
    {
        _pass = pass;
        long pair = 2 * TVector.Count, pairs = (pass.Geometry.Inner - 1) / pair + 1, parts = Math.Min(pairs, Math.Max(1, FewPlanes / Math.Max(1, pass.Geometry.Outer)));
        _block = Math.Min((pairs - 1) / parts + 1, MostBytes / sizeof(TLane) / pair) * pair;
        _blocks = (pass.Geometry.Inner - 1) / _block + 1;
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
            T* cell = pass.Input + plane * cells * channels;
            for (long left = cells, some; left > 0; left -= some, cell += some * channels)
            {
                some = left >= Together ? Together : 1;
                stands &= some == 1 ? Add<One>(pass.Fold, cell, channel, count, channels, sums) : Add<Four>(pass.Fold, cell, channel, count, channels, sums);
            }
            Finish(pass.Fold, sums, channel, count, channels, scale, pass.Output + plane * channels);
        }
        return stands;
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
