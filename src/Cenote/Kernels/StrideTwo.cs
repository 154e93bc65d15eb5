using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows two or three wide, two apart: the even and the odd columns of two registers are the taps. Nothing is copied first.</summary>
internal readonly unsafe struct StrideTwo<T, TLane, TFold, TVector>(Pass<T, TLane, TFold> pass) : IKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = new(pass.Geometry.AsOnePlane(), pass.Input, pass.Output, pass.Fold);

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
        long whole = (outputs + lanes - 1) / lanes * lanes;
        for (long row = first; row < end;)
        {
            T* output = pass.Output + row * pass.OutputRow;
            int count = cursor.Count;
            if (!isUniform) scale = pass.RowScale<TVector>(cursor.Divisor);
            // A last register may run on into the next row, which is written after; not so where no row of ours follows.
            long run = 0, step = cursor.Step;
            if (outputs > 0 && count > 0)
            {
                long room = mine - output - whole, input = pass.InputEnd - (rows[count - 1] + shift + 2 * whole);
                run = Math.Clamp(cursor.WholeRows, 1, end - row);
                run = Math.Min(run, room < 0 || input < 0 ? 0 : Math.Min(room / pass.OutputRow, run == 1 ? 0 : input / step) + 1);
            }
            bool spills = run > 0;
            if (!spills && outputs >= lanes && count > 0) run = 1;
            if (run > 0 && fold.IsOrdered && three && count == 3 && spills)
                OrderedThree(fold, rows, run, step, output, pass.OutputRow, outputs, shift, isUniform, scale, widthScales);
            else if (run > 0 && fold.IsOrdered)
                Ordered(fold, rows, count, run, step, output, pass.OutputRow, outputs, spills, three, shift, isUniform, scale, widthScales, scratch);
            else if (run > 0)
                Unordered(fold, rows, count, run, step, output, pass.OutputRow, outputs, spills, three, shift, isUniform, scale, widthScales);
            else
                pass.Cells(rows, count, cursor.Divisor, output, 0, Math.Min(outputs, width.OutputLength));
            run = Math.Max(run, 1);
            if (outputs < width.OutputLength)
            {
                for (long i = 0; i < run; i++, cursor.Advance(), output += pass.OutputRow)
                    pass.Cells(rows, cursor.Count, cursor.Divisor, output, outputs, width.OutputLength);
            }
            else
            {
                cursor.Skip(run);
            }
            row += run;
        }
    }

    /// <summary>Rows first, then the two or three columns.</summary>
    // Apart from the caller, so that nothing of it competes for registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Unordered(
        TFold fold, T** rows, int count, long run, long step, T* output, long outputRow, long outputs, bool spills, bool three, long shift,
        bool isUniform, TVector scale, TLane* widthScales)
    {
        int lanes = TVector.Count;
        T* first = rows[0] + shift;
        long second = count > 1 ? rows[1] - rows[0] : 0;
        for (; run > 0; run--, first += step, output += outputRow)
        {
            TVector before = TVector.Create(TFold.Identity);
            if (shift > 0) before = TVector.Create(Column(fold, rows, count, first - rows[0] - 1));
            for (long x = 0; x < outputs; x += lanes)
            {
                if (!spills && x + lanes > outputs)
                {
                    x = outputs - lanes;
                    if (three && 2 * x + shift > 0) before = TVector.Create(Column(fold, rows, count, first - rows[0] + 2 * x - 1));
                }
                T* cells = first + 2 * x;
                TVector low = fold.Lift<TVector>(cells), high = fold.Lift<TVector>(cells + lanes);
                if (count > 1)
                {
                    low = TFold.Combine(low, fold.Lift<TVector>(cells + second));
                    high = TFold.Combine(high, fold.Lift<TVector>(cells + second + lanes));
                    for (int row = 2; row < count; row++)
                    {
                        T* further = rows[row] + (cells - rows[0]);
                        low = TFold.Combine(low, fold.Lift<TVector>(further));
                        high = TFold.Combine(high, fold.Lift<TVector>(further + lanes));
                    }
                }
                TVector odd = TVector.Odd(low, high);
                TVector result = TFold.Combine(TVector.Even(low, high), odd);
                if (three)
                {
                    result = TFold.Combine(TVector.Left(before, odd), result);
                    before = odd;
                }
                fold.Finish(result, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), output + x);
            }
        }
    }

    /// <summary>Row by row, left to right.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Ordered(
        TFold fold, T** rows, int count, long run, long step, T* output, long outputRow, long outputs, bool spills, bool three, long shift,
        bool isUniform, TVector scale, TLane* widthScales, TLane* before)
    {
        int lanes = TVector.Count;
        long moved = shift;
        for (; run > 0; run--, moved += step, output += outputRow)
        {
            for (int row = 0; three && row < count; row++)
                TVector.Create(shift > 0 ? fold.Lift(rows[row] + moved - 1) : TFold.Identity).Store(before + row * lanes);
            for (long x = 0; x < outputs; x += lanes)
            {
                if (!spills && x + lanes > outputs)
                {
                    x = outputs - lanes;
                    for (int row = 0; three && 2 * x + shift > 0 && row < count; row++)
                        TVector.Create(fold.Lift(rows[row] + moved + 2 * x - 1)).Store(before + row * lanes);
                }
                TVector sum = TVector.Create(TFold.Identity);
                for (int row = 0; row < count; row++)
                {
                    T* cells = rows[row] + moved + 2 * x;
                    TVector low = fold.Lift<TVector>(cells), high = fold.Lift<TVector>(cells + lanes);
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
    }

    /// <summary>The same for three rows of three, with what each row carries to the right in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void OrderedThree(
        TFold fold, T** rows, long run, long step, T* output, long outputRow, long outputs, long shift, bool isUniform, TVector scale, TLane* widthScales)
    {
        int lanes = TVector.Count;
        T* a = rows[0] + shift, b = rows[1] + shift, c = rows[2] + shift;
        for (; run > 0; run--, a += step, b += step, c += step, output += outputRow)
        {
            TVector aBefore = TVector.Create(TFold.Identity), bBefore = aBefore, cBefore = aBefore;
            if (shift > 0) (aBefore, bBefore, cBefore) = (TVector.Create(fold.Lift(a - 1)), TVector.Create(fold.Lift(b - 1)), TVector.Create(fold.Lift(c - 1)));
            for (long x = 0; x < outputs; x += lanes)
            {
                TVector sum = Three(fold, TVector.Create(TFold.Identity), a + 2 * x, ref aBefore);
                sum = Three(fold, Three(fold, sum, b + 2 * x, ref bBefore), c + 2 * x, ref cBefore);
                fold.Finish(sum, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), output + x);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Three(TFold fold, TVector sum, T* cells, ref TVector before)
    {
        TVector low = fold.Lift<TVector>(cells), high = fold.Lift<TVector>(cells + TVector.Count), odd = TVector.Odd(low, high);
        sum = TFold.Combine(TFold.Combine(TFold.Combine(sum, TVector.Left(before, odd)), TVector.Even(low, high)), odd);
        before = odd;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Column(TFold fold, T** rows, int count, long column)
    {
        TLane sum = TFold.Identity;
        for (int row = 0; row < count; row++) sum = TFold.Combine(sum, fold.Lift(rows[row] + column));
        return sum;
    }
}
