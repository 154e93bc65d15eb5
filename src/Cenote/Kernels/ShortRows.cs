using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows of three by three that move by one over planes as wide and high as their output, whose rows fill half a register at most: all planes are one line, reduced a register at a time.</summary>
/// <remarks>Where a cell's neighbour in the line is none in its plane, a mask says so; masks repeat from plane to plane.</remarks>
internal readonly unsafe struct ShortRows<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => _pass.Geometry.Outer;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        int lanes = TVector.Count;
        long row = pass.InputRow, plane = pass.Geometry.InputPlane, period = plane + lanes, margin = row + 2 * lanes;
        TLane* scratch = (TLane*)Scratch.Rent(5 * period * sizeof(TLane) + (2 * plane + 3 * margin) * sizeof(T));
        T* aside = (T*)(scratch + 5 * period), spare = aside + plane + 2 * margin;
        Line line = new()
        {
            Row = row, Plane = plane, Above = scratch, Below = scratch + period, Left = scratch + 2 * period, Right = scratch + 3 * period,
            Scales = pass.IsUniform ? null : scratch + 4 * period,
        };
        Fill(pass, line, period);
        new Span<T>(aside, (int)(plane + 2 * margin)).Clear();
        TVector scale = pass.RowScale<TVector>(1);

        // What is read before and behind a line of planes is input, what a last register spills behind it is ours and written after. Other planes are done aside.
        long from = Math.Max(first, (row + plane) / plane), to = Math.Min(end - (lanes + plane - 1) / plane, (pass.InputEnd - pass.Input - margin) / plane);
        bool stands = from >= to || Reduce(pass.Fold, line, pass.Input + from * plane, (to - from) * plane, scale, pass.Output + from * plane);
        for (long one = first; one < end; one++)
        {
            if (one == from && from < to) one = to;
            long bytes = plane * sizeof(T);
            Buffer.MemoryCopy(pass.Input + one * plane, aside + margin, bytes, bytes);
            stands &= Reduce(pass.Fold, line, aside + margin, plane, scale, spare);
            Buffer.MemoryCopy(spare, pass.Output + one * plane, bytes, bytes);
        }
        return stands;
    }

    private static void Fill(in Pass<T, TLane, TFold> pass, in Line line, long period)
    {
        (_, _, Axis height, Axis width, _) = pass.Geometry;
        for (long i = 0, x = 0, y = 0; i < period; i++)
        {
            Pass<T, TLane, TFold>.PutNumber(line.Above + i, y > 0 ? -1 : 0);
            Pass<T, TLane, TFold>.PutNumber(line.Below + i, y < height.InputLength - 1 ? -1 : 0);
            Pass<T, TLane, TFold>.PutNumber(line.Left + i, x > 0 ? -1 : 0);
            Pass<T, TLane, TFold>.PutNumber(line.Right + i, x < width.InputLength - 1 ? -1 : 0);
            if (line.Scales != null) line.Scales[i] = pass.Scale(height.Divisor(y, pass.Fold.CountsPadding) * width.Divisor(x, pass.Fold.CountsPadding));
            if (++x < width.InputLength) continue;
            x = 0;
            if (++y == height.InputLength) y = 0;
        }
    }

    private static bool Reduce(TFold fold, in Line line, T* cells, long count, in TVector scale, T* output) =>
        fold.IsOrdered ? Ordered(fold, line, cells, count, scale, output) : Unordered(fold, line, cells, count, scale, output);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Unordered(TFold fold, in Line line, T* cells, long count, in TVector rowScale, T* output)
    {
        int lanes = TVector.Count;
        long row = line.Row, plane = line.Plane, step = lanes % plane, place = 0;
        TLane* above = line.Above, below = line.Below, left = line.Left, right = line.Right, scales = line.Scales;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default), scale = rowScale, before = identity;
        TVector here = Column(fold, cells, row, above, below, identity, ref seen);
        for (long x = 0; x < count; x += lanes)
        {
            long next = place + step;
            if (next >= plane) next -= plane;
            TVector after = Column(fold, cells + x + lanes, row, above + next, below + next, identity, ref seen);
            TVector sum = TFold.Combine(here, TVector.Blend(TVector.Load(left + place), TVector.Left(before, here), identity));
            sum = TFold.Combine(sum, TVector.Blend(TVector.Load(right + place), TVector.Right(here, after), identity));
            if (TFold.IsScaled && scales != null) scale = TVector.Load(scales + place);
            fold.Finish(sum, scale, output + x);
            (before, here, place) = (here, after, next);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>A register of cells, and those above and below them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Column(TFold fold, T* cells, long row, TLane* above, TLane* below, TVector identity, ref TVector seen)
    {
        TVector here = fold.Lift<TVector>(cells);
        TFold.Watch(ref seen, here, here);
        here = TFold.Combine(here, TVector.Blend(TVector.Load(above), fold.Lift<TVector>(cells - row), identity));
        return TFold.Combine(here, TVector.Blend(TVector.Load(below), fold.Lift<TVector>(cells + row), identity));
    }

    /// <summary>The same, row by row, left to right.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Ordered(TFold fold, in Line line, T* cells, long count, in TVector rowScale, T* output)
    {
        int lanes = TVector.Count;
        long row = line.Row, plane = line.Plane, step = lanes % plane, place = 0;
        TLane* above = line.Above, below = line.Below, left = line.Left, right = line.Right, scales = line.Scales;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default), scale = rowScale, topBefore = identity, before = identity, bottomBefore = identity;
        TVector top = TVector.Blend(TVector.Load(above), fold.Lift<TVector>(cells - row), identity), here = fold.Lift<TVector>(cells);
        TVector bottom = TVector.Blend(TVector.Load(below), fold.Lift<TVector>(cells + row), identity);
        TFold.Watch(ref seen, here, here);
        for (long x = 0; x < count; x += lanes)
        {
            long next = place + step;
            if (next >= plane) next -= plane;
            T* ahead = cells + x + lanes;
            TVector topAfter = TVector.Blend(TVector.Load(above + next), fold.Lift<TVector>(ahead - row), identity), after = fold.Lift<TVector>(ahead);
            TVector bottomAfter = TVector.Blend(TVector.Load(below + next), fold.Lift<TVector>(ahead + row), identity);
            TFold.Watch(ref seen, after, after);
            TVector isLeft = TVector.Load(left + place), isRight = TVector.Load(right + place);
            TVector sum = TFold.Combine(TVector.Blend(isLeft, TVector.Left(topBefore, top), identity), top);
            sum = TFold.Combine(sum, TVector.Blend(isRight, TVector.Right(top, topAfter), identity));
            sum = TFold.Combine(TFold.Combine(sum, TVector.Blend(isLeft, TVector.Left(before, here), identity)), here);
            sum = TFold.Combine(sum, TVector.Blend(isRight, TVector.Right(here, after), identity));
            sum = TFold.Combine(TFold.Combine(sum, TVector.Blend(isLeft, TVector.Left(bottomBefore, bottom), identity)), bottom);
            sum = TFold.Combine(sum, TVector.Blend(isRight, TVector.Right(bottom, bottomAfter), identity));
            if (TFold.IsScaled && scales != null) scale = TVector.Load(scales + place);
            fold.Finish(sum, scale, output + x);
            (topBefore, before, bottomBefore, place) = (top, here, bottom, next);
            (top, here, bottom) = (topAfter, after, bottomAfter);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>What is the same for all planes: from the top left cell of one, whether a cell has a neighbour, and what its sum is scaled by.</summary>
    private struct Line
    {
        public long Row, Plane;
        public TLane* Above, Below, Left, Right, Scales;
    }
}
