using System.Numerics;
using System.Numerics.Tensors;
using Cenote.Gradients;
using Cenote.Kernels;

namespace Cenote;

// Spatial pyramid pooling: a map of any size to a vector of one length.
public static partial class Pool
{
    /// <summary>The maxima of a map over grids of several sizes, as one vector: maps of any size to vectors of one length.</summary>
    /// <remarks>
    /// Each level is an adaptive max pooling to as many bins along every axis. Source: He, Zhang, Ren, Sun, "Spatial pyramid pooling in deep
    /// convolutional networks" (2014).
    /// </remarks>
    /// <param name="input">(N, C, …) or (C, …), channels first.</param>
    /// <param name="levels">Bins along each axis of each level, 1 or more, such as 1, 2, 4.</param>
    /// <param name="rank">How many axes are pooled, 1 to 3. Default: all but batch and channels.</param>
    /// <returns>(N, C * bins) or (C * bins): for each channel its levels one after another, each in row-major order; NaN where a bin holds one.</returns>
    /// <exception cref="ArgumentException">There is no level, or one under 1, or the input has too few axes.</exception>
    public static Tensor<T> SpatialPyramid<T>(Tensor<T> input, ReadOnlySpan<int> levels, int? rank = null)
        where T : unmanaged, INumber<T>
    {
        Tensor<T> output = Tensor.CreateFromShapeUninitialized<T>(PyramidShape(input.Lengths, levels, rank));
        SpatialPyramid<T>(input, levels, output, rank);
        return output;
    }

    /// <inheritdoc cref="SpatialPyramid{T}(Tensor{T}, ReadOnlySpan{int}, int?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="levels">Bins along each axis of each level.</param>
    /// <param name="into">Where the vectors go; of the output's shape.</param>
    /// <param name="rank">How many axes are pooled.</param>
    public static unsafe void SpatialPyramid<T>(in ReadOnlyTensorSpan<T> input, ReadOnlySpan<int> levels, in TensorSpan<T> into, int? rank = null)
        where T : unmanaged, INumber<T>
    {
        nint[] shape = PyramidShape(input.Lengths, levels, rank);
        SameShape(into.Lengths, shape, nameof(into));
        if (into.FlattenedLength == 0) return;
        using DenseOutput<T> to = new(into);
        nint first = 0;
        fixed (T* start = to.Span)
            foreach (int level in levels)
            {
                Window window = Window.Adaptive(level) with { Rank = rank };
                Tensor<T> maxima = Tensor.CreateFromShapeUninitialized<T>(window.OutputShape(input.Lengths));
                Max<T>(input, window, maxima);
                (nint planes, nint bins) = Planes(maxima.Lengths, window);
                nint vector = into.FlattenedLength / planes;
                fixed (T* source = maxima.AsTensorSpan())
                    for (nint plane = 0; plane < planes; plane++) new Span<T>(source + plane * bins, (int)bins).CopyTo(new(start + plane * vector + first, (int)bins));
                first += bins;
            }
    }

    /// <summary>The gradient of <see cref="SpatialPyramid{T}(Tensor{T}, ReadOnlySpan{int}, int?)"/>: each bin gives its gradient to its maximum.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="levels">As in the forward pass.</param>
    /// <param name="rank">As in the forward pass.</param>
    /// <returns>The gradient of the input; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected.</exception>
    public static unsafe Tensor<T> SpatialPyramidBackward<T>(Tensor<T> gradOutput, Tensor<T> input, ReadOnlySpan<int> levels, int? rank = null)
        where T : unmanaged, INumber<T>
    {
        SameShape(gradOutput.Lengths, PyramidShape(input.Lengths, levels, rank), nameof(gradOutput));
        Tensor<T> gradInput = Tensor.CreateFromShapeUninitialized<T>(input.Lengths);
        if (input.FlattenedLength == 0) return gradInput;
        // Level by level, plane after plane, as the winners of each are found.
        long[][] winners = new long[levels.Length][];
        nint planes = 1;
        for (int i = 0; i < levels.Length; i++)
        {
            Window window = Window.Adaptive(levels[i]) with { Rank = rank };
            Tensor<long> indices = MaxWithIndices(input, window).Indices;
            winners[i] = new long[indices.FlattenedLength];
            indices.FlattenTo(winners[i]);
            planes = Planes(indices.Lengths, window).Planes;
        }
        nint cells = input.FlattenedLength / planes;
        using PlaneSums sums = new(cells);
        fixed (T* source = new DenseInput<T>(gradOutput).Span)
        fixed (T* target = gradInput.AsTensorSpan())
        {
            T* bin = source;
            for (nint plane = 0; plane < planes; plane++)
            {
                foreach (long[] level in winners)
                {
                    nint bins = level.Length / planes;
                    fixed (long* first = level) sums.Add(bin, first + plane * bins, bins, 1);
                    bin += bins;
                }
                sums.MoveTo(target + plane * cells, 1);
            }
        }
        return gradInput;
    }

    /// <summary>(N, C * bins).</summary>
    internal static nint[] PyramidShape(ReadOnlySpan<nint> input, ReadOnlySpan<int> levels, int? rank)
    {
        if (levels.IsEmpty) throw new ArgumentException("levels is empty; it must have at least one number", nameof(levels));
        nint bins = 0;
        int first = 0;
        foreach (int level in levels)
        {
            if (level < 1) throw new ArgumentException($"levels holds {level}; it must be at least 1", nameof(levels));
            Window window = Window.Adaptive(level) with { Rank = rank };
            bins = checked(bins + Planes(window.OutputShape(input), window).Bins);
            first = window.FirstAxis(input.Length);
        }
        if (first == 0) throw new ArgumentException($"input has shape {Shape.Format(input)}; it must have a channel axis before those that are pooled", nameof(input));
        return [.. input[..(first - 1)], checked(input[first - 1] * bins)];
    }

    /// <summary>How many planes an output has, and how many bins each.</summary>
    private static (nint Planes, nint Bins) Planes(ReadOnlySpan<nint> output, Window window)
    {
        nint planes = 1, bins = 1;
        int first = window.FirstAxis(output.Length);
        for (int axis = 0; axis < output.Length; axis++)
            if (axis < first) planes *= output[axis];
            else bins = checked(bins * output[axis]);
        return (planes, bins);
    }
}
