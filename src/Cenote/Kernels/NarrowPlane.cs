using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Planes whose row fits a few registers with its padding: each row is reduced along in registers as it is read, then whole rows down the columns.</summary>
/// <remarks>A window is put together from windows of 1, 2, 4, 8 … cells by additions (or maxima) alone.</remarks>
internal readonly unsafe struct NarrowPlane<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
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
        long registers = Registers(width, lanes), pitch = registers * lanes;
        long rows = (height.OutputLength - 1) * height.Stride + height.EffectiveKernel, size = (rows + 1) * pitch + 4 * lanes;
        TLane* line = (TLane*)Scratch.Rent((2 * size + 3 * pitch + 3 * lanes + pass.OutputRow) * sizeof(TLane) + (pitch + lanes) * sizeof(T));
        TLane* other = line + size, masks = other + size, ramp = masks + pitch, strided = ramp + 2 * lanes, widthScales = strided + lanes;
        T* spare = (T*)(widthScales + pass.OutputRow + lanes);
        long* taps = stackalloc long[Tile<T, TLane, TFold, TVector>.FewTaps];
        Mark(masks, pitch, width.PaddingBefore, width.InputLength);
        Count(ramp, 2 * lanes, 1);
        Count(strided, lanes, width.Stride);
        pass.FillWidthScales(widthScales, TVector.Count);
        Pass<T, TLane, TFold>.Clear<TVector>(line + rows * pitch, other + size);
        TVector scale = pass.RowScale<TVector>(1);
        T* mine = pass.Output + end * pass.Geometry.OutputPlane;
        bool stands = true;
        for (long plane = first; plane < end; plane++)
        {
            T* cells = pass.Input + plane * pass.Geometry.InputPlane;
            long top = Math.Clamp(height.PaddingBefore, 0, rows), inside = Math.Min(rows - top, height.InputLength - Math.Max(0, height.Start(0)));
            // The padding stays as it is from plane to plane, unless long windows are put together in its place.
            if (plane == first || height.Kernel > Tile<T, TLane, TFold, TVector>.FewTaps)
            {
                Pass<T, TLane, TFold>.Clear<TVector>(line, line + top * pitch);
                Pass<T, TLane, TFold>.Clear<TVector>(line + (top + inside) * pitch, line + rows * pitch);
            }
            cells += Math.Max(0, height.Start(0)) * width.InputLength;
            for (long y = 0, some; y < inside; y += some)
            {
                T* row = cells + y * width.InputLength - width.PaddingBefore;
                TLane* to = line + (top + y) * pitch;
                some = (pass.InputEnd - row - pitch) / width.InputLength + 1;
                if (row >= pass.Input && row + pitch <= pass.InputEnd)
                {
                    some = Math.Min(some, inside - y);
                    stands &= Along(pass, registers, row, some, masks, ramp, to);
                    continue;
                }
                // The registers would begin before the input or end behind it.
                some = 1;
                Buffer.MemoryCopy(row + width.PaddingBefore, spare + width.PaddingBefore, width.InputLength * sizeof(T), width.InputLength * sizeof(T));
                stands &= Along(pass, registers, spare, 1, masks, ramp, to);
            }

            TLane* from = line, free = other;
            int tapCount = 0;
            long step = height.Dilation * pitch;
            if (height.Kernel > Tile<T, TLane, TFold, TVector>.FewTaps)
                tapCount = Tile<T, TLane, TFold, TVector>.Windows(ref from, ref free, ((height.OutputLength - 1) * height.Stride + 1) * pitch, step, height.Kernel, taps);
            else
                for (long j = 0; j < height.Kernel; j++) taps[tapCount++] = j * step;

            T* output = pass.Output + plane * pass.Geometry.OutputPlane;
            // A last register runs on into the next row, which is written after; not so behind what is ours.
            long beyond = mine - output - pitch, spilling = beyond < 0 ? 0 : Math.Min(beyond / width.OutputLength + 1, height.OutputLength);
            for (long y = 0, some; y < height.OutputLength; y += some, output += some * width.OutputLength)
            {
                some = pass.IsUniform && y < spilling ? spilling - y : 1;
                if (!pass.IsUniform) scale = pass.RowScale<TVector>(height.Divisor(y, fold.CountsPadding));
                TLane* row = from + y * height.Stride * pitch;
                Down(fold, row, height.Stride * pitch, some, taps, tapCount, y < spilling ? output : spare, width, pass.IsUniform, scale, widthScales, strided);
                if (y >= spilling) Buffer.MemoryCopy(spare, output, width.OutputLength * sizeof(T), width.OutputLength * sizeof(T));
            }
        }
        return stands;
    }

    /// <summary>How many registers a row takes with its padding.</summary>
    public static long Registers(in Axis width, int lanes) => ((width.OutputLength - 1) * width.Stride + width.Kernel - 1) / lanes + 1;

    private static bool Along(in Pass<T, TLane, TFold> pass, long registers, T* row, long rows, TLane* masks, TLane* ramp, TLane* to) => registers switch
    {
        1 => Along<One>(pass.Fold, pass.Geometry.Width, row, rows, masks, ramp, to),
        2 => Along<Two>(pass.Fold, pass.Geometry.Width, row, rows, masks, ramp, to),
        3 => Along<Three>(pass.Fold, pass.Geometry.Width, row, rows, masks, ramp, to),
        _ => Along<Four>(pass.Fold, pass.Geometry.Width, row, rows, masks, ramp, to),
    };

    /// <summary>Rows, each between its padding, reduced along.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Along<TRegisters>(TFold fold, in Axis width, T* row, long rows, TLane* masks, TLane* ramp, TLane* to)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count, count = TRegisters.Value;
        long kernel = width.Kernel, length = width.InputLength;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        for (; rows > 0; rows--, row += length, to += count * lanes)
        {
            Row now = new() { A = Masked(fold, row, masks, identity) };
            if (count > 1) now.B = Masked(fold, row + lanes, masks + lanes, identity);
            if (count > 2) now.C = Masked(fold, row + 2 * lanes, masks + 2 * lanes, identity);
            if (count > 3) now.D = Masked(fold, row + 3 * lanes, masks + 3 * lanes, identity);
            if (count > 1) TFold.Watch(ref seen, now.A, now.B);
            else TFold.Watch(ref seen, now.A, now.A);
            if (count > 3) TFold.Watch(ref seen, now.C, now.D);
            else if (count > 2) TFold.Watch(ref seen, now.C, now.C);

            Row sum = now;
            long size = 1;
            if (TFold.IsIdempotent)
            {
                for (; 2 * size <= kernel; size *= 2) Join<TRegisters>(ref now, now, size, ramp, identity);
                sum = now;
                if (size < kernel) Join<TRegisters>(ref sum, now, kernel - size, ramp, identity);
            }
            else
            {
                // The length in binary digits, each a window beside the ones before.
                long done = kernel & 1;
                for (; 2 * size <= kernel;)
                {
                    Join<TRegisters>(ref now, now, size, ramp, identity);
                    size *= 2;
                    if ((kernel & size) == 0) continue;
                    if (done == 0) sum = now;
                    else Join<TRegisters>(ref sum, now, done, ramp, identity);
                    done += size;
                }
            }
            sum.A.Store(to);
            if (count > 1) sum.B.Store(to + lanes);
            if (count > 2) sum.C.Store(to + 2 * lanes);
            if (count > 3) sum.D.Store(to + 3 * lanes);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Masked(TFold fold, T* cells, TLane* mask, TVector identity) => TVector.Select(TVector.Load(mask), fold.Lift<TVector>(cells), identity);

    /// <summary>Combines each lane of a row with the one so many lanes further on of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join<TRegisters>(ref Row row, Row other, long ahead, TLane* ramp, TVector identity)
        where TRegisters : struct, ICount
    {
        int count = TRegisters.Value;
        for (; ahead >= TVector.Count; ahead -= TVector.Count)
        {
            other.A = count > 1 ? other.B : identity;
            other.B = count > 2 ? other.C : identity;
            other.C = count > 3 ? other.D : identity;
            other.D = identity;
        }
        // No lane ahead: a register as it is.
        TVector places = TVector.Load(ramp + ahead);
        row.A = TFold.Combine(row.A, TVector.Ahead(other.A, count > 1 ? other.B : identity, places));
        if (count > 1) row.B = TFold.Combine(row.B, TVector.Ahead(other.B, count > 2 ? other.C : identity, places));
        if (count > 2) row.C = TFold.Combine(row.C, TVector.Ahead(other.C, count > 3 ? other.D : identity, places));
        if (count > 3) row.D = TFold.Combine(row.D, TVector.Ahead(other.D, identity, places));
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
    /// <param name="strided">Where the windows stand that are wanted, if not all are.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Down(
        TFold fold, TLane* line, long step, long rows, long* taps, int tapCount, T* output, in Axis width, bool isUniform, TVector scale,
        TLane* widthScales, TLane* strided)
    {
        int lanes = TVector.Count;
        bool isStrided = width.Stride > 1;
        long cells = width.OutputLength;
        // Two windows, one tap apart, share what lies between; not so where the taps are unevenly apart.
        bool shares = tapCount > 1 && taps[1] == step && taps[tapCount - 1] == (tapCount - 1) * step && !isStrided;
        for (; rows > 1 && shares; rows -= 2, line += 2 * step, output += 2 * cells)
        {
            TVector first = TVector.Create(TFold.Identity);
            for (long x = 0; x < cells; x += lanes)
            {
                TLane* tap = line + x;
                TVector middle = TVector.Load(tap + step);
                for (int k = 2; k < tapCount; k++) middle = TFold.Combine(middle, TVector.Load(tap + k * step));
                TVector upper = TFold.Combine(TVector.Load(tap), middle), lower = TFold.Combine(middle, TVector.Load(tap + tapCount * step));
                TVector scales = Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x);
                fold.Finish(upper, scales, output + x);
                fold.Finish(lower, scales, output + cells + x);
                if (x == 0) first = lower;
            }
            // The last register of the upper row has run over the first of the lower.
            fold.Finish(first, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales), output + cells);
        }
        for (; rows > 0; rows--, line += step, output += cells)
            for (long x = 0; x < cells; x += lanes)
            {
                TLane* tap = line + x;
                TVector sum = TVector.Load(tap + taps[0]);
                for (int k = 1; k < tapCount; k++) sum = TFold.Combine(sum, TVector.Load(tap + taps[k]));
                if (isStrided)
                {
                    tap += lanes;
                    TVector next = TVector.Load(tap + taps[0]);
                    for (int k = 1; k < tapCount; k++) next = TFold.Combine(next, TVector.Load(tap + taps[k]));
                    sum = TVector.Ahead(sum, next, TVector.Load(strided));
                }
                fold.Finish(sum, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), output + x);
            }
    }

    /// <summary>All ones where a lane of a row holds a cell.</summary>
    private static void Mark(TLane* masks, long count, long before, long length)
    {
        for (long i = 0; i < count * sizeof(TLane); i++) ((byte*)masks)[i] = (byte)(i >= before * sizeof(TLane) && i < (before + length) * sizeof(TLane) ? 0xFF : 0);
    }

    private static void Count(TLane* ramp, int count, long step)
    {
        for (int i = 0; i < count; i++)
            if (sizeof(TLane) == sizeof(long)) ((long*)ramp)[i] = i * step;
            else ((int*)ramp)[i] = (int)(i * step);
    }

    /// <summary>Up to four registers side by side.</summary>
    private struct Row
    {
        public TVector A, B, C, D;
    }
}
