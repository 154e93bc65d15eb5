using System.Numerics.Tensors;
using Cenote.Gradients;
using Cenote.Kernels;
using Cenote.Unpooling;

namespace Cenote;

// Max pooling undone as far as it can be: the winners back in their places, zeros elsewhere.
public static partial class Pool
{
    /// <summary>Each cell back to the place that its index names, zeros elsewhere; PyTorch's <c>max_unpool1d</c> to <c>max_unpool3d</c>.</summary>
    /// <param name="input">The pooled cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="indices">Their places, as of <see cref="MaxWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>; of the input's shape; -1 is skipped.</param>
    /// <param name="window">The window of the pooling: its kernel, stride, padding and dilation give the output's size.</param>
    /// <param name="outputSize">Another length for each of the window's axes, see <see cref="Window.UnpooledShape(ReadOnlySpan{nint}, Sizes?)"/>. Default: as there.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>A tensor of <see cref="Window.UnpooledShape(ReadOnlySpan{nint}, Sizes?)"/>; where an index comes twice the last in row-major order wins.</returns>
    /// <exception cref="ArgumentException">
    /// An index lies outside the output's plane, a shape is another than expected, or the window does not slide or is padded by a rule; the message names it.
    /// </exception>
    /// <seealso cref="MaxUnpoolBackward{T}(Tensor{T}, Tensor{long}, Window, PoolOptions?)"/>
    public static Tensor<T> MaxUnpool<T>(Tensor<T> input, Tensor<long> indices, Window window, Sizes? outputSize = null, PoolOptions? options = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(window);
        Tensor<T> output = NewTensor<T>(window.UnpooledShape(input.Lengths, outputSize));
        MaxUnpool<T>(input, indices, window, output, options);
        return output;
    }

    /// <inheritdoc cref="MaxUnpool{T}(Tensor{T}, Tensor{long}, Window, Sizes?, PoolOptions?)"/>
    /// <param name="input">The pooled cells.</param>
    /// <param name="indices">Their places.</param>
    /// <param name="window">The window of the pooling.</param>
    /// <param name="into">Where the cells go; its lengths are the output's size.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void MaxUnpool<T>(in ReadOnlyTensorSpan<T> input, in ReadOnlyTensorSpan<long> indices, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged
    {
        UnpoolWalk walk = ResolveUnpool(input.Lengths, indices.Lengths, window, into.Lengths, nameof(into));
        Apart(input, "the input", into, nameof(into));
        Apart(indices, nameof(indices), into, nameof(into));
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        DenseInput<long> places = new(indices);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (long* positions = places.Span)
        fixed (T* target = to.Span)
        {
            if (!TryMove(input.Lengths, window, into.Lengths, source, positions, target, options)) walk.Scatter(source, positions, target, options);
        }
    }

    /// <summary>The gradient of <see cref="MaxUnpool{T}(Tensor{T}, Tensor{long}, Window, Sizes?, PoolOptions?)"/>: each cell gets that of the place it went to.</summary>
    /// <remarks>A cell whose place a later one took gets 0; PyTorch gives the gradient to both.</remarks>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="indices">The places of the forward pass; -1 is skipped.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input, of the shape of <paramref name="indices"/>.</returns>
    /// <exception cref="ArgumentException">An index lies outside the output's plane, or a shape is another than expected; the message names it.</exception>
    public static Tensor<T> MaxUnpoolBackward<T>(Tensor<T> gradOutput, Tensor<long> indices, Window window, PoolOptions? options = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(window);
        Tensor<T> gradInput = NewTensor<T>(indices.Lengths);
        MaxUnpoolBackward<T>(gradOutput, indices, window, gradInput, options);
        return gradInput;
    }

    /// <inheritdoc cref="MaxUnpoolBackward{T}(Tensor{T}, Tensor{long}, Window, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">The places of the forward pass.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the shape of <paramref name="indices"/>.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void MaxUnpoolBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<long> indices, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged
    {
        UnpoolWalk walk = ResolveUnpool(into.Lengths, indices.Lengths, window, gradOutput.Lengths, nameof(gradOutput));
        Apart(gradOutput, nameof(gradOutput), into, nameof(into));
        Apart(indices, nameof(indices), into, nameof(into));
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(gradOutput);
        DenseInput<long> places = new(indices);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (long* positions = places.Span)
        fixed (T* target = to.Span)
            walk.Gather(source, positions, target, options);
    }

    /// <summary>Moves the cells as the gradient of a max pooling would, if each goes to its own window and none overlaps another.</summary>
    private static unsafe bool TryMove<T>(ReadOnlySpan<nint> pooled, Window window, ReadOnlySpan<nint> unpooled, T* input, long* indices, T* output, PoolOptions? options)
        where T : unmanaged
    {
        try
        {
            return pooled.SequenceEqual(window.OutputShape(unpooled)) && GradientPlanner.TryMove(window.Resolve(unpooled), input, indices, output, options);
        }
        catch (ArgumentException)
        {
            // A plane that is shorter than its window, which unpooling allows, or an index of another window.
            return false;
        }
    }

    /// <summary>Everything that can be wrong with an unpooling, once.</summary>
    private static UnpoolWalk ResolveUnpool(
        ReadOnlySpan<nint> pooled, ReadOnlySpan<nint> indices, Window window, ReadOnlySpan<nint> unpooled, string unpooledArgument)
    {
        ArgumentNullException.ThrowIfNull(window);
        SameShape(indices, pooled, nameof(indices));
        int first = window.FirstAxis(pooled.Length), rank = window.RankFor(pooled.Length);
        SameShape(unpooled, window.UnpooledShape(pooled, unpooled.Length == pooled.Length ? unpooled.Slice(first, rank) : []), unpooledArgument);
        return new(Count(pooled[..first]), Count(pooled.Slice(first, rank)), Count(unpooled.Slice(first, rank)), Count(pooled[(first + rank)..]));

        static long Count(ReadOnlySpan<nint> lengths)
        {
            long count = 1;
            foreach (nint length in lengths) count *= length;
            return count;
        }
    }
}
