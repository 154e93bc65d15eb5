using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows of uneven length or far apart: whole rows by the register, then along the row lane by lane.</summary>
internal readonly unsafe struct RowsFirst<T, TLane, TFold, TVector>(Pass<T, TLane, TFold> pass) : IKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass;

    // Up to here taps are gathered, so that lanes are combined by the register.
    private const int FewTaps = 8;

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        Axis width = pass.Geometry.Width;
        long inner = pass.Geometry.Inner, outputs = width.OutputLength;
        int lanes = TVector.Count;
        long lineLanes = pass.InputRow + lanes, outputLanes = pass.OutputRow + lanes;
        long* starts = (long*)Scratch.Rent((2 * outputs + pass.MostRows) * sizeof(long) + (lineLanes + (2 + FewTaps) * outputLanes) * sizeof(TLane) + FewTaps * pass.OutputRow * sizeof(int));
        long* counts = starts + outputs;
        T** rows = (T**)(counts + outputs);
        TLane* line = (TLane*)(rows + pass.MostRows), windows = line + lineLanes, widthScales = windows + outputLanes, spare = widthScales + outputLanes;
        int* places = (int*)(spare + FewTaps * outputLanes);
        pass.FillWidthScales(widthScales);
        for (long ow = 0; ow < outputs; ow++) (starts[ow], counts[ow]) = (width.Taps(ow).First * inner, width.Taps(ow).Count);
        long step = width.Dilation * inner, most = 0;
        for (long ow = 0; ow < outputs; ow++) most = Math.Max(most, counts[ow]);
        if (pass.InputRow >= int.MaxValue) most = long.MaxValue;
        // Tap k of every output; behind the last one the identity, which stands at the end of the line.
        for (long k = 0; most <= FewTaps && k < most; k++)
            for (long i = 0; i < pass.OutputRow; i++)
                places[k * pass.OutputRow + i] = (int)(k < counts[i / inner] ? starts[i / inner] + k * step + i % inner : pass.InputRow);

        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        for (long row = first; row < end; row++, cursor.Advance())
        {
            int count = cursor.Count;
            long divisor = cursor.Divisor;
            T* output = pass.Output + row * pass.OutputRow;
            if (count == 0)
            {
                pass.Cells(rows, 0, divisor, output, 0, outputs);
                continue;
            }
            pass.LiftRows<TVector>(rows, count, 0, pass.InputRow, line);
            line[pass.InputRow] = TFold.Identity;
            if (most <= FewTaps)
                Side(line, places, most, pass.OutputRow, windows, spare);
            else
                Along(line, starts, counts, step, outputs, inner, windows);
            pass.FinishRow(windows, output, pass.OutputRow, pass.RowScale<TVector>(divisor), widthScales);
        }
    }

    /// <summary>Tap after tap of all windows at once; all taps are gathered before the first is read back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Side(TLane* line, int* places, long taps, long count, TLane* windows, TLane* spare)
    {
        long pitch = count + TVector.Count;
        for (long k = 0; k < taps; k++)
            for (long i = 0; i < count; i++) spare[k * pitch + i] = line[places[k * count + i]];
        for (long i = 0; i < count; i += TVector.Count)
        {
            TVector sum = TVector.Create(TFold.Identity);
            for (long k = 0; k < taps; k++) sum = TFold.Combine(sum, TVector.Load(spare + k * pitch + i));
            sum.Store(windows + i);
        }
    }

    /// <summary>Window after window, tap by tap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Along(TLane* line, long* starts, long* counts, long step, long outputs, long inner, TLane* windows)
    {
        for (long ow = 0; ow < outputs; ow++)
            for (long channel = 0; channel < inner; channel++)
            {
                TLane* lane = line + starts[ow] + channel;
                TLane sum = TFold.Identity;
                for (long k = counts[ow]; k > 0; k--, lane += step) sum = TFold.Combine(sum, *lane);
                *windows++ = sum;
            }
    }
}
