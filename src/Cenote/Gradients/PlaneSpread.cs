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
    private readonly bool _countsPadding;
    private readonly bool _isUniform;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="countsPadding">Whether taps in the padding count.</param>
    /// <param name="divisor">The one divisor of all windows; 0 where they differ.</param>
    public PlaneSpread(in Geometry geometry, T* gradOutput, T* gradInput, bool countsPadding, long divisor)
    {
        (_geometry, _countsPadding, _isUniform) = (geometry, countsPadding, divisor != 0);
        _gradOutput = gradOutput;
        _gradInput = gradInput;
        // Where windows differ, gradients are divided before they are added up.
        _total = new(countsPadding, _isUniform ? divisor : 1, geometry, ordered: false);
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
        long outputs = _geometry.OutputPlane, wide = height.OutputLength * width.InputLength, row = width.InputLength;
        // Behind the gradients, and behind the rows, are zeros: what a cell gets from a second window that is not there.
        long lanes = 2 * outputs + 2 * TVector.Count + wide + row + TVector.Count;
        byte* scratch = (byte*)Scratch.Rent(lanes * sizeof(TLane) + (2 * wide + 2 * height.InputLength) * sizeof(int));
        TLane* scales = (TLane*)scratch, gradients = scales + outputs, rows = gradients + outputs + 2 * TVector.Count;
        int* places = (int*)(rows + wide + row + TVector.Count), reaching = places + 2 * wide;
        new Span<TLane>(gradients + outputs, 2 * TVector.Count).Clear();
        new Span<TLane>(rows + wide, (int)row + TVector.Count).Clear();
        for (long oh = 0; oh < height.OutputLength; oh++)
        for (long ow = 0; ow < width.OutputLength; ow++)
            scales[oh * width.OutputLength + ow] = _isUniform ? TLane.One
                : TLane.One / TLane.CreateTruncating(Math.Max(1, depth.Divisor(0, _countsPadding) * height.Divisor(oh, _countsPadding) * width.Divisor(ow, _countsPadding)));
        Pairs(width, places, (int)outputs, 1);
        for (long oh = 1; oh < height.OutputLength; oh++)
            for (long i = 0; i < 2 * row; i++)
                places[oh * 2 * row + i] = places[i] < outputs ? places[i] + (int)(oh * width.OutputLength) : places[i];
        Pairs(height, reaching, (int)wide, (int)row);
        for (long plane = first; plane < end; plane++)
        {
            Scale(_gradOutput + plane * outputs, scales, outputs, gradients);
            AlongRows(gradients, places, wide, rows);
            AcrossRows(_total, rows, reaching, height.InputLength, row, _gradInput + plane * _geometry.InputPlane);
        }
    }

    /// <summary>Whether no more than two windows tap a cell.</summary>
    private static bool IsPaired(in Axis axis)
    {
        // Of adaptive windows no two neighbours share more than a cell.
        return axis.IsAdaptive ? axis.OutputLength <= axis.InputLength : axis.Dilation == 1 && axis.Kernel <= 2 * axis.Stride;
    }

    /// <summary>The two outputs that tap each cell, or what stands for none.</summary>
    private static void Pairs(in Axis axis, int* pairs, int none, int step)
    {
        for (long i = 0; i < axis.InputLength; i++)
        {
            TapRange outputs = axis.Outputs(i);
            *pairs++ = outputs.Count > 0 ? (int)outputs.First * step : none;
            *pairs++ = outputs.Count > 1 ? ((int)outputs.First + 1) * step : none;
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
    private static void AlongRows(TLane* gradients, int* places, long count, TLane* rows)
    {
        for (long i = 0; i < count; i++) rows[i] = gradients[places[2 * i]] + gradients[places[2 * i + 1]];
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AcrossRows(Total<T, TLane> total, TLane* rows, int* reaching, long count, long row, T* target)
    {
        TVector scale = TVector.Create(total.Scale(total.UniformCount));
        for (; count > 0; count--, reaching += 2, target += row)
        {
            TLane* one = rows + reaching[0], other = rows + reaching[1];
            if (row < TVector.Count) total.FinishFew(TVector.Load(one) + TVector.Load(other), scale, target, row);
            for (long i = 0; row >= TVector.Count && i < row; i += TVector.Count)
            {
                // The last register reaches back over the one before.
                i = Math.Min(i, row - TVector.Count);
                total.Finish(TVector.Load(one + i) + TVector.Load(other + i), scale, target + i);
            }
        }
    }
}
