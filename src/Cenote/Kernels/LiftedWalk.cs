using System.Buffers;
using System.Numerics;

namespace Cenote.Kernels;

/// <summary>Norms and weighted means: functions of the cells, in double, by kernels that add up or take the largest, and what follows of that.</summary>
/// <remarks>Some planes at a time, in a second-level cache.</remarks>
/// <typeparam name="T">A cell, as the fold has it.</typeparam>
/// <typeparam name="TCell">The same, as a number.</typeparam>
/// <typeparam name="TAccumulator">What the fold carries.</typeparam>
/// <typeparam name="TReducer">The fold.</typeparam>
/// <param name="geometry">The window, of which each has a cell.</param>
/// <param name="input">The cells.</param>
/// <param name="output">Where the results go.</param>
/// <param name="reducer">The fold.</param>
/// <param name="lifted">The same by its parts.</param>
/// <param name="options">Threads and cancellation of the parts, where all planes are one unit.</param>
internal readonly unsafe struct LiftedWalk<T, TCell, TAccumulator, TReducer>(Geometry geometry, T* input, T* output, TReducer reducer, ILiftedFold lifted, PoolOptions? options) : IKernel
    where T : unmanaged
    where TCell : unmanaged, INumber<TCell>
    where TAccumulator : unmanaged
    where TReducer : struct, IReducer<TReducer, T, TAccumulator>
{
    private const long MostCells = 16 * 1024, MostShortCells = 64 * 1024;

    private static readonly PoolOptions s_alone = new() { Threads = 1 };

    private readonly long _planes = Math.Clamp((StaysShort(lifted, geometry) ? MostShortCells : MostCells) / (geometry.InputPlane * geometry.Inner), 1, geometry.Outer);

    public long Units => (geometry.Outer - 1) / _planes + 1;

    public long UnitBytes => _planes * (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(double);

    // Of a part; threads where all planes are one unit.
    private PoolOptions? Inner => Units > 1 ? s_alone : options is null ? null : options with { Progress = null };

    /// <summary>Whether the planes can be held in double, and every window has a cell.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry.InputPlane * geometry.Inner <= Array.MaxLength && geometry.Depth.AllHaveCells && geometry.Height.AllHaveCells && geometry.Width.AllHaveCells;

    public void Run(long first, long end)
    {
        long plane = geometry.InputPlane * geometry.Inner, outputPlane = geometry.OutputPlane * geometry.Inner;
        bool isSecond = lifted.Parts.Length > 1;
        // Doubles of which nothing is made before they are folded stay where they are.
        bool isThere = typeof(TCell) == typeof(double) && lifted.Parts[0] == LiftedPart.RootOfSquares;
        double[] memory = isThere ? [] : ArrayPool<double>.Shared.Rent(checked((int)(_planes * plane))), cells = isSecond ? ArrayPool<double>.Shared.Rent((int)(_planes * plane)) : memory;
        double[] results = isThere ? [] : ArrayPool<double>.Shared.Rent((int)(_planes * outputPlane)), more = isSecond ? ArrayPool<double>.Shared.Rent((int)(_planes * outputPlane)) : [];
        bool isShort = StaysShort(lifted, geometry);
        for (long unit = first; unit < end; unit++)
        {
            long start = unit * _planes;
            Geometry some = geometry with { Outer = Math.Min(_planes, geometry.Outer - start) };
            int count = (int)(some.Outer * plane), outputs = (int)(some.Outer * outputPlane);
            T* from = input + start * plane, to = output + start * outputPlane;
            if (isShort && Powers.AreSafeSquares(new(from, count), some.MostTaps))
            {
                Planner.Run<BFloat16, float, RootOfSquares<BFloat16, float>>(some, (BFloat16*)from, (BFloat16*)to, default, Inner);
                continue;
            }
            Span<double> lift = isThere ? new(from, count) : memory.AsSpan(0, count), made = isThere ? new(to, outputs) : results.AsSpan(0, outputs);
            if (!isThere) Doubles.Widen((TCell*)from, lift);
            if (!Fold(some, isSecond ? cells.AsSpan(0, count) : lift, lift, made, isSecond ? more.AsSpan(0, outputs) : [])) SeparableWalk.Run<T, TAccumulator, TReducer>(some, from, to, reducer);
            else if (!isThere) Doubles.Narrow<TCell>(made, (TCell*)to);
        }
        if (isSecond) ArrayPool<double>.Shared.Return(cells);
        if (isSecond) ArrayPool<double>.Shared.Return(more);
        if (isThere) return;
        ArrayPool<double>.Shared.Return(memory);
        ArrayPool<double>.Shared.Return(results);
    }

    /// <summary>Whether squares of the cells are added up in float, if none is too large or too small.</summary>
    private static bool StaysShort(ILiftedFold lifted, in Geometry geometry) =>
        typeof(TCell) == typeof(BFloat16) && lifted.Parts[0] == LiftedPart.RootOfSquares && KnownFolds.FitsSingleSquares(geometry);

    private bool Fold(in Geometry some, Span<double> cells, Span<double> memory, Span<double> first, Span<double> second)
    {
        if (!second.IsEmpty) memory.CopyTo(cells);
        if (!lifted.Lift(0, cells, memory, some.MostTaps)) return false;
        Fold(lifted.Parts[0], some, memory, first, Inner);
        if (second.IsEmpty) return lifted.Finish(cells, first, second);
        if (!lifted.Lift(1, cells, memory, some.MostTaps)) return false;
        Fold(lifted.Parts[1], some, memory, second, Inner);
        return lifted.Finish(cells, first, second);
    }

    /// <summary>Folds a part.</summary>
    public static void Fold(LiftedPart part, in Geometry some, Span<double> cells, Span<double> results, PoolOptions? options)
    {
        bool ordered = some.MostTaps <= Pool.OrderedTaps;
        fixed (double* from = cells, to = results)
        {
            if (part == LiftedPart.RootOfSquares) Planner.Run<double, double, RootOfSquares<double, double>>(some, from, to, default, options);
            else if (part == LiftedPart.Max) Planner.Fold<double, double, Max<double>>(some, from, to, default, ordered: false, options);
            else Planner.Fold<double, double, Mean<double, double>>(some, from, to, new(countPadding: false, part == LiftedPart.Sum ? 1 : null), ordered, options);
        }
    }
}
