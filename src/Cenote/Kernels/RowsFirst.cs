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
        long* starts = (long*)Scratch.Rent((2 * outputs + pass.MostRows) * sizeof(long) + (lineLanes + 2 * outputLanes) * sizeof(TLane));
        long* counts = starts + outputs;
        T** rows = (T**)(counts + outputs);
        TLane* line = (TLane*)(rows + pass.MostRows), windows = line + lineLanes, widthScales = windows + outputLanes;
        pass.FillWidthScales(widthScales);
        for (long ow = 0; ow < outputs; ow++) (starts[ow], counts[ow]) = (width.Taps(ow).First * inner, width.Taps(ow).Count);
        long step = width.Dilation * inner;

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
            TLane* next = windows;
            for (long ow = 0; ow < outputs; ow++)
                for (long channel = 0; channel < inner; channel++)
                {
                    TLane* lane = line + starts[ow] + channel;
                    TLane sum = TFold.Identity;
                    for (long k = counts[ow]; k > 0; k--, lane += step) sum = TFold.Combine(sum, *lane);
                    *next++ = sum;
                }
            pass.FinishRow(windows, output, pass.OutputRow, pass.RowScale<TVector>(divisor), widthScales);
        }
    }
}
