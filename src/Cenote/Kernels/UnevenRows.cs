using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Windows of uneven length or apart: a few registers of a row are combined over the rows, then the taps of as many windows picked as they hold, a register at most.</summary>
/// <remarks>
/// Tap k of these windows is one choice of lanes. Where some windows have fewer taps, the last lane holds no cell: it is tap k of a window that has none. Where order
/// matters every row is picked from on its own. What a register holds behind its last window the next one writes again.
/// </remarks>
internal readonly unsafe struct UnevenRows<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Cells of the rows that one output row sees.
    private const long MostCopied = 64 * 1024;

    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        (_, Axis depth, Axis height, Axis width, long inner) = pass.Geometry;
        bool countsPadding = pass.Fold.CountsPadding;
        int lanes = TVector.Count;
        (long beside, long registers) = Planner.Picked(width, inner, lanes);
        long group = beside * inner, columns = pass.InputRow, outputs = pass.OutputRow, plane = pass.Geometry.InputPlane * inner, groups = (outputs - 1) / group + 1, room = (groups - 1) * group + lanes;
        long most = Math.Max(1, width.MostTaps), choiceCount = 2 * most * Planner.Unlike(width, beside) * lanes;
        long copied = TFold.IsPlaced || pass.MostRows * columns > MostCopied ? 0 : pass.MostRows * columns + registers * lanes;
        TLane* full = (TLane*)Scratch.Rent(
            (lanes + choiceCount + room + lanes) * sizeof(TLane) + height.OutputLength * sizeof(Reach) + (2 * groups + pass.MostRows + room) * sizeof(long) + copied * sizeof(T));
        TLane* choices = full + lanes, widthScales = choices + choiceCount;
        Reach* reaches = (Reach*)(widthScales + room + lanes);
        long* starts = (long*)(reaches + height.OutputLength);
        TLane** choicesOf = (TLane**)(starts + groups);
        T** rows = (T**)(choicesOf + groups);
        T* spare = (T*)(rows + pass.MostRows), copies = spare + room * (sizeof(long) / sizeof(T));
        for (int lane = 0; lane < lanes; lane++) Pass<T, TLane, TFold>.PutNumber(full + lane, lane < lanes - 1 || width.StaysInside ? -1 : 0);
        Choose(width, inner, beside, registers, most, starts, choices, choicesOf);
        pass.FillWidthScales(widthScales, lanes);
        for (long row = first; row < end && row < first + height.OutputLength; row++)
        {
            long oh = row % height.OutputLength;
            TapRange taps = height.Taps(oh);
            long count = height.Divisor(oh, countsPadding);
            reaches[oh] = new() { First = taps.First * columns, Count = taps.Count, Divisor = count, Scale = pass.Scale(count) };
        }

        Windows windows = new()
        {
            Reaches = reaches, RowStep = height.Dilation * columns, Outputs = outputs, Starts = starts, Full = full, Choices = choicesOf, Most = most, Group = group, WidthScales = widthScales,
            IsUniform = pass.IsUniform, Divisor = 1, Plane = plane,
        };
        T* mine = pass.Output + end * outputs;
        bool stands = true;
        for (long row = first, some; row < end; row += some)
        {
            (long outer, long oh) = Math.DivRem(row, height.OutputLength);
            (outer, long od) = Math.DivRem(outer, depth.OutputLength);
            TapRange slices = depth.Taps(od);
            (windows.Slices, windows.SliceStep) = (slices.Count, slices.Step * height.InputLength * columns);
            if (!pass.IsUniform && depth.Divisor(od, countsPadding) is var divisor && divisor != windows.Divisor)
            {
                windows.Divisor = divisor;
                for (long other = row; other < end && other < row + height.OutputLength; other++)
                    reaches[other % height.OutputLength].Scale = pass.Scale(divisor * reaches[other % height.OutputLength].Divisor);
            }
            T* cells = pass.Input + outer * plane, slice = cells + slices.First * height.InputLength * columns, output = pass.Output + row * outputs;
            some = Math.Min(height.OutputLength - oh, end - row);
            // A last register reads on behind its row and runs on into the next one, which is written after; not so behind the input, or what is ours.
            long planes = Math.Min((pass.InputEnd - cells - registers * lanes) / plane, (mine - output - lanes) / (some * outputs));
            if (planes > 0)
            {
                planes = some == height.OutputLength && depth is { InputLength: 1, OutputLength: 1 } ? Math.Min(planes, (end - row) / some) : 1;
                stands &= Rows(pass, registers, windows, slice, oh, some, planes, output);
                some *= planes;
                continue;
            }
            // How far behind the first slice a row may begin.
            long furthest = pass.InputEnd - slice - (slices.Count - 1) * windows.SliceStep - columns - registers * lanes, ready = 0;
            while (ready < some && reaches[oh + ready].Last(windows.RowStep) <= furthest && output + ready * outputs + room <= mine) ready++;
            if (ready > 0)
            {
                stands &= Rows(pass, registers, windows, slice, oh, ready, planes: 1, output);
                some = ready;
                continue;
            }
            some = 1;
            Reach reach = reaches[oh];
            bool isWritable = output + room <= mine;
            if (!TFold.IsPlaced && reach.Last(windows.RowStep) <= furthest)
            {
                stands &= Rows(pass, registers, windows, slice, oh, 1, planes: 1, spare);
                Buffer.MemoryCopy(spare, output, outputs * sizeof(T), outputs * sizeof(T));
                continue;
            }
            int count = 0;
            for (long i = 0; i < slices.Count; i++)
            for (long j = 0; j < reach.Count; j++) rows[count++] = slice + i * windows.SliceStep + reach.First + j * windows.RowStep;
            if (copied == 0)
            {
                // As many windows as neither read nor write what is not theirs.
                long safe = 0, cellsAhead = count == 0 ? long.MaxValue : pass.InputEnd - rows[count - 1] - registers * lanes;
                while (safe < groups && starts[safe] <= cellsAhead && output + safe * group + lanes <= mine) safe++;
                if (safe > 0) stands &= Rows(pass, registers, windows with { Outputs = safe * group }, slice, oh, 1, planes: 1, output);
                pass.Cells(rows, count, windows.Divisor * reach.Divisor, output, safe * beside, width.OutputLength);
                continue;
            }
            // The rows again, where registers may read on behind the last.
            for (int i = 0; i < count; i++) Buffer.MemoryCopy(rows[i], copies + i * columns, columns * sizeof(T), columns * sizeof(T));
            new Span<T>(copies + count * columns, (int)registers * lanes).Clear();
            reach.First = 0;
            Windows again = windows with { Reaches = &reach, RowStep = columns, SliceStep = reach.Count * columns };
            stands &= Rows(pass, registers, again, copies, oh: 0, 1, planes: 1, isWritable ? output : spare);
            if (!isWritable) Buffer.MemoryCopy(spare, output, outputs * sizeof(T), outputs * sizeof(T));
        }
        return stands;
    }

    /// <summary>For each group of windows: where what they see begins, and of each tap the lanes that it is, in the first two registers or, all ones, the next two.</summary>
    private static void Choose(in Axis width, long inner, long group, long registers, long most, long* starts, TLane* choices, TLane** choicesOf)
    {
        int lanes = TVector.Count;
        TLane* whole = null;
        (long interior, long interiorEnd) = width.Interior();
        for (long x = 0; x < width.OutputLength; x += group)
        {
            long start = width.InputLength, end = Math.Min(x + group, width.OutputLength);
            bool isWhole = x >= interior && x + group <= interiorEnd;
            if (isWhole) start = width.Start(x);
            for (long ow = x; ow < end && !isWhole; ow++)
                if (width.Taps(ow).Count > 0) start = Math.Min(start, width.Taps(ow).First);
            *starts++ = start * inner;
            *choicesOf++ = isWhole && whole != null ? whole : choices;
            if (isWhole && whole != null) continue;
            if (isWhole) whole = choices;
            for (int lane = 0; lane < lanes; lane++)
            {
                (long window, long channel) = Math.DivRem(lane, inner);
                TapRange taps = x + window < end ? width.Taps(x + window) : default;
                TLane* choice = choices + lane;
                for (long k = 0; k < most; k++, choice += 2 * lanes)
                {
                    long place = k < taps.Count ? (taps.First + k * taps.Step - start) * inner + channel : registers * lanes - 1;
                    Pass<T, TLane, TFold>.PutNumber(choice, place & (2 * lanes - 1));
                    if (registers > 2) Pass<T, TLane, TFold>.PutNumber(choice + lanes, place < 2 * lanes ? 0 : -1);
                }
            }
            choices += 2 * most * lanes;
        }
    }

    private static bool Rows(in Pass<T, TLane, TFold> pass, long registers, in Windows windows, T* slice, long oh, long rows, long planes, T* output)
    {
        if (pass.Fold.IsOrdered) return registers switch
        {
            1 => Ordered<One>(pass.Fold, windows, slice, oh, rows, planes, output),
            2 => Ordered<Two>(pass.Fold, windows, slice, oh, rows, planes, output),
            3 => Ordered<Three>(pass.Fold, windows, slice, oh, rows, planes, output),
            _ => Ordered<Four>(pass.Fold, windows, slice, oh, rows, planes, output),
        };
        return registers switch
        {
            1 => Unordered<One>(pass.Fold, windows, slice, oh, rows, planes, output),
            2 => Unordered<Two>(pass.Fold, windows, slice, oh, rows, planes, output),
            3 => Unordered<Three>(pass.Fold, windows, slice, oh, rows, planes, output),
            _ => Unordered<Four>(pass.Fold, windows, slice, oh, rows, planes, output),
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Unordered<TRegisters>(TFold fold, in Windows windows, T* slice, long oh, long rows, long planes, T* output)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count, count = TRegisters.Value;
        long step = windows.RowStep, outputs = windows.Outputs, most = windows.Most, group = windows.Group;
        Reach* first = windows.Reaches + oh, end = first + rows;
        TVector identity = TVector.Create(TFold.Identity), full = TVector.Load(windows.Full), seen = TVector.Create(default);
        for (; planes > 0; planes--, slice += windows.Plane)
        for (Reach* reach = first; reach < end; reach++, output += outputs)
        {
            TVector scale = TVector.Create(reach->Scale);
            long* start = windows.Starts;
            TLane** choices = windows.Choices;
            for (long x = 0; x < outputs; x += group)
            {
                T* top = slice + reach->First + *start++;
                TLane* choice = *choices++;
                TVector a = identity, b = identity, c = identity, d = identity;
                for (long i = windows.Slices; i > 0; i--, top += windows.SliceStep)
                {
                    T* row = top;
                    for (long j = reach->Count; j > 0; j--, row += step)
                    {
                        if (count > 1) Pass<T, TLane, TFold>.Join(fold, ref a, ref b, row, ref seen);
                        else Join(fold, ref a, row, ref seen);
                        if (count > 3) Pass<T, TLane, TFold>.Join(fold, ref c, ref d, row + 2 * lanes, ref seen);
                        else if (count > 2) Join(fold, ref c, row + 2 * lanes, ref seen);
                    }
                }
                Empty<TRegisters>(ref a, ref b, ref c, ref d, full, identity);
                TVector sum = Pick<TRegisters>(a, b, c, d, choice);
                choice += 2 * lanes;
                for (long k = 1; k < most; k++, choice += 2 * lanes) sum = TFold.Combine(sum, Pick<TRegisters>(a, b, c, d, choice));
                fold.Finish(sum, Pass<T, TLane, TFold>.ScaleOf(windows.IsUniform, scale, windows.WidthScales + x), output + x);
            }
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>The same, each row picked from on its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Ordered<TRegisters>(TFold fold, in Windows windows, T* slice, long oh, long rows, long planes, T* output)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count, count = TRegisters.Value;
        long step = windows.RowStep, outputs = windows.Outputs, most = windows.Most, group = windows.Group;
        Reach* first = windows.Reaches + oh, end = first + rows;
        TVector identity = TVector.Create(TFold.Identity), full = TVector.Load(windows.Full), seen = TVector.Create(default);
        for (; planes > 0; planes--, slice += windows.Plane)
        for (Reach* reach = first; reach < end; reach++, output += outputs)
        {
            TVector scale = TVector.Create(reach->Scale);
            long* start = windows.Starts;
            TLane** choices = windows.Choices;
            for (long x = 0; x < outputs; x += group)
            {
                T* top = slice + reach->First + *start++;
                TLane* chosen = *choices++;
                TVector sum = identity;
                for (long i = windows.Slices; i > 0; i--, top += windows.SliceStep)
                {
                    T* row = top;
                    for (long j = reach->Count; j > 0; j--, row += step)
                    {
                        TVector a = fold.Lift<TVector>(row), b = identity, c = identity, d = identity;
                        if (count > 1) b = fold.Lift<TVector>(row + lanes);
                        if (count > 2) c = fold.Lift<TVector>(row + 2 * lanes);
                        if (count > 3) d = fold.Lift<TVector>(row + 3 * lanes);
                        TFold.Watch(ref seen, a, b);
                        TFold.Watch(ref seen, c, d);
                        Empty<TRegisters>(ref a, ref b, ref c, ref d, full, identity);
                        TLane* choice = chosen;
                        for (long k = most; k > 0; k--, choice += 2 * lanes) sum = TFold.Combine(sum, Pick<TRegisters>(a, b, c, d, choice));
                    }
                }
                fold.Finish(sum, Pass<T, TLane, TFold>.ScaleOf(windows.IsUniform, scale, windows.WidthScales + x), output + x);
            }
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(TFold fold, ref TVector sum, T* cells, ref TVector seen)
    {
        TVector more = fold.Lift<TVector>(cells);
        TFold.Watch(ref seen, more, more);
        sum = TFold.Combine(sum, more);
    }

    /// <summary>Takes the cell out of the last lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Empty<TRegisters>(ref TVector a, ref TVector b, ref TVector c, ref TVector d, TVector full, TVector identity)
        where TRegisters : struct, ICount
    {
        if (TRegisters.Value == 1) a = TVector.Select(full, a, identity);
        if (TRegisters.Value == 2) b = TVector.Select(full, b, identity);
        if (TRegisters.Value == 3) c = TVector.Select(full, c, identity);
        if (TRegisters.Value == 4) d = TVector.Select(full, d, identity);
    }

    /// <summary>One tap of each window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pick<TRegisters>(TVector a, TVector b, TVector c, TVector d, TLane* choice)
        where TRegisters : struct, ICount
    {
        TVector places = TVector.Load(choice), tap = TVector.Ahead(a, b, places);
        return TRegisters.Value <= 2 ? tap : TVector.Select(TVector.Load(choice + TVector.Count), TVector.Ahead(c, d, places), tap);
    }

    /// <summary>The rows of one window along the height.</summary>
    private struct Reach
    {
        public long First, Count, Divisor;

        public readonly long Last(long step) => First + (Count - 1) * step;

        /// <summary>See <see cref="Pass{T, TLane, TFold}.Scale"/>; of all axes across the rows.</summary>
        public TLane Scale;
    }

    /// <summary>What is the same for many rows.</summary>
    private struct Windows
    {
        public Reach* Reaches;
        public long* Starts;
        public TLane* Full, WidthScales;
        public TLane** Choices;
        public long Slices, SliceStep, RowStep, Outputs, Most, Group, Divisor, Plane;
        public bool IsUniform;
    }
}
