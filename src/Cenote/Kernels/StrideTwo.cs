using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows two or three wide, two apart: the even and the odd columns of two registers are the taps. Nothing is copied first.</summary>
internal readonly unsafe struct StrideTwo<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass.AsOnePlane();

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
        byte* aside = (byte*)Scratch.Rent(LineStream<T>.AsideBytes + (7 * lanes + pass.OutputRow + lanes) * sizeof(TLane));
        TLane* places = (TLane*)(aside + LineStream<T>.AsideBytes), widthScales = places + 7 * lanes;
        if (TVector.LooksAhead)
        {
            Pass<T, TLane, TFold>.Number(places, lanes, first: 0, step: 2);
            Pass<T, TLane, TFold>.Number(places + lanes, lanes, first: 1, step: 2);
        }
        pass.FillWidthScales(widthScales, lanes);
        // The columns of a row of windows, and a lane that holds none where the first one begins in the padding.
        bool isPaired = TVector.LooksAhead && !TFold.IsSplit && outputs == width.OutputLength && 2 * outputs + (three ? 1 : 0) <= lanes;
        if (isPaired) Pair(three ? 1 - shift : 0, outputs, widthScales, places + 2 * lanes);
        // Two by two cells side by side, of which a register takes those of several rows.
        bool isPacked = TVector.LooksAhead && TFold.IsSplit && isUniform && !three && outputs == width.OutputLength && 2 * outputs == width.InputLength && 2 * outputs <= lanes;
        if (isPacked) Pack(outputs, places + 2 * lanes);
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
            bool runsOn = run > 0;
            if (!runsOn && outputs >= lanes && count > 0) run = 1;
            if (run > 0)
            {
                Band band = new()
                {
                    Rows = rows, Count = count, Run = run, Step = step, Shift = shift, Output = output, OutputRow = pass.OutputRow, Outputs = outputs,
                    Whole = runsOn ? outputs : outputs / lanes * lanes, Places = places, IsUniform = isUniform, IsPaired = isPaired & runsOn, WidthScales = widthScales,
                    IsPacked = isPacked && runsOn && count == 2 && rows[1] - rows[0] == 2 * outputs && step == 4 * outputs,
                    Aside = pass.Streams && runsOn && outputs == pass.OutputRow ? aside : null,
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
        where TTaps : struct, ICount => (band.Count, fold.IsOrdered) switch
    {
        (1, _) => Reduce<One, TTaps, One>(fold, band, scale),
        (2, false) => Reduce<Two, TTaps, One>(fold, band, scale),
        (3, false) => Reduce<Three, TTaps, One>(fold, band, scale),
        (_, false) => Reduce<Four, TTaps, One>(fold, band, scale),
        // In order there are three rows of three or four of two at most.
        (2, true) => Reduce<Two, TTaps, Two>(fold, band, scale),
        (3, true) => Reduce<Three, TTaps, Three>(fold, band, scale),
        _ => Reduce<Four, TTaps, Four>(fold, band, scale),
    };

    /// <summary>The rows of a band, register by register.</summary>
    /// <typeparam name="TRows">Input rows of an output row; <see cref="Four"/> is that many or more.</typeparam>
    /// <typeparam name="TTaps">Columns of a window.</typeparam>
    /// <typeparam name="TLines">One where all rows become one before the columns are combined, else as many as rows: those go one after the other, left to right.</typeparam>
    private static bool Reduce<TRows, TTaps, TLines>(TFold fold, in Band band, TVector scale)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount =>
        band.Aside != null ? Around<TRows, TTaps, TLines>(fold, band, scale)
        : band.IsPaired && band.Run > 1 ? Pairs<TRows, TTaps, TLines>(fold, band, scale)
        : band.IsPacked && band.Run >= TVector.Count / band.Outputs ? Packed<TLines>(fold, band, scale)
        : band.Whole == band.Outputs && band.Whole <= TVector.Count ? Short<TRows, TTaps, TLines>(fold, band, scale)
        : Here<TRows, TTaps, TLines>(fold, band, scale);

    /// <summary>For the lanes of two rows of windows side by side: where each tap stands in two registers of cells, which lanes hold a cell, and the scales along the width.</summary>
    private static void Pair(long padding, long outputs, TLane* widthScales, TLane* pairs)
    {
        int lanes = TVector.Count;
        for (int lane = 0; lane < lanes; lane++)
        {
            long ow = lane < outputs ? lane : Math.Min(lane - outputs, outputs - 1), register = lane < outputs ? 0 : lanes;
            for (int tap = 0; tap < 3; tap++)
            {
                long column = 2 * ow + tap - padding;
                Pass<T, TLane, TFold>.PutNumber(pairs + tap * lanes + lane, column < 0 ? lanes - 1 : register + column);
            }
            Pass<T, TLane, TFold>.PutNumber(pairs + 3 * lanes + lane, lane == lanes - 1 && padding > 0 ? 0 : -1);
            pairs[4 * lanes + lane] = widthScales[ow];
        }
    }

    /// <summary>Rows that fill half a register at most, two at a time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pairs<TRows, TTaps, TLines>(TFold fold, in Band band, TVector rowScale)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount
    {
        int lanes = TVector.Count;
        long step = band.Step, outputRow = band.OutputRow, shift = TTaps.Value == 3 && band.Shift > 0 ? band.Shift - 1 : band.Shift;
        T* a = band.Rows[0] + shift, b = TRows.Value > 1 ? band.Rows[1] + shift : a;
        T* c = TRows.Value > 2 ? band.Rows[2] + shift : a, d = TRows.Value > 3 ? band.Rows[3] + shift : a;
        T* output = band.Output;
        TLane* pairs = band.Places + 2 * lanes;
        TVector first = TVector.Load(pairs), second = TVector.Load(pairs + lanes), third = TVector.Load(pairs + 2 * lanes), full = TVector.Load(pairs + 3 * lanes);
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default), scale = Pass<T, TLane, TFold>.ScaleOf(band.IsUniform, rowScale, pairs + 4 * lanes);
        for (long run = band.Run; run > 0; run -= 2)
        {
            // A last row alone is done twice.
            long next = run > 1 ? step : 0;
            TVector low = fold.Lift<TVector>(a), high = fold.Lift<TVector>(a + next), sum;
            TFold.Watch(ref seen, low, high);
            if (TLines.Value == 1)
            {
                if (TRows.Value > 1) Join(fold, ref low, ref high, b, next, ref seen);
                if (TRows.Value > 2) Join(fold, ref low, ref high, c, next, ref seen);
                for (int row = 3; TRows.Value > 3 && row < band.Count; row++) Join(fold, ref low, ref high, a + band.Apart(row), next, ref seen);
                sum = Taps<TTaps, One>(default, low, high, full, identity, first, second, third);
            }
            else
            {
                sum = Taps<TTaps, One>(default, low, high, full, identity, first, second, third);
                sum = Taps<TTaps, Two>(sum, fold.Lift<TVector>(b), fold.Lift<TVector>(b + next), full, identity, first, second, third);
                if (TRows.Value > 2) sum = Taps<TTaps, Two>(sum, fold.Lift<TVector>(c), fold.Lift<TVector>(c + next), full, identity, first, second, third);
                if (TRows.Value > 3) sum = Taps<TTaps, Two>(sum, fold.Lift<TVector>(d), fold.Lift<TVector>(d + next), full, identity, first, second, third);
            }
            fold.Finish(sum, scale, output);
            a += 2 * step;
            b += 2 * step;
            c += 2 * step;
            d += 2 * step;
            output += 2 * outputRow;
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>For the lanes of as many rows of windows as fill a register: where the upper and the lower pair of cells stand in two registers of pairs.</summary>
    private static void Pack(long outputs, TLane* pairs)
    {
        int lanes = TVector.Count;
        for (int lane = 0; lane < lanes; lane++)
        {
            (long row, long ow) = Math.DivRem(lane < lanes / outputs * outputs ? lane : 0, outputs);
            Pass<T, TLane, TFold>.PutNumber(pairs + lane, 2 * row * outputs + ow);
            Pass<T, TLane, TFold>.PutNumber(pairs + lanes + lane, (2 * row + 1) * outputs + ow);
        }
    }

    /// <summary>Windows of two by two cells over rows that lie behind each other, as many rows of them at a time as fill a register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Packed<TLines>(TFold fold, in Band band, TVector scale)
        where TLines : struct, ICount
    {
        int lanes = TVector.Count;
        long outputs = band.Outputs, rows = lanes / outputs;
        T* cells = band.Rows[0], output = band.Output;
        TVector upper = TVector.Load(band.Places + 2 * lanes), lower = TVector.Load(band.Places + 3 * lanes), seen = TVector.Create(default);
        for (long row = 0; row < band.Run; row += rows)
        {
            // The last ones reach back over those before.
            row = Math.Min(row, band.Run - rows);
            T* from = cells + row * 4 * outputs;
            TFold.Split(from, out TVector even, out TVector odd, ref seen);
            TFold.Split(from + 2 * lanes, out TVector evenNext, out TVector oddNext, ref seen);
            TVector pair = TFold.Combine(even, odd), pairNext = TFold.Combine(evenNext, oddNext), sum = TVector.Ahead(pair, pairNext, upper);
            sum = TLines.Value == 1 ? TFold.Combine(sum, TVector.Ahead(pair, pairNext, lower))
                : TFold.Combine(TFold.Combine(sum, TVector.Ahead(even, evenNext, lower)), TVector.Ahead(odd, oddNext, lower));
            fold.Finish(sum, scale, output + row * outputs);
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(TFold fold, ref TVector low, ref TVector high, T* cells, long next, ref TVector seen)
    {
        TVector a = fold.Lift<TVector>(cells), b = fold.Lift<TVector>(cells + next);
        TFold.Watch(ref seen, a, b);
        (low, high) = (TFold.Combine(low, a), TFold.Combine(high, b));
    }

    /// <summary>The taps of one row of each window, left to right, after those of the rows above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Taps<TTaps, TNumber>(TVector above, TVector low, TVector high, TVector full, TVector identity, TVector first, TVector second, TVector third)
        where TTaps : struct, ICount
        where TNumber : struct, ICount
    {
        if (TTaps.Value == 3) low = TVector.Select(full, low, identity);
        TVector sum = TVector.Ahead(low, high, first);
        if (TNumber.Value > 1) sum = TFold.Combine(above, sum);
        sum = TFold.Combine(sum, TVector.Ahead(low, high, second));
        return TTaps.Value == 3 ? TFold.Combine(sum, TVector.Ahead(low, high, third)) : sum;
    }

    /// <summary>Rows of one register at most: nothing changes but the rows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Short<TRows, TTaps, TLines>(TFold fold, in Band band, TVector rowScale)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount
    {
        long step = band.Step, outputRow = band.OutputRow;
        bool isInside = band.Shift > 0;
        T* a = band.Rows[0] + band.Shift, b = TRows.Value > 1 ? band.Rows[1] + band.Shift : a;
        T* c = TRows.Value > 2 ? band.Rows[2] + band.Shift : a, d = TRows.Value > 3 ? band.Rows[3] + band.Shift : a;
        T* output = band.Output;
        TVector evens = TVector.Load(band.Places), odds = TVector.Load(band.Places + TVector.Count), seen = TVector.Create(default);
        TVector scale = Pass<T, TLane, TFold>.ScaleOf(band.IsUniform, rowScale, band.WidthScales);
        for (long run = band.Run; run > 0; run--, a += step, b += step, c += step, d += step, output += outputRow)
        {
            Begin<TRows, TTaps, TLines>(fold, band, a, b, c, isInside, out TVector aBefore, out TVector bBefore, out TVector cBefore, ref seen);
            fold.Finish(Register<TRows, TTaps, TLines>(fold, band, a, b, c, d, evens, odds, ref aBefore, ref bBefore, ref cBefore, ref seen), scale, output);
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    // Apart from the caller, so that nothing of it competes for registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Here<TRows, TTaps, TLines>(TFold fold, in Band band, TVector scale)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount => Rows<TRows, TTaps, TLines>(fold, band, scale, streams: false);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Around<TRows, TTaps, TLines>(TFold fold, in Band band, TVector scale)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount => Rows<TRows, TTaps, TLines>(fold, band, scale, streams: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Rows<TRows, TTaps, TLines>(TFold fold, in Band band, TVector scale, bool streams)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount
    {
        int lanes = TVector.Count;
        long outputs = band.Outputs, whole = band.Whole, step = band.Step, outputRow = band.OutputRow;
        bool isUniform = band.IsUniform, isInside = band.Shift > 0;
        T* a = band.Rows[0] + band.Shift, b = TRows.Value > 1 ? band.Rows[1] + band.Shift : a;
        T* c = TRows.Value > 2 ? band.Rows[2] + band.Shift : a, d = TRows.Value > 3 ? band.Rows[3] + band.Shift : a;
        T* output = band.Output;
        LineStream<T> stream = streams ? new(band.Aside, output) : default;
        TVector evens = TVector.Load(band.Places), odds = TVector.Load(band.Places + lanes);
        TVector seen = TVector.Create(default);
        for (long run = band.Run; run > 0; run--, a += step, b += step, c += step, d += step, output += outputRow)
        {
            Begin<TRows, TTaps, TLines>(fold, band, a, b, c, isInside, out TVector aBefore, out TVector bBefore, out TVector cBefore, ref seen);
            long x = 0, stop = whole;
            while (true)
            {
                long start = x, end = streams ? Math.Min(stop, x + LineStream<T>.PieceCells) : stop;
                T* to = streams ? stream.Next - x : output;
                for (; x < end; x += lanes)
                {
                    if (streams)
                    {
                        Streaming.Ask<T>(a + 2 * x, 2 * lanes);
                        if (TRows.Value > 1) Streaming.Ask<T>(b + 2 * x, 2 * lanes);
                        // Of three rows that move by two the third is the next first one.
                        if (TRows.Value > 3) Streaming.Ask<T>(c + 2 * x, 2 * lanes);
                        if (TRows.Value > 3) Streaming.Ask<T>(d + 2 * x, 2 * lanes);
                    }
                    else if (TTaps.Value == 3 && TRows.Value > 1)
                    {
                        // Of rows two outputs further down: where each step takes longer the processor looks ahead too late for more than the first-level cache.
                        Streaming.AskFor(a + 2 * x + 2 * step, 2 * lanes);
                        Streaming.AskFor(b + 2 * x + 2 * step, 2 * lanes);
                    }
                    TVector result = Register<TRows, TTaps, TLines>(
                        fold, band, a + 2 * x, b + 2 * x, c + 2 * x, d + 2 * x, evens, odds, ref aBefore, ref bBefore, ref cBefore, ref seen);
                    fold.Finish(result, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, band.WidthScales + x), to + x);
                }
                if (streams) stream.Take(Math.Min(x, outputs) - start);
                if (streams && x < stop) continue;
                if (x >= outputs) break;
                // Back over the one before.
                (x, stop) = (outputs - lanes, outputs);
                Begin<TRows, TTaps, TLines>(fold, band, a + 2 * x, b + 2 * x, c + 2 * x, x > 0 || isInside, out aBefore, out bBefore, out cBefore, ref seen);
            }
        }
        if (streams) stream.End();
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>The columns left of a register, in the last lane of what stands before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<TRows, TTaps, TLines>(TFold fold, in Band band, T* a, T* b, T* c, bool isInside, out TVector aBefore, out TVector bBefore, out TVector cBefore, ref TVector seen)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount
    {
        TLane first = TFold.Identity, second = first, third = first;
        if (TTaps.Value == 3 && isInside)
        {
            first = fold.Lift(a - 1);
            if (TRows.Value > 1) second = fold.Lift(b - 1);
            if (TRows.Value > 2) third = fold.Lift(c - 1);
            if (TLines.Value == 1)
            {
                if (TRows.Value > 1) first = TFold.Combine(first, second);
                if (TRows.Value > 2) first = TFold.Combine(first, third);
                for (int row = 3; TRows.Value > 3 && row < band.Count; row++) first = TFold.Combine(first, fold.Lift(a + band.Apart(row) - 1));
            }
        }
        (aBefore, bBefore, cBefore) = (TVector.Create(first), TVector.Create(second), TVector.Create(third));
        // The first column of the input stands in no register.
        if (TTaps.Value == 3 && isInside) TFold.Watch(ref seen, aBefore, aBefore);
    }

    /// <summary>One register of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Register<TRows, TTaps, TLines>(
        TFold fold, in Band band, T* a, T* b, T* c, T* d, TVector evens, TVector odds, ref TVector aBefore, ref TVector bBefore, ref TVector cBefore, ref TVector seen)
        where TRows : struct, ICount
        where TTaps : struct, ICount
        where TLines : struct, ICount
    {
        TVector sum;
        Pass<T, TLane, TFold>.Pair(fold, a, out TVector low, out TVector high, ref seen);
        if (TLines.Value == 1)
        {
            if (TRows.Value > 1) Pass<T, TLane, TFold>.JoinPair(fold, ref low, ref high, b, ref seen);
            if (TRows.Value > 2) Pass<T, TLane, TFold>.JoinPair(fold, ref low, ref high, c, ref seen);
            for (int row = 3; TRows.Value > 3 && row < band.Count; row++) Pass<T, TLane, TFold>.JoinPair(fold, ref low, ref high, a + band.Apart(row), ref seen);
            sum = Columns<TTaps, One>(default, low, high, evens, odds, ref aBefore);
        }
        else
        {
            TVector none = default;
            sum = Columns<TTaps, One>(default, low, high, evens, odds, ref aBefore);
            Pass<T, TLane, TFold>.Pair(fold, b, out low, out high, ref seen);
            sum = Columns<TTaps, Two>(sum, low, high, evens, odds, ref bBefore);
            if (TRows.Value > 2)
            {
                Pass<T, TLane, TFold>.Pair(fold, c, out low, out high, ref seen);
                sum = Columns<TTaps, Two>(sum, low, high, evens, odds, ref cBefore);
            }
            if (TRows.Value > 3)
            {
                Pass<T, TLane, TFold>.Pair(fold, d, out low, out high, ref seen);
                sum = Columns<TTaps, Two>(sum, low, high, evens, odds, ref none);
            }
        }
        return TTaps.Value == 2 && !TVector.LooksAhead && !TFold.IsSplit ? TVector.InOrder(sum) : sum;
    }

    /// <summary>The columns of one row, left to right, after those of the rows above it.</summary>
    // The places are loaded, not constants, since the compiler would load those anew in every round.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Columns<TTaps, TNumber>(TVector above, TVector low, TVector high, TVector evens, TVector odds, ref TVector before)
        where TTaps : struct, ICount
        where TNumber : struct, ICount
    {
        TVector even, odd;
        if (TFold.IsSplit) (even, odd) = (low, high);
        else if (TVector.LooksAhead) (even, odd) = (TVector.Ahead(low, high, evens), TVector.Ahead(low, high, odds));
        else if (TTaps.Value == 2) (even, odd) = (TVector.EvenMixed(low, high), TVector.OddMixed(low, high));
        else (even, odd) = (TVector.Even(low, high), TVector.Odd(low, high));
        TVector sum = TTaps.Value == 2 ? even : TVector.Left(before, odd);
        if (TNumber.Value > 1) sum = TFold.Combine(above, sum);
        before = odd;
        return TFold.Combine(TTaps.Value == 2 ? sum : TFold.Combine(sum, even), odd);
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

        /// <summary>Those of them before a last register that may not run on.</summary>
        public long Whole;

        /// <summary>Where the even lanes of two registers stand, then where the odd ones do, then what <see cref="Pair"/> or <see cref="Pack"/> says.</summary>
        public TLane* Places;

        /// <summary>Whether one scale serves all.</summary>
        public bool IsUniform;

        /// <summary>Whether two rows fit a register.</summary>
        public bool IsPaired;

        /// <summary>Whether several rows fill a register, and all lie behind each other.</summary>
        public bool IsPacked;

        /// <summary>The scales along the width.</summary>
        public TLane* WidthScales;

        /// <summary>Room to gather outputs that are written around the caches, or null.</summary>
        public byte* Aside;

        /// <summary>Cells from the first input row to another.</summary>
        public readonly long Apart(int row) => Rows[row] - Rows[0];
    }
}
