using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>
/// Of a mean whose windows lie one or two apart along the row, so short that a cell sees an output, and its left and its right neighbour at most: the rows of
/// gradients that reach a row are added up in registers, and each phase of the stride is such a register with its neighbours.
/// </summary>
internal readonly unsafe struct PhaseSpread<T, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Of which rows reach which, and small enough for the first-level cache.
    private const long TableBytes = 8 * 1024;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly T* _gradInput;
    private readonly Total<T, TLane> _total;
    private readonly bool _countsPadding;
    private readonly bool _isUniform;
    private readonly long _divisor;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="countsPadding">Whether taps in the padding count.</param>
    /// <param name="divisor">The one divisor of all windows; 0 where they differ.</param>
    public PhaseSpread(in Geometry geometry, T* gradOutput, T* gradInput, bool countsPadding, long divisor)
    {
        (_geometry, _countsPadding, _isUniform, _divisor) = (geometry, countsPadding, divisor != 0, divisor);
        _gradOutput = gradOutput;
        _gradInput = gradInput;
        // Where windows differ, gradients are divided before they are added up.
        _total = new(countsPadding, _isUniform && !DividesRows ? divisor : 1, geometry, ordered: false);
    }

    // Float has no bits to spare for the inverse of a divisor; a division for each sum of rows is fewer than one for each cell.
    private static bool DividesRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) && typeof(TLane) == typeof(float);
    }

    public long Units => _geometry.Outer * _geometry.Depth.InputLength * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane + _geometry.OutputPlane) * sizeof(T) / (_geometry.Depth.InputLength * _geometry.Height.InputLength);

    /// <summary>Whether windows lie so along the row, and it fills a register.</summary>
    public static bool Fits(in Geometry geometry)
    {
        Axis width = geometry.Width;
        if (geometry.Inner > 1 || width.IsAdaptive || width.Stride > 2 || width.Dilation > 1 || width.Kernel > 3 * width.Stride || width.OutputLength < TVector.Count) return false;
        return Blocks(width) - width.OutputLength is 0 or 1 && Seen(width) is (2 or 3, 0) or (1, 2) or (2, 1 or 2) or (3, 2);
    }

    /// <summary>How many outputs the cells of each phase see, as <see cref="Row"/> has it; -1 where they see others.</summary>
    private static (long Even, long Odd) Seen(in Axis width)
    {
        (long stride, long before, long after) = (width.Stride, width.PaddingBefore, width.Kernel - 1 - width.PaddingBefore);
        if (after < stride - 1) return (-1, -1);
        long even = (after / stride, before / stride) switch { (0, 0) => 1, (1, 0) => 2, (1, 1) => 3, _ => -1 };
        long odd = ((after - 1) / stride, (before + 1) / stride) switch { (0, 0) => 1, (0, 1) => 2, (1, 1) => 3, _ => -1 };
        return (even, stride > 1 ? odd : 0);
    }

    /// <summary>So many cells as the stride, one of each phase.</summary>
    private static long Blocks(in Axis width) => (width.InputLength + width.Stride - 1) / width.Stride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, _) = _geometry;
        long row = width.InputLength, reach = Blocks(width) * width.Stride, most = Most(depth) * Most(height);
        // Where planes come again and again, which rows reach which is worked out once.
        long known = Math.Clamp(TableBytes / sizeof(long) / (1 + most), 1, Math.Max(1, Math.Min(height.InputLength, end - first)));
        long divisors = _isUniform ? 0 : width.OutputLength + height.OutputLength;
        long laneBytes = (((_isUniform ? 0 : width.OutputLength + height.OutputLength + known * most) + reach) * sizeof(TLane) + sizeof(long) - 1) / sizeof(long) * sizeof(long);
        TLane* widthScales = (TLane*)Scratch.Rent(laneBytes + known * (1 + most) * sizeof(long)), heightDivisors = widthScales + (divisors > 0 ? width.OutputLength : 0);
        TLane* rowScales = widthScales + divisors;
        T* aside = (T*)(rowScales + (divisors > 0 ? known * most : 0));
        long* table = (long*)((byte*)widthScales + laneBytes);
        if (!_isUniform)
        {
            WidthDivisors.Fill(_geometry, _countsPadding, widthScales);
            for (long i = 0; i < width.OutputLength; i++) widthScales[i] = TLane.One / widthScales[i];
            WidthDivisors.Fill(_geometry with { Width = height }, _countsPadding, heightDivisors);
        }
        Line line = new()
        {
            Row = row, Outputs = width.OutputLength, Blocks = Blocks(width), Total = _total,
            MostRows = most, WidthScales = _isUniform ? null : widthScales,
            Over = TVector.Create(TLane.CreateTruncating(_divisor)), Scale = TVector.Create(_total.Scale(_total.UniformCount)),
        };
        (long rest, long ih) = Math.DivRem(first, height.InputLength);
        (long plane, long id) = Math.DivRem(rest, depth.InputLength);
        TapRange told = new(-1, 0, 1);
        long firstTold = 0, endTold = 0;
        T* mine = _gradInput + end * row;
        for (T* next = _gradInput + first * row; next < mine;)
        {
            TapRange d = depth.Outputs(id);
            long band = Math.Min(Math.Min(known, height.InputLength - ih), (mine - next) / row);
            if (d != told || ih < firstTold || ih + band > endTold)
            {
                (told, firstTold, endTold) = known == height.InputLength ? (d, 0, known) : (d, ih, ih + band);
                Tell(d, firstTold, endTold, table, heightDivisors, rowScales);
            }
            T* from = _gradOutput + plane * _geometry.OutputPlane;
            long* places = table + (ih - firstTold) * (1 + most);
            TLane* scales = rowScales + (ih - firstTold) * most;
            // A row may run on into those after it, which are written later; not so behind what is ours.
            bool isLast = reach > row && next + band * row == mine;
            Rows(line, from, places, scales, isLast ? band - 1 : band, next);
            next += band * row;
            if (isLast)
            {
                Rows(line, from, places + (band - 1) * (1 + most), scales + (band - 1) * most, 1, aside);
                Buffer.MemoryCopy(aside, next - row, row * sizeof(T), row * sizeof(T));
            }
            ih += band;
            if (ih < height.InputLength) continue;
            ih = 0;
            if (++id == depth.InputLength) (id, plane) = (0, plane + 1);
        }
    }

    private static long Most(in Axis axis) => axis.IsAdaptive ? axis.OutputLength : Math.Min(axis.OutputLength, axis.Kernel);

    /// <summary>For some rows of the input how many rows of gradients reach each, where in the plane those are, and one over what depth and height contribute to their divisors.</summary>
    private void Tell(in TapRange depth, long first, long end, long* table, TLane* heightDivisors, TLane* rowScales)
    {
        long most = Most(_geometry.Depth) * Most(_geometry.Height), height = _geometry.Height.OutputLength, row = _geometry.Width.OutputLength;
        for (long ih = first; ih < end; ih++, table += 1 + most, rowScales += most)
        {
            TapRange h = _geometry.Height.Outputs(ih);
            long count = 0;
            for (long i = 0, od = depth.First; i < depth.Count; i++, od += depth.Step)
            {
                TLane divisor = _isUniform ? TLane.One : TLane.CreateTruncating(_geometry.Depth.Divisor(od, _countsPadding));
                for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step)
                {
                    if (!_isUniform) rowScales[count] = TLane.One / (divisor * heightDivisors[oh]);
                    table[++count] = (od * height + oh) * row;
                }
            }
            table[0] = count;
        }
    }

    private void Rows(in Line line, T* from, long* places, TLane* scales, long count, T* target)
    {
        switch (Seen(_geometry.Width))
        {
            case (2, 0):
                Rows<Two, Any>(line, from, places, scales, count, target);
                break;
            case (3, 0):
                Rows<Three, Any>(line, from, places, scales, count, target);
                break;
            case (1, 2):
                Rows<One, Two>(line, from, places, scales, count, target);
                break;
            case (2, 1):
                Rows<Two, One>(line, from, places, scales, count, target);
                break;
            case (2, 2):
                Rows<Two, Two>(line, from, places, scales, count, target);
                break;
            case (3, 2):
                Rows<Three, Two>(line, from, places, scales, count, target);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TEven, TOdd>(in Line line, T* from, long* places, TLane* scales, long count, T* target)
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        bool isScaled = line.WidthScales != null;
        for (; count > 0; count--, target += line.Row, places += 1 + line.MostRows, scales += line.MostRows)
        {
            long rows = places[0];
            if (rows == 0) NativeMemory.Clear(target, (nuint)(line.Row * sizeof(T)));
            else if (isScaled) Row<Any, TEven, TOdd>(line, from, places, scales, target);
            else if (rows == 1) Row<One, TEven, TOdd>(line, from, places, scales, target);
            else if (rows == 2) Row<Two, TEven, TOdd>(line, from, places, scales, target);
            else Row<Three, TEven, TOdd>(line, from, places, scales, target);
        }
    }

    /// <summary>Makes a row.</summary>
    /// <typeparam name="TRows">How many rows of gradients reach it; <see cref="Three"/> is that many or more, <see cref="Any"/> any number, each over its divisor.</typeparam>
    /// <typeparam name="TEven">Outputs that cells of the even phase see: of two the other is the left neighbour.</typeparam>
    /// <typeparam name="TOdd">Those of the odd phase: of two the other is the right neighbour. <see cref="Any"/> where there is no such phase.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Row<TRows, TEven, TOdd>(in Line line, T* from, long* places, TLane* scales, T* target)
        where TRows : struct, ICount
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        int lanes = TVector.Count, stride = TOdd.Value > 0 ? 2 : 1;
        long outputs = line.Outputs, last = line.Blocks - lanes, x = 0;
        T* a = from + places[1], b = TRows.Value > 1 ? from + places[2] : a, c = TRows.Value > 2 ? from + places[3] : a;
        TVector zero = TVector.Create(TLane.Zero), before = zero, here = Sum<TRows>(line, a, b, c, from, places, scales, 0);
        for (; x + 2 * lanes <= outputs; x += lanes)
        {
            TVector after = Sum<TRows>(line, a, b, c, from, places, scales, x + lanes);
            Finish<TEven, TOdd>(line, TVector.Left(before, here), here, TVector.Right(here, after), target + stride * x);
            (before, here) = (here, after);
        }
        // The last register reaches back over the one before.
        TVector end = zero, left = zero;
        if (x != last)
        {
            left = end = Sum<TRows>(line, a, b, c, from, places, scales, outputs - lanes);
            if (last > outputs - lanes) end = TVector.Right(end, zero);
            else if (TEven.Value > 1 || TOdd.Value > 2) left = Sum<TRows>(line, a, b, c, from, places, scales, outputs - lanes - 1);
        }
        Finish<TEven, TOdd>(line, TVector.Left(before, here), here, TVector.Right(here, end), target + stride * x);
        if (x != last) Finish<TEven, TOdd>(line, left, end, TVector.Right(end, zero), target + stride * last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TRows>(in Line line, T* a, T* b, T* c, T* from, long* places, TLane* scales, long x)
        where TRows : struct, ICount
    {
        TVector sum = TVector.Widen(a + x);
        if (TRows.Value == 0)
        {
            sum *= TVector.Create(scales[0]);
            for (long row = 1; row < places[0]; row++) sum += TVector.Widen(from + places[row + 1] + x) * TVector.Create(scales[row]);
            return sum * TVector.Load(line.WidthScales + x);
        }
        if (TRows.Value > 1) sum += TVector.Widen(b + x);
        if (TRows.Value > 2) sum += TVector.Widen(c + x);
        for (long row = 3; TRows.Value > 2 && row < places[0]; row++) sum += TVector.Widen(from + places[row + 1] + x);
        return DividesRows ? sum / line.Over : sum;
    }

    /// <summary>The cells of a register of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TEven, TOdd>(in Line line, TVector left, TVector here, TVector right, T* target)
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        TVector even = here, odd = here;
        if (TEven.Value > 1) even = left + even;
        if (TEven.Value > 2) even += right;
        if (TOdd.Value == 0)
        {
            Finish(line, even, target);
            return;
        }
        if (TOdd.Value > 2) odd = left + odd;
        if (TOdd.Value > 1) odd += right;
        Finish(line, TVector.ZipLow(even, odd), target);
        Finish(line, TVector.ZipHigh(even, odd), target + TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in Line line, TVector sum, T* target)
    {
        if (DividesRows) sum.Narrow(target);
        else line.Total.Finish(sum, line.Scale, target);
    }

    /// <summary>What all rows have in common.</summary>
    private struct Line
    {
        /// <summary>Cells of a row.</summary>
        public long Row;

        /// <summary>Outputs of a row.</summary>
        public long Outputs;

        /// <summary>Rows of gradients that may reach one.</summary>
        public long MostRows;

        /// <summary>So many times all phases.</summary>
        public long Blocks;

        public Total<T, TLane> Total;

        /// <summary>The divisor of all.</summary>
        public TVector Over;

        public TVector Scale;

        /// <summary>One over what the width contributes to the divisor of each output; null where windows are alike.</summary>
        public TLane* WidthScales;
    }
}
