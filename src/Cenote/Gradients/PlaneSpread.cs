using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a mean whose windows lie unevenly, none more than two over a cell: a small plane at a time, along its rows and then across them.</summary>
/// <remarks>What each cell gets from where is the same in every plane, and is worked out once.</remarks>
internal readonly unsafe struct PlaneSpread<T, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private const long MostCells = 64 * 1024;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly T* _gradInput;
    private readonly Total<T, TLane> _total;
    private readonly Divisors _divisors;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="divisors">By what they are divided.</param>
    public PlaneSpread(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors)
    {
        (_geometry, _divisors) = (geometry, divisors);
        _gradOutput = gradOutput;
        _gradInput = gradInput;
        // Where windows differ, gradients are divided before they are added up.
        _total = new(divisors.CountsPadding, divisors.Last, geometry, ordered: false);
    }

    public long Units => _geometry.Outer;

    public long UnitBytes => (_geometry.InputPlane + _geometry.OutputPlane) * sizeof(T);

    /// <summary>Whether planes are flat and small, and windows lie so.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry is { Inner: 1, Depth: { InputLength: 1, OutputLength: 1, PaddingBefore: 0 } } && geometry.InputPlane <= MostCells && geometry.OutputPlane <= MostCells
        && IsPaired(geometry.Height) && IsPaired(geometry.Width);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, _) = _geometry;
        int lanes = TVector.Count;
        long outputs = _geometry.OutputPlane, row = width.InputLength, pitch = (row + lanes - 1) / lanes * lanes, wide = height.OutputLength * pitch;
        // Behind the gradients, and behind the rows, are zeros: what stands for a window that is not there.
        long room = wide + pitch + pitch + outputs + (outputs + 2 * lanes) + 2 * pitch;
        TLane* rows = (TLane*)Scratch.Rent(room * sizeof(TLane) + (pitch / lanes + 2 * row + 2 * height.InputLength) * sizeof(int));
        TLane* places = rows + wide + pitch, spare = places + 2 * pitch, gradients = spare + pitch, scales = gradients + outputs + 2 * lanes;
        int* pairs = (int*)(scales + outputs), reaching = pairs + 2 * row, starts = reaching + 2 * height.InputLength;
        new Span<TLane>(gradients + outputs, 2 * lanes).Clear();
        new Span<TLane>(rows, (int)(wide + pitch)).Clear();
        bool counts = _divisors.CountsPadding;
        for (long oh = 0; oh < height.OutputLength; oh++)
        for (long ow = 0; ow < width.OutputLength; ow++)
            scales[oh * width.OutputLength + ow] = _divisors.Uniform != 0 ? TLane.One
                : TLane.CreateTruncating(_divisors.Last) / TLane.CreateTruncating(Math.Max(1, depth.Divisor(0, counts) * height.Divisor(oh, counts) * width.Divisor(ow, counts)));
        Pairs(width, pairs, 1);
        Pairs(height, reaching, (int)pitch);
        for (long i = 0; i < 2 * height.InputLength; i++)
            if (reaching[i] < 0) reaching[i] = (int)wide;
        if (TVector.LooksAhead) Number(pairs, row, starts, places);
        T* target = _gradInput + first * _geometry.InputPlane, mine = _gradInput + end * _geometry.InputPlane;
        for (long plane = first; plane < end; plane++, target += _geometry.InputPlane)
        {
            Scale(_gradOutput + plane * outputs, scales, outputs, gradients);
            if (TVector.LooksAhead) Pick(gradients, height.OutputLength, width.OutputLength, starts, places, pitch, rows);
            else AlongRows(gradients, height.OutputLength, width.OutputLength, pairs, row, pitch, rows);
            AcrossRows(_total, rows, reaching, (int)wide, height.InputLength, row, target, mine, (T*)spare);
        }
    }

    /// <summary>Whether no more than two windows tap a cell.</summary>
    private static bool IsPaired(in Axis axis)
    {
        // Of adaptive windows no two neighbours share more than a cell.
        return axis.IsAdaptive ? axis.OutputLength <= axis.InputLength : axis.Dilation == 1 && axis.Kernel <= 2 * axis.Stride;
    }

    /// <summary>The two outputs that tap each cell, -1 for none.</summary>
    private static void Pairs(in Axis axis, int* pairs, int step)
    {
        new Span<int>(pairs, (int)(2 * axis.InputLength)).Fill(-1);
        for (long o = 0; o < axis.OutputLength; o++)
        {
            TapRange cells = axis.Taps(o);
            for (long i = cells.First; i < cells.First + cells.Count; i++) pairs[2 * i + (pairs[2 * i] < 0 ? 0 : 1)] = (int)o * step;
        }
    }

    /// <summary>For every register of cells the first output that taps one of them, and where from there each cell's two are.</summary>
    private static void Number(int* pairs, long row, int* starts, TLane* places)
    {
        int lanes = TVector.Count;
        for (long i = 0; i < row; i += lanes, places += 2 * lanes)
        {
            int start = int.MaxValue;
            for (long k = i; k < Math.Min(i + lanes, row); k++)
                if (pairs[2 * k] >= 0) start = Math.Min(start, pairs[2 * k]);
            *starts++ = start == int.MaxValue ? 0 : start;
            for (int lane = 0; lane < 2 * lanes; lane++)
            {
                long cell = i + lane % lanes;
                int output = cell < row ? pairs[2 * cell + lane / lanes] : -1;
                // So many cells see one output more at most; behind it are zeros.
                Pass<T, TLane, Total<T, TLane>>.PutNumber(places + lane, output < 0 ? 2 * lanes - 1 : output - start);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Scale(T* cells, TLane* scales, long count, TLane* lanes)
    {
        long i = 0;
        for (; i + TVector.Count <= count; i += TVector.Count) (TVector.Widen(cells + i) * TVector.Load(scales + i)).Store(lanes + i);
        for (; i < count; i++) lanes[i] = TLane.CreateTruncating(cells[i]) * scales[i];
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AlongRows(TLane* gradients, long count, long outputs, int* pairs, long row, long pitch, TLane* rows)
    {
        for (; count > 0; count--, gradients += outputs, rows += pitch)
        for (long i = 0; i < row; i++)
        {
            TLane sum = pairs[2 * i] < 0 ? TLane.Zero : gradients[pairs[2 * i]];
            rows[i] = pairs[2 * i + 1] < 0 ? sum : sum + gradients[pairs[2 * i + 1]];
        }
    }

    /// <summary>The same, both outputs of a register of cells picked from two registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Pick(TLane* gradients, long count, long outputs, int* starts, TLane* places, long pitch, TLane* rows)
    {
        int lanes = TVector.Count;
        TVector zero = TVector.Create(TLane.Zero);
        for (; count > 0; count--, gradients += outputs, rows += pitch)
        {
            TLane* at = places;
            int* start = starts;
            for (long i = 0; i < pitch; i += lanes, at += 2 * lanes)
            {
                TLane* from = gradients + *start++;
                TVector low = TVector.Load(from), high = TVector.Left(TVector.Load(from + 1), zero);
                (TVector.Ahead(low, high, TVector.Load(at)) + TVector.Ahead(low, high, TVector.Load(at + lanes))).Store(rows + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AcrossRows(Total<T, TLane> total, TLane* rows, int* reaching, int none, long count, long row, T* target, T* mine, T* spare)
    {
        int lanes = TVector.Count;
        TVector scale = TVector.Create(total.Scale(total.UniformCount));
        for (; count > 0; count--, reaching += 2, target += row)
        {
            TLane* one = rows + reaching[0], other = rows + reaching[1];
            // A row may run on into those after it, which are written later; not so behind what is ours.
            T* to = target + (row + lanes) <= mine ? target : spare;
            if (reaching[1] == none)
                for (long i = 0; i < row; i += lanes) total.Finish(TVector.Load(one + i), scale, to + i);
            else
                for (long i = 0; i < row; i += lanes) total.Finish(TVector.Load(one + i) + TVector.Load(other + i), scale, to + i);
            for (long i = 0; to == spare && i < row; i++) target[i] = spare[i];
        }
    }
}
