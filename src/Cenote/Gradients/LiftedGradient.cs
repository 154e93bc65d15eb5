using System.Buffers;
using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of norms and weighted means: the parts of the fold once more, what each output gives by the gradient of a sum or a mean, and what each cell makes of it. In double.</summary>
/// <remarks>Some planes at a time, in a second-level cache.</remarks>
/// <param name="geometry">The window, of which each has a cell.</param>
/// <param name="gradOutput">The gradient of the output.</param>
/// <param name="input">The cells.</param>
/// <param name="gradInput">Where the gradient of the input goes.</param>
/// <param name="reducer">The fold.</param>
/// <param name="lifted">The same by its parts.</param>
internal readonly unsafe struct LiftedGradient<T, TAccumulator, TReducer>(Geometry geometry, T* gradOutput, T* input, T* gradInput, TReducer reducer, ILiftedGradient lifted) : IKernel
    where T : unmanaged, INumber<T>
    where TAccumulator : unmanaged
    where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator>
{
    private const long MostCells = 16 * 1024;

    private static readonly PoolOptions s_alone = new() { Threads = 1 };

    private readonly long _planes = Math.Clamp(MostCells / (geometry.InputPlane * geometry.Inner), 1, geometry.Outer);

    public long Units => (geometry.Outer - 1) / _planes + 1;

    public long UnitBytes => _planes * (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(double);

    public void Run(long first, long end)
    {
        long plane = geometry.InputPlane * geometry.Inner, outputPlane = geometry.OutputPlane * geometry.Inner;
        int cells = checked((int)(_planes * plane)), outputs = (int)(_planes * outputPlane);
        double[] memory = ArrayPool<double>.Shared.Rent(checked(3 * cells + 4 * outputs));
        for (long unit = first; unit < end; unit++)
        {
            long start = unit * _planes;
            Geometry some = geometry with { Outer = Math.Min(_planes, geometry.Outer - start) };
            T* from = gradOutput + start * outputPlane, seen = input + start * plane, to = gradInput + start * plane;
            if (!Differentiate(some, from, seen, to, memory)) Pool.Walk<T, TAccumulator, TReducer>(some, from, seen, to, reducer, s_alone);
        }
        ArrayPool<double>.Shared.Return(memory);
    }

    private bool Differentiate(in Geometry some, T* from, T* seen, T* to, double[] memory)
    {
        int count = (int)(some.Outer * some.InputPlane * some.Inner), outputs = (int)(some.Outer * some.OutputPlane * some.Inner);
        Span<double> cells = memory.AsSpan(0, count), given = memory.AsSpan(count, count), more = memory.AsSpan(2 * count, count);
        Span<double> first = memory.AsSpan(3 * count, outputs), second = memory.AsSpan(3 * count + outputs, lifted.Parts.Length > 1 ? outputs : 0);
        Span<double> gradients = memory.AsSpan(3 * count + 2 * outputs, outputs), beside = memory.AsSpan(3 * count + 3 * outputs, lifted.Gradient.GivesTwo ? outputs : 0);
        Doubles.Widen(seen, cells);
        (double least, double most) = Doubles.Range(cells);
        if (!double.IsFinite(least) || !double.IsFinite(most)) return false;
        cells.CopyTo(given);
        if (!lifted.Lift(0, cells, given, some.MostTaps)) return false;
        LiftedWalk<T, T, TAccumulator, TReducer>.Fold(lifted.Parts[0], some, given, first, s_alone);
        if (lifted.Parts.Length > 1)
        {
            if (!lifted.Lift(1, cells, given, some.MostTaps)) return false;
            LiftedWalk<T, T, TAccumulator, TReducer>.Fold(lifted.Parts[1], some, given, second, s_alone);
        }
        Doubles.Widen(from, gradients);
        lifted.Give(first, second, gradients, beside);
        Spread(some, gradients, given);
        if (lifted.Gradient.GivesTwo) Spread(some, beside, more);
        lifted.Meet(cells, given, more);
        Doubles.Narrow<T>(given, to);
        return true;
    }

    private void Spread(in Geometry some, Span<double> gradients, Span<double> cells)
    {
        fixed (double* from = gradients, to = cells)
            GradientPlanner.Mean(some, from, to, countPadding: false, lifted.Parts[0] == LiftedPart.Mean ? 0 : 1, s_alone);
    }
}
