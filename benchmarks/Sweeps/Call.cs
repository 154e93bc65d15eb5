using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Cenote;
using Comparison;

namespace Sweeps;

/// <summary>A call on one thread, into a destination that is there already.</summary>
/// <param name="Run">Makes it.</param>
/// <param name="Bytes">What it must move: cells, outputs and indices.</param>
internal sealed record Call(Action Run, long Bytes)
{
    /// <summary>One thread.</summary>
    public static PoolOptions Alone { get; } = new() { Threads = 1 };

    /// <summary>An operator over random cells.</summary>
    public static Call Of<T>(Operator of, Window window, nint[] shape)
        where T : unmanaged, INumber<T>
    {
        nint[] outputShape = window.OutputShape(shape);
        AlignedCells<T> input = Cells<T>(shape), output = Cells<T>(outputShape);
        Tensor<T> cells = input.AsTensor(shape), results = output.AsTensor(outputShape);
        long bytes = (long)Unsafe.SizeOf<T>() * (input.Count + output.Count);
        if (of is Operator.Max) return new(() => Pool.Max<T>(cells, window, results, Alone), bytes);
        if (of is Operator.Average) return new(() => Pool.Avg<T>(cells, window, results, options: Alone), bytes);
        if (of is Operator.Norm) return new(() => Pool.Lp<T>(cells, window, results, p: 2, Alone), bytes);
        if (of is Operator.AverageBackward) return new(() => Pool.AvgBackward<T>(results, window, cells, options: Alone), bytes);

        Tensor<long> places = new AlignedCells<long>(output.Count).AsTensor(outputShape);
        bytes += (long)sizeof(long) * output.Count;
        void Select() => Pool.Select<T, Max<T>>(cells, window, default, results, places, Alone);
        if (of is Operator.MaxWithIndices) return new(Select, bytes);
        Select();
        if (of is not Operator.MaxBackward) throw new NotSupportedException($"operator is {of}; a sweep has windows that slide");
        return new(() => Pool.MaxBackward<T>(results, places, window, cells, Alone), bytes);
    }

    /// <summary>Nanoseconds, the least of several tries.</summary>
    public double Time(int tries = 7)
    {
        Run();
        int times = 0;
        Stopwatch watch = Stopwatch.StartNew();
        do
        {
            Run();
            times++;
        }
        while (watch.Elapsed.TotalMilliseconds < 0.1);
        double best = double.PositiveInfinity;
        for (int i = 0; i < tries; i++)
        {
            watch.Restart();
            for (int time = 0; time < times; time++) Run();
            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / times);
        }
        return best;
    }

    /// <summary>Random cells.</summary>
    public static AlignedCells<T> Cells<T>(nint[] shape)
        where T : unmanaged, INumber<T>
    {
        AlignedCells<T> cells = new((nint)TensorPrimitives.Product<nint>(shape));
        Random random = new(1);
        bool isWhole = T.IsZero(T.CreateTruncating(0.5));
        foreach (ref T cell in cells.Span) cell = T.CreateTruncating(isWhole ? random.Next(250) : 20 * random.NextDouble() - 10);
        return cells;
    }
}
