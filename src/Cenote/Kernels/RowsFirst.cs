using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows of uneven length or far apart: whole rows by the register, then along the row lane by lane.</summary>
internal readonly unsafe struct RowsFirst<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass;

    // As many as make the beginning and the end of a run of no account.
    private const int ManyLanes = 512;

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        Axis width = pass.Geometry.Width;
        long inner = pass.Geometry.Inner, outputs = width.OutputLength;
        int lanes = TVector.Count;
        long room = Math.Max(pass.OutputRow, ManyLanes);
        // Whole registers, so that all begin where one does: what is stored across the boundary of a cache line is long in coming back.
        long lineLanes = (pass.InputRow / lanes + 2) * lanes, outputLanes = (pass.OutputRow / lanes + 2) * lanes, roomLanes = (room / lanes + 2) * lanes;
        TLane* line = (TLane*)Scratch.Rent(
            (lineLanes + (1 + Planner.FewGathered) * outputLanes + 2 * roomLanes) * sizeof(TLane) + (2 * outputs + pass.MostRows) * sizeof(long) + Planner.FewGathered * pass.OutputRow * sizeof(int));
        TLane* windows = line + lineLanes, scales = windows + roomLanes, widthScales = scales + roomLanes, spare = widthScales + outputLanes;
        long* starts = (long*)(spare + Planner.FewGathered * outputLanes), counts = starts + outputs;
        T** rows = (T**)(counts + outputs);
        int* places = (int*)(rows + pass.MostRows);
        pass.FillWidthScales(widthScales, TVector.Count);
        // Read behind the last window, and dropped.
        Pass<T, TLane, TFold>.Clear<TVector>(line, windows);
        for (long ow = 0; ow < outputs; ow++) (starts[ow], counts[ow]) = (width.Taps(ow).First * inner, width.Taps(ow).Count);
        long step = width.Dilation * inner, most = 0;
        for (long ow = 0; ow < outputs; ow++) most = Math.Max(most, counts[ow]);
        if (pass.InputRow >= int.MaxValue) most = long.MaxValue;
        // Tap k of every output; behind the last one the identity, which stands at the end of the line.
        for (long k = 0; most <= Planner.FewGathered && k < most; k++)
            for (long i = 0; i < pass.OutputRow; i++)
                places[k * pass.OutputRow + i] = (int)(k < counts[i / inner] ? starts[i / inner] + k * step + i % inner : pass.InputRow);

        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        bool stands = true;
        for (long row = first; row < end;)
        {
            // Short rows are finished many at a time: in memory they follow each other.
            long held = 0;
            T* output = pass.Output + row * pass.OutputRow;
            for (; row < end && held + pass.OutputRow <= room; row++, cursor.Advance(), held += pass.OutputRow)
            {
                stands &= pass.LiftRows<TVector>(rows, cursor.Count, 0, pass.InputRow, line);
                line[pass.InputRow] = TFold.Identity;
                if (most <= Planner.FewGathered)
                    Side(line, places, most, pass.OutputRow, windows + held, spare);
                else
                    Along(line, starts, counts, step, outputs, inner, windows + held);
                if (pass.IsUniform) continue;
                TVector scale = pass.RowScale<TVector>(cursor.Divisor);
                for (long i = 0; i < pass.OutputRow; i += lanes) (scale * TVector.Load(widthScales + i)).Store(scales + held + i);
            }
            if (pass.IsUniform)
                pass.FinishRow(windows, output, held, pass.RowScale<TVector>(1), scales);
            else
                pass.FinishScaled<TVector>(windows, output, held, scales);
        }
        return stands;
    }

    /// <summary>Tap after tap of all windows at once; all taps are gathered before the first is read back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Side(TLane* line, int* places, long taps, long count, TLane* windows, TLane* spare)
    {
        for (long i = 0; i < taps * count; i++) spare[i] = line[places[i]];
        for (long i = 0; i < count; i += TVector.Count)
        {
            TVector sum = TVector.Create(TFold.Identity);
            for (long k = 0; k < taps; k++) sum = TFold.Combine(sum, TVector.Load(spare + k * count + i));
            sum.Store(windows + i);
        }
    }

    /// <summary>Window after window: registers of its taps, or with channels last tap by tap a register of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Along(TLane* line, long* starts, long* counts, long step, long outputs, long inner, TLane* windows)
    {
        int lanes = TVector.Count;
        TLane* parts = stackalloc TLane[lanes];
        for (long ow = 0; ow < outputs; ow++, windows += inner)
        {
            TLane* first = line + starts[ow];
            long count = counts[ow];
            for (long channel = 0; inner > 1 && channel < inner; channel += lanes)
            {
                TLane* lane = first + channel;
                TVector some = TVector.Create(TFold.Identity);
                for (long k = count; k > 0; k--, lane += step) some = TFold.Combine(some, TVector.Load(lane));
                some.Store(windows + channel);
            }
            if (inner > 1) continue;
            TLane sum = TFold.Identity;
            if (step == 1 && count >= 2 * lanes)
            {
                TVector a = TVector.Load(first), b = TVector.Load(first + lanes);
                for (first += 2 * lanes, count -= 2 * lanes; count >= 2 * lanes; first += 2 * lanes, count -= 2 * lanes)
                    (a, b) = (TFold.Combine(a, TVector.Load(first)), TFold.Combine(b, TVector.Load(first + lanes)));
                TFold.Combine(a, b).Store(parts);
                for (int i = 0; i < lanes; i++) sum = TFold.Combine(sum, parts[i]);
            }
            for (; count > 0; count--, first += step) sum = TFold.Combine(sum, *first);
            *windows = sum;
        }
    }
}
