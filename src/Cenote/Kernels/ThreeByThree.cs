using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows of three by three, one apart, one cell of padding at the sides: two output rows a pass share the rows between them.</summary>
internal readonly unsafe struct ThreeByThree<T, TLane, TFold, TVector>(Pass<T, TLane, TFold> pass) : IKernel
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
        Axis height = pass.Geometry.Height;
        int lanes = TVector.Count;
        long columns = pass.InputRow, registers = (columns + lanes - 1) / lanes, room = (registers + 1) * lanes;
        TLane* widthScales = (TLane*)Scratch.Rent(4 * room * sizeof(TLane));
        T* padding = (T*)(widthScales + room), spare = (T*)(widthScales + 2 * room);
        TLane* ends = stackalloc TLane[lanes];
        pass.FillWidthScales(widthScales);
        for (long i = 0; i < room; i++) fold.Finish(TFold.Identity, 1, padding + i);
        // All ones where the last register of a row holds cells of it.
        TVector inside = Inside(ends, columns - (registers - 1) * lanes);
        T* mine = pass.Output + end * columns;
        bool isUniform = pass.IsUniform;
        TVector uniformScale = pass.RowScale<TVector>(1);
        T** rows = stackalloc T*[4];
        T** none = stackalloc T*[3];

        for (long row = first; row < end;)
        {
            (long plane, long oh) = Math.DivRem(row, height.OutputLength);
            bool two = oh + 1 < height.OutputLength && row + 1 < end;
            T* source = pass.Input + plane * height.InputLength * columns;
            T* last = null;
            for (int i = 0; i < 4; i++)
            {
                long ih = height.Start(oh) + i;
                bool outside = ih < 0 || ih >= height.InputLength;
                rows[i] = outside ? padding : source + ih * columns;
                if (!outside) last = rows[i];
            }
            T* output = pass.Output + row * columns;
            if (last + registers * lanes > pass.InputEnd)
            {
                // The very last row of the input: a register would read on behind it.
                RowCursor<T, TLane, TFold> cursor = new(pass, none, row);
                pass.Cells(none, cursor.Count, cursor.Divisor, output, 0, columns);
                row++;
                continue;
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
            if (fold.IsOrdered) Ordered(fold, rows, registers, inside, upper, lower, isUniform, upperScale, lowerScale, widthScales);
            else Unordered(fold, rows, registers, inside, upper, lower, isUniform, upperScale, lowerScale, widthScales);
            if (!upperFits) Buffer.MemoryCopy(upper, output, columns * sizeof(T), columns * sizeof(T));
            if (two && !lowerFits) Buffer.MemoryCopy(lower, output + columns, columns * sizeof(T), columns * sizeof(T));
            row += two ? 2 : 1;
        }
    }

    private static TVector Inside(TLane* lanes, long count)
    {
        byte* bytes = (byte*)lanes;
        for (long i = 0; i < TVector.Count * sizeof(TLane); i++) bytes[i] = (byte)(i < count * sizeof(TLane) ? 0xFF : 0);
        return TVector.Load(lanes);
    }

    // Apart from the caller, so that nothing of it competes for registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Unordered(
        TFold fold, T** rows, long registers, TVector inside, T* upper, T* lower, bool isUniform, TVector upperScale, TVector lowerScale,
        TLane* widthScales)
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity);
        TVector upperBefore = identity, lowerBefore = identity, upperHere = identity, lowerHere = identity, lowerFirst = identity;
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        for (long j = 0; j <= registers; j++)
        {
            TVector upperAfter = identity, lowerAfter = identity;
            if (j < registers)
            {
                long x = j * lanes;
                TVector middle = TFold.Combine(fold.Lift<TVector>(b + x), fold.Lift<TVector>(c + x));
                upperAfter = TFold.Combine(fold.Lift<TVector>(a + x), middle);
                lowerAfter = TFold.Combine(middle, fold.Lift<TVector>(d + x));
                if (j == registers - 1)
                {
                    upperAfter = TVector.Select(inside, upperAfter, identity);
                    lowerAfter = TVector.Select(inside, lowerAfter, identity);
                }
            }
            if (j > 0)
            {
                long x = (j - 1) * lanes;
                TVector one = TFold.Combine(TFold.Combine(TVector.Left(upperBefore, upperHere), upperHere), TVector.Right(upperHere, upperAfter));
                TVector two = TFold.Combine(TFold.Combine(TVector.Left(lowerBefore, lowerHere), lowerHere), TVector.Right(lowerHere, lowerAfter));
                fold.Finish(one, Pass<T, TLane, TFold>.ScaleOf(isUniform, upperScale, widthScales + x), upper + x);
                fold.Finish(two, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales + x), lower + x);
                if (j == 1) lowerFirst = two;
            }
            (upperBefore, lowerBefore, upperHere, lowerHere) = (upperHere, lowerHere, upperAfter, lowerAfter);
        }
        // The last register of the upper row has run over the first of the lower.
        fold.Finish(lowerFirst, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales), lower);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Ordered(
        TFold fold, T** rows, long registers, TVector inside, T* upper, T* lower, bool isUniform, TVector upperScale, TVector lowerScale,
        TLane* widthScales)
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), lowerFirst = identity;
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        TVector aBefore = identity, bBefore = identity, cBefore = identity, dBefore = identity;
        TVector aHere = identity, bHere = identity, cHere = identity, dHere = identity;
        for (long j = 0; j <= registers; j++)
        {
            TVector aAfter = identity, bAfter = identity, cAfter = identity, dAfter = identity;
            if (j < registers)
            {
                long x = j * lanes;
                (aAfter, bAfter) = (fold.Lift<TVector>(a + x), fold.Lift<TVector>(b + x));
                (cAfter, dAfter) = (fold.Lift<TVector>(c + x), fold.Lift<TVector>(d + x));
                if (j == registers - 1)
                {
                    (aAfter, bAfter) = (TVector.Select(inside, aAfter, identity), TVector.Select(inside, bAfter, identity));
                    (cAfter, dAfter) = (TVector.Select(inside, cAfter, identity), TVector.Select(inside, dAfter, identity));
                }
            }
            if (j > 0)
            {
                long x = (j - 1) * lanes;
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
                if (j == 1) lowerFirst = two;
            }
            (aBefore, bBefore, cBefore, dBefore) = (aHere, bHere, cHere, dHere);
            (aHere, bHere, cHere, dHere) = (aAfter, bAfter, cAfter, dAfter);
        }
        fold.Finish(lowerFirst, Pass<T, TLane, TFold>.ScaleOf(isUniform, lowerScale, widthScales), lower);
    }
}
