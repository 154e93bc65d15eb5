using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows two or three wide, two apart: the even and the odd columns of two registers are the taps. Nothing is copied first.</summary>
internal readonly unsafe struct StrideTwo<T, TLane, TFold, TVector>(Pass<T, TLane, TFold> pass) : IKernel
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
        TFold fold = pass.Fold;
        Axis width = pass.Geometry.Width;
        bool three = width.Kernel == 3;
        // The first tap of three is the odd column left of the register's first even one.
        long shift = three ? 1 - width.PaddingBefore : 0;
        long outputs = width.InteriorEnd();
        int lanes = TVector.Count;
        bool isUniform = pass.IsUniform;
        T** rows = stackalloc T*[(int)pass.MostRows];
        TLane* scratch = (TLane*)Scratch.Rent((pass.OutputRow + lanes + pass.MostRows * lanes) * sizeof(TLane));
        TLane* widthScales = scratch + pass.MostRows * lanes;
        pass.FillWidthScales(widthScales);
        T* mine = pass.Output + end * pass.OutputRow;

        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        TVector scale = pass.RowScale<TVector>(1);
        for (long row = first; row < end; row++, cursor.Advance())
        {
            T* output = pass.Output + row * pass.OutputRow;
            int count = cursor.Count;
            long done = 0;
            if (count > 0)
            {
                if (!isUniform) scale = pass.RowScale<TVector>(cursor.Divisor);
                long whole = (outputs + lanes - 1) / lanes * lanes;
                // A last register may run on into the next row, which is written after; not so where no row of ours follows.
                bool spills = output + whole <= mine && rows[count - 1] + shift + 2 * whole <= pass.InputEnd;
                if (spills || outputs >= lanes)
                {
                    done = outputs;
                    if (fold.IsOrdered) Ordered(fold, rows, count, output, outputs, spills, three, shift, isUniform, scale, widthScales, scratch);
                    else Unordered(fold, rows, count, output, outputs, spills, three, shift, isUniform, scale, widthScales);
                }
            }
            if (done < width.OutputLength) pass.Cells(rows, count, cursor.Divisor, output, done, width.OutputLength);
        }
    }

    /// <summary>Rows first, then the two or three columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unordered(
        TFold fold, T** rows, int count, T* output, long outputs, bool spills, bool three, long shift, bool isUniform, TVector scale,
        TLane* widthScales)
    {
        int lanes = TVector.Count;
        TVector before = TVector.Create(shift > 0 ? Column(rows, count, 0) : TFold.Identity);
        for (long x = 0; x < outputs; x += lanes)
        {
            if (x + lanes > outputs && !spills)
            {
                x = outputs - lanes;
                if (three && 2 * x + shift > 0) before = TVector.Create(Column(rows, count, 2 * x + shift - 1));
            }
            T* cells = rows[0] + 2 * x + shift;
            TVector low = TFold.Lift<TVector>(cells), high = TFold.Lift<TVector>(cells + lanes);
            for (int row = 1; row < count; row++)
            {
                cells = rows[row] + 2 * x + shift;
                low = TFold.Combine(low, TFold.Lift<TVector>(cells));
                high = TFold.Combine(high, TFold.Lift<TVector>(cells + lanes));
            }
            TVector odd = TVector.Odd(low, high);
            TVector result = TFold.Combine(TVector.Even(low, high), odd);
            if (three) result = TFold.Combine(TVector.Left(before, odd), result);
            before = odd;
            fold.Finish(result, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), output + x);
        }
    }

    /// <summary>Row by row, left to right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ordered(
        TFold fold, T** rows, int count, T* output, long outputs, bool spills, bool three, long shift, bool isUniform, TVector scale,
        TLane* widthScales, TLane* before)
    {
        int lanes = TVector.Count;
        for (int row = 0; row < count; row++)
            TVector.Create(shift > 0 ? TFold.Lift(rows[row][0]) : TFold.Identity).Store(before + row * lanes);
        for (long x = 0; x < outputs; x += lanes)
        {
            if (x + lanes > outputs && !spills)
            {
                x = outputs - lanes;
                if (three && 2 * x + shift > 0)
                    for (int row = 0; row < count; row++) TVector.Create(TFold.Lift(rows[row][2 * x + shift - 1])).Store(before + row * lanes);
            }
            TVector sum = TVector.Create(TFold.Identity);
            for (int row = 0; row < count; row++)
            {
                T* cells = rows[row] + 2 * x + shift;
                TVector low = TFold.Lift<TVector>(cells), high = TFold.Lift<TVector>(cells + lanes);
                TVector odd = TVector.Odd(low, high);
                if (three)
                {
                    sum = TFold.Combine(sum, TVector.Left(TVector.Load(before + row * lanes), odd));
                    odd.Store(before + row * lanes);
                }
                sum = TFold.Combine(TFold.Combine(sum, TVector.Even(low, high)), odd);
            }
            fold.Finish(sum, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), output + x);
        }
    }

    private static TLane Column(T** rows, int count, long column)
    {
        TLane sum = TFold.Identity;
        for (int row = 0; row < count; row++) sum = TFold.Combine(sum, TFold.Lift(rows[row][column]));
        return sum;
    }
}
