using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection over planes that a second-level cache holds: the gradients added up at their indices where they belong, some planes at a time; where windows do not overlap, moved there as they are.</summary>
/// <remarks>
/// Indices are checked a register at a time, those of small planes whatever the length of a row, others by rows, so that nothing is asked of one where it is added.
/// Where neighbouring windows have one winner, an addition waits for the one before; so several planes are added up in turn.
/// </remarks>
internal readonly unsafe struct PlaneScatter<T, TSum, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // What is added up stays in the first-level cache, some small planes of it, or one where winners are only moved; and in the second-level cache.
    private const long SmallBytes = 32 * 1024, MostBytes = 512 * 1024;

    // Planes in turn, and where so many are small enough.
    private const long Together = 4, MostTogether = 8;

    // Large planes from which some in turn leave enough for several threads.
    private const long ManyPlanes = 8;

    // Windows that tap a cell, of which few have one winner.
    private const long FewWindows = 9;

    // Outputs from which it no longer matters how a check begins and ends.
    private const long ManyOutputs = 256;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly PlaneCheck<TLane, TVector> _check;
    private readonly IndexCheck<TLane, TVector> _rowCheck;
    private readonly bool _moves;
    private readonly bool _isSmall;
    private readonly bool _isShort;
    private readonly long _checked;
    private readonly long _planes;
    private readonly long _together;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">The winners.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="isSmall">Whether planes are checked as one, see <see cref="IsSmall"/>.</param>
    public PlaneScatter(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, bool isSmall)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _moves = Sums<T, TSum>.AreCells && GradientPlanner.IsDisjoint(geometry);
        _isSmall = isSmall;
        _isShort = !_isSmall && IndexCheck<TLane, TVector>.IsShort(geometry);
        _checked = Math.Clamp(ManyOutputs / geometry.OutputPlane, 1, geometry.Outer);
        _together = MostTogether * geometry.InputPlane * sizeof(TSum) <= SmallBytes ? MostTogether : Together;
        if (_checked > Together) _checked -= _checked % Together;
        _check = new(geometry, indices, _checked);
        bool areFew = geometry.MostOutputs <= FewWindows;
        if (!_isSmall) _planes = geometry.Outer >= ManyPlanes && !_moves && !(areFew && _isShort) ? Together : 1;
        else if (_moves) _planes = _checked;
        else if (areFew && _check.IsShort) (_planes, _isShort) = (Math.Max(Together, SmallBytes / (geometry.InputPlane * sizeof(TSum))), true);
        else _planes = Math.Max(_together, _checked);
        _rowCheck = new(geometry, indices);
    }

    public long Units => _isSmall ? _geometry.Outer : (_geometry.Outer - 1) / _planes + 1;

    public long UnitBytes => (_geometry.InputPlane * sizeof(T) + _geometry.OutputPlane * (sizeof(T) + sizeof(long))) * (_isSmall ? 1 : _planes);

    public static bool Fits(in Geometry geometry) => geometry.Inner == 1 && geometry.InputPlane * sizeof(TSum) <= MostBytes;

    /// <summary>Whether planes lie in the first-level cache and are checked as one.</summary>
    public static bool IsSmall(in Geometry geometry) => geometry.InputPlane * sizeof(TSum) <= SmallBytes / (GradientPlanner.IsDisjoint(geometry) ? 1 : Together) && PlaneCheck<TLane, TVector>.Fits(geometry);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        if (!_isSmall) (first, end) = (first * _planes, Math.Min(_geometry.Outer, end * _planes));
        long cells = _geometry.InputPlane, outputs = _geometry.OutputPlane, asideCells = Sums<T, TSum>.AreCells ? 0 : _planes * cells, asideOutputs = Sums<T, TSum>.AreCells ? 0 : _planes * outputs;
        TSum* aside = (TSum*)Scratch.Rent((asideCells + asideOutputs) * sizeof(TSum) + (_isSmall ? _check.TableLength : _rowCheck.TableLength + _rowCheck.RowsLength) * sizeof(TLane));
        TLane* table = (TLane*)(aside + asideCells + asideOutputs);
        NativeMemory.Clear(aside, (nuint)(asideCells * sizeof(TSum)));
        if (_isSmall) _check.Prepare(table);
        else _rowCheck.Prepare(table);
        if (_isShort && !_isSmall) _rowCheck.PrepareRows(table + _rowCheck.TableLength);
        for (long plane = first, count; plane < end; plane += count)
        {
            count = Math.Min(_planes, end - plane);
            T* target = _gradInput + plane * cells, gradients = _gradOutput + plane * outputs;
            Planes planes = new()
            {
                Shares = Sums<T, TSum>.AreCells ? (TSum*)gradients : aside + asideCells, Indices = _indices + plane * outputs, Outputs = outputs,
                Sums = Sums<T, TSum>.AreCells ? (TSum*)target : aside, Cells = cells, Ahead = _isSmall && !_isShort ? _planes * outputs : 2 * ManyOutputs,
            };
            if (Sums<T, TSum>.AreCells) NativeMemory.Clear(target, (nuint)(count * cells * sizeof(T)));
            else Sums<T, TSum>.Widen(gradients, planes.Shares, count * outputs);
            if (_isSmall) AddPlanes(planes, plane, count, table);
            else AddRows(planes, plane, count, table);
            if (!Sums<T, TSum>.AreCells) Sums<T, TSum>.Round(aside, target, count * cells);
        }
    }

    private void AddPlanes(Planes planes, long plane, long count, TLane* table)
    {
        if (_isShort)
        {
            AddShort<One>(planes, planes.Outputs, plane, count, table);
            return;
        }
        bool areAll = true;
        for (long i = 0; i < count; i += _checked) areAll &= _check.Refuse(plane + i, Math.Min(_checked, count - i), table);
        for (long done = 0, some; done < count; done += some, planes.Take(some))
        {
            some = _moves ? 1 : count - done >= _together ? _together : count - done >= Together ? Together : 1;
            Add(planes, planes.Outputs, some, areAll);
        }
    }

    /// <summary>Some rows of outputs of all planes at a time.</summary>
    private void AddRows(Planes planes, long plane, long count, TLane* table)
    {
        (_, Axis depth, Axis height, Axis width, _) = _geometry;
        long some = count == Together ? Together : 1, most = Math.Max(1, ManyOutputs / width.OutputLength);
        for (long i = 0; i < count; i += some, plane += some, planes.Take(some))
        {
            Planes rows = planes;
            if (_isShort && some == 1 && !_moves)
            {
                AddShort<None>(planes, width.OutputLength, plane * depth.OutputLength * height.OutputLength, depth.OutputLength * height.OutputLength, table);
                continue;
            }
            for (long od = 0, row = plane * depth.OutputLength * height.OutputLength; od < depth.OutputLength; od++)
            for (long oh = 0, taken; oh < height.OutputLength; oh += taken, row += taken)
            {
                taken = Math.Min(most, height.OutputLength - oh);
                bool areAll = true;
                if (_isShort)
                    for (long j = 0; j < some; j++) areAll &= IndexCheck<TLane, TVector>.AreCells(rows.Indices + j * planes.Outputs, width.OutputLength, taken, table, table + _rowCheck.TableLength + IndexCheck<TLane, TVector>.RowLength * (od * height.OutputLength + oh));
                if (!_isShort || !areAll)
                    for (long j = 0; j < taken; j++) areAll &= _rowCheck.Refuse(row + j, some, depth.Taps(od), height.Taps(oh + j), table);
                Add(rows, taken * width.OutputLength, some, areAll);
                rows.Shares += taken * width.OutputLength;
                rows.Indices += taken * width.OutputLength;
            }
        }
    }

    /// <summary>Rows of a plane, or small planes, each checked while the one before is added, which waits more than it works.</summary>
    /// <typeparam name="TPlanes">Whether they are planes.</typeparam>
    private void AddShort<TPlanes>(Planes planes, long length, long first, long count, TLane* table)
        where TPlanes : struct, ICount
    {
        (_, Axis depth, Axis height, _, _) = _geometry;
        long pitch = TPlanes.Value > 0 ? _check.Pitch : length;
        TLane* starts = TPlanes.Value > 0 ? _check.Starts(table) : table + _rowCheck.TableLength;
        for (long done = 0, taken; done < count; done += taken)
        {
            bool areAll = TPlanes.Value > 0 ? _check.Refuse(first + done, 1, table)
                : _rowCheck.Refuse(first + done, 1, depth.Taps(done / height.OutputLength), height.Taps(done % height.OutputLength), table);
            taken = 1;
            if (areAll) taken = AddChecked<TPlanes>(planes, length, count - done, table, pitch, TPlanes.Value > 0 ? starts : starts + done * IndexCheck<TLane, TVector>.RowLength);
            else AddApart(planes, length, 1, areAll);
            planes.Shares += taken * length;
            planes.Indices += taken * length;
            if (TPlanes.Value > 0) planes.Sums += taken * planes.Cells;
        }
    }

    /// <summary>Rows or planes from one that has been checked on, as far as each index is a cell.</summary>
    /// <returns>How many were added.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long AddChecked<TPlanes>(in Planes planes, long length, long count, TLane* table, long pitch, TLane* starts)
        where TPlanes : struct, ICount
    {
        TSum* gradients = planes.Shares, sums = planes.Sums;
        long* indices = planes.Indices;
        long cells = planes.Cells, ahead = planes.Ahead;
        for (long done = 1; ; done++)
        {
            // The last one is checked once more.
            long* next = indices;
            if (done < count)
            {
                next += length;
                if (TPlanes.Value == 0) starts += IndexCheck<TLane, TVector>.RowLength;
            }
            TVector wrong = TVector.Create(TLane.Zero), upper = wrong, start = TVector.Create(starts[0]), first = TVector.Create(starts[1]), second = TVector.Create(starts[2]);
            long i = 0;
            for (; i <= length - TVector.Count; i += TVector.Count)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(indices + i + ahead);
                    if (TVector.Count > 8) Sse.Prefetch0(indices + i + ahead + 8);
                    Sse.Prefetch0(gradients + i + ahead);
                }
                wrong |= IndexCheck<TLane, TVector>.Wrong<TPlanes>(next + i, table + i, pitch, start, first, second, ref upper);
                for (long j = i; j < i + TVector.Count; j += 4)
                {
                    sums[indices[j]] += gradients[j];
                    sums[indices[j + 1]] += gradients[j + 1];
                    sums[indices[j + 2]] += gradients[j + 2];
                    sums[indices[j + 3]] += gradients[j + 3];
                }
            }
            long last = length - TVector.Count;
            wrong |= IndexCheck<TLane, TVector>.Wrong<TPlanes>(next + last, table + last, pitch, start, first, second, ref upper);
            for (; i < length; i++) sums[indices[i]] += gradients[i];
            if (done == count || !IndexCheck<TLane, TVector>.AreSound(wrong, upper)) return done;
            gradients += length;
            indices += length;
            if (TPlanes.Value > 0) sums += cells;
        }
    }

    private void Add(in Planes planes, long count, long some, bool areAll)
    {
        if (_moves) Move(planes, count, areAll);
        else if (areAll && some == Together) AddTogether<None>(planes, count);
        else if (areAll && some == MostTogether) AddTogether<Four>(planes, count);
        else AddApart(planes, count, some, areAll);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Move(in Planes planes, long count, bool areAll)
    {
        TSum* gradients = planes.Shares, target = planes.Sums;
        long* indices = planes.Indices;
        long ahead = planes.Ahead, i = 0;
        for (; areAll && i <= count - 8; i += 8)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(indices + i + ahead);
                Sse.Prefetch0(gradients + i + ahead);
            }
            for (long j = i; j < i + 8; j++) target[indices[j]] = gradients[j];
        }
        for (; i < count; i++)
            if (indices[i] >= 0) target[indices[i]] = gradients[i];
    }

    /// <summary>Planes one by one, where some outputs may have no winner.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddApart(in Planes planes, long count, long some, bool areAll)
    {
        TSum* gradients = planes.Shares, sums = planes.Sums;
        long* indices = planes.Indices;
        long ahead = planes.Ahead;
        for (; some > 0; some--, gradients += planes.Outputs, indices += planes.Outputs, sums += planes.Cells)
        {
            long i = 0;
            for (; areAll && i <= count - 8; i += 8)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(indices + i + ahead);
                    Sse.Prefetch0(gradients + i + ahead);
                }
                for (long j = i; j < i + 8; j++) sums[indices[j]] += gradients[j];
            }
            for (; i < count; i++)
                if (indices[i] >= 0) sums[indices[i]] += gradients[i];
        }
    }

    /// <summary>Several planes in turn.</summary>
    /// <typeparam name="TMore">Planes beyond the first four.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddTogether<TMore>(in Planes planes, long count)
        where TMore : struct, ICount
    {
        long cells = planes.Cells, outputs = planes.Outputs;
        TSum* sums = planes.Sums, sums1 = sums + cells, sums2 = sums1 + cells, sums3 = sums2 + cells, sums4 = sums3 + cells, sums5 = sums4 + cells, sums6 = sums5 + cells, sums7 = sums6 + cells;
        TSum* gradients = planes.Shares, further = gradients + 4 * outputs;
        long* indices = planes.Indices, behind = indices + 4 * outputs;
        byte* ahead = (byte*)(indices + planes.Ahead), gradientsAhead = (byte*)(gradients + planes.Ahead);
        int some = 4 + TMore.Value;
        for (TSum* end = gradients + count; gradients < end; gradients++, indices++)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(ahead);
                Sse.Prefetch0(gradientsAhead);
                ahead += some * sizeof(long);
                gradientsAhead += some * sizeof(TSum);
            }
            sums[indices[0]] += gradients[0];
            sums1[indices[outputs]] += gradients[outputs];
            sums2[indices[2 * outputs]] += gradients[2 * outputs];
            sums3[indices[3 * outputs]] += gradients[3 * outputs];
            if (TMore.Value == 0) continue;
            sums4[behind[0]] += further[0];
            sums5[behind[outputs]] += further[outputs];
            sums6[behind[2 * outputs]] += further[2 * outputs];
            sums7[behind[3 * outputs]] += further[3 * outputs];
            further++;
            behind++;
        }
    }

    /// <summary>Planes one behind the other.</summary>
    private struct Planes
    {
        /// <summary>Gradients and indices, so many a plane.</summary>
        public TSum* Shares;

        public long* Indices;

        public long Outputs;

        /// <summary>Where they go, so many a plane.</summary>
        public TSum* Sums;

        public long Cells;

        /// <summary>So many outputs before they are checked, indices and gradients are asked for.</summary>
        public long Ahead;

        /// <summary>Leaves so many planes behind.</summary>
        public void Take(long planes)
        {
            Shares += planes * Outputs;
            Indices += planes * Outputs;
            Sums += planes * Cells;
        }
    }
}
