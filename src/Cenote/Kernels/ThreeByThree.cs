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
        bool splits = TFold.IsSplit && fold.IsOrdered && pass.IsUniform && step == 1 && picked > lanes;
        long registers = (picked + lanes - 1) / lanes;
        if (splits) registers += registers % 2;
        long room = (registers + 1) * lanes, reach = phase + step * registers * lanes;
        TLane* widthScales = (TLane*)Scratch.Rent((3 + step) * room * sizeof(TLane));
        T* spare = (T*)(widthScales + room), padding = (T*)(widthScales + 3 * room);
        TLane* ends = stackalloc TLane[lanes];
        pass.FillWidthScales(widthScales, TVector.Count);
        for (long i = 0; i < step * room; i++) fold.Finish(TFold.Identity, 1, padding + i);
        // All ones where the last register of a row holds cells of it.
        long left = picked - (registers - (splits ? 2 : 1)) * lanes;
        TVector inside = Inside(ends, splits ? (left + 1) / 2 : left), insideOdd = Inside(ends, left / 2);
        T* mine = pass.Output + end * columns;
        bool isUniform = pass.IsUniform;
        TVector uniformScale = pass.RowScale<TVector>(1);
        T** rows = stackalloc T*[4];
        T** none = stackalloc T*[3];

        bool stands = true;
        for (long row = first; row < end;)
        {
            (long plane, long oh) = Math.DivRem(row, height.OutputLength);
            bool two = oh + 1 < height.OutputLength && row + 1 < end;
            T* source = pass.Input + plane * height.InputLength * pass.InputRow;
            long top = height.Start(oh);
            T* last = null;
            for (int i = 0; i < 4; i++)
            {
                long y = top + i * height.Stride;
                bool outside = y < 0 || y >= height.InputLength;
                rows[i] = outside ? padding : source + y * pass.InputRow + phase;
                if (!outside) last = source + y * pass.InputRow;
            }
            T* output = pass.Output + row * columns;
            if (last + reach > pass.InputEnd)
            {
                // The very last row of the input: a register would read on behind it.
                RowCursor<T, TLane, TFold> cursor = new(pass, none, row);
                pass.Cells(none, cursor.Count, cursor.Divisor, output, 0, columns);
                row++;
                continue;
            }
            // Two rows that see nothing but input are followed by others that do.
            long pairs = 1;
            if (top >= 0 && isUniform)
            {
                pairs = Math.Min(((height.InputLength - 1 - top) / height.Stride - 1) / 2, Math.Min(height.OutputLength - oh, end - row) / 2);
                pairs = Math.Min(pairs, Math.Min((mine - output - registers * lanes) / columns + 1, (pass.InputEnd - rows[0] - reach) / rowStep - 1) / 2);
                pairs = Math.Max(pairs, 1);
            }
            // A row may run on into those after it, which are written later; not so behind what is ours.
            bool upperFits = two && output + registers * lanes <= mine, lowerFits = two && output + columns + registers * lanes <= mine;
            T* upper = upperFits ? output : spare, lower = lowerFits ? output + columns : spare + room;
            TVector upperScale = uniformScale, lowerScale = uniformScale;
            if (!isUniform)
            {
                upperScale = pass.RowScale<TVector>(height.Divisor(oh, fold.CountsPadding));
                lowerScale = two ? pass.RowScale<TVector>(height.Divisor(oh + 1, fold.CountsPadding)) : upperScale;
            }
            stands &= splits
                ? Split(fold, rows, rowStep, pairs, columns, registers, inside, insideOdd, upper, lower, uniformScale)
                : step == 1
                ? Pairs<One>(fold, rows, rowStep, pairs, columns, registers, inside, upper, lower, isUniform, upperScale, lowerScale, widthScales)
                : Pairs<Two>(fold, rows, rowStep, pairs, columns, registers, inside, upper, lower, isUniform, upperScale, lowerScale, widthScales);
            if (!upperFits) Buffer.MemoryCopy(upper, output, columns * sizeof(T), columns * sizeof(T));
            if (two && !lowerFits) Buffer.MemoryCopy(lower, output + columns, columns * sizeof(T), columns * sizeof(T));
            row += two ? 2 * pairs : 1;
        }
        return stands;
    }

    private static TVector Inside(TLane* lanes, long count)
    {
        byte* bytes = (byte*)lanes;
        for (long i = 0; i < TVector.Count * sizeof(TLane); i++) bytes[i] = (byte)(i < count * sizeof(TLane) ? 0xFF : 0);
        return TVector.Load(lanes);
    }

    private static bool Pairs<TStep>(
        TFold fold, T** rows, long rowStep, long pairs, long columns, long registers, TVector inside, T* upper, T* lower, bool isUniform,
        TVector upperScale, TVector lowerScale, TLane* widthScales)
        where TStep : struct, ICount
    {
        if (!fold.IsOrdered) return Unordered<TStep>(fold, rows, rowStep, pairs, columns, registers, inside, upper, lower, isUniform, upperScale, lowerScale, widthScales);
        return Ordered<TStep>(fold, rows, rowStep, pairs, columns, registers, inside, upper, lower, isUniform, upperScale, lowerScale, widthScales);
    }

    /// <summary>Pairs of output rows, each from the four input rows that move on by two.</summary>
    // Apart from the caller, so that nothing of it competes for registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Unordered<TStep>(
        TFold fold, T** rows, long rowStep, long pairs, long columns, long registers, TVector inside, T* upper, T* lower, bool isUniform,
        TVector upperScale, TVector lowerScale, TLane* widthScales)
        where TStep : struct, ICount
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        long last = (registers - 1) * lanes;
        for (; pairs > 0; pairs--, a += 2 * rowStep, b += 2 * rowStep, c += 2 * rowStep, d += 2 * rowStep, upper += 2 * columns, lower += 2 * columns)
        {
            TVector upperBefore = identity, lowerBefore = identity, lowerFirst = identity;
            Column<TStep>(fold, a, b, c, d, ref seen, out TVector upperHere, out TVector lowerHere);
            for (long x = 0; x < last; x += lanes)
            {
                long next = TStep.Value * (x + lanes);
                Column<TStep>(fold, a + next, b + next, c + next, d + next, ref seen, out TVector upperAfter, out TVector lowerAfter);
                if (x + lanes == last) (upperAfter, lowerAfter) = (TVector.Select(inside, upperAfter, identity), TVector.Select(inside, lowerAfter, identity));
                TVector one = TFold.Combine(TFold.Combine(TVector.Left(upperBefore, upperHere), upperHere), TVector.Right(upperHere, upperAfter));
                TVector two = TFold.Combine(TFold.Combine(TVector.Left(lowerBefore, lowerHere), lowerHere), TVector.Right(lowerHere, lowerAfter));
                fold.Finish(one, Pass<T, TLane, TFold>.ScaleOf(isUniform, upperScale, widthScales + x), upper + x);
                fold.Finish(two, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales + x), lower + x);
                if (x == 0) lowerFirst = two;
                (upperBefore, lowerBefore, upperHere, lowerHere) = (upperHere, lowerHere, upperAfter, lowerAfter);
            }
            if (last == 0) (upperHere, lowerHere) = (TVector.Select(inside, upperHere, identity), TVector.Select(inside, lowerHere, identity));
            TVector three = TFold.Combine(TFold.Combine(TVector.Left(upperBefore, upperHere), upperHere), TVector.Right(upperHere, identity));
            TVector four = TFold.Combine(TFold.Combine(TVector.Left(lowerBefore, lowerHere), lowerHere), TVector.Right(lowerHere, identity));
            fold.Finish(three, Pass<T, TLane, TFold>.ScaleOf(isUniform, upperScale, widthScales + last), upper + last);
            fold.Finish(four, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales + last), lower + last);
            // The last register of the upper row has run over the first of the lower.
            fold.Finish(last == 0 ? four : lowerFirst, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales), lower);
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
    private static bool Ordered<TStep>(
        TFold fold, T** rows, long rowStep, long pairs, long columns, long registers, TVector inside, T* upper, T* lower, bool isUniform,
        TVector upperScale, TVector lowerScale, TLane* widthScales)
        where TStep : struct, ICount
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        long last = (registers - 1) * lanes;
        for (; pairs > 0; pairs--, a += 2 * rowStep, b += 2 * rowStep, c += 2 * rowStep, d += 2 * rowStep, upper += 2 * columns, lower += 2 * columns)
        {
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
                fold.Finish(one, Pass<T, TLane, TFold>.ScaleOf(isUniform, upperScale, widthScales + x), upper + x);
                fold.Finish(two, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales + x), lower + x);
                if (x == 0) lowerFirst = two;
                if (x == last) break;
                (aBefore, bBefore, cBefore, dBefore) = (aHere, bHere, cHere, dHere);
                (aHere, bHere, cHere, dHere) = (aAfter, bAfter, cAfter, dAfter);
            }
            fold.Finish(lowerFirst, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales), lower);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>The same as <see cref="Ordered"/> where even and odd columns are cheaper lifted apart: each other's neighbours, two registers at a time.</summary>
    // From the right, so that what the last of the upper row spills into the lower is overwritten.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Split(
        TFold fold, T** rows, long rowStep, long pairs, long columns, long registers, TVector insideEven, TVector insideOdd, T* upper, T* lower, in TVector uniformScale)
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(default), scale = uniformScale;
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        long last = (registers - 2) * lanes;
        for (; pairs > 0; pairs--, a += 2 * rowStep, b += 2 * rowStep, c += 2 * rowStep, d += 2 * rowStep, upper += 2 * columns, lower += 2 * columns)
        {
            TVector aAfter = TVector.Create(TFold.Identity), bAfter = aAfter, cAfter = aAfter, dAfter = aAfter;
            for (long x = last; x >= 0; x -= 2 * lanes)
            {
                Taps(fold, a, x, last, insideEven, insideOdd, ref aAfter, out TVector left, out TVector even, out TVector odd, out TVector right, ref seen);
                TVector oneEven = TFold.Combine(TFold.Combine(left, even), odd), oneOdd = TFold.Combine(TFold.Combine(even, odd), right);
                Taps(fold, b, x, last, insideEven, insideOdd, ref bAfter, out left, out even, out odd, out right, ref seen);
                TVector twoEven = TFold.Combine(TFold.Combine(left, even), odd), twoOdd = TFold.Combine(TFold.Combine(even, odd), right);
                Join(ref oneEven, ref oneOdd, left, even, odd, right);
                Taps(fold, c, x, last, insideEven, insideOdd, ref cAfter, out left, out even, out odd, out right, ref seen);
                Join(ref oneEven, ref oneOdd, left, even, odd, right);
                Join(ref twoEven, ref twoOdd, left, even, odd, right);
                Taps(fold, d, x, last, insideEven, insideOdd, ref dAfter, out left, out even, out odd, out right, ref seen);
                Join(ref twoEven, ref twoOdd, left, even, odd, right);
                fold.FinishSplit(oneEven, oneOdd, scale, upper + x);
                fold.FinishSplit(twoEven, twoOdd, scale, lower + x);
            }
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    /// <summary>Even and odd columns of a row, and what is to the left of the even and to the right of the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps(
        TFold fold, T* row, long x, long last, TVector insideEven, TVector insideOdd, ref TVector after,
        out TVector left, out TVector even, out TVector odd, out TVector right, ref TVector seen)
    {
        TVector identity = TVector.Create(TFold.Identity), met = identity;
        TFold.Split(row + x, out even, out odd, ref seen);
        if (x == last) (even, odd) = (TVector.Select(insideEven, even, identity), TVector.Select(insideOdd, odd, identity));
        right = TVector.Right(even, after);
        after = even;
        if (x > 0) TFold.Split(row + x - 2, out _, out left, ref met);
        else left = TVector.Left(identity, odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(ref TVector sumEven, ref TVector sumOdd, TVector left, TVector even, TVector odd, TVector right)
    {
        sumEven = TFold.Combine(TFold.Combine(TFold.Combine(sumEven, left), even), odd);
        sumOdd = TFold.Combine(TFold.Combine(TFold.Combine(sumOdd, even), odd), right);
    }
}
