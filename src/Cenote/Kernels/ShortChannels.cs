using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Channels last that fill a few registers: what each window sees is looked up, so that next to nothing is done for a window but its taps; rows are combined first where that is less.</summary>
internal readonly unsafe struct ShortChannels<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    public void Run(long first, long end) => TryRun(first, end);

    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        (_, _, Axis height, Axis width, long channels) = pass.Geometry;
        int lanes = TVector.Count;
        long outputs = pass.IsUniform ? 1 : pass.Geometry.OutputPlane;
        Reach* rows = (Reach*)Scratch.Rent((height.OutputLength + width.OutputLength) * sizeof(Reach) + (outputs + pass.InputRow + lanes) * sizeof(TLane)), columns = rows + height.OutputLength;
        TLane* line = (TLane*)(columns + width.OutputLength), scales = line + pass.InputRow + lanes;
        Fill(height, pass.InputRow, rows);
        Fill(width, channels, columns);
        bool counts = pass.Fold.CountsPadding;
        for (long i = 0; i < outputs; i++)
            scales[i] = pass.Scale(pass.IsUniform ? 1 : height.Divisor(i / width.OutputLength, counts) * width.Divisor(i % width.OutputLength, counts));
        (long plane, long oh) = Math.DivRem(first, height.OutputLength);
        Windows windows = new()
        {
            Cells = pass.Input + plane * pass.Geometry.InputPlane * channels, Plane = pass.Geometry.InputPlane * channels, InputRow = pass.InputRow, Channels = channels, First = oh, Count = end - first,
            Rows = rows, Columns = columns, Height = height.OutputLength, Width = width.OutputLength, RowStep = height.Dilation * pass.InputRow, Step = width.Dilation * channels,
            Output = pass.Output + first * pass.OutputRow, Line = line, Scales = scales, IsUniform = pass.IsUniform,
        };
        bool isApart = !pass.Fold.IsOrdered && Planner.IsApart(height, width);
        return channels % (2 * lanes) == 0
            ? isApart ? Apart<Two>(pass.Fold, windows) : Direct<Two>(pass.Fold, windows)
            : isApart ? Apart<One>(pass.Fold, windows) : Direct<One>(pass.Fold, windows);
    }

    private static void Fill(in Axis axis, long step, Reach* reaches)
    {
        for (long i = 0; i < axis.OutputLength; i++)
        {
            TapRange taps = axis.Taps(i);
            reaches[i] = new() { First = taps.First * step, Count = taps.Count };
        }
    }

    /// <summary>Tap by tap, in order.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Direct<TRegisters>(TFold fold, in Windows windows)
        where TRegisters : struct, ICount
    {
        long channels = windows.Channels, rowStep = windows.RowStep, step = windows.Step, oh = windows.First;
        T* cells = windows.Cells, output = windows.Output;
        TLane* scales = windows.Scales + (windows.IsUniform ? 0 : oh * windows.Width);
        Reach* columns = windows.Columns, end = columns + windows.Width;
        TVector seen = TVector.Create(default);
        for (long left = windows.Count; left > 0; left--, oh++)
        {
            if (oh == windows.Height)
            {
                oh = 0;
                cells += windows.Plane;
                scales = windows.Scales;
            }
            T* top = cells + windows.Rows[oh].First;
            long down = windows.Rows[oh].Count;
            for (Reach* column = columns; column < end; column++, output += channels)
            {
                long along = column->Count;
                TVector scale = TVector.Create(*scales);
                if (!windows.IsUniform) scales++;
                for (long channel = 0; channel < channels; channel += TRegisters.Value * TVector.Count)
                {
                    if (TRegisters.Value == 1) channel = Math.Min(channel, channels - TVector.Count);
                    TVector low = TVector.Create(TFold.Identity), high = low;
                    T* row = top + column->First + channel;
                    for (long j = down; j > 0; j--, row += rowStep)
                    {
                        T* cell = row;
                        long k = along;
                        if (k == 3)
                        {
                            Join<TRegisters>(fold, ref low, ref high, cell, ref seen);
                            Join<TRegisters>(fold, ref low, ref high, cell += step, ref seen);
                            Join<TRegisters>(fold, ref low, ref high, cell + step, ref seen);
                            continue;
                        }
                        for (; k > 0; k--, cell += step) Join<TRegisters>(fold, ref low, ref high, cell, ref seen);
                    }
                    Finish<TRegisters>(fold, low, high, scale, output + channel);
                }
            }
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>Down the columns of a row of windows, then along it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Apart<TRegisters>(TFold fold, in Windows windows)
        where TRegisters : struct, ICount
    {
        long channels = windows.Channels, oh = windows.First;
        T* cells = windows.Cells, output = windows.Output;
        TLane* scales = windows.Scales + (windows.IsUniform ? 0 : oh * windows.Width);
        bool stands = true;
        for (long left = windows.Count; left > 0; left--, oh++, output += windows.Width * channels)
        {
            if (oh == windows.Height)
            {
                oh = 0;
                cells += windows.Plane;
                scales = windows.Scales;
            }
            stands &= Down<TRegisters>(fold, cells + windows.Rows[oh].First, windows.Rows[oh].Count, windows.RowStep, windows.InputRow, windows.Line);
            Along<TRegisters>(fold, windows, scales, output);
            if (!windows.IsUniform) scales += windows.Width;
        }
        return stands;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Down<TRegisters>(TFold fold, T* top, long down, long rowStep, long count, TLane* line)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(default);
        bool isPair = count >= 2 * lanes;
        long some = isPair ? 2 * lanes : lanes;
        for (long i = 0; i < count; i += some)
        {
            // The last registers reach back over those before.
            i = Math.Min(i, count - some);
            TVector low = TVector.Create(TFold.Identity), high = low;
            T* cell = top + i;
            if (TRegisters.Value == 2)
                for (long j = down; j > 0; j--, cell += rowStep) Pass<T, TLane, TFold>.JoinPair(fold, ref low, ref high, cell, ref seen);
            else if (isPair)
                for (long j = down; j > 0; j--, cell += rowStep) Pass<T, TLane, TFold>.Join(fold, ref low, ref high, cell, ref seen);
            else
                for (long j = down; j > 0; j--, cell += rowStep) Join<One>(fold, ref low, ref high, cell, ref seen);
            low.Store(line + i);
            if (isPair) high.Store(line + i + lanes);
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Along<TRegisters>(TFold fold, in Windows windows, TLane* scales, T* output)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count;
        long channels = windows.Channels, step = windows.Step, more = windows.IsUniform ? 0 : 1;
        TLane* line = windows.Line;
        for (Reach* column = windows.Columns, end = column + windows.Width; column < end; column++, output += channels, scales += more)
        {
            TVector scale = TVector.Create(*scales);
            for (long channel = 0; channel < channels; channel += TRegisters.Value * lanes)
            {
                if (TRegisters.Value == 1) channel = Math.Min(channel, channels - lanes);
                TVector low = TVector.Create(TFold.Identity), high = low;
                TLane* cell = line + column->First + channel;
                for (long k = column->Count; k > 0; k--, cell += step)
                {
                    low = TFold.Combine(low, TVector.Load(cell));
                    if (TRegisters.Value == 2) high = TFold.Combine(high, TVector.Load(cell + lanes));
                }
                Finish<TRegisters>(fold, low, high, scale, output + channel);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join<TRegisters>(TFold fold, ref TVector low, ref TVector high, T* cells, ref TVector seen)
        where TRegisters : struct, ICount
    {
        if (TRegisters.Value == 2)
        {
            Pass<T, TLane, TFold>.JoinPair(fold, ref low, ref high, cells, ref seen);
            return;
        }
        TVector more = fold.Lift<TVector>(cells);
        TFold.Watch(ref seen, more, more);
        low = TFold.Combine(low, more);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TRegisters>(TFold fold, TVector low, TVector high, TVector scale, T* cells)
        where TRegisters : struct, ICount
    {
        if (TRegisters.Value == 2) Pass<T, TLane, TFold>.FinishPair(fold, low, high, scale, cells);
        else fold.Finish(low, scale, cells);
    }

    /// <summary>The taps of one window along an axis: cells from the first of the axis to the first of them, and how many there are.</summary>
    private struct Reach
    {
        public long First, Count;
    }

    /// <summary>Rows of windows, of as many planes as there are.</summary>
    private struct Windows
    {
        public T* Cells, Output;
        public long Plane, InputRow, Channels, First, Count, Height, Width, RowStep, Step;
        public Reach* Rows, Columns;
        public TLane* Line, Scales;
        public bool IsUniform;
    }
}
