using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a mean: for each row of the input the rows of gradients that reach it are added up, and then what each sum gives along the row.</summary>
/// <remarks>
/// Both in the order of the outputs. Along the row each sum goes to the taps of its window; where windows slide, the cells of one phase of the
/// stride see the same taps, so that they are whole registers of sums, moved.
/// </remarks>
internal readonly unsafe struct RowSpread<T, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Sums of several rows at a time, so that what has just been stored is not asked for at once.
    private const long MadeBytes = 12 * 1024, MostMade = 16;

    // Rows, many of them the same or none, that these are for.
    private const long MostBand = 256;

    // Sums of a part of a row with channels last, which is in the first-level cache while it is spread.
    private const long TileBytes = 8 * 1024;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly T* _gradInput;
    private readonly Total<T, TLane> _total;
    private readonly TLane _scale;
    private readonly TLane _divisor;
    private readonly Divisors _divisors;
    private readonly bool _isUniform;
    private readonly long _before;
    private readonly long _behind;
    private readonly RowStep _step;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="divisors">By what they are divided.</param>
    /// <param name="step">How sums come to the cells of a row, which must fit.</param>
    public RowSpread(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors, RowStep step)
    {
        (_geometry, _divisors, _isUniform) = (geometry, divisors, divisors.Uniform != 0);
        _gradOutput = gradOutput;
        _gradInput = gradInput;
        // Where windows differ, gradients are divided before they are added up.
        _total = new(divisors.CountsPadding, DividesRows ? 1 : divisors.Last, geometry, ordered: false);
        _scale = _total.Scale(_total.UniformCount);
        _divisor = TLane.CreateTruncating(divisors.Uniform);
        _step = step;
        if (_step is not (RowStep.Phases or RowStep.PeriodicPicks or RowStep.Turns)) return;
        // Zeros around the sums stand for the outputs that are not there.
        (_before, _behind) = Around(geometry.Width);
    }

    /// <summary>How many outputs before the first and behind the last one the cells would see.</summary>
    private static (long Before, long Behind) Around(in Axis width) => (
        Math.Max(0, width.EffectiveKernel - 1 - width.PaddingBefore) / width.Stride + 1,
        Math.Max(0, (width.InputLength - 1 + width.PaddingBefore) / width.Stride + 1 - width.OutputLength) + 1);

    // Float has no bits to spare for the inverse of a divisor; a division for each sum of rows is fewer than one for each cell.
    private static bool DividesRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) && typeof(TLane) == typeof(float);
    }

    // From a row to the next that the same outputs may reach.
    private long Apart => _geometry.Height.Kernel > 1 ? _geometry.Height.Dilation : 1;

    public long Units => _geometry.Outer * _geometry.Depth.InputLength * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane + _geometry.OutputPlane) * _geometry.Inner * sizeof(T) / (_geometry.Depth.InputLength * _geometry.Height.InputLength);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Room room = Prepare(end - first);
        ref readonly Axis depth = ref _geometry.Depth, height = ref _geometry.Height;
        (long rest, long ih) = Math.DivRem(first, height.InputLength);
        (long plane, long id) = Math.DivRem(rest, depth.InputLength);
        TapRange d = depth.Outputs(id);
        long row = _geometry.Width.InputLength * _geometry.Inner;
        T* next = _gradInput + first * row, mine = _gradInput + end * row;
        while (next < mine)
        {
            long band = 0, made = 0, most = Math.Min(room.Band, (mine - next) / row);
            for (; band < most; band++)
            {
                TapRange h = Reaching(room, ih);
                TLane* sums = room.Sums + made * room.Pitch;
                if (d.Count == 0 || h.Count == 0)
                {
                    sums = null;
                }
                else if (Math.Min(band, ih) >= Apart && h == Reaching(room, ih - Apart))
                {
                    sums = room.BandSums[band - Apart];
                }
                else
                {
                    // With channels last a row is made at once, and where its sums would be only tells it from others.
                    if (made == room.Made && _step != RowStep.Channels) break;
                    if (_step == RowStep.Channels) Tile(room, plane, d, h, next + band * row);
                    else Add(room, plane, d, h, 0, _geometry.Width.OutputLength, sums);
                    made++;
                }
                room.BandSums[band] = sums;
                if (++ih < height.InputLength) continue;
                ih = 0;
                if (++id == depth.InputLength) (id, plane) = (0, plane + 1);
                d = depth.Outputs(id);
            }
            if (_step == RowStep.Turns && made > 0) Turn(room);
            Spread(room, band, next, mine);
            next += band * row;
        }
    }

    private TapRange Reaching(in Room room, long row) => room.Reaching != null ? room.Reaching[row] : _geometry.Height.Outputs(row);

    /// <summary>Works out what all rows have in common.</summary>
    private Room Prepare(long units)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        bool turns = _step == RowStep.Turns, isPicked = _step is RowStep.Picks or RowStep.PeriodicPicks;
        long row = width.InputLength * inner, outputRow = width.OutputLength * inner, before = turns ? 0 : Whole(_before * inner), behind = _behind * inner, mostRows = depth.MostOutputs * height.MostOutputs;
        long phases = turns || _step == RowStep.Phases ? width.Stride : 0, offsetCount = phases + phases * width.Kernel;
        (long registers, long most) = isPicked ? GradientCost.Picked(_geometry, TVector.Count, _step == RowStep.PeriodicPicks) : (0, 0);
        long tapCount = _step == RowStep.Channels ? width.InputLength : _step == RowStep.Scatter ? width.OutputLength : _step == RowStep.Fills ? 2 * width.OutputLength + 2 : 0;
        // Where planes come again and again, which rows reach which is worked out once.
        bool known = Math.Max(height.InputLength, height.OutputLength) <= units;
        Room room = new()
        {
            Pitch = turns ? Whole(Math.Max(row, outputRow)) : before + Whole(outputRow + behind + 2 * TVector.Count),
            Reach = turns ? row : phases == 2 ? 2 * Whole((row + 1) / 2) : phases == 1 || isPicked ? Whole(row) : _step == RowStep.Fills ? row + TVector.Count : row,
            Registers = registers,
            SeesOne = isPicked && GradientCost.Seen(_geometry, TVector.Count, _step == RowStep.PeriodicPicks) <= TVector.Count,
        };
        room.Made = turns ? TVector.Count : Math.Clamp(MadeBytes / (room.Pitch * sizeof(TLane)), 1, MostMade);
        room.Band = MostBand;
        long turnedSums = turns ? TVector.Count * (_before + outputRow + _behind) : 0, turned = turns ? turnedSums + TVector.Count * row : 0;
        long scales = known && !_isUniform ? height.OutputLength : 0, places = registers * most * TVector.Count;
        long lanes = Whole(outputRow) + room.Made * room.Pitch + turned + Whole(room.Reach) + mostRows + scales + places;
        long seen = isPicked ? (1 + most) * (registers * TVector.Count / inner + 1) : 0;
        long words = room.Band + mostRows + offsetCount + registers * (1 + most) + 3 * tapCount + (known ? 3 * height.InputLength : 0) + seen;
        long laneBytes = (lanes * sizeof(TLane) + sizeof(long) - 1) / sizeof(long) * sizeof(long);
        room.WidthScales = (TLane*)Scratch.Rent(laneBytes + words * sizeof(long));
        room.Sums = room.WidthScales + Whole(outputRow) + before;
        TLane* beside = room.WidthScales + Whole(outputRow) + room.Made * room.Pitch;
        room.Turned = beside + _before * TVector.Count;
        room.TurnedCells = beside + turnedSums;
        room.Cells = beside + turned;
        room.RowScales = room.Cells + Whole(room.Reach);
        room.Places = room.RowScales + mostRows;
        room.HeightDivisors = scales > 0 ? room.Places + places : null;
        room.BandSums = (TLane**)((byte*)room.WidthScales + laneBytes);
        room.Rows = (T**)(room.BandSums + room.Band);
        room.Offsets = (long*)(room.Rows + mostRows);
        room.Starts = room.Offsets + offsetCount;
        room.Taps = (TapRange*)(room.Starts + registers * (1 + most));
        room.Reaching = known ? room.Taps + tapCount : null;

        if (known) height.Outputs(room.Reaching);
        if (scales > 0) AxisDivisors.Fill(height, inner: 1, _divisors.CountsPadding, room.HeightDivisors);
        if (!_isUniform) AxisDivisors.Fill(width, inner, _divisors.CountsPadding, room.WidthScales);
        // Whole registers, since the row has room for them.
        for (long i = 0; !_isUniform && i < outputRow; i += TVector.Count) (TVector.Create(TLane.CreateTruncating(_divisors.Width)) / TVector.Load(room.WidthScales + i)).Store(room.WidthScales + i);
        // What is turned beside the rows of a band may be denormal numbers, which are slow to add.
        if (turns) new Span<TLane>(room.Sums, (int)(room.Made * room.Pitch + turnedSums)).Clear();
        for (long i = 0; before > 0 && i < room.Made; i++)
        {
            TLane* sums = room.Sums + i * room.Pitch;
            new Span<TLane>(sums - before, (int)before).Clear();
            new Span<TLane>(sums + outputRow, (int)behind + TVector.Count).Clear();
        }
        if (_step == RowStep.Channels) width.Outputs(room.Taps);
        else if (_step == RowStep.Scatter)
            for (long i = 0; i < tapCount; i++) room.Taps[i] = width.Taps(i);
        else if (_step == RowStep.Fills) room.Runs = Divide(width, room.Taps);
        else if (isPicked) room.Advance = Number(room, width, inner, most, _step == RowStep.PeriodicPicks, (long*)(room.Taps + tapCount + (known ? height.InputLength : 0)));
        for (long phase = 0; phase < phases; phase++) room.Offsets[phase * (width.Kernel + 1)] = 0;
        for (long j = width.Kernel - 1; phases > 0 && j >= 0; j--)
        {
            // The phase that this tap is in, and how far before the cell its output is.
            long tap = j * width.Dilation - width.PaddingBefore, offset = -(tap >= 0 ? tap / phases : (tap + 1) / phases - 1), phase = tap + offset * phases;
            long* offsets = room.Offsets + phase * (width.Kernel + 1);
            offsets[++offsets[0]] = offset * inner;
        }
        return room;
    }

    /// <summary>For every register of cells how many outputs reach one at most, and for each of these where the register of sums begins that holds it, and where in it.</summary>
    /// <returns>How far the sums move on until the registers come again.</returns>
    private static long Number(in Room room, in Axis width, long inner, long most, bool isPeriodic, long* counts)
    {
        int lanes = TVector.Count;
        long period = room.Registers * lanes, cells = isPeriodic ? period / inner + 1 : width.InputLength;
        // Which outputs reach each cell.
        long* seen = counts + cells;
        new Span<long>(counts, (int)cells).Clear();
        (long before, _) = isPeriodic ? Around(width) : default;
        for (long o = -before; isPeriodic ? width.Start(o) < cells : o < width.OutputLength; o++)
        {
            TapRange taps = isPeriodic ? new(width.Start(o), width.Kernel, width.Dilation) : width.Taps(o);
            for (long tap = 0, cell = taps.First; tap < taps.Count && cell < cells; tap++, cell += taps.Step)
                if (cell >= 0) seen[cell * most + counts[cell]++] = o;
        }
        TLane* place = room.Places;
        long* start = room.Starts;
        for (long first = 0; first < period; first += lanes)
        {
            long count = 0, least = long.MaxValue, end = Math.Min(first + lanes, cells * inner);
            for (long cell = first / inner; cell * inner < end; cell++)
            {
                count = Math.Max(count, counts[cell]);
                if (counts[cell] > 0) least = Math.Min(least, seen[cell * most]);
            }
            *start++ = count;
            for (long tap = 0; tap < count; tap++)
            {
                if (!room.SeesOne)
                {
                    least = long.MaxValue;
                    for (long cell = first / inner; cell * inner < end; cell++)
                        if (tap < counts[cell]) least = Math.Min(least, seen[cell * most + tap]);
                }
                if (!room.SeesOne || tap == 0) *start++ = least * inner;
                (long at, long channel) = Math.DivRem(first, inner);
                for (int lane = 0; lane < lanes; lane++)
                {
                    // Beyond the register stands zero.
                    Pass<T, TLane, Total<T, TLane>>.PutNumber(place++, first + lane < end && tap < counts[at] ? (seen[at * most + tap] - least) * inner + channel : lanes);
                    if (++channel == inner) (channel, at) = (0, at + 1);
                }
            }
        }
        return isPeriodic ? period / width.Stride : 0;
    }

    /// <summary>Takes the cells apart into runs that the same outputs reach: the first cell of each, how many outputs, and which is the first, in this order.</summary>
    private static long Divide(in Axis width, TapRange* runs)
    {
        long count = 0, first = 0, end = 0;
        for (long cell = 0, next; cell < width.InputLength; cell = next)
        {
            while (end < width.OutputLength && width.Start(end) <= cell) end++;
            while (first < end && End(width, first) <= cell) first++;
            next = Math.Min(end < width.OutputLength ? width.Start(end) : width.InputLength, first < end ? End(width, first) : width.InputLength);
            next = Math.Min(next, width.InputLength);
            runs[count++] = new(cell, end - first, first);
        }
        runs[count] = new(width.InputLength, 0, 0);
        return count;

        static long End(in Axis width, long output)
        {
            TapRange taps = width.Taps(output);
            return taps.First + taps.Count;
        }
    }

    /// <summary>Makes a row with channels last, some cells at a time.</summary>
    private void Tile(in Room room, long plane, in TapRange depth, in TapRange height, T* target)
    {
        long inner = _geometry.Inner, width = _geometry.Width.InputLength, most = Math.Max(1, TileBytes / sizeof(TLane) / inner);
        for (long cell = 0, end; cell < width; cell = end)
        {
            end = Math.Min(width, cell + most);
            (long first, long behind) = _geometry.Width.OutputsOf(cell, end);
            Add(room, plane, depth, height, first, behind, room.Sums);
            Channels(_total, _scale, room.Sums - first * inner, room.Taps + cell, end - cell, inner, target + cell * inner);
        }
    }

    /// <summary>The rows of a band that differ, from sums to cells that are still to be rounded.</summary>
    private void Turn(in Room room)
    {
        long outputs = _geometry.Width.OutputLength, row = _geometry.Width.InputLength;
        Squares.ToLast(TVector.Count * sizeof(TLane), room.Sums, room.Pitch, outputs, room.Turned);
        Turned(room.Turned, room.Offsets, _geometry.Width.Stride, _geometry.Width.Kernel, row, room.TurnedCells);
        Squares.ToFirst(TVector.Count * sizeof(TLane), room.TurnedCells, room.Pitch, row, room.Sums);
    }

    /// <summary>Of rows that come last the sums that reach each cell, added up, phase by phase.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Turned(TLane* sums, long* offsets, long stride, long kernel, long row, TLane* cells)
    {
        int lanes = TVector.Count;
        long apart = stride * lanes;
        for (long phase = 0; phase < stride; phase++, offsets += kernel + 1)
        {
            long taps = offsets[0], count = (row - phase + stride - 1) / stride;
            TLane* first = cells + phase * lanes;
            // Each addition waits for the one before, so four cells at a time.
            for (long i = 0; count >= 4 && i < count; i += 4)
            {
                i = Math.Min(i, count - 4);
                TLane* from = sums + i * lanes, to = first + i * apart;
                TVector a = TVector.Create(TLane.Zero), b = a, c = a, d = a;
                for (long k = 1; k <= taps; k++)
                {
                    TLane* sum = from + offsets[k] * lanes;
                    a += TVector.Load(sum);
                    b += TVector.Load(sum + lanes);
                    c += TVector.Load(sum + 2 * lanes);
                    d += TVector.Load(sum + 3 * lanes);
                }
                a.Store(to);
                b.Store(to + apart);
                c.Store(to + 2 * apart);
                d.Store(to + 3 * apart);
            }
            for (long i = 0; count < 4 && i < count; i++)
            {
                TVector a = TVector.Create(TLane.Zero);
                for (long k = 1; k <= taps; k++) a += TVector.Load(sums + (i + offsets[k]) * lanes);
                a.Store(first + i * apart);
            }
        }
    }

    /// <summary>Adds up the rows of gradients that reach a row, from one output along the width to behind another.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Add(in Room room, long plane, in TapRange depth, in TapRange height, long first, long end, TLane* sums)
    {
        long inner = _geometry.Inner, row = _geometry.Width.OutputLength * inner, cells = (end - first) * inner;
        T** rows = room.Rows;
        int count = 0;
        for (long i = 0, od = depth.First; i < depth.Count; i++, od += depth.Step)
        {
            T* slice = _gradOutput + first * inner + (plane * _geometry.Depth.OutputLength + od) * _geometry.Height.OutputLength * row;
            TLane divisor = _isUniform ? TLane.One : TLane.CreateTruncating(_geometry.Depth.Divisor(od, _divisors.CountsPadding));
            for (long j = 0, oh = height.First; j < height.Count; j++, oh += height.Step, count++)
            {
                rows[count] = slice + oh * row;
                if (_isUniform) continue;
                TLane across = room.HeightDivisors != null ? room.HeightDivisors[oh] : TLane.CreateTruncating(_geometry.Height.Divisor(oh, _divisors.CountsPadding));
                room.RowScales[count] = TLane.CreateTruncating(_divisors.Rows) / (divisor * across);
            }
        }
        // Beyond the row stands another, whose sums nobody sees.
        if (cells < TVector.Count && _step is RowStep.Picks or RowStep.Fills && rows[count - 1] + TVector.Count <= _gradOutput + _geometry.Outer * _geometry.OutputPlane * inner) cells = TVector.Count;
        if (!_isUniform) AddScaled(rows, room.RowScales, room.WidthScales + first * inner, count, cells, sums);
        else if (cells < TVector.Count) AddFew(rows, count, (int)cells, _divisor, _gradOutput + _geometry.Outer * _geometry.OutputPlane * inner, sums);
        else if (count == 1) AddRows<One>(rows, count, cells, _divisor, sums);
        else if (count == 2) AddRows<Two>(rows, count, cells, _divisor, sums);
        else AddRows<Three>(rows, count, cells, _divisor, sums);
    }

    /// <summary>Makes the rows of a band.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Spread(in Room room, long band, T* next, T* mine)
    {
        long row = _geometry.Width.InputLength * _geometry.Inner, stride = _geometry.Width.Stride;
        for (long k = 0; k < band; k++, next += row)
        {
            TLane* sums = room.BandSums[k], cells = room.Cells;
            // A row may run on into those after it, which are written later; not so behind what is ours.
            T* target = next + room.Reach <= mine ? next : (T*)cells;
            if (sums == null) NativeMemory.Clear(target, (nuint)(row * sizeof(T)));
            else if (k >= Apart && sums == room.BandSums[k - Apart]) Unsafe.CopyBlockUnaligned(target, next - Apart * row, (uint)(row * sizeof(T)));
            else if (_step == RowStep.Phases && stride == 1) Phase(_total, _scale, sums, room.Offsets, row, target);
            else if (_step == RowStep.Phases) PhasePair(_total, _scale, sums, room.Offsets, _geometry.Width.Kernel, row, target);
            else if (room.SeesOne) PickFromOne(_total, _scale, sums, room.Starts, room.Places, room.Registers, room.Advance, row, target);
            else if (_step is RowStep.Picks or RowStep.PeriodicPicks) Pick(_total, _scale, sums, room.Starts, room.Places, room.Registers, room.Advance, row, target);
            else if (_step == RowStep.Fills) Fill(_total, _scale, sums, room.Taps, room.Runs, target);
            else if (_step == RowStep.Turns) Finish(_total, _scale, sums, target, row);
            else if (_step == RowStep.Scatter) Scatter(_total, _scale, sums, room.Taps, _geometry.Width.OutputLength, row, cells, target);
            if (target != next) Buffer.MemoryCopy(target, next, row * sizeof(T), row * sizeof(T));
        }
    }

    /// <summary>So many lanes, and those that are left of the last register.</summary>
    private static long Whole(long lanes) => (lanes + TVector.Count - 1) / TVector.Count * TVector.Count;

    /// <summary>Adds up rows of gradients, cell by cell.</summary>
    /// <typeparam name="TRows">How many; <see cref="Three"/> is that many or more.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddRows<TRows>(T** rows, int count, long cells, TLane divisor, TLane* sums)
        where TRows : struct, ICount
    {
        T* first = rows[0], second = TRows.Value > 1 ? rows[1] : first, third = TRows.Value > 2 ? rows[2] : first;
        TVector over = TVector.Create(divisor);
        long i = 0;
        while (i + TVector.Count <= cells)
        {
            TVector sum = TVector.Widen(first + i);
            if (TRows.Value > 1) sum += TVector.Widen(second + i);
            if (TRows.Value > 2) sum += TVector.Widen(third + i);
            for (int row = 3; TRows.Value > 2 && row < count; row++) sum += TVector.Widen(rows[row] + i);
            if (DividesRows) sum /= over;
            sum.Store(sums + i);
            i += TVector.Count;
            // The last register reaches back over the one before.
            if (i < cells && i + TVector.Count > cells) i = cells - TVector.Count;
        }
    }

    /// <summary>The same where the row fills no register: what stands behind it is added up too, and left.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddFew(T** rows, int count, int cells, TLane divisor, T* end, TLane* sums)
    {
        T* aside = stackalloc T[TVector.Count];
        TLane* lanes = stackalloc TLane[TVector.Count];
        TVector sum = TVector.Create(TLane.Zero);
        for (int row = 0; row < count; row++)
        {
            T* gradients = rows[row];
            if (gradients + TVector.Count > end)
            {
                // Nothing is behind the last one.
                new Span<T>(aside, TVector.Count).Clear();
                new ReadOnlySpan<T>(gradients, cells).CopyTo(new Span<T>(aside, cells));
                gradients = aside;
            }
            sum = row == 0 ? TVector.Widen(gradients) : sum + TVector.Widen(gradients);
        }
        (DividesRows ? sum / TVector.Create(divisor) : sum).Store(lanes);
        for (int i = 0; i < cells; i++) sums[i] = lanes[i];
    }

    /// <summary>The same, each gradient over its divisor first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(T** rows, TLane* rowScales, TLane* widthScales, int count, long cells, TLane* sums)
    {
        long i = 0;
        while (i + TVector.Count <= cells)
        {
            TVector sum = TVector.Widen(rows[0] + i) * TVector.Create(rowScales[0]);
            for (int row = 1; row < count; row++) sum += TVector.Widen(rows[row] + i) * TVector.Create(rowScales[row]);
            (sum * TVector.Load(widthScales + i)).Store(sums + i);
            i += TVector.Count;
            if (i < cells && i + TVector.Count > cells) i = cells - TVector.Count;
        }
        for (; i < cells; i++)
        {
            TLane sum = TLane.CreateTruncating(rows[0][i]) * rowScales[0];
            for (int row = 1; row < count; row++) sum += TLane.CreateTruncating(rows[row][i]) * rowScales[row];
            sums[i] = sum * widthScales[i];
        }
    }

    /// <summary>The cells of one phase: sums, moved by the offsets of its taps, added up.</summary>
    private static void Phase(in Total<T, TLane> total, TLane scale, TLane* sums, long* offsets, long count, T* target)
    {
        if (offsets[0] == 2) Phase<Two>(total, scale, sums, offsets, count, target);
        else if (offsets[0] == 3) Phase<Three>(total, scale, sums, offsets, count, target);
        else Phase<Any>(total, scale, sums, offsets, count, target);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Phase<TTaps>(in Total<T, TLane> total, TLane by, TLane* sums, long* offsets, long count, T* target)
        where TTaps : struct, ICount
    {
        TVector scale = TVector.Create(by);
        long taps = *offsets++, first = taps > 0 ? offsets[0] : 0, second = TTaps.Value > 1 ? offsets[1] : 0, third = TTaps.Value > 2 ? offsets[2] : 0;
        for (long i = 0; i < count; i += TVector.Count) Finish(total, Moved<TTaps>(sums + i, first, second, third, offsets, taps), scale, target + i);
    }

    /// <summary>Two phases, one in the even, the other in the odd cells.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void PhasePair(in Total<T, TLane> total, TLane by, TLane* sums, long* evens, long kernel, long count, T* target)
    {
        TVector scale = TVector.Create(by);
        long* odds = evens + kernel + 1;
        long evenTaps = *evens++, oddTaps = *odds++, firstEven = evenTaps > 0 ? evens[0] : 0, firstOdd = oddTaps > 0 ? odds[0] : 0;
        for (long i = 0; 2 * i < count; i += TVector.Count)
        {
            TVector even = Moved<Any>(sums + i, firstEven, 0, 0, evens, evenTaps), odd = Moved<Any>(sums + i, firstOdd, 0, 0, odds, oddTaps);
            Finish(total, TVector.ZipLow(even, odd), scale, target + 2 * i);
            Finish(total, TVector.ZipHigh(even, odd), scale, target + 2 * i + TVector.Count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void PickFromOne(in Total<T, TLane> total, TLane by, TLane* sums, long* starts, TLane* places, long registers, long advance, long count, T* target)
    {
        int lanes = TVector.Count;
        TVector scale = TVector.Create(by);
        for (long i = 0; i < count; sums += advance)
        {
            long* start = starts;
            TLane* place = places;
            for (long register = 0; register < registers && i < count; register++, i += lanes)
            {
                TVector sum = TVector.Create(TLane.Zero);
                long taps = *start++;
                if (taps > 0)
                {
                    TVector seen = TVector.Load(sums + *start++);
                    for (; taps > 0; taps--, place += lanes) sum += TVector.Pick(seen, TVector.Load(place));
                }
                Finish(total, sum, scale, target + i);
            }
        }
    }

    /// <summary>The same where all taps of a register of cells are more than one register of sums.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Pick(in Total<T, TLane> total, TLane by, TLane* sums, long* starts, TLane* places, long registers, long advance, long count, T* target)
    {
        int lanes = TVector.Count;
        TVector scale = TVector.Create(by);
        for (long i = 0; i < count; sums += advance)
        {
            long* start = starts;
            TLane* place = places;
            for (long register = 0; register < registers && i < count; register++, i += lanes)
            {
                TVector sum = TVector.Create(TLane.Zero);
                for (long taps = *start++; taps > 0; taps--, start++, place += lanes) sum += TVector.Pick(TVector.Load(sums + *start), TVector.Load(place));
                Finish(total, sum, scale, target + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Fill(in Total<T, TLane> total, TLane by, TLane* sums, TapRange* runs, long count, T* target)
    {
        TVector scale = TVector.Create(by);
        for (; count > 0; count--, runs++)
        {
            TLane sum = TLane.Zero;
            TLane* next = sums + runs->Step;
            for (long left = runs->Count; left > 0; left--) sum += *next++;
            TVector all = TVector.Create(sum);
            // The next run writes over what goes beyond this one.
            for (long cell = runs->First, end = runs[1].First; cell < end; cell += TVector.Count) Finish(total, all, scale, target + cell);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Moved<TTaps>(TLane* sums, long first, long second, long third, long* offsets, long taps)
        where TTaps : struct, ICount
    {
        if (TTaps.Value == 0 && taps == 0) return TVector.Create(TLane.Zero);
        TVector sum = TVector.Load(sums + first);
        if (TTaps.Value > 1) sum += TVector.Load(sums + second);
        if (TTaps.Value > 2) sum += TVector.Load(sums + third);
        for (long k = 1; TTaps.Value == 0 && k < taps; k++) sum += TVector.Load(sums + offsets[k]);
        return sum;
    }

    /// <summary>Each sum to the taps of its window.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(in Total<T, TLane> total, TLane scale, TLane* sums, TapRange* taps, long outputs, long count, TLane* cells, T* target)
    {
        NativeMemory.Clear(cells, (nuint)(count * sizeof(TLane)));
        for (long o = 0; o < outputs; o++)
        {
            TapRange t = taps[o];
            long tap = 0;
            if (t.Step == 1 && t.Count >= TVector.Count)
            {
                TVector sum = TVector.Create(sums[o]);
                for (; tap + TVector.Count <= t.Count; tap += TVector.Count) (TVector.Load(cells + t.First + tap) + sum).Store(cells + t.First + tap);
            }
            for (; tap < t.Count; tap++) cells[t.First + tap * t.Step] += sums[o];
        }
        Finish(total, scale, cells, target, count);
    }

    /// <summary>The sums that reach each cell, added up over its channels, divided, rounded and written.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Channels(in Total<T, TLane> total, TLane by, TLane* sums, TapRange* outputs, long cells, long inner, T* target)
    {
        TVector scale = TVector.Create(by);
        for (long cell = 0; cell < cells; cell++, target += inner)
        {
            TapRange reaching = outputs[cell];
            TLane* first = sums + reaching.First * inner;
            long step = reaching.Step * inner;
            if (inner < TVector.Count) total.FinishFew(Sum(first, reaching.Count, step), scale, target, inner);
            else if (reaching.Count == 2) Channels<Two>(total, first, 2, step, scale, target, inner);
            else Channels<Any>(total, first, reaching.Count, step, scale, target, inner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Channels<TCount>(in Total<T, TLane> total, TLane* sums, long count, long step, TVector scale, T* target, long inner)
        where TCount : struct, ICount
    {
        for (long channel = 0; channel < inner; channel += TVector.Count)
        {
            // The last register reaches back over the one before.
            channel = Math.Min(channel, inner - TVector.Count);
            TVector sum = TCount.Value == 2 ? TVector.Load(sums + channel) + TVector.Load(sums + channel + step) : Sum(sums + channel, count, step);
            Finish(total, sum, scale, target + channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TLane* lanes, long count, long step)
    {
        TVector sum = TVector.Create(TLane.Zero);
        for (; count > 0; count--, lanes += step) sum += TVector.Load(lanes);
        return sum;
    }

    /// <summary>Divides, where that is still to be done, rounds and writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in Total<T, TLane> total, TVector sum, TVector scale, T* target)
    {
        if (DividesRows) sum.Narrow(target);
        else total.Finish(sum, scale, target);
    }

    /// <summary>Divides, rounds and writes a row.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Finish(in Total<T, TLane> total, TLane by, TLane* cells, T* target, long count)
    {
        TVector scale = TVector.Create(by);
        long i = 0;
        while (i + TVector.Count <= count)
        {
            Finish(total, TVector.Load(cells + i), scale, target + i);
            i += TVector.Count;
            if (i < count && i + TVector.Count > count) i = count - TVector.Count;
        }
        if (i >= count) return;
        T* few = stackalloc T[TVector.Count];
        total.Finish(TVector.Load(cells + i), scale, few);
        for (long k = 0; i < count; i++, k++) target[i] = few[k];
    }

    /// <summary>Working memory, and what is worked out once for all rows.</summary>
    private struct Room
    {
        /// <summary>One over what the width contributes to the divisor of each output, where windows differ.</summary>
        public TLane* WidthScales;

        /// <summary>What the height contributes, where rows come again and again; else null.</summary>
        public TLane* HeightDivisors;

        /// <summary>Sums of rows of gradients, so far apart, with zeros around them.</summary>
        public TLane* Sums;

        public long Pitch;

        /// <summary>Rows made at a time, of these as many as differ, and each one's sums, null for none.</summary>
        public long Band, Made;

        public TLane** BandSums;

        /// <summary>Sums turned so that rows come last, with zeros around them, and cells so.</summary>
        public TLane* Turned, TurnedCells;

        /// <summary>A row of cells before it is rounded, or after it was where it may not run on beyond its end.</summary>
        public TLane* Cells;

        /// <summary>Cells that registers write of a row, and beyond.</summary>
        public long Reach;

        /// <summary>The rows of gradients that are added up, and their scales.</summary>
        public T** Rows;

        public TLane* RowScales;

        /// <summary>For each phase how many taps, and how far from the cell the sum of each is.</summary>
        public long* Offsets;

        /// <summary>Of what is picked: registers of cells until they come again, and how far the sums move on then.</summary>
        public long Registers, Advance;

        /// <summary>Whether the sums that a register of cells sees are one register.</summary>
        public bool SeesOne;

        /// <summary>For each register of cells how many taps are picked, and of each where the register of sums begins that holds them; where in it they are.</summary>
        public long* Starts;

        public TLane* Places;

        /// <summary>The taps of each output; with channels last the outputs of each cell; or runs of cells, and how many.</summary>
        public TapRange* Taps;

        public long Runs;

        /// <summary>The rows of gradients that reach each row, where rows come again and again; else null.</summary>
        public TapRange* Reaching;
    }
}
