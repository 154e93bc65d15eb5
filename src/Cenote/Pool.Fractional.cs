using System.Numerics;
using System.Numerics.Tensors;
using Cenote.Gradients;
using Cenote.Kernels;

namespace Cenote;

// Fractional max pooling: windows of one size at uneven steps.
public static partial class Pool
{
    /// <summary>The largest cell of each window of a fractional pooling, and where it is; PyTorch's <c>fractional_max_pool2d</c> and <c>3d</c>.</summary>
    /// <param name="input">The cells, (N, C, …) or as the window's layout says; (C, H, W) needs a window of known rank, see <see cref="FractionalWindow"/>.</param>
    /// <param name="window">The kernel, and the output size or ratio.</param>
    /// <param name="samples">
    /// A number from 0 to just under 1 for every plane and axis, of shape (N, C, rank), in PyTorch's order of the axes: (width, height) in
    /// 2-D, (depth, height, width) in 3-D. <see cref="FractionalWindow.Samples"/> draws them from a seed.
    /// </param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The maxima, NaN where the window holds one; indices <c>(d * H + h) * W + w</c> inside the plane, of the first maximum or the last NaN. Both of <see cref="FractionalWindow.OutputShape(ReadOnlySpan{nint})"/>.</returns>
    /// <exception cref="ArgumentException">The window does not fit, the samples have another shape, or one is out of range.</exception>
    /// <seealso cref="FractionalMaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, FractionalWindow, PoolOptions?)"/>
    public static (Tensor<T> Values, Tensor<long> Indices) FractionalMaxWithIndices<T>(Tensor<T> input, FractionalWindow window, Tensor<double> samples, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(samples);
        nint[] shape = window.OutputShape(input.Lengths);
        Tensor<T> values = NewTensor<T>(shape);
        Tensor<long> indices = NewTensor<long>(shape);
        FractionalMaxWithIndices<T>(input, window, samples, values, indices, options);
        return (values, indices);
    }

    /// <inheritdoc cref="FractionalMaxWithIndices{T}(Tensor{T}, FractionalWindow, Tensor{double}, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The kernel, and the output size or ratio.</param>
    /// <param name="samples">A number for every plane and axis.</param>
    /// <param name="values">Where the maxima go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void FractionalMaxWithIndices<T>(
        in ReadOnlyTensorSpan<T> input, FractionalWindow window, in ReadOnlyTensorSpan<double> samples, in TensorSpan<T> values, in TensorSpan<long> indices, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(window);
        nint[] shape = window.OutputShape(input.Lengths);
        SameShape(samples.Lengths, window.SamplesShape(input.Lengths), nameof(samples));
        SameShape(values.Lengths, shape, nameof(values));
        SameShape(indices.Lengths, shape, nameof(indices));
        Apart(input, "the input", values, nameof(values));
        Apart(input, "the input", indices, nameof(indices));
        Apart(samples, nameof(samples), values, nameof(values));
        Apart(samples, nameof(samples), indices, nameof(indices));
        Apart<T, long>(values, nameof(values), indices, nameof(indices));
        foreach (double sample in samples)
            if (!(sample >= 0 && sample < 1)) throw new ArgumentException($"samples holds {sample}; it must be from 0 to just under 1", nameof(samples));
        if (values.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        DenseInput<double> drawn = new(samples);
        using DenseOutput<T> toValues = new(values);
        using DenseOutput<long> toIndices = new(indices);
        Geometry geometry = window.Frame.Resolve(input.Lengths);
        int rank = window.Frame.RankFor(input.Rank), first = window.Frame.FirstAxis(input.Rank);
        Span<long> outputs = [1, 1, 1];
        for (int axis = 0; axis < rank; axis++) outputs[3 - rank + axis] = shape[first + axis];
        fixed (T* source = from.Span)
        fixed (double* numbers = drawn.Span)
        fixed (T* target = toValues.Span)
        fixed (long* positions = toIndices.Span)
            Crew.Run(new FractionalWalk<T>(geometry, (outputs[0], outputs[1], outputs[2]), source, numbers, rank, target, positions), options);
    }

    /// <summary>The largest cell of each window of a fractional pooling, its steps drawn from a seed.</summary>
    /// <param name="input">The cells, (N, C, …) or as the window's layout says; (C, H, W) needs a window of known rank, see <see cref="FractionalWindow"/>.</param>
    /// <param name="window">The kernel, and the output size or ratio.</param>
    /// <param name="seed">The same steps for the same seed and shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The maxima, of <see cref="FractionalWindow.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one.</returns>
    /// <exception cref="ArgumentException">The window does not fit.</exception>
    /// <seealso cref="FractionalMaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, FractionalWindow, PoolOptions?)"/>
    public static Tensor<T> FractionalMax<T>(Tensor<T> input, FractionalWindow window, long seed, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        return FractionalMaxWithIndices(input, window, window.Samples(input.Lengths, seed), options).Values;
    }

    /// <summary>The gradient of a fractional max pooling: each output gives its gradient to its winner.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="indices">Where the winners are, as of the forward pass; -1 is skipped.</param>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or an index no cell of the plane.</exception>
    public static Tensor<T> FractionalMaxBackward<T>(Tensor<T> gradOutput, Tensor<long> indices, ReadOnlySpan<nint> inputShape, FractionalWindow window, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(window);
        Tensor<T> gradInput = NewTensor<T>(inputShape);
        FractionalMaxBackward<T>(gradOutput, indices, window, gradInput, options);
        return gradInput;
    }

    /// <inheritdoc cref="FractionalMaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, FractionalWindow, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">Where the winners are.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void FractionalMaxBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<long> indices, FractionalWindow window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(window);
        nint[] shape = window.OutputShape(into.Lengths);
        SameShape(gradOutput.Lengths, shape, nameof(gradOutput));
        SameShape(indices.Lengths, shape, nameof(indices));
        Apart(gradOutput, nameof(gradOutput), into, nameof(into));
        Apart(indices, nameof(indices), into, nameof(into));
        if (into.FlattenedLength == 0) return;
        (long outer, _, _, _, long inner) = window.Frame.Resolve(into.Lengths);
        long inputPlane = into.FlattenedLength / (outer * inner), outputPlane = gradOutput.FlattenedLength / (outer * inner);
        DenseInput<T> from = new(gradOutput);
        DenseInput<long> winners = new(indices);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (long* positions = winners.Span)
        fixed (T* target = to.Span)
        {
            T* gradients = source, sums = target;
            long* places = positions;
            PlaneSums.Each(outer * inner, inputPlane, inputPlane * sizeof(T) + outputPlane * (sizeof(T) + sizeof(long)), (plane, added) =>
            {
                (long o, long channel) = Math.DivRem(plane, inner);
                long output = o * outputPlane * inner + channel;
                added.Add(gradients + output, places + output, outputPlane, inner);
                added.MoveTo(sums + o * inputPlane * inner + channel, inner);
            }, options);
        }
    }
}
