using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows two or three wide, two apart: the even and the odd columns of two registers are the taps. Nothing is copied first.</summary>
internal readonly unsafe struct StrideTwo<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = new(pass.Geometry.AsOnePlane(), pass.Input, pass.Output, pass.Fold);

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
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
        TLane* widthScales = (TLane*)Scratch.Rent((pass.OutputRow + lanes) * sizeof(TLane));
        pass.FillWidthScales(widthScales, TVector.Count);
        T* mine = pass.Output + end * pass.OutputRow;

        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        TVector scale = pass.RowScale<TVector>(1);
        long whole = (outputs + lanes - 1) / lanes * lanes;
        bool stands = true;
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
            // The last register reaches back over the one before where it may not run on.
            long last = run > 0 ? long.MaxValue : outputs - lanes;
            if (run == 0 && outputs >= lanes && count > 0) run = 1;
            if (run > 0)
            {
                Band band = new()
                {
                    Rows = rows, Count = count, Run = run, Step = step, Shift = shift, Output = output, OutputRow = pass.OutputRow, Outputs = outputs,
                    Last = last, IsUniform = isUniform, WidthScales = widthScales,
                };
                stands &= three ? Choose<Three>(fold, band, scale) : Choose<Two>(fold, band, scale);
            }
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
        return stands;
    }

    private static bool Choose<TTaps>(TFold fold, in Band band, TVector scale)
        where TTaps : struct, ICount
    {
        if (!fold.IsOrdered)
        {
            return band.Count switch
            {
                1 => Unordered<One, TTaps>(fold, band, scale),
                2 => Unordered<Two, TTaps>(fold, band, scale),
                3 => Unordered<Three, TTaps>(fold, band, scale),
                _ => Unordered<Four, TTaps>(fold, band, scale),
            };
        }
        if (band.Count == 1) Ordered<One, TTaps>(fold, band, scale);
        else if (band.Count == 2) Ordered<Two, TTaps>(fold, band, scale);
        else if (band.Count == 3) Ordered<Three, TTaps>(fold, band, scale);
        else Ordered<Four, TTaps>(fold, band, scale);
        return true;
    }

    /// <summary>Rows first, then the two or three columns.</summary>
    // Apart from the caller, so that nothing of it competes for registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Unordered<TRows, TTaps>(TFold fold, in Band band, TVector scale)
        where TRows : struct, ICount
        where TTaps : struct, ICount
    {
        int lanes = TVector.Count;
        long outputs = band.Outputs, last = band.Last;
        bool isUniform = band.IsUniform;
        T* a = band.Rows[0] + band.Shift, b = TRows.Value > 1 ? band.Rows[1] + band.Shift : a, c = TRows.Value > 2 ? band.Rows[2] + band.Shift : a;
        T* output = band.Output;
        TVector seen = TVector.Create(default);
        for (long run = band.Run; run > 0; run--, a += band.Step, b += band.Step, c += band.Step, output += band.OutputRow)
        {
            TVector before = TVector.Create(TTaps.Value == 3 && band.Shift > 0 ? Column<TRows>(fold, band, a, b, c, -1) : TFold.Identity);
            for (long x = 0; x < outputs; x += lanes)
            {
                if (x > last)
                {
                    x = last;
                    if (TTaps.Value == 3 && 2 * x + band.Shift > 0) before = TVector.Create(Column<TRows>(fold, band, a, b, c, 2 * x - 1));
                }
                TVector low = fold.Lift<TVector>(a + 2 * x), high = fold.Lift<TVector>(a + 2 * x + lanes);
                TFold.Watch(ref seen, low, high);
                if (TRows.Value > 1) Pass<T, TLane, TFold>.Join(fold, ref low, ref high, b + 2 * x, ref seen);
                if (TRows.Value > 2) Pass<T, TLane, TFold>.Join(fold, ref low, ref high, c + 2 * x, ref seen);
                for (int row = 3; TRows.Value > 3 && row < band.Count; row++) Pass<T, TLane, TFold>.Join(fold, ref low, ref high, a + band.Apart(row) + 2 * x, ref seen);
                TVector result;
                if (TTaps.Value == 2)
                {
                    result = TVector.InOrder(TFold.Combine(TVector.EvenMixed(low, high), TVector.OddMixed(low, high)));
                }
                else
                {
                    TVector odd = TVector.Odd(low, high);
                    result = TFold.Combine(TVector.Left(before, odd), TFold.Combine(TVector.Even(low, high), odd));
                    before = odd;
                }
                fold.Finish(result, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, band.WidthScales + x), output + x);
            }
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>Row by row, left to right; at most three rows of three or four of two.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Ordered<TRows, TTaps>(TFold fold, in Band band, TVector scale)
        where TRows : struct, ICount
        where TTaps : struct, ICount
    {
        int lanes = TVector.Count;
        long outputs = band.Outputs, last = band.Last;
        bool isUniform = band.IsUniform;
        T* a = band.Rows[0] + band.Shift, b = TRows.Value > 1 ? band.Rows[1] + band.Shift : a;
        T* c = TRows.Value > 2 ? band.Rows[2] + band.Shift : a, d = TRows.Value > 3 ? band.Rows[3] + band.Shift : a;
        T* output = band.Output;
        for (long run = band.Run; run > 0; run--, a += band.Step, b += band.Step, c += band.Step, d += band.Step, output += band.OutputRow)
        {
            TVector aBefore = TVector.Create(TFold.Identity), bBefore = aBefore, cBefore = aBefore, none = aBefore;
            if (TTaps.Value == 3 && band.Shift > 0)
                (aBefore, bBefore, cBefore) = (TVector.Create(fold.Lift(a - 1)), TVector.Create(fold.Lift(b - 1)), TVector.Create(fold.Lift(c - 1)));
            for (long x = 0; x < outputs; x += lanes)
            {
                if (x > last)
                {
                    x = last;
                    if (TTaps.Value == 3 && 2 * x + band.Shift > 0)
                        (aBefore, bBefore, cBefore) = (TVector.Create(fold.Lift(a + 2 * x - 1)), TVector.Create(fold.Lift(b + 2 * x - 1)), TVector.Create(fold.Lift(c + 2 * x - 1)));
                }
                TVector sum = Add<TTaps>(fold, TVector.Create(TFold.Identity), a + 2 * x, ref aBefore);
                if (TRows.Value > 1) sum = Add<TTaps>(fold, sum, b + 2 * x, ref bBefore);
                if (TRows.Value > 2) sum = Add<TTaps>(fold, sum, c + 2 * x, ref cBefore);
                if (TRows.Value > 3) sum = Add<TTaps>(fold, sum, d + 2 * x, ref none);
                fold.Finish(TTaps.Value == 2 ? TVector.InOrder(sum) : sum, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, band.WidthScales + x), output + x);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add<TTaps>(TFold fold, TVector sum, T* cells, ref TVector before)
        where TTaps : struct, ICount
    {
        TVector low = fold.Lift<TVector>(cells), high = fold.Lift<TVector>(cells + TVector.Count);
        if (TTaps.Value == 2) return TFold.Combine(TFold.Combine(sum, TVector.EvenMixed(low, high)), TVector.OddMixed(low, high));
        TVector odd = TVector.Odd(low, high);
        sum = TFold.Combine(TFold.Combine(TFold.Combine(sum, TVector.Left(before, odd)), TVector.Even(low, high)), odd);
        before = odd;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Column<TRows>(TFold fold, in Band band, T* a, T* b, T* c, long column)
        where TRows : struct, ICount
    {
        TLane sum = fold.Lift(a + column);
        if (TRows.Value > 1) sum = TFold.Combine(sum, fold.Lift(b + column));
        if (TRows.Value > 2) sum = TFold.Combine(sum, fold.Lift(c + column));
        for (int row = 3; TRows.Value > 3 && row < band.Count; row++) sum = TFold.Combine(sum, fold.Lift(a + band.Apart(row) + column));
        return sum;
    }

    /// <summary>Output rows that move alike over as many input rows.</summary>
    private struct Band
    {
        /// <summary>The input rows of the first, top to bottom.</summary>
        public T** Rows;

        /// <summary>How many there are.</summary>
        public int Count;

        /// <summary>How many output rows.</summary>
        public long Run;

        /// <summary>Cells from the input rows of one to those of the next.</summary>
        public long Step;

        /// <summary>The first even column.</summary>
        public long Shift;

        /// <summary>The first output row.</summary>
        public T* Output;

        /// <summary>Cells from one to the next.</summary>
        public long OutputRow;

        /// <summary>Outputs of a row whose window ends inside the input.</summary>
        public long Outputs;

        /// <summary>Where the last register may stand.</summary>
        public long Last;

        /// <summary>Whether one scale serves all.</summary>
        public bool IsUniform;

        /// <summary>The scales along the width.</summary>
        public TLane* WidthScales;

        /// <summary>Cells from the first input row to another.</summary>
        public readonly long Apart(int row) => Rows[row] - Rows[0];
    }
}
