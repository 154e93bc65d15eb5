using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>
/// Windows of many rows, a band of outputs at a time whose windows share a row: what lies above it is combined from there upwards, what lies
/// below downwards, and a window is one of these and one of those. Then along each row.
/// </summary>
/// <remarks>
/// Source: van Herk, Gil and Werman: three steps down the columns however tall the window, nothing ever subtracted. Along a row a window is
/// put together in registers as long as one is, then by whole registers. Where rows of a window lie apart, outputs that tap the same rows make a band.
/// </remarks>
internal readonly unsafe struct VanHerk<T, TLane, TFold, TVector> : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Half of a second-level cache of 1 MB.
    private const long BandBytes = 512 * 1024;

    // Registers of a window that is put together along a row in one step.
    private const int MostWhole = 3;

    // Of registers with fewer lanes a step within them costs more than it leaves undone.
    private const int FewestLanes = 8;

    // An eighth of a first-level cache of 32 KB: short rows are taken several at a time.
    private const long GroupBytes = 4 * 1024;

    private readonly Pass<T, TLane, TFold> _pass;
    private readonly long _phases;
    private readonly long _outputRows;
    private readonly long _outputColumns;
    private readonly long _down;
    private readonly long _across;

    public VanHerk(Pass<T, TLane, TFold> pass)
    {
        _pass = pass;
        (_, _, Axis height, Axis width, long inner) = pass.Geometry;
        _phases = Math.Min(height.PhaseStep, height.OutputLength);
        height = height.Phase(0).Axis;
        _down = (height.OutputLength - 1) / ((height.Kernel - 1) / height.Stride + 1) + 1;
        _outputRows = (height.OutputLength - 1) / _down + 1;
        // Neighbouring bands share a window's width: four windows keep that below a third of the work.
        long columns = Math.Max(BandBytes / (_outputRows * sizeof(TLane) * inner), 4 * width.EffectiveKernel) - width.EffectiveKernel;
        _across = (width.OutputLength - 1) / (columns / width.Stride + 1) + 1;
        _outputColumns = (width.OutputLength - 1) / _across + 1;
    }

    public long Units => _pass.Geometry.Outer * _phases * _down * _across;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        (_, _, Axis height, Axis width, long inner) = pass.Geometry;
        (Axis tall, long firstRow, long apart) = height.Phase(0);
        long rowStep = height.PhaseStep, outputStep = rowStep * pass.OutputRow, inputStep = apart * pass.InputRow;
        int lanes = TVector.Count;
        // Where a band holds whole rows their last registers reach back; elsewhere they run on, or reach back before the first cell.
        long most = ((_outputColumns - 1) * width.Stride + width.EffectiveKernel) * inner, padding = Math.Min(width.PaddingBefore * inner, most);
        bool isWhole = _across == 1 && Math.Min(pass.InputRow, most - padding) >= lanes;
        long pitch = Up(Up(padding) - padding + most) + (isWhole ? 0 : 7 * lanes);
        long group = Math.Clamp(GroupBytes / (pitch * sizeof(TLane)), 1, _outputRows), room = (group + 1) * pitch + 4 * lanes;
        TLane* band = (TLane*)Scratch.Rent((_outputRows * pitch + 4 * room + pass.OutputRow + 4 * lanes) * sizeof(TLane));
        TLane* sums = band + _outputRows * pitch, rests = sums + room, work = rests + room, spare = work + room, widthScales = spare + room;
        TLane* ramp = widthScales + pass.OutputRow + lanes;
        long* taps = stackalloc long[Planner.FewTaps + 1];
        // Only neighbours are shifted within a register.
        bool slides = width.Dilation * inner == 1 && width.Kernel > 1 && RowSlide<T, TLane, TFold, TVector>.IsSupported;
        // A last register would run on over places that are not its own.
        bool isOneStep = slides && !TFold.IsPlaced && width.Stride == 1 && width.Kernel < (RowSlide<T, TLane, TFold, TVector>.Overlaps ? 2 : MostWhole + 1) * lanes;
        slides &= isOneStep || lanes >= FewestLanes;
        if (slides) RowSlide<T, TLane, TFold, TVector>.Fill(pass.Fold, ramp);
        pass.FillWidthScales(widthScales, lanes);
        bool isUniform = pass.IsUniform, stands = true;
        TVector scale = pass.RowScale<TVector>(1);
        (long Before, long Count, long Wanted) laid = (-1, -1, -1);
        Pass<T, TLane, TFold>.Clear<TVector>(sums, widthScales);
        T* mine = pass.Output + (end / _down * height.OutputLength + end % _down * _outputRows) * pass.OutputRow;
        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, _across);
            (rest, long down) = Math.DivRem(rest, _down);
            (long plane, long phase) = Math.DivRem(rest, _phases);
            if (_phases > 1) (tall, firstRow, _) = height.Phase(phase);
            long oh = down * _outputRows, ow = across * _outputColumns;
            long rows = Math.Min(_outputRows, tall.OutputLength - oh), columns = Math.Min(_outputColumns, width.OutputLength - ow);
            long windows = ((columns - 1) * width.Stride + 1) * inner, wanted = windows + (width.EffectiveKernel - 1) * inner;
            long start = width.Start(ow) * inner, before = Math.Clamp(-start, 0, wanted), left = start + before;
            long count = Math.Clamp(pass.InputRow - left, 0, wanted - before);
            // The first cell stands on a register's boundary.
            TLane* cells = band + Up(before) + (isWhole ? 0 : lanes);
            if (laid != (before, count, wanted))
            {
                // The padding stays as it is from band to band.
                laid = (before, count, wanted);
                for (TLane* row = band; row < sums; row += pitch)
                {
                    long offset = cells - band;
                    Pass<T, TLane, TFold>.Clear<TVector>(row, row + offset);
                    Pass<T, TLane, TFold>.Clear<TVector>(row + offset + count, row + pitch);
                }
            }
            T* source = pass.Input + plane * pass.Geometry.InputPlane * inner + firstRow * pass.InputRow + left;
            if (count > 0) stands &= Down(pass.Fold, source, inputStep, tall, oh, rows, count, isWhole ? count : pass.InputRow - left, cells, pitch);

            oh = oh * rowStep + phase;
            T* output = pass.Output + (plane * height.OutputLength + oh) * pass.OutputRow + ow * inner;
            if (isOneStep)
            {
                // A last register runs on into the next row, which is written after; not so beside another band or between rows of others, or behind what is ours.
                long beyond = mine - output - Up(windows), spilling = _across > 1 || _phases > 1 || beyond < 0 ? 0 : Math.Min(beyond / pass.OutputRow + 1, rows);
                for (long y = 0, some; y < rows; y += some, output += some * outputStep)
                {
                    some = isUniform && y < spilling ? spilling - y : 1;
                    if (!isUniform) scale = pass.RowScale<TVector>(height.Divisor(oh + y * rowStep, pass.Fold.CountsPadding));
                    Along(pass.Fold, cells - before + y * pitch, pitch, some, windows, width.Kernel, ramp, y < spilling ? output : (T*)spare, pass.OutputRow, isUniform, scale, widthScales + ow);
                    if (y >= spilling) Buffer.MemoryCopy(spare, output, windows * sizeof(T), windows * sizeof(T));
                }
                continue;
            }
            for (long y = 0, some; y < rows; y += some)
            {
                some = Math.Min(group, rows - y);
                TLane* line = cells - before + y * pitch;
                long flat = (some - 1) * pitch + windows;
                int tapCount = slides ? Slide(ref line, sums, rests, work, flat, width.Kernel, taps)
                    : Windows(ref line, sums, work, flat, width.Dilation * inner, width.Kernel, 1, taps);
                bool isDirect = width.Stride == 1 && windows >= lanes;
                if (isDirect && isUniform)
                {
                    Finish(pass.Fold, line, pitch, some, taps, tapCount, output, outputStep, windows, isUniform, scale, widthScales);
                    output += some * outputStep;
                    continue;
                }
                if (!isDirect) Combine(line, taps, tapCount, flat, spare);
                for (long i = y; i < y + some; i++, line += pitch, output += outputStep)
                {
                    if (!isUniform) scale = pass.RowScale<TVector>(height.Divisor(oh + i * rowStep, pass.Fold.CountsPadding));
                    TLane* row = spare + (i - y) * pitch;
                    if (width.Stride > 1)
                    {
                        Tile<T, TLane, TFold, TVector>.Pick(row, width.Stride, inner, columns, work);
                        row = work;
                    }
                    if (isDirect) Finish(pass.Fold, line, pitch, 1, taps, tapCount, output, pass.OutputRow, windows, isUniform, scale, widthScales + ow * inner);
                    else pass.FinishRow(row, output, columns * inner, scale, widthScales + ow * inner);
                }
            }
        }
        return stands;
    }

    private static long Up(long lanes) => (lanes + TVector.Count - 1) / TVector.Count * TVector.Count;

    /// <summary>A band of rows, every one of them the rows of a window combined.</summary>
    /// <param name="fold">The fold.</param>
    /// <param name="cells">The first column in the topmost row of the input.</param>
    /// <param name="inputRow">From a row to the next that is tapped.</param>
    /// <param name="height">The axis down the columns.</param>
    /// <param name="oh">The first window.</param>
    /// <param name="rows">How many windows, all of which see the last row of the first.</param>
    /// <param name="count">How many columns.</param>
    /// <param name="room">Columns from the first to where a last register reaches back.</param>
    /// <param name="band">Where they go; registers may run on behind the end, and before the begin of rows that fill none.</param>
    /// <param name="pitch">From row to row there.</param>
    /// <returns>Whether no NaN was met, see <see cref="IFold{T, TLane}.Watch"/>.</returns>
    private static bool Down(TFold fold, T* cells, long inputRow, in Axis height, long oh, long rows, long count, long room, TLane* band, long pitch)
    {
        int lanes = TVector.Count;
        bool stands = true;
        for (long x = 0, rest; (rest = count - x) > 0;)
        {
            if (rest > 2 * lanes && room >= 4 * lanes)
            {
                x = Math.Min(x, room - 4 * lanes);
                stands &= Down<Four>(fold, cells + x, inputRow, height, oh, rows, band + x, pitch);
                x += 4 * lanes;
            }
            else if (rest > lanes && room >= 2 * lanes)
            {
                x = Math.Min(x, room - 2 * lanes);
                stands &= Down<Two>(fold, cells + x, inputRow, height, oh, rows, band + x, pitch);
                x += 2 * lanes;
            }
            else
            {
                x = Math.Min(x, room - lanes);
                stands &= Down<One>(fold, cells + x, inputRow, height, oh, rows, band + x, pitch);
                x += lanes;
            }
        }
        return stands;
    }

    /// <summary>The same for one, two or four registers side by side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Down<TRegisters>(TFold fold, T* cells, long inputRow, in Axis height, long oh, long rows, TLane* band, long pitch)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count, count = TRegisters.Value;
        long top = height.Start(oh), stride = height.Stride, kernel = height.Kernel, length = height.InputLength;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        TVector a = identity, b = identity, c = identity, d = identity;
        // Upwards from the last row of the first window.
        long y = Math.Min(top + kernel, length) - 1;
        T* row = cells + y * inputRow;
        TLane* to = band + (rows - 1) * pitch;
        for (long j = rows - 1; j >= 0; j--, to -= pitch)
        {
            for (long first = Math.Max(top + j * stride, 0); y >= first; y--, row -= inputRow) Take<TRegisters>(fold, row, ref a, ref b, ref c, ref d, ref seen);
            a.Store(to);
            if (count > 1) b.Store(to + lanes);
            if (count > 2) c.Store(to + 2 * lanes);
            if (count > 2) d.Store(to + 3 * lanes);
        }
        // Downwards from the row below.
        (a, b, c, d) = (identity, identity, identity, identity);
        y = Math.Max(top + kernel, 0);
        row = cells + y * inputRow;
        to = band + pitch;
        for (long j = 1; j < rows; j++, to += pitch)
        {
            for (long end = Math.Min(top + j * stride + kernel, length); y < end; y++, row += inputRow) Take<TRegisters>(fold, row, ref a, ref b, ref c, ref d, ref seen);
            TFold.Combine(TVector.Load(to), a).Store(to);
            if (count > 1) TFold.Combine(TVector.Load(to + lanes), b).Store(to + lanes);
            if (count > 2) TFold.Combine(TVector.Load(to + 2 * lanes), c).Store(to + 2 * lanes);
            if (count > 2) TFold.Combine(TVector.Load(to + 3 * lanes), d).Store(to + 3 * lanes);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take<TRegisters>(TFold fold, T* row, ref TVector a, ref TVector b, ref TVector c, ref TVector d, ref TVector seen)
        where TRegisters : struct, ICount
    {
        if (TRegisters.Value > 2) Pass<T, TLane, TFold>.Join(fold, ref c, ref d, row + 2 * TVector.Count, ref seen);
        if (TRegisters.Value > 1)
        {
            Pass<T, TLane, TFold>.Join(fold, ref a, ref b, row, ref seen);
            return;
        }
        TVector cell = fold.Lift<TVector>(row);
        TFold.Watch(ref seen, cell, cell);
        a = TFold.Combine(a, cell);
    }

    private static void Along(
        TFold fold, TLane* line, long pitch, long rows, long count, long kernel, TLane* ramp, T* output, long outputRow, bool isUniform, TVector scale, TLane* widthScales)
    {
        switch (kernel / TVector.Count)
        {
            case 0 or 1: Along<One>(fold, line, pitch, rows, count, kernel, ramp, output, outputRow, isUniform, scale, widthScales); break;
            case 2: Along<Two>(fold, line, pitch, rows, count, kernel, ramp, output, outputRow, isUniform, scale, widthScales); break;
            default: Along<Three>(fold, line, pitch, rows, count, kernel, ramp, output, outputRow, isUniform, scale, widthScales); break;
        }
    }

    /// <summary>Rows reduced along and finished register by register, for windows that hold a few; the last register of each runs on behind its end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Along<TRegisters>(
        TFold fold, TLane* line, long pitch, long rows, long count, long kernel, TLane* ramp, T* output, long outputRow, bool isUniform, TVector scale, TLane* widthScales)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count;
        long doubled = 1, begin = (count - 1) / lanes * lanes, first = (count + kernel - 2) / (2 * lanes) * 2 * lanes;
        while (2 * doubled <= Math.Min(kernel, lanes)) doubled *= 2;
        TVector identity = TVector.Create(TFold.Identity), last = identity, two = identity, three = identity, over = TVector.Load(ramp + Math.Min(kernel - doubled, lanes)), one = TVector.Load(ramp + 2 * lanes);
        RowSlide<T, TLane, TFold, TVector> after = RowSlide<T, TLane, TFold, TVector>.None, rests = after;
        for (; rows > 0; rows--, line += pitch, output += outputRow)
            for (long x = first; x >= 0; x -= 2 * lanes)
            {
                TLane* lane = line + x;
                TVector left = TVector.Load(lane), right = TVector.Load(lane + lanes), leftNext = TVector.Load(lane + 1), rightNext = TVector.Load(lane + lanes + 1);
                RowSlide<T, TLane, TFold, TVector>.Windows<TRegisters>(
                    ref left, ref right, leftNext, rightNext, kernel, over, one, ref after, ref rests, ref last, ref two, ref three);
                if (x + lanes <= begin) fold.Finish(right, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x + lanes), output + x + lanes);
                if (x <= begin) fold.Finish(left, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + x), output + x);
            }
    }

    /// <summary>The same as <see cref="Windows"/> for neighbours: put together in registers as long as one is, then by whole registers.</summary>
    private static int Slide(ref TLane* line, TLane* sums, TLane* rests, TLane* work, long count, long kernel, long* taps)
    {
        int lanes = TVector.Count;
        long covered = 1;
        while (2 * covered <= Math.Min(kernel, lanes)) covered *= 2;
        long rest = TFold.IsIdempotent ? 0 : kernel % lanes;
        Slide(line, (count + kernel - 2) / lanes * lanes, kernel, rest > 0, work, rests);
        line = work;
        int tapCount = Windows(ref line, sums, work, count, 1, kernel - rest, covered, taps);
        if (rest > 0) taps[tapCount++] = rests - line + kernel - rest;
        return tapCount;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Slide(TLane* line, long last, long kernel, bool hasRest, TLane* work, TLane* rests)
    {
        RowSlide<T, TLane, TFold, TVector> after = RowSlide<T, TLane, TFold, TVector>.None, restsAfter = after;
        for (long x = last; x >= 0; x -= TVector.Count)
        {
            RowSlide<T, TLane, TFold, TVector>.Next(TVector.Load(line + x), kernel, ref after, ref restsAfter, out TVector rest).Store(work + x);
            if (hasRest) rest.Store(rests + x);
        }
    }

    /// <summary>Puts long windows together, until a few taps are left that make lane i the lanes i, i + step, … of a row combined.</summary>
    /// <param name="line">The row; afterwards what the taps are of.</param>
    /// <param name="sums">Room for a row.</param>
    /// <param name="work">Room for another.</param>
    /// <param name="count">How many windows are wanted.</param>
    /// <param name="step">From one lane of a window to the next.</param>
    /// <param name="kernel">Lanes of a window.</param>
    /// <param name="covered">Lanes that each lane of the row is made of already.</param>
    /// <param name="taps">Where the taps go.</param>
    /// <returns>How many taps there are.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Windows(ref TLane* line, TLane* sums, TLane* work, long count, long step, long kernel, long covered, long* taps)
    {
        int lanes = TVector.Count, tapCount = 0;
        long rest = kernel;
        bool begun = false;
        // Sums take the length in digits of base 4, each digit so many windows side by side; maxima let the last windows overlap.
        for (; rest > Planner.FewTaps * covered; covered *= 4)
        {
            TLane* from = line, to = work;
            long digit = TFold.IsIdempotent ? 0 : rest / covered % 4, a = covered * step, end = count + (rest - 4 * covered) * step;
            for (long i = 0; i < end; i += lanes)
            {
                TVector first = TVector.Load(from + i), second = TVector.Load(from + i + a), third = TVector.Load(from + i + 2 * a), fourth = TVector.Load(from + i + 3 * a);
                TVector two = TFold.Combine(first, second), three = TFold.Combine(two, third);
                if (digit > 0)
                {
                    TVector sum = digit == 1 ? first : digit == 2 ? two : three;
                    if (begun) sum = TFold.Combine(TVector.Load(sums + i), sum);
                    sum.Store(sums + i);
                }
                TFold.Combine(three, fourth).Store(to + i);
            }
            line = work + digit * a;
            work = line;
            rest -= digit * covered;
            begun |= digit > 0;
        }
        if (begun) taps[tapCount++] = sums - line;
        for (long at = 0; at < rest; at += covered) taps[tapCount++] = Math.Min(at, rest - covered) * step;
        return tapCount;
    }

    /// <summary>A few taps of each lane combined.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Combine(TLane* line, long* taps, int tapCount, long count, TLane* to)
    {
        for (long i = 0; i < count; i += TVector.Count)
        {
            TVector sum = TVector.Load(line + i + taps[0]);
            for (int k = 1; k < tapCount; k++) sum = TFold.Combine(sum, TVector.Load(line + i + taps[k]));
            sum.Store(to + i);
        }
    }

    /// <summary>A few taps of each lane of some rows combined and finished, two registers at a time; the last ones reach back over those before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Finish(
        TFold fold, TLane* line, long pitch, long rows, long* taps, int tapCount, T* output, long outputRow, long count, bool isUniform, TVector scale, TLane* widthScales)
    {
        int lanes = TVector.Count;
        // A row that fills one register is done twice.
        long last = count - lanes, second = Math.Min(lanes, last);
        for (; rows > 0; rows--, line += pitch, output += outputRow)
            for (long i = 0; i < count; i += 2 * lanes)
            {
                i = Math.Min(i, last - second);
                TLane* tap = line + i + taps[0];
                TVector a = TVector.Load(tap), b = TVector.Load(tap + second);
                for (int k = 1; k < tapCount; k++)
                {
                    tap = line + i + taps[k];
                    a = TFold.Combine(a, TVector.Load(tap));
                    b = TFold.Combine(b, TVector.Load(tap + second));
                }
                fold.Finish(a, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + i), output + i);
                fold.Finish(b, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + i + second), output + i + second);
            }
    }
}
