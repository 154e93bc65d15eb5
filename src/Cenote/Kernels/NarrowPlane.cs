using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Planes whose row fits a few registers with its padding: each row is reduced along in registers as it is read, then whole rows down the columns.</summary>
/// <remarks>A window is put together from windows of 1, 2, 4, 8 … cells by additions (or maxima) alone.</remarks>
internal readonly unsafe struct NarrowPlane<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // A row is read from its end, so that the processor does not see what comes next: beyond a second-level cache of 1 MB it is told.
    private const long CacheBytes = 1024 * 1024, AheadBytes = 1024;

    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => _pass.Geometry.Outer;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        (_, _, Axis height, Axis width, _) = pass.Geometry;
        TFold fold = pass.Fold;
        int lanes = TVector.Count;
        bool isUniform = pass.IsUniform;
        long pitch = (((width.OutputLength - 1) * width.Stride + width.Kernel - 1) / lanes + 1) * lanes;
        long inputPlane = pass.Geometry.InputPlane, outputPlane = pass.Geometry.OutputPlane;
        long rows = (height.OutputLength - 1) * height.Stride + height.EffectiveKernel, size = (rows + 1) * pitch + 4 * lanes;
        TLane* line = (TLane*)Scratch.Rent((2 * size + 3 * pitch + 4 * lanes + pass.OutputRow) * sizeof(TLane) + (outputPlane + 2 * pitch) * sizeof(T));
        TLane* other = line + size, masks = other + size, ramp = masks + pitch, strided = ramp + 3 * lanes, widthScales = strided + lanes;
        T* spare = (T*)(widthScales + pass.OutputRow + lanes);
        long* taps = stackalloc long[Planner.MostDirect];
        bool isTall = Planner.IsTall(height, width);
        long dilation = height.Dilation * pitch;
        int tapCount = isTall ? 0 : (int)height.Kernel;
        for (int j = 0; j < tapCount; j++) taps[j] = j * dilation;
        Pass<T, TLane, TFold>.Mark(masks, pitch, width.PaddingBefore, width.InputLength);
        RowSlide<T, TLane, TFold, TVector>.Fill(fold, ramp);
        if (TVector.LooksAhead) Pass<T, TLane, TFold>.Number(strided, lanes, first: 0, step: width.Stride);
        pass.FillWidthScales(widthScales, TVector.Count);
        Pass<T, TLane, TFold>.Clear<TVector>(line, other + size);
        long top = Math.Clamp(height.PaddingBefore, 0, rows), from = Math.Max(0, height.Start(0)), inside = Math.Min(rows - top, height.InputLength - from);
        TVector scale = pass.RowScale<TVector>(1);
        T* mine = pass.Output + end * outputPlane;
        bool stands = true;
        long ahead = (pass.InputEnd - pass.Input) * sizeof(T) > CacheBytes ? AheadBytes / sizeof(T) : 0;
        for (long plane = first; plane < end; plane++)
        {
            // The padding stays as it is from plane to plane, unless tall windows are put together in its place.
            if (isTall)
            {
                Pass<T, TLane, TFold>.Clear<TVector>(line, line + top * pitch);
                Pass<T, TLane, TFold>.Clear<TVector>(line + (top + inside) * pitch, line + rows * pitch);
            }
            T* cells = pass.Input + plane * inputPlane + from * width.InputLength - width.PaddingBefore;
            for (long y = 0, some; y < inside; y += some)
            {
                T* row = cells + y * width.InputLength;
                TLane* to = line + (top + y) * pitch;
                some = inside - y;
                if (row >= pass.Input && row + pitch <= pass.InputEnd)
                {
                    if (row + (some - 1) * width.InputLength + pitch > pass.InputEnd) some = (pass.InputEnd - row - pitch) / width.InputLength + 1;
                    stands &= Along(fold, width, row, some, masks, ramp, to, pitch, ahead);
                    continue;
                }
                // The registers would begin before the input or end behind it.
                some = 1;
                Buffer.MemoryCopy(row + width.PaddingBefore, spare + width.PaddingBefore, width.InputLength * sizeof(T), width.InputLength * sizeof(T));
                stands &= Along(fold, width, spare, 1, masks, ramp, to, pitch, ahead);
            }

            TLane* reduced = line, free = other;
            long windows = ((height.OutputLength - 1) * height.Stride + 1) * pitch;
            if (isTall) tapCount = Tile<T, TLane, TFold, TVector>.Windows(ref reduced, ref free, windows, dilation, height.Kernel, taps);
            // A last register runs on into the next row or plane, which is written after; not so behind what is ours.
            T* output = pass.Output + plane * outputPlane, target = output + outputPlane - width.OutputLength + pitch <= mine ? output : spare;
            for (long y = 0, some = isUniform ? height.OutputLength : 1; y < height.OutputLength; y += some)
            {
                if (!isUniform) scale = pass.RowScale<TVector>(height.Divisor(y, fold.CountsPadding));
                TLane* row = reduced + y * height.Stride * pitch;
                Down(fold, row, height.Stride * pitch, some, taps, tapCount, target + y * width.OutputLength, width, isUniform, scale, widthScales, ramp + 2 * lanes, strided);
            }
            if (target != output) Buffer.MemoryCopy(target, output, outputPlane * sizeof(T), outputPlane * sizeof(T));
        }
        return stands;
    }

    private static bool Along(TFold fold, in Axis width, T* row, long rows, TLane* masks, TLane* ramp, TLane* to, long pitch, long ahead) => width.Kernel switch
    {
        // The usual ones: what of a window is known as it is compiled need not be asked for every register.
        3 => Along<Three, One>(fold, width, row, rows, masks, ramp, to, pitch, ahead),
        5 when TVector.Count > 2 => Along<Five, One>(fold, width, row, rows, masks, ramp, to, pitch, ahead),
        5 => Along<Five, Two>(fold, width, row, rows, masks, ramp, to, pitch, ahead),
        _ => (width.Kernel / TVector.Count) switch
        {
            0 or 1 => Along<Any, One>(fold, width, row, rows, masks, ramp, to, pitch, ahead),
            2 => Along<Any, Two>(fold, width, row, rows, masks, ramp, to, pitch, ahead),
            _ => Along<Any, Three>(fold, width, row, rows, masks, ramp, to, pitch, ahead),
        },
    };

    /// <summary>Rows, each between its padding, reduced along.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Along<TKernel, TRegisters>(TFold fold, in Axis width, T* row, long rows, TLane* masks, TLane* ramp, TLane* to, long pitch, long ahead)
        where TKernel : struct, ICount
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count;
        long kernel = TKernel.Value > 0 ? TKernel.Value : width.Kernel, length = width.InputLength, doubled = 1;
        while (2 * doubled <= Math.Min(kernel, lanes)) doubled *= 2;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default), last = identity, two = identity, three = identity;
        TVector over = TVector.Load(ramp + Math.Min(kernel - doubled, lanes)), one = TVector.Load(ramp + 2 * lanes);
        RowSlide<T, TLane, TFold, TVector> after = RowSlide<T, TLane, TFold, TVector>.None, rests = after;
        for (; rows > 0; rows--, row += length, to += pitch)
        {
            long x = pitch - lanes;
            for (; x > 0; x -= 2 * lanes)
            {
                T* cell = row + x;
                TLane* mask = masks + x, target = to + x;
                if (Sse.IsSupported && ahead > 0)
                {
                    Sse.Prefetch0(cell + ahead);
                    Sse.Prefetch0(cell + ahead - lanes);
                }
                TVector right = Masked(fold, cell, mask, identity), left = Masked(fold, cell - lanes, mask - lanes, identity);
                TFold.Watch(ref seen, left, right);
                (TVector leftNext, TVector rightNext) = RowSlide<T, TLane, TFold, TVector>.Further(left, right, ref after);
                RowSlide<T, TLane, TFold, TVector>.Windows<TRegisters>(
                    ref left, ref right, leftNext, rightNext, kernel, over, one, ref after, ref rests, ref last, ref two, ref three);
                right.Store(target);
                left.Store(target - lanes);
            }
            if (x < 0) continue;
            TVector cells = Masked(fold, row, masks, identity);
            TFold.Watch(ref seen, cells, cells);
            RowSlide<T, TLane, TFold, TVector>.Window<TRegisters>(cells, kernel, over, ref after, ref rests, ref last, ref two, ref three).Store(to);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Masked(TFold fold, T* cells, TLane* mask, TVector identity) => TVector.Blend(TVector.Load(mask), fold.Lift<TVector>(cells), identity);

    private static void Down(
        TFold fold, TLane* line, long step, long rows, long* taps, int tapCount, T* output, in Axis width, bool isUniform, TVector scale,
        TLane* widthScales, TLane* ones, TLane* strided)
    {
        if (tapCount == 5) Down<Five>(fold, line, step, rows, taps, tapCount, output, width, isUniform, scale, widthScales, ones, strided);
        else if (tapCount == 3) Down<Three>(fold, line, step, rows, taps, tapCount, output, width, isUniform, scale, widthScales, ones, strided);
        else Down<Any>(fold, line, step, rows, taps, tapCount, output, width, isUniform, scale, widthScales, ones, strided);
    }

    /// <summary>Rows of outputs from rows that have been reduced along; the last register of each may run on behind its end.</summary>
    /// <param name="fold">The fold.</param>
    /// <param name="line">The first row of the first window.</param>
    /// <param name="step">From there to that of the next.</param>
    /// <param name="rows">How many windows.</param>
    /// <param name="taps">The rows of a window, from the first.</param>
    /// <param name="tapCount">How many.</param>
    /// <param name="output">The outputs.</param>
    /// <param name="width">The axis along the rows.</param>
    /// <param name="isUniform">Whether one scale serves all.</param>
    /// <param name="scale">See <see cref="Pass{T, TLane, TFold}.RowScale{TVector}"/>.</param>
    /// <param name="widthScales">The scales along the width.</param>
    /// <param name="ones">See <see cref="RowSlide{T, TLane, TFold, TVector}.Fill"/>.</param>
    /// <param name="strided">Where the windows stand that are wanted, if not all are.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Down<TTaps>(
        TFold fold, TLane* line, long step, long rows, long* taps, int tapCount, T* output, in Axis width, bool isUniform, TVector scale,
        TLane* widthScales, TLane* ones, TLane* strided)
        where TTaps : struct, ICount
    {
        int lanes = TVector.Count;
        TVector one = TVector.Load(ones);
        bool isStrided = width.Stride > 1;
        // As many windows as two registers hold, a register at most.
        long cells = width.OutputLength, stride = width.Stride, group = Math.Min(lanes, (2 * lanes - 1) / stride + 1);
        // Windows one tap apart share what lies between; not so where the taps are unevenly apart.
        bool shares = tapCount > 1 && taps[1] == step && taps[tapCount - 1] == (tapCount - 1) * step && !isStrided;
        // From the right, so that what a last register spills into the row below is overwritten.
        long last = (cells - 1) / lanes * lanes;
        for (; rows > 3 && shares && tapCount > 3; rows -= 4, line += 4 * step, output += 4 * cells)
            for (long x = last; x >= 0; x -= lanes)
            {
                TLane* row = line + x, end = row + tapCount * step;
                T* to = output + x;
                TVector first = TVector.Load(row), second = TVector.Load(row += step), third = TVector.Load(row += step), middle = TVector.Load(row += step);
                if (TTaps.Value > 4) middle = Pass<T, TLane, TFold>.CombineBeside(middle, TVector.Load(row += step), one);
                if (TTaps.Value == 0)
                    while ((row += step) < end) middle = TFold.Combine(middle, TVector.Load(row));
                TVector below = TVector.Load(end), next = TVector.Load(end + step);
                TVector upper = TFold.Combine(TFold.Combine(second, third), middle), lower = TFold.Combine(middle, Pass<T, TLane, TFold>.CombineBeside(below, next, one));
                TVector scales = Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x);
                fold.Finish(Pass<T, TLane, TFold>.CombineBeside(first, upper, one), scales, to);
                fold.Finish(Pass<T, TLane, TFold>.CombineBeside(upper, below, one), scales, to + cells);
                fold.Finish(Pass<T, TLane, TFold>.CombineBeside(third, lower, one), scales, to + 2 * cells);
                fold.Finish(Pass<T, TLane, TFold>.CombineBeside(lower, TVector.Load(end + 2 * step), one), scales, to + 3 * cells);
            }
        for (; rows > 1 && shares; rows -= 2, line += 2 * step, output += 2 * cells)
            for (long x = last; x >= 0; x -= lanes)
            {
                TLane* row = line + x, end = row + tapCount * step;
                TVector first = TVector.Load(row), middle = TVector.Load(row += step);
                if (TTaps.Value > 2) middle = TFold.Combine(middle, TVector.Load(row += step));
                if (TTaps.Value > 3) middle = TFold.Combine(middle, TVector.Load(row += step));
                if (TTaps.Value > 4) middle = TFold.Combine(middle, TVector.Load(row += step));
                if (TTaps.Value == 0)
                    while ((row += step) < end) middle = TFold.Combine(middle, TVector.Load(row));
                TVector scales = Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x);
                fold.Finish(TFold.Combine(first, middle), scales, output + x);
                fold.Finish(TFold.Combine(middle, TVector.Load(end)), scales, output + cells + x);
            }
        for (; rows > 0; rows--, line += step, output += cells)
            for (long x = 0; x < cells; x += group)
            {
                TLane* tap = line + x * stride;
                TVector sum = TVector.Load(tap + taps[0]);
                for (int k = 1; k < tapCount; k++) sum = TFold.Combine(sum, TVector.Load(tap + taps[k]));
                if (isStrided)
                {
                    tap += lanes;
                    TVector next = TVector.Load(tap + taps[0]);
                    for (int k = 1; k < tapCount; k++) next = TFold.Combine(next, TVector.Load(tap + taps[k]));
                    sum = TVector.LooksAhead ? TVector.Ahead(sum, next, TVector.Load(strided)) : TVector.Even(sum, next);
                }
                fold.Finish(sum, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), output + x);
            }
    }
}
