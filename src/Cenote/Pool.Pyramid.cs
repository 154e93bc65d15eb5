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
    /// <param name="input">(N, C, …), channels first; an unbatched map, (C, H, W), needs <paramref name="rank"/>.</param>
    /// <param name="levels">Bins along each axis of each level, 1 or more, such as 1, 2, 4.</param>
    /// <param name="rank">How many axes are pooled, 1 to 3. Default: all but two, the batch and the channels, at least 1 and at most 3.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>(N, C * bins) or (C * bins): for each channel its levels one after another, each in row-major order; NaN where a bin holds one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rank"/> is not 1 to 3.</exception>
    /// <exception cref="ArgumentException">There is no level, or one under 1, or the input has too few axes, or one other than the batch of length 0.</exception>
    /// <seealso cref="SpatialPyramidBackward{T}(Tensor{T}, Tensor{T}, ReadOnlySpan{int}, int?, PoolOptions?)"/>
    public static Tensor<T> SpatialPyramid<T>(Tensor<T> input, ReadOnlySpan<int> levels, int? rank = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        Tensor<T> output = NewTensor<T>(PyramidShape(input.Lengths, levels, rank));
        SpatialPyramid<T>(input, levels, output, rank, options);
        return output;
    }

    /// <inheritdoc cref="SpatialPyramid{T}(Tensor{T}, ReadOnlySpan{int}, int?, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="levels">Bins along each axis of each level.</param>
    /// <param name="into">Where the vectors go; of the output's shape.</param>
    /// <param name="rank">How many axes are pooled.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void SpatialPyramid<T>(in ReadOnlyTensorSpan<T> input, ReadOnlySpan<int> levels, in TensorSpan<T> into, int? rank = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        nint[] shape = PyramidShape(input.Lengths, levels, rank);
        SameShape(into.Lengths, shape, nameof(into));
        Apart(input, "the input", into, nameof(into));
        if (into.FlattenedLength == 0) return;
        using DenseOutput<T> to = new(into);
        nint first = 0;
        fixed (T* start = to.Span)
            for (int i = 0; i < levels.Length; i++)
            {
                Window window = Window.Adaptive(levels[i]) with { Rank = rank };
                Tensor<T> maxima = NewTensor<T>(window.OutputShape(input.Lengths));
                Max<T>(input, window, maxima, Quiet(options));
                (nint planes, nint bins) = Planes(maxima.Lengths, window);
                nint vector = into.FlattenedLength / planes;
                fixed (T* source = maxima.AsTensorSpan())
                    for (nint plane = 0; plane < planes; plane++) new Span<T>(source + plane * bins, (int)bins).CopyTo(new(start + plane * vector + first, (int)bins));
                first += bins;
                options?.Progress?.Report((i + 1.0) / levels.Length);
            }
    }

    /// <summary>The gradient of <see cref="SpatialPyramid{T}(Tensor{T}, ReadOnlySpan{int}, int?, PoolOptions?)"/>: each bin gives its gradient to its maximum.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="levels">As in the forward pass.</param>
    /// <param name="rank">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or the levels are not valid.</exception>
    public static Tensor<T> SpatialPyramidBackward<T>(
        Tensor<T> gradOutput, Tensor<T> input, ReadOnlySpan<int> levels, int? rank = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(input);
        Tensor<T> gradInput = NewTensor<T>(input.Lengths);
        SpatialPyramidBackward<T>(gradOutput, input, levels, gradInput, rank, options);
        return gradInput;
    }

    /// <inheritdoc cref="SpatialPyramidBackward{T}(Tensor{T}, Tensor{T}, ReadOnlySpan{int}, int?, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="levels">As in the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="rank">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void SpatialPyramidBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, ReadOnlySpan<int> levels, in TensorSpan<T> into, int? rank = null,
        PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        SameShape(gradOutput.Lengths, PyramidShape(input.Lengths, levels, rank), nameof(gradOutput));
        Apart(gradOutput, input, into);
        if (input.FlattenedLength == 0) return;
        // Level by level, plane after plane, as the winners of each are found.
        Tensor<long>[] winners = new Tensor<long>[levels.Length];
        nint planes = 1, vector = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            Window window = Window.Adaptive(levels[i]) with { Rank = rank };
            nint[] shape = window.OutputShape(input.Lengths);
            winners[i] = NewTensor<long>(shape);
            Select<T, Max<T>>(input, window, default, NewTensor<T>(shape), winners[i], Quiet(options));
            (planes, nint bins) = Planes(shape, window);
            vector += bins;
        }
        nint cells = input.FlattenedLength / planes;
        DenseInput<T> from = new(gradOutput);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (T* target = to.Span)
        {
            T* gradients = source, sums = target;
            PlaneSums.Each(planes, cells, (cells + vector) * sizeof(T) + vector * sizeof(long), (plane, added) =>
            {
                T* bin = gradients + plane * vector;
                foreach (Tensor<long> level in winners)
                {
                    nint bins = level.FlattenedLength / planes;
                    fixed (long* first = level.AsTensorSpan()) added.Add(bin, first + plane * bins, bins, 1);
                    bin += bins;
                }
                added.MoveTo(sums + plane * cells, 1);
            }, options);
        }
    }

    /// <summary>(N, C * bins).</summary>
    internal static nint[] PyramidShape(ReadOnlySpan<nint> input, ReadOnlySpan<int> levels, int? rank)
    {
        if (levels.IsEmpty) throw new ArgumentException("levels is empty; it must have at least one number", nameof(levels));
        Int128 bins = 0;
        int first = 0;
        foreach (int level in levels)
        {
            if (level < 1) throw new ArgumentException($"levels holds {level}; it must be at least 1", nameof(levels));
            Window window = Window.Adaptive(level) with { Rank = rank };
            Int128 more = 1;
            foreach (nint length in window.OutputShape(input).AsSpan(window.FirstAxis(input.Length))) more *= length;
            bins += more;
            first = window.FirstAxis(input.Length);
        }
        if (first == 0) throw new ArgumentException($"input has shape {Shape.Format(input)}; it must have a channel axis before those that are pooled", nameof(input));
        if (bins > nint.MaxValue || bins * input[first - 1] > nint.MaxValue)
            throw new ArgumentException($"levels {string.Join(", ", levels.ToArray())} come to more bins than fit 64 bits", nameof(levels));
        return [.. input[..(first - 1)], input[first - 1] * (nint)bins];
    }

    /// <summary>How many planes an output has, and how many bins each.</summary>
    private static (nint Planes, nint Bins) Planes(ReadOnlySpan<nint> output, Window window)
    {
        nint planes = 1, bins = 1;
        int first = window.FirstAxis(output.Length);
        for (int axis = 0; axis < output.Length; axis++)
            if (axis < first) planes *= output[axis];
            else bins *= output[axis];
        return (planes, bins);
    }
}
