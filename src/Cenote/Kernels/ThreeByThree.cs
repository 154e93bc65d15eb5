using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows of three by three that move from tap to tap, one tap of padding at the left: two output rows a pass share the rows between them.</summary>
/// <remarks>Where taps are two apart the even columns (from the first tapped one) are picked as they are read; rows between taps are passed over.</remarks>
internal readonly unsafe struct ThreeByThree<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        TFold fold = pass.Fold;
        Axis height = pass.Geometry.Height;
        int lanes = TVector.Count;
        (long columns, long step, long phase) = (pass.OutputRow, pass.Geometry.Width.Stride, pass.Geometry.Width.Stride - pass.Geometry.Width.PaddingBefore);
        // The last window may have nothing to its right.
        long picked = Math.Min((pass.InputRow - phase + step - 1) / step, columns + 1), rowStep = height.Stride * pass.InputRow;
        // Two registers at a time pay where there is more than one.
        bool splits = TFold.IsSplit && !fold.IsOrdered && pass.IsUniform && step == 1 && picked > lanes;
        long registers = (picked + lanes - 1) / lanes;
        if (splits) registers += registers % 2;
        long room = (registers + 1) * lanes, reach = phase + step * registers * lanes;
        TLane* widthScales = (TLane*)Scratch.Rent((3 + step) * room * sizeof(TLane));
        T* spare = (T*)(widthScales + room), padding = (T*)(widthScales + 3 * room);
        pass.FillWidthScales(widthScales, TVector.Count);
        for (long i = 0; i < step * room; i++) fold.Finish(TFold.Identity, 1, padding + i);
        // All ones where the last register of a row holds cells of it.
        long left = picked - (registers - (splits ? 2 : 1)) * lanes;
        TVector inside = Pass<T, TLane, TFold>.Mark<TVector>(0, splits ? (left + 1) / 2 : left), insideOdd = Pass<T, TLane, TFold>.Mark<TVector>(0, left / 2);
        TVector scale = pass.RowScale<TVector>(1);
        T** none = stackalloc T*[3];
        (long wholeFirst, long wholeEnd) = height.Interior();

        // Registers run on beyond a row: not behind the input, of which whole planes can be read, then rows of one; and into outputs that are written later, not behind what is ours.
        long readable = pass.InputEnd - pass.Input < reach ? 0 : (pass.InputEnd - pass.Input - reach) / pass.InputRow + 1;
        (long planes, long rest) = Math.DivRem(readable, height.InputLength);
        long safe = planes * height.OutputLength + (rest == 0 ? 0 : Math.Clamp((rest - 1 + height.PaddingBefore) / height.Stride - 1, 0, height.OutputLength));
        long fitting = end * columns < registers * lanes ? 0 : (end * columns - registers * lanes) / columns + 1;
        bool stands = true;
        for (long row = first, run; row < end; row += run)
        {
            T* output = pass.Output + row * columns;
            if (row >= safe)
            {
                RowCursor<T, TLane, TFold> cursor = new(pass, none, row);
                pass.Cells(none, cursor.Count, cursor.Divisor, output, 0, columns);
                run = 1;
                continue;
            }
            (long plane, long oh) = Math.DivRem(row, height.OutputLength);
            bool fits = row < fitting;
            run = fits ? Math.Min(Math.Min(end, fitting), safe) - row : 1;
            if (!pass.IsUniform)
            {
                // Rows that see whole windows have one scale.
                run = Math.Min(run, oh >= wholeFirst && oh < wholeEnd ? wholeEnd - oh : 1);
                scale = pass.RowScale<TVector>(height.Divisor(oh, fold.CountsPadding));
            }
            Band band = new()
            {
                Cells = pass.Input + plane * pass.Geometry.InputPlane + phase, InputLength = height.InputLength, InputRow = pass.InputRow, Padding = padding,
                PaddingBefore = height.PaddingBefore, Stride = height.Stride, Output = fits ? output : spare, Aside = spare + room, First = oh, Rows = run,
                OutputLength = height.OutputLength, Columns = columns, Registers = registers, IsUniform = pass.IsUniform, WidthScales = widthScales,
            };
            stands &= splits ? Split(fold, band, inside, insideOdd, scale)
                : step == 1 ? Pairs<One>(fold, band, inside, scale)
                : Pairs<Two>(fold, band, inside, scale);
            if (!fits) Buffer.MemoryCopy(spare, output, columns * sizeof(T), columns * sizeof(T));
        }
        return stands;
    }

    private static bool Pairs<TStep>(TFold fold, in Band band, in TVector inside, in TVector scale)
        where TStep : struct, ICount => fold.IsOrdered ? Ordered<TStep>(fold, band, inside, scale) : Unordered<TStep>(fold, band, inside, scale);

    /// <summary>Pairs of output rows, each from the four input rows that move on by two.</summary>
    // Apart from the caller, so that nothing of it competes for registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Unordered<TStep>(TFold fold, in Band band, in TVector insideLast, in TVector rowScale)
        where TStep : struct, ICount
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default), inside = insideLast, scale = rowScale;
        long last = (band.Registers - 1) * lanes;
        bool isUniform = band.IsUniform;
        TLane* widthScales = band.WidthScales;
        for (RowPairs pairs = new(band); pairs.Next(band);)
        {
            T* a = pairs.A, b = pairs.B, c = pairs.C, d = pairs.D, upper = pairs.Upper, lower = pairs.Lower;
            TVector upperBefore = identity, lowerBefore = identity, lowerFirst = identity;
            Column<TStep>(fold, a, b, c, d, ref seen, out TVector upperHere, out TVector lowerHere);
            for (long x = 0; x < last; x += lanes)
            {
                long next = TStep.Value * (x + lanes);
                Column<TStep>(fold, a + next, b + next, c + next, d + next, ref seen, out TVector upperAfter, out TVector lowerAfter);
                if (x + lanes == last) (upperAfter, lowerAfter) = (TVector.Select(inside, upperAfter, identity), TVector.Select(inside, lowerAfter, identity));
                TVector one = TFold.Combine(TFold.Combine(TVector.Left(upperBefore, upperHere), upperHere), TVector.Right(upperHere, upperAfter));
                TVector two = TFold.Combine(TFold.Combine(TVector.Left(lowerBefore, lowerHere), lowerHere), TVector.Right(lowerHere, lowerAfter));
                fold.Finish(one, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), upper + x);
                fold.Finish(two, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), lower + x);
                if (x == 0) lowerFirst = two;
                (upperBefore, lowerBefore, upperHere, lowerHere) = (upperHere, lowerHere, upperAfter, lowerAfter);
            }
            if (last == 0) (upperHere, lowerHere) = (TVector.Select(inside, upperHere, identity), TVector.Select(inside, lowerHere, identity));
            TVector three = TFold.Combine(TFold.Combine(TVector.Left(upperBefore, upperHere), upperHere), TVector.Right(upperHere, identity));
            TVector four = TFold.Combine(TFold.Combine(TVector.Left(lowerBefore, lowerHere), lowerHere), TVector.Right(lowerHere, identity));
            fold.Finish(three, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + last), upper + last);
            fold.Finish(four, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + last), lower + last);
            // The last register of the upper row has run over the first of the lower.
            if (last > 0) fold.Finish(lowerFirst, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales), lower);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>The next register of tapped columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pick<TStep>(TFold fold, T* cells)
        where TStep : struct, ICount
    {
        TVector low = fold.Lift<TVector>(cells);
        return TStep.Value == 1 ? low : TVector.Even(low, fold.Lift<TVector>(cells + TVector.Count));
    }

    /// <summary>Four rows as the columns of two windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TStep>(TFold fold, T* a, T* b, T* c, T* d, ref TVector seen, out TVector upper, out TVector lower)
        where TStep : struct, ICount
    {
        TVector first = Pick<TStep>(fold, a), second = Pick<TStep>(fold, b), third = Pick<TStep>(fold, c), fourth = Pick<TStep>(fold, d);
        TFold.Watch(ref seen, first, second);
        TFold.Watch(ref seen, third, fourth);
        TVector middle = TFold.Combine(second, third);
        upper = TFold.Combine(first, middle);
        lower = TFold.Combine(middle, fourth);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Ordered<TStep>(TFold fold, in Band band, in TVector insideLast, in TVector rowScale)
        where TStep : struct, ICount
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default), inside = insideLast, scale = rowScale;
        long last = (band.Registers - 1) * lanes;
        bool isUniform = band.IsUniform;
        TLane* widthScales = band.WidthScales;
        for (RowPairs pairs = new(band); pairs.Next(band);)
        {
            T* a = pairs.A, b = pairs.B, c = pairs.C, d = pairs.D, upper = pairs.Upper, lower = pairs.Lower;
            TVector aBefore = identity, bBefore = identity, cBefore = identity, dBefore = identity, lowerFirst = identity;
            TVector aHere = Pick<TStep>(fold, a), bHere = Pick<TStep>(fold, b), cHere = Pick<TStep>(fold, c), dHere = Pick<TStep>(fold, d);
            TFold.Watch(ref seen, aHere, bHere);
            TFold.Watch(ref seen, cHere, dHere);
            for (long x = 0; ; x += lanes)
            {
                TVector aAfter = identity, bAfter = identity, cAfter = identity, dAfter = identity;
                if (x == last)
                {
                    (aHere, bHere) = (TVector.Select(inside, aHere, identity), TVector.Select(inside, bHere, identity));
                    (cHere, dHere) = (TVector.Select(inside, cHere, identity), TVector.Select(inside, dHere, identity));
                }
                else
                {
                    long next = TStep.Value * (x + lanes);
                    (aAfter, bAfter) = (Pick<TStep>(fold, a + next), Pick<TStep>(fold, b + next));
                    (cAfter, dAfter) = (Pick<TStep>(fold, c + next), Pick<TStep>(fold, d + next));
                    TFold.Watch(ref seen, aAfter, bAfter);
                    TFold.Watch(ref seen, cAfter, dAfter);
                }
                TVector left = TVector.Left(bBefore, bHere), right = TVector.Right(bHere, bAfter);
                TVector one = TFold.Combine(TFold.Combine(TVector.Left(aBefore, aHere), aHere), TVector.Right(aHere, aAfter));
                one = TFold.Combine(TFold.Combine(TFold.Combine(one, left), bHere), right);
                TVector two = TFold.Combine(TFold.Combine(left, bHere), right);
                (left, right) = (TVector.Left(cBefore, cHere), TVector.Right(cHere, cAfter));
                one = TFold.Combine(TFold.Combine(TFold.Combine(one, left), cHere), right);
                two = TFold.Combine(TFold.Combine(TFold.Combine(two, left), cHere), right);
                two = TFold.Combine(TFold.Combine(TFold.Combine(two, TVector.Left(dBefore, dHere)), dHere), TVector.Right(dHere, dAfter));
                fold.Finish(one, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), upper + x);
                fold.Finish(two, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), lower + x);
                if (x == 0) lowerFirst = two;
                if (x == last) break;
                (aBefore, bBefore, cBefore, dBefore) = (aHere, bHere, cHere, dHere);
                (aHere, bHere, cHere, dHere) = (aAfter, bAfter, cAfter, dAfter);
            }
            if (last > 0) fold.Finish(lowerFirst, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales), lower);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>The same as <see cref="Unordered"/> where even and odd columns are cheaper lifted apart: each other's neighbours, two registers at a time.</summary>
    // From the right, so that what the last of the upper row spills into the lower is overwritten.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Split(TFold fold, in Band band, in TVector insideEven, in TVector insideOdd, in TVector rowScale)
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default), scale = rowScale;
        long last = (band.Registers - 2) * lanes;
        for (RowPairs pairs = new(band); pairs.Next(band);)
        {
            T* a = pairs.A, b = pairs.B, c = pairs.C, d = pairs.D, upper = pairs.Upper, lower = pairs.Lower;
            TVector upperAfter = identity, lowerAfter = identity;
            Columns(a + last, b + last, c + last, d + last, ref seen, out TVector upperEven, out TVector upperOdd, out TVector lowerEven, out TVector lowerOdd);
            (upperEven, lowerEven) = (TVector.Select(insideEven, upperEven, identity), TVector.Select(insideEven, lowerEven, identity));
            (upperOdd, lowerOdd) = (TVector.Select(insideOdd, upperOdd, identity), TVector.Select(insideOdd, lowerOdd, identity));
            for (long x = last; ; x -= 2 * lanes)
            {
                TVector upperEvenBefore = identity, upperOddBefore = identity, lowerEvenBefore = identity, lowerOddBefore = identity;
                if (x > 0)
                {
                    long before = x - 2 * lanes;
                    Columns(a + before, b + before, c + before, d + before, ref seen, out upperEvenBefore, out upperOddBefore, out lowerEvenBefore, out lowerOddBefore);
                }
                TVector both = TFold.Combine(upperEven, upperOdd);
                fold.FinishSplit(TFold.Combine(TVector.Left(upperOddBefore, upperOdd), both), TFold.Combine(both, TVector.Right(upperEven, upperAfter)), scale, upper + x);
                both = TFold.Combine(lowerEven, lowerOdd);
                fold.FinishSplit(TFold.Combine(TVector.Left(lowerOddBefore, lowerOdd), both), TFold.Combine(both, TVector.Right(lowerEven, lowerAfter)), scale, lower + x);
                if (x == 0) break;
                (upperAfter, lowerAfter) = (upperEven, lowerEven);
                (upperEven, upperOdd, lowerEven, lowerOdd) = (upperEvenBefore, upperOddBefore, lowerEvenBefore, lowerOddBefore);
            }
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>Four rows as the even and the odd columns of two windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(T* a, T* b, T* c, T* d, ref TVector seen, out TVector upperEven, out TVector upperOdd, out TVector lowerEven, out TVector lowerOdd)
    {
        TFold.Split(b, out TVector secondEven, out TVector secondOdd, ref seen);
        TFold.Split(c, out TVector even, out TVector odd, ref seen);
        TVector middleEven = TFold.Combine(secondEven, even), middleOdd = TFold.Combine(secondOdd, odd);
        TFold.Split(a, out even, out odd, ref seen);
        (upperEven, upperOdd) = (TFold.Combine(even, middleEven), TFold.Combine(odd, middleOdd));
        TFold.Split(d, out even, out odd, ref seen);
        (lowerEven, lowerOdd) = (TFold.Combine(middleEven, even), TFold.Combine(middleOdd, odd));
    }

    /// <summary>Output rows one after the other, of as many planes as there are.</summary>
    private struct Band
    {
        /// <summary>The first tapped cell of the plane that the first row belongs to.</summary>
        public T* Cells;

        /// <summary>Rows of a plane.</summary>
        public long InputLength;

        /// <summary>Cells from one to the next.</summary>
        public long InputRow;

        /// <summary>A row that stands for those outside the input.</summary>
        public T* Padding;

        public long PaddingBefore;

        /// <summary>Rows from one tap to the next.</summary>
        public long Stride;

        /// <summary>The first output row.</summary>
        public T* Output;

        /// <summary>Where a row goes that nobody asked for.</summary>
        public T* Aside;

        /// <summary>The number of the first output row in its plane.</summary>
        public long First;

        /// <summary>How many output rows.</summary>
        public long Rows;

        /// <summary>Output rows of a plane.</summary>
        public long OutputLength;

        /// <summary>Cells of an output row.</summary>
        public long Columns;

        /// <summary>Registers that hold as many.</summary>
        public long Registers;

        /// <summary>Whether one scale serves all.</summary>
        public bool IsUniform;

        /// <summary>The scales along the width.</summary>
        public TLane* WidthScales;
    }

    /// <summary>The pairs of output rows of a <see cref="Band"/> and the four input rows that each sees; the last row of a plane may be alone.</summary>
    private struct RowPairs
    {
        public T* A, B, C, D, Upper, Lower;
        private T* _cells, _output;
        private long _rows, _row, _y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public RowPairs(in Band band)
        {
            _cells = band.Cells;
            _output = band.Output;
            _rows = band.Rows;
            Begin(band, band.First);
        }

        /// <summary>To the next pair, if there is one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Next(in Band band)
        {
            if (_rows == 0) return false;
            if (_row == band.OutputLength)
            {
                _cells += band.InputLength * band.InputRow;
                Begin(band, 0);
            }
            bool isPair = _rows > 1 && _row + 1 < band.OutputLength;
            _y += 2 * band.Stride;
            A = C;
            B = D;
            C = At(band, _y);
            D = isPair ? At(band, _y + band.Stride) : band.Padding;
            Upper = _output;
            Lower = isPair ? _output + band.Columns : band.Aside;
            long taken = isPair ? 2 : 1;
            _row += taken;
            _rows -= taken;
            _output += taken * band.Columns;
            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Begin(in Band band, long row)
        {
            _row = row;
            _y = row * band.Stride - band.PaddingBefore;
            C = At(band, _y);
            D = At(band, _y + band.Stride);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly T* At(in Band band, long y) => (ulong)y < (ulong)band.InputLength ? _cells + y * band.InputRow : band.Padding;
    }
}
