using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>
/// Of a mean whose windows are so short along the row that a cell sees an output and its neighbours at most: the rows of gradients that reach a row are added up
/// in registers. Each phase of the stride is such a register with its neighbours; where windows do not share a cell, the cells of all of them are picked from it;
/// with channels last a cell is the sum of one output, or of two.
/// </summary>
/// <typeparam name="T">A cell.</typeparam>
/// <typeparam name="TLane">What gradients are added up in.</typeparam>
/// <typeparam name="TFold">What divides the sums.</typeparam>
/// <typeparam name="TVector">Lanes of these.</typeparam>
internal readonly unsafe struct PhaseSpread<T, TLane, TFold, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Of which rows reach which, and small enough for the first-level cache.
    private const long TableBytes = 32 * 1024;

    // Beyond, what is picked is no longer kept in the first-level cache.
    private const long FarApart = 64;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly T* _gradInput;
    private readonly TFold _fold;
    private readonly Divisors _divisors;
    private readonly bool _isUniform;
    private readonly bool _isApart;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="fold">Divides the sums.</param>
    /// <param name="divisors">By what gradients are divided.</param>
    public PhaseSpread(in Geometry geometry, T* gradOutput, T* gradInput, TFold fold, in Divisors divisors)
    {
        (_geometry, _divisors, _isUniform, _isApart) = (geometry, divisors, divisors.Uniform != 0, GradientPlanner.IsDisjoint(geometry));
        _gradOutput = gradOutput;
        _gradInput = gradInput;
        _fold = fold;
    }

    // Float has no bits to spare for the inverse of a divisor; a division for each sum of rows is fewer than one for each cell.
    private static bool DividesRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) && typeof(TLane) == typeof(float);
    }

    public long Units => _geometry.Outer * _geometry.Depth.InputLength * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane + _geometry.OutputPlane) * _geometry.Inner * sizeof(T) / (_geometry.Depth.InputLength * _geometry.Height.InputLength);

    /// <summary>Whether windows lie so along the row, and registers run no further beyond it than the next one.</summary>
    public static bool Fits(in Geometry geometry)
    {
        Axis width = geometry.Width;
        if (width.IsAdaptive) return false;
        if (geometry.Inner > 1) return geometry.Inner >= TVector.Count && width.Dilation == 1 && width.Stride <= width.InputLength && width.Kernel > width.PaddingBefore && width.Kernel >= width.Stride && width.Kernel <= 2 * width.Stride;
        return Blocks(width) - width.OutputLength is 0 or 1 && Reach(width) <= 2 * width.InputLength && Seen(width) is (1 or 2 or 3, 0) or (1, 1 or 2) or (2, 1 or 2) or (3, 2);
    }

    /// <summary>How many outputs the cells of each phase see, as <see cref="Phases"/> has it; -1 where they see others. (1, 0) where cells are picked.</summary>
    private static (long Even, long Odd) Seen(in Axis width)
    {
        if (width.EffectiveKernel <= width.Stride && width is not { Kernel: 2, Stride: 2, PaddingBefore: 0 })
            return width.Stride <= FarApart && width.PaddingBefore < Math.Min(width.Stride, TVector.Count) ? (1, 0) : (-1, -1);
        if (width.Dilation > 1 || width.Stride > 2) return (-1, -1);
        (long stride, long before, long after) = (width.Stride, width.PaddingBefore, width.Kernel - 1 - width.PaddingBefore);
        if (after < stride - 1) return (-1, -1);
        long even = (after / stride, before / stride) switch { (0, 0) => 1, (1, 0) => 2, (1, 1) => 3, _ => -1 };
        long odd = ((after - 1) / stride, (before + 1) / stride) switch { (0, 0) => 1, (0, 1) => 2, (1, 1) => 3, _ => -1 };
        return (even, stride > 1 ? odd : 0);
    }

    /// <summary>So many cells as the stride, one of each phase.</summary>
    private static long Blocks(in Axis width) => (width.InputLength + Lead(width) + width.Stride - 1) / width.Stride;

    /// <summary>Registers of as many outputs.</summary>
    private static long Registers(in Axis width) => (Blocks(width) + TVector.Count - 1) / TVector.Count;

    /// <summary>Cells that these make, of which some may be behind the row.</summary>
    private static long Reach(in Axis width) => Registers(width) * TVector.Count * width.Stride - Lead(width);

    /// <summary>Where cells are picked, how many of the first window stand before the input.</summary>
    private static long Lead(in Axis width) => width.EffectiveKernel <= width.Stride ? width.PaddingBefore : 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        long row = width.InputLength * inner, registers = Registers(width), span = inner > 1 ? 0 : registers * TVector.Count, reach = inner > 1 ? row : Reach(width), most = depth.MostOutputs * height.MostOutputs;
        // Where planes come again and again, which rows reach which is worked out once.
        long known = Math.Clamp(TableBytes / sizeof(long) / (1 + most), 1, Math.Max(1, Math.Min(height.InputLength, end - first)));
        long picks = inner == 1 && Seen(width) == (1, 0) ? width.Stride * TVector.Count : 0, widths = _isUniform ? 0 : Math.Max(span, width.OutputLength), heights = _isUniform || height.OutputLength > end - first ? 0 : height.OutputLength, scaled = _isUniform ? 0 : known * most;
        long laneBytes = ((picks + widths + heights + scaled + reach) * sizeof(TLane) + sizeof(long) - 1) / sizeof(long) * sizeof(long);
        TLane* places = (TLane*)Scratch.Rent(laneBytes + (known + 1) * (1 + most) * sizeof(long) + (known == height.InputLength ? known * sizeof(TapRange) : 0) + most * span * sizeof(T)), widthScales = places + picks, heightDivisors = widthScales + widths, rowScales = heightDivisors + heights;
        T* aside = (T*)(rowScales + scaled);
        long* table = (long*)((byte*)places + laneBytes), copied = table + known * (1 + most);
        TapRange* reachingRows = known == height.InputLength ? (TapRange*)(copied + 1 + most) : null;
        if (reachingRows != null) height.Outputs(reachingRows);
        if (picks > 0) Place(width, places);
        if (!_isUniform)
        {
            AxisDivisors.Fill(width, inner: 1, _divisors.CountsPadding, widthScales);
            for (long i = width.OutputLength; i < widths; i++) widthScales[i] = TLane.One;
            for (long i = 0; i < widths && !_isApart; i++) widthScales[i] = TLane.CreateTruncating(_divisors.Width) / widthScales[i];
            if (heights > 0) AxisDivisors.Fill(height, inner: 1, _divisors.CountsPadding, heightDivisors);
        }
        Line line = new()
        {
            Row = row, Outputs = width.OutputLength, Registers = registers, Inside = Pass<T, TLane, TFold>.Mark<TVector>(0, width.OutputLength - (registers - 1) * TVector.Count), Fold = _fold,
            Span = span, Copied = copied, Copies = (T*)(copied + 1 + most) + (reachingRows != null ? known * sizeof(TapRange) / sizeof(T) : 0), End = _gradOutput + _geometry.Outer * _geometry.OutputPlane * inner,
            Inner = inner, Width = width.InputLength, Start = width.Start(0), Shared = width.Kernel - width.Stride, Stride = width.Stride,
            MostRows = most, WidthScales = _isUniform ? null : widthScales, IsApart = _isApart, Places = places, Lead = Lead(width),
            Over = TVector.Create(TLane.CreateTruncating(_divisors.Uniform)), Scale = TVector.Create(_fold.Scale(_fold.UniformCount)),
        };
        (long rest, long ih) = Math.DivRem(first, height.InputLength);
        (long plane, long id) = Math.DivRem(rest, depth.InputLength);
        TapRange slices = new(-1, 0, 1), d = depth.Outputs(id);
        long firstKnown = 0, endKnown = 0;
        T* mine = _gradInput + end * row;
        for (T* next = _gradInput + first * row; next < mine;)
        {
            long band = Math.Min(Math.Min(known, height.InputLength - ih), (mine - next) / row);
            if (d.Count == 0)
            {
                NativeMemory.Clear(next, (nuint)(band * row * sizeof(T)));
                next += band * row;
                Advance(band);
                continue;
            }
            // Of one divisor all that differs from slice to slice is where the first begins.
            if (d with { First = _isUniform ? 0 : d.First } != slices || ih < firstKnown || ih + band > endKnown)
            {
                slices = d with { First = _isUniform ? 0 : d.First };
                (firstKnown, endKnown) = known == height.InputLength ? (0, known) : (ih, ih + band);
                Reach(d, reachingRows, firstKnown, endKnown, table, heights > 0 ? heightDivisors : null, rowScales);
            }
            T* from = _gradOutput + (plane * depth.OutputLength + d.First) * height.OutputLength * width.OutputLength * inner;
            long* reaching = table + (ih - firstKnown) * (1 + most);
            TLane* scales = rowScales + (ih - firstKnown) * most;
            if (TFold.IsWatchful && !Stands(from, reaching, band, 1 + most))
            {
                new PhaseSpread<T, TLane, Total<T, TLane>, TVector>(_geometry, _gradOutput, _gradInput, Exact(_geometry, _divisors), _divisors).Run((next - _gradInput) / row, end);
                return;
            }
            // A row may run on into those after it, which are written later; not so behind what is ours.
            bool isLast = reach > row && next + band * row == mine;
            Rows(line, from, reaching, scales, isLast ? band - 1 : band, next);
            next += band * row;
            if (isLast)
            {
                Rows(line, from, reaching + (band - 1) * (1 + most), scales + (band - 1) * most, 1, aside);
                Buffer.MemoryCopy(aside, next - row, row * sizeof(T), row * sizeof(T));
            }
            Advance(band);
        }

        void Advance(long rows)
        {
            ih += rows;
            if (ih < height.InputLength) return;
            ih = 0;
            if (++id == depth.InputLength) (id, plane) = (0, plane + 1);
            d = depth.Outputs(id);
        }
    }

    /// <summary>Which of a register's outputs each cell of its windows is of, one register of cells after the other; of none where behind it stands zero.</summary>
    private static void Place(in Axis width, TLane* places)
    {
        for (int window = 0; window < TVector.Count; window++, places += width.Stride)
        {
            Pass<T, TLane, Total<T, TLane>>.Number(places, (int)width.Stride, TVector.Count, step: 0);
            for (long tap = 0; tap < width.EffectiveKernel; tap += width.Dilation) Pass<T, TLane, Total<T, TLane>>.PutNumber(places + tap, window);
        }
    }

    /// <summary>
    /// For some rows of the input how many rows of gradients reach each, where behind the first slice those are, and one over what depth and height contribute to their
    /// divisors, which itself where nothing is added up.
    /// </summary>
    private void Reach(in TapRange depth, TapRange* reachingRows, long first, long end, long* table, TLane* heightDivisors, TLane* rowScales)
    {
        long most = _geometry.Depth.MostOutputs * _geometry.Height.MostOutputs, height = _geometry.Height.OutputLength, row = _geometry.Width.OutputLength * _geometry.Inner;
        for (long ih = first; ih < end; ih++, table += 1 + most, rowScales += most)
        {
            TapRange h = reachingRows != null ? reachingRows[ih] : _geometry.Height.Outputs(ih);
            long count = 0;
            for (long i = 0, od = depth.First; i < depth.Count; i++, od += depth.Step)
            {
                TLane divisor = _isUniform ? TLane.One : TLane.CreateTruncating(_geometry.Depth.Divisor(od, _divisors.CountsPadding));
                for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step, count++)
                {
                    table[1 + count] = ((od - depth.First) * height + oh) * row;
                    if (_isUniform) continue;
                    TLane across = heightDivisors != null ? heightDivisors[oh] : TLane.CreateTruncating(_geometry.Height.Divisor(oh, _divisors.CountsPadding));
                    rowScales[count] = _isApart ? divisor * across : TLane.CreateTruncating(_divisors.Rows) / (divisor * across);
                }
            }
            table[0] = count;
        }
    }

    /// <summary>What divides as the walk does, whatever the cells.</summary>
    public static Total<T, TLane> Exact(in Geometry geometry, in Divisors divisors) => new(divisors.CountsPadding, divisors.Last, geometry, ordered: false);

    /// <summary>Whether the fold stands by all gradients that reach some rows.</summary>
    private bool Stands(T* from, long* reaching, long rows, long pitch)
    {
        long row = _geometry.Width.OutputLength * _geometry.Inner, first = long.MaxValue, end = 0;
        for (; rows > 0; rows--, reaching += pitch)
        {
            if (reaching[0] == 0) continue;
            first = Math.Min(first, reaching[1]);
            // Of windows with gaps a later row may be reached by earlier outputs.
            end = Math.Max(end, reaching[reaching[0]] + row);
        }
        return first >= end || Stands(from + first, end - first);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Stands(T* cells, long count)
    {
        TVector seen = TVector.Create(TLane.Zero);
        long i = 0;
        for (; i + 2 * TVector.Count <= count; i += 2 * TVector.Count) TFold.Split<TVector>(cells + i, out _, out _, ref seen);
        for (; i < count; i++)
            if (!T.IsFinite(cells[i])) return false;
        return TFold.Stands(seen);
    }

    private void Rows(in Line line, T* from, long* places, TLane* scales, long count, T* target)
    {
        switch (_geometry.Inner > 1 ? (0, 0) : Seen(_geometry.Width))
        {
            case (0, 0):
                Rows<Any, Any>(line, from, places, scales, count, target);
                break;
            case (1, 0):
                Rows<One, Any>(line, from, places, scales, count, target);
                break;
            case (2, 0):
                Rows<Two, Any>(line, from, places, scales, count, target);
                break;
            case (3, 0):
                Rows<Three, Any>(line, from, places, scales, count, target);
                break;
            case (1, 1):
                Rows<One, One>(line, from, places, scales, count, target);
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

    /// <summary>Makes some rows, by phases or, where there are none, with channels last.</summary>
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
            else if (from + places[rows] + line.Span > line.End) Inside<TEven, TOdd>(line, from, places, scales, target);
            else if (isScaled) Row<Any, TEven, TOdd>(line, from, places, scales, target);
            else if (rows == 1) Row<One, TEven, TOdd>(line, from, places, scales, target);
            else if (rows == 2) Row<Two, TEven, TOdd>(line, from, places, scales, target);
            else Row<Three, TEven, TOdd>(line, from, places, scales, target);
        }
    }

    /// <summary>Makes a row of which nothing may be read behind the gradients: a copy of them.</summary>
    private static void Inside<TEven, TOdd>(in Line line, T* from, long* places, TLane* scales, T* target)
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        line.Copied[0] = places[0];
        for (long row = 0; row < places[0]; row++)
        {
            line.Copied[row + 1] = row * line.Span;
            Buffer.MemoryCopy(from + places[row + 1], line.Copies + row * line.Span, line.Span * sizeof(T), line.Outputs * sizeof(T));
        }
        Rows<TEven, TOdd>(line with { End = line.Copies + places[0] * line.Span }, line.Copies, line.Copied, scales, 1, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TRows, TEven, TOdd>(in Line line, T* from, long* places, TLane* scales, T* target)
        where TRows : struct, ICount
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        if (TEven.Value == 0) Channels<TRows>(line, from, places, scales, target);
        else Phases<TRows, TEven, TOdd>(line, from, places, scales, target);
    }

    /// <summary>Makes a row, whole registers of it: the last runs on beyond its end, where zeros stand for outputs that are not there.</summary>
    /// <typeparam name="TRows">How many rows of gradients reach it; <see cref="Three"/> is that many or more, <see cref="Any"/> any number, each over its divisor.</typeparam>
    /// <typeparam name="TEven">Outputs that cells of the even phase see: of two the other is the left neighbour.</typeparam>
    /// <typeparam name="TOdd">Those of the odd phase: of two the other is the right neighbour. <see cref="Any"/> where there is no such phase, or cells are picked.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Phases<TRows, TEven, TOdd>(in Line line, T* from, long* places, TLane* scales, T* target)
        where TRows : struct, ICount
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        int lanes = TVector.Count;
        long last = (line.Registers - 1) * lanes;
        T* a = from + places[1], b = TRows.Value > 1 ? from + places[2] : a;
        TVector zero = TVector.Create(TLane.Zero), before = zero, here = Sum<TRows>(line, a, b, from, places, scales, 0, -1);
        if (last == 0) here = TVector.Select(line.Inside, here, zero);
        for (long x = 0; ; x += lanes)
        {
            TVector after = zero;
            if (x < last) after = Sum<TRows>(line, a, b, from, places, scales, x + lanes, -1);
            if (x + lanes == last) after = TVector.Select(line.Inside, after, zero);
            Finish<TEven, TOdd>(line, TVector.Left(before, here), here, TVector.Right(here, after), target, x);
            if (x == last) return;
            (before, here) = (here, after);
        }
    }

    private static void Channels<TRows>(in Line line, T* from, long* places, TLane* scales, T* target)
        where TRows : struct, ICount
    {
        long inner = line.Inner, lanes = TVector.Count;
        for (long channel = 0; channel < inner && inner >= 4 * lanes; channel += 4 * lanes) Channels<TRows, Four>(line, from, places, scales, target, Math.Min(channel, inner - 4 * lanes));
        for (long channel = 0; channel < inner && inner < 4 * lanes; channel += lanes) Channels<TRows, One>(line, from, places, scales, target, Math.Min(channel, inner - lanes));
    }

    /// <summary>Makes a row with channels last, so many registers of them: cells that only one output sees, and those that its left neighbour sees too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Channels<TRows, TRegisters>(in Line line, T* from, long* places, TLane* scales, T* target, long channel)
        where TRows : struct, ICount
        where TRegisters : struct, ICount
    {
        long inner = line.Inner, width = line.Width, cell = line.Start, shared = line.Shared, lanes = TVector.Count;
        from += channel;
        T* a = from + places[1], b = TRows.Value > 1 ? from + places[2] : a, to = target + cell * inner + channel;
        TVector zero = TVector.Create(TLane.Zero), first = zero, second = zero, third = zero, fourth = zero;
        for (long x = 0, output = 0; output < line.Outputs; output++, x += inner)
        {
            TVector firstHere = Sum<TRows>(line, a, b, from, places, scales, x, output), secondHere = zero, thirdHere = zero, fourthHere = zero;
            if (TRegisters.Value > 1)
            {
                secondHere = Sum<TRows>(line, a, b, from, places, scales, x + lanes, output);
                thirdHere = Sum<TRows>(line, a, b, from, places, scales, x + 2 * lanes, output);
                fourthHere = Sum<TRows>(line, a, b, from, places, scales, x + 3 * lanes, output);
            }
            if (typeof(TRegisters) == typeof(One))
            {
                for (long k = shared; k > 0; k--, cell++, to += inner)
                    if ((ulong)cell < (ulong)width) Finish(line, first + firstHere, to);
                for (long k = line.Stride - shared; k > 0; k--, cell++, to += inner)
                    if ((ulong)cell < (ulong)width) Finish(line, firstHere, to);
                first = firstHere;
                continue;
            }
            (first, second, third, fourth) = (first + firstHere, second + secondHere, third + thirdHere, fourth + fourthHere);
            // The same in one place, since the inliner gives up on more.
            for (long k = shared, own = line.Stride - shared; ; k = own, own = -1)
            {
                for (; k > 0; k--, cell++, to += inner)
                    if ((ulong)cell < (ulong)width) Finish<TRegisters>(line, first, second, third, fourth, to);
                (first, second, third, fourth) = (firstHere, secondHere, thirdHere, fourthHere);
                if (own < 0) break;
            }
        }
        Behind<TRegisters>(line, first, second, third, fourth, cell, to);
    }

    /// <summary>The cells that the last output alone sees, and those that none does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Behind<TRegisters>(in Line line, TVector first, TVector second, TVector third, TVector fourth, long cell, T* to)
        where TRegisters : struct, ICount
    {
        for (long k = line.Shared; cell < line.Width; k--, cell++, to += line.Inner)
        {
            if (k == 0) first = second = third = fourth = TVector.Create(TLane.Zero);
            if (cell >= 0) Finish<TRegisters>(line, first, second, third, fourth, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TRegisters>(in Line line, TVector first, TVector second, TVector third, TVector fourth, T* target)
        where TRegisters : struct, ICount
    {
        Finish(line, first, target);
        if (TRegisters.Value == 1) return;
        Finish(line, second, target + TVector.Count);
        Finish(line, third, target + 2 * TVector.Count);
        Finish(line, fourth, target + 3 * TVector.Count);
    }

    /// <summary>The rows of gradients that reach a row, added up.</summary>
    /// <param name="line">What all rows have in common.</param>
    /// <param name="a">The first of them.</param>
    /// <param name="b">The second.</param>
    /// <param name="from">The first slice that reaches it.</param>
    /// <param name="places">How many there are, and where.</param>
    /// <param name="scales">One over what depth and height contribute to their divisors.</param>
    /// <param name="x">Where in them.</param>
    /// <param name="output">The output of which all lanes are; -1 where each is of one of its own.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TRows>(in Line line, T* a, T* b, T* from, long* places, TLane* scales, long x, long output)
        where TRows : struct, ICount
    {
        // -0 that is added to nothing is 0.
        TVector sum = line.Fold.Lift<TVector>(a + x) + TVector.Create(TLane.Zero);
        if (TRows.Value == 0)
        {
            TVector widthScale = output < 0 ? TVector.Load(line.WidthScales + x) : TVector.Create(line.WidthScales[output]), rowScale = TVector.Create(scales[0]);
            if (line.IsApart) return sum / (rowScale * widthScale);
            sum *= rowScale;
            for (long row = 1; row < places[0]; row++) sum += line.Fold.Lift<TVector>(from + places[row + 1] + x) * TVector.Create(scales[row]);
            return sum * widthScale;
        }
        if (TRows.Value > 1) sum += line.Fold.Lift<TVector>(b + x);
        for (long row = 2; TRows.Value > 2 && row < places[0]; row++) sum += line.Fold.Lift<TVector>(from + places[row + 1] + x);
        return DividesRows ? sum / line.Over : sum;
    }

    /// <summary>The cells of a register of outputs, of which <paramref name="x"/> is the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TEven, TOdd>(in Line line, TVector left, TVector here, TVector right, T* target, long x)
        where TEven : struct, ICount
        where TOdd : struct, ICount
    {
        if (TEven.Value == 1 && TOdd.Value == 0)
        {
            long cell = 0, lead = line.Lead;
            T* window = target + line.Stride * x - lead;
            if (x == 0 && lead > 0)
            {
                Finish(line, TVector.Pick(here, TVector.Load(line.Places + lead)), target);
                cell = TVector.Count;
            }
            for (; cell < line.Stride * TVector.Count; cell += TVector.Count) Finish(line, TVector.Pick(here, TVector.Load(line.Places + cell)), window + cell);
            return;
        }
        target += TOdd.Value > 0 ? 2 * x : x;
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
        if (2 * sizeof(T) == sizeof(TLane) && sizeof(TLane) <= sizeof(int))
        {
            line.Fold.FinishSplit(even, odd, line.Scale, target);
            return;
        }
        Finish(line, TVector.ZipLow(even, odd), target);
        Finish(line, TVector.ZipHigh(even, odd), target + TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in Line line, TVector sum, T* target)
    {
        if (DividesRows) sum.Narrow(target);
        else line.Fold.Finish(sum, line.Scale, target);
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

        /// <summary>Registers of outputs, of which the last may hold some that are not there, and what it masks them by.</summary>
        public long Registers;

        public TVector Inside;

        /// <summary>Lanes of all of these.</summary>
        public long Span;

        /// <summary>Where the gradients end, and room for copies of rows that would be read beyond it, and how many and where these are.</summary>
        public T* End, Copies;

        public long* Copied;

        /// <summary>With channels last: how many; cells along the row; where the first window begins; cells that two neighbouring windows share, and from one to the next.</summary>
        public long Inner, Width, Start, Shared, Stride;

        public TFold Fold;

        /// <summary>The divisor of all.</summary>
        public TVector Over;

        public TVector Scale;

        /// <summary>One over what the width contributes to the divisor of each output; null where windows are alike.</summary>
        public TLane* WidthScales;

        /// <summary>Whether no two windows share a cell; scales then are divisors.</summary>
        public bool IsApart;

        /// <summary>Where cells are picked: of which output each is, and how many of the first window stand before the input.</summary>
        public TLane* Places;

        public long Lead;
    }
}
