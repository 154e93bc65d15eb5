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
    // Beyond this stride a phase is too short, and a window so long that it fills registers by itself.
    private const long MostPhases = 8;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly T* _gradInput;
    private readonly Total<T, TLane> _total;
    private readonly bool _countsPadding;
    private readonly bool _isUniform;
    private readonly long _before;
    private readonly long _behind;
    private readonly bool _inPhases;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="countsPadding">Whether taps in the padding count.</param>
    /// <param name="divisor">The one divisor of all windows; 0 where they differ.</param>
    public RowSpread(in Geometry geometry, T* gradOutput, T* gradInput, bool countsPadding, long divisor)
    {
        (_geometry, _countsPadding, _isUniform) = (geometry, countsPadding, divisor != 0);
        _gradOutput = gradOutput;
        _gradInput = gradInput;
        // Where windows differ, gradients are divided before they are added up.
        _total = new(countsPadding, _isUniform ? divisor : 1, geometry, ordered: false);
        Axis width = geometry.Width;
        if (width.IsAdaptive || width.Stride > MostPhases || (width.Stride > 1 && geometry.Inner > 1)) return;
        // Zeros around the sums stand for the outputs that are not there.
        Int128 before = (Int128)width.Dilation * (width.Kernel - 1) - width.PaddingBefore, behind = (width.InputLength - 1 + (Int128)width.PaddingBefore) / width.Stride + 1 - width.OutputLength;
        long most = width.InputLength + width.OutputLength + 64;
        _inPhases = before < most * width.Stride && behind < most;
        if (!_inPhases) return;
        _before = (long)Int128.Max(0, before) / width.Stride + 1;
        _behind = (long)Int128.Max(0, behind) + 1;
    }

    public long Units => _geometry.Outer * _geometry.Depth.InputLength * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane + _geometry.OutputPlane) * _geometry.Inner * sizeof(T) / (_geometry.Depth.InputLength * _geometry.Height.InputLength);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        int lanes = TVector.Count;
        long row = width.InputLength * inner, outputRow = width.OutputLength * inner, before = _before * inner, behind = _behind * inner;
        long phases = _inPhases ? width.Stride : 0, offsetCount = phases + phases * width.Kernel * (_inPhases ? 1 : 0);
        long mostRows = Most(depth) * Most(height);
        // Where planes come again and again, which rows reach which is worked out once.
        long known = Math.Max(height.InputLength, height.OutputLength) <= end - first ? height.InputLength : 0;
        long tapCount = inner > 1 ? width.InputLength : width.OutputLength;
        long words = 2 * mostRows + offsetCount + 3 * tapCount + 3 * known + height.OutputLength;
        long* scratch = (long*)Scratch.Rent(words * sizeof(long) + (before + behind + 2 * outputRow + row + (2 * MostPhases + 4) * lanes) * sizeof(TLane));
        T** rows = (T**)scratch;
        TLane* rowScales = (TLane*)(scratch + mostRows);
        long* offsets = scratch + 2 * mostRows;
        TapRange* taps = (TapRange*)(offsets + offsetCount);
        TapRange* reaching = taps + tapCount;
        long* divisors = (long*)(reaching + known);
        TLane* widthScales = (TLane*)(scratch + words), sums = widthScales + outputRow + lanes + before, cells = sums + outputRow + behind + 2 * lanes;
        Prepare(widthScales, sums, taps, offsets);

        for (long i = 0; i < known; i++) reaching[i] = height.Outputs(i);
        for (long i = 0; known > 0 && !_isUniform && i < height.OutputLength; i++) divisors[i] = height.Divisor(i, _countsPadding);
        long flat = depth.OutputLength == 1 ? depth.Divisor(0, _countsPadding) : 0;
        (long rest, long ih) = Math.DivRem(first, height.InputLength);
        (long plane, long id) = Math.DivRem(rest, depth.InputLength);
        TapRange d = depth.Outputs(id), last = default;
        T* target = _gradInput + first * row, lastTarget = null;
        for (long unit = first; unit < end; unit++, target += row)
        {
            TapRange h = known > 0 ? reaching[ih] : height.Outputs(ih);
            if (lastTarget != null && h == last)
            {
                Unsafe.CopyBlockUnaligned(target, lastTarget, (uint)(row * sizeof(T)));
            }
            else if (d.Count == 0 || h.Count == 0)
            {
                NativeMemory.Clear(target, (nuint)(row * sizeof(T)));
            }
            else
            {
                int count = 0;
                for (long i = 0, od = d.First; i < d.Count; i++, od += d.Step)
                for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step, count++)
                {
                    rows[count] = _gradOutput + ((plane * depth.OutputLength + od) * height.OutputLength + oh) * outputRow;
                    if (_isUniform) continue;
                    long divisor = (flat > 0 ? flat : depth.Divisor(od, _countsPadding)) * (known > 0 ? divisors[oh] : height.Divisor(oh, _countsPadding));
                    rowScales[count] = TLane.One / TLane.CreateTruncating(divisor);
                }
                if (_isUniform) AddRows(rows, count, outputRow, sums);
                else AddScaled(rows, rowScales, widthScales, count, outputRow, sums);
                if (phases == 1) Phase(sums, offsets + 1, offsets[0], row, cells);
                else if (phases == 2) PhasePair(sums, offsets, width.Kernel, row, cells);
                else if (_inPhases) Phases(sums, offsets, phases, width.Kernel, row, cells);
                else if (inner == 1) Runs(sums, taps, width.OutputLength, row, cells);
                if (_inPhases || inner == 1) Finish(_total, cells, target, row);
                else Channels(_total, sums, taps, width.InputLength, inner, target);
            }
            last = h;
            lastTarget = target;
            if (++ih < height.InputLength) continue;
            ih = 0;
            lastTarget = null;
            if (++id == depth.InputLength) (id, plane) = (0, plane + 1);
            d = depth.Outputs(id);
        }

        static long Most(in Axis axis) => axis.IsAdaptive ? axis.OutputLength : Math.Min(axis.OutputLength, axis.Kernel);
    }

    private void Prepare(TLane* widthScales, TLane* sums, TapRange* taps, long* offsets)
    {
        Axis width = _geometry.Width;
        long inner = _geometry.Inner;
        if (!_isUniform) WidthDivisors.Fill(_geometry, _countsPadding, widthScales);
        for (long i = 0; !_isUniform && i < width.OutputLength * inner; i++) widthScales[i] = TLane.One / widthScales[i];
        if (!_inPhases)
        {
            for (long o = 0; inner == 1 && o < width.OutputLength; o++) taps[o] = width.Taps(o);
            for (long i = 0; inner > 1 && i < width.InputLength; i++) taps[i] = width.Outputs(i);
            return;
        }
        new Span<TLane>(sums - _before * inner, (int)(_before * inner)).Clear();
        new Span<TLane>(sums + width.OutputLength * inner, (int)(_behind * inner) + TVector.Count).Clear();
        for (long phase = 0; phase < width.Stride; phase++, offsets += width.Kernel + 1)
        {
            offsets[0] = 0;
            for (long j = width.Kernel - 1; j >= 0; j--)
            {
                (long offset, long left) = Math.DivRem(phase + width.PaddingBefore - j * width.Dilation, width.Stride);
                if (left == 0) offsets[++offsets[0]] = offset * inner;
            }
        }
    }

    /// <summary>Adds up rows of gradients, cell by cell.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(T** rows, int count, long cells, TLane* sums)
    {
        long i = 0;
        while (i + TVector.Count <= cells)
        {
            TVector sum = TVector.Widen(rows[0] + i);
            for (int row = 1; row < count; row++) sum += TVector.Widen(rows[row] + i);
            sum.Store(sums + i);
            i += TVector.Count;
            // The last register reaches back over the one before.
            if (i < cells && i + TVector.Count > cells) i = cells - TVector.Count;
        }
        for (; i < cells; i++)
        {
            TLane sum = TLane.CreateTruncating(rows[0][i]);
            for (int row = 1; row < count; row++) sum += TLane.CreateTruncating(rows[row][i]);
            sums[i] = sum;
        }
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
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Phase(TLane* sums, long* offsets, long taps, long count, TLane* cells)
    {
        for (long i = 0; i < count; i += TVector.Count) Moved(sums + i, offsets, taps).Store(cells + i);
    }

    /// <summary>Two phases, one in the even, the other in the odd cells.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void PhasePair(TLane* sums, long* offsets, long kernel, long count, TLane* cells)
    {
        long* further = offsets + kernel + 1;
        for (long i = 0; 2 * i < count; i += TVector.Count)
        {
            TVector even = Moved(sums + i, offsets + 1, offsets[0]), odd = Moved(sums + i, further + 1, further[0]);
            TVector.ZipLow(even, odd).Store(cells + 2 * i);
            TVector.ZipHigh(even, odd).Store(cells + 2 * i + TVector.Count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Phases(TLane* sums, long* offsets, long phases, long kernel, long count, TLane* cells)
    {
        TLane* few = stackalloc TLane[TVector.Count];
        for (long phase = 0; phase < phases; phase++, offsets += kernel + 1)
        for (long i = 0, cell = phase; cell < count; i += TVector.Count)
        {
            Moved(sums + i, offsets + 1, offsets[0]).Store(few);
            for (int lane = 0; lane < TVector.Count && cell < count; lane++, cell += phases) cells[cell] = few[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Moved(TLane* sums, long* offsets, long taps)
    {
        TVector sum = TVector.Create(TLane.Zero);
        for (long k = 0; k < taps; k++) sum += TVector.Load(sums + offsets[k]);
        return sum;
    }

    /// <summary>Each sum to the taps of its window.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Runs(TLane* sums, TapRange* taps, long outputs, long count, TLane* cells)
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
    }

    /// <summary>The sums that reach each cell, added up over its channels, divided, rounded and written.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Channels(Total<T, TLane> total, TLane* sums, TapRange* outputs, long cells, long inner, T* target)
    {
        TVector scale = TVector.Create(total.Scale(total.UniformCount));
        for (long cell = 0; cell < cells; cell++, target += inner)
        {
            TapRange reaching = outputs[cell];
            TLane* first = sums + reaching.First * inner;
            long step = reaching.Step * inner;
            if (inner < TVector.Count) total.FinishFew(Sum(first, reaching.Count, step), scale, target, inner);
            for (long channel = 0; inner >= TVector.Count && channel < inner; channel += TVector.Count)
            {
                // The last register reaches back over the one before.
                channel = Math.Min(channel, inner - TVector.Count);
                total.Finish(Sum(first + channel, reaching.Count, step), scale, target + channel);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TLane* lanes, long count, long step)
    {
        TVector sum = TVector.Create(TLane.Zero);
        for (; count > 0; count--, lanes += step) sum += TVector.Load(lanes);
        return sum;
    }

    /// <summary>Divides, rounds and writes a row.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Finish(Total<T, TLane> total, TLane* cells, T* target, long count)
    {
        TVector scale = TVector.Create(total.Scale(total.UniformCount));
        long i = 0;
        while (i + TVector.Count <= count)
        {
            total.Finish(TVector.Load(cells + i), scale, target + i);
            i += TVector.Count;
            if (i < count && i + TVector.Count > count) i = count - TVector.Count;
        }
        if (i >= count) return;
        T* few = stackalloc T[TVector.Count];
        total.Finish(TVector.Load(cells + i), scale, few);
        for (long k = 0; i < count; i++, k++) target[i] = few[k];
    }
}
