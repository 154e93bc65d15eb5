namespace Cenote.Kernels;

/// <summary>A few taps that must be added in order where no register can: output by output.</summary>
internal readonly unsafe struct CellByCell<T, TLane, TFold>(Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
{
    public long Units => pass.OutputRows;

    public long UnitBytes => pass.Bytes / pass.OutputRows;

    public void Run(long first, long end) => TryRun(first, end);

    public bool TryRun(long first, long end)
    {
        T** rows = (T**)Scratch.Rent(pass.MostRows * sizeof(T*));
        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        for (long row = first; row < end; row++, cursor.Advance())
        {
            int count = cursor.Count;
            long divisor = cursor.Divisor;
            pass.Cells(rows, count, divisor, pass.Output + row * pass.OutputRow, 0, pass.Geometry.Width.OutputLength);
        }
        // Cell by cell no NaN is lost.
        return true;
    }
}
