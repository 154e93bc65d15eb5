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
        Axis height = pass.Geometry.Height;
        int lanes = TVector.Count;
        long columns = pass.InputRow, registers = (columns + lanes - 1) / lanes, room = (registers + 1) * lanes;
        TLane* widthScales = (TLane*)Scratch.Rent(4 * room * sizeof(TLane));
        T* padding = (T*)(widthScales + room), spare = (T*)(widthScales + 2 * room);
        TLane* ends = stackalloc TLane[lanes];
        pass.FillWidthScales(widthScales);
        for (long i = 0; i < room; i++) padding[i] = pass.Fold.Finish(TFold.Identity, 1);
        // All ones where the last register of a row holds cells of it.
        TVector inside = Inside(ends, columns - (registers - 1) * lanes);
        T* mine = pass.Output + end * columns;
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
                int count = pass.Rows(row, none, out long divisor);
                pass.Cells(none, count, divisor, output, 0, columns);
                row++;
                continue;
            }
            // A row may run on into those after it, which are written later; not so behind what is ours.
            bool upperFits = two && output + registers * lanes <= mine, lowerFits = two && output + columns + registers * lanes <= mine;
            T* upper = upperFits ? output : spare, lower = lowerFits ? output + columns : spare + room;
            if (pass.Fold.IsOrdered) Ordered(pass, rows, registers, inside, upper, lower, oh, widthScales);
            else Unordered(pass, rows, registers, inside, upper, lower, oh, widthScales);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unordered(
        in Pass<T, TLane, TFold> pass, T** rows, long registers, TVector inside, T* upper, T* lower, long oh, TLane* widthScales)
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), upperScale = Scale(pass, oh), lowerScale = Scale(pass, oh + 1);
        TVector upperBefore = identity, lowerBefore = identity, upperHere = identity, lowerHere = identity, lowerFirst = identity;
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        for (long j = 0; j <= registers; j++)
        {
            TVector upperAfter = identity, lowerAfter = identity;
            if (j < registers)
            {
                long x = j * lanes;
                TVector middle = TFold.Combine(TFold.Lift<TVector>(b + x), TFold.Lift<TVector>(c + x));
                upperAfter = TFold.Combine(TFold.Lift<TVector>(a + x), middle);
                lowerAfter = TFold.Combine(middle, TFold.Lift<TVector>(d + x));
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
                pass.Fold.Finish(one, pass.ScaleOf(upperScale, widthScales + x), upper + x);
                pass.Fold.Finish(two, pass.ScaleOf(lowerScale, widthScales + x), lower + x);
                if (j == 1) lowerFirst = two;
            }
            (upperBefore, lowerBefore, upperHere, lowerHere) = (upperHere, lowerHere, upperAfter, lowerAfter);
        }
        // The last register of the upper row has run over the first of the lower.
        pass.Fold.Finish(lowerFirst, pass.ScaleOf(lowerScale, widthScales), lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ordered(
        in Pass<T, TLane, TFold> pass, T** rows, long registers, TVector inside, T* upper, T* lower, long oh, TLane* widthScales)
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), upperScale = Scale(pass, oh), lowerScale = Scale(pass, oh + 1), lowerFirst = identity;
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        TVector aBefore = identity, bBefore = identity, cBefore = identity, dBefore = identity;
        TVector aHere = identity, bHere = identity, cHere = identity, dHere = identity;
        for (long j = 0; j <= registers; j++)
        {
            TVector aAfter = identity, bAfter = identity, cAfter = identity, dAfter = identity;
            if (j < registers)
            {
                long x = j * lanes;
                (aAfter, bAfter) = (TFold.Lift<TVector>(a + x), TFold.Lift<TVector>(b + x));
                (cAfter, dAfter) = (TFold.Lift<TVector>(c + x), TFold.Lift<TVector>(d + x));
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
                pass.Fold.Finish(one, pass.ScaleOf(upperScale, widthScales + x), upper + x);
                pass.Fold.Finish(two, pass.ScaleOf(lowerScale, widthScales + x), lower + x);
                if (j == 1) lowerFirst = two;
            }
            (aBefore, bBefore, cBefore, dBefore) = (aHere, bHere, cHere, dHere);
            (aHere, bHere, cHere, dHere) = (aAfter, bAfter, cAfter, dAfter);
        }
        pass.Fold.Finish(lowerFirst, pass.ScaleOf(lowerScale, widthScales), lower);
    }

    private static TVector Scale(in Pass<T, TLane, TFold> pass, long oh) =>
        pass.RowScale<TVector>(pass.IsUniform || oh >= pass.Geometry.Height.OutputLength ? 1 : pass.Geometry.Height.Divisor(oh, pass.Fold.CountsPadding));
}
