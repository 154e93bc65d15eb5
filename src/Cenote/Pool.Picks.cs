using System.Numerics;
using System.Numerics.Tensors;
using Cenote.Kernels;

namespace Cenote;

// One cell of each window, where all of them must be seen before it is known which.
public static partial class Pool
{
    /// <summary>The median of each window, and where it is.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never counts.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>
    /// The middle cell in order of size, of an even number the lower of the middle two, as <c>torch.median</c> has it: always one of the cells, so
    /// exact in every type and with an index. NaN where the window holds one. Indices <c>(d * H + h) * W + w</c> inside the unpadded plane, of
    /// the first of equal cells, of the last NaN; 0 at index -1 where the window has no cell. Both of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static (Tensor<T> Values, Tensor<long> Indices) MedianWithIndices<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Pick(input, window, default(MedianPick<T>), options);

    /// <inheritdoc cref="MedianWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="values">Where the medians go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void MedianWithIndices<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> values, in TensorSpan<long> indices, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Pick(input, window, default(MedianPick<T>), values, indices, options);

    /// <summary>The median of each window; see <see cref="MedianWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never counts.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The medians, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> Median<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Picked(input, window, default(MedianPick<T>), options);

    /// <summary>One cell of each window, drawn with a probability in proportion to its value, and where it is.</summary>
    /// <remarks>
    /// A cell of 0 or less is never drawn while there is one above 0; where there is none, or their sum is infinite, the first of the largest is taken. The draw of an
    /// output depends on the seed and on its position alone, not on threads. Source: Zeiler, Fergus, "Stochastic pooling for
    /// regularization of deep convolutional neural networks" (2013), while training; see <see cref="StochasticMean{T}(Tensor{T}, Window, PoolOptions?)"/> for afterwards.
    /// </remarks>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>; meant for cells of 0 or more.</param>
    /// <param name="window">The window; padding is never drawn.</param>
    /// <param name="seed">The same draws for the same seed and shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>
    /// The cells, NaN where the window holds one, 0 where it has no cell, and their indices as of <see cref="MedianWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>.
    /// Both of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static (Tensor<T> Values, Tensor<long> Indices) StochasticWithIndices<T>(Tensor<T> input, Window window, long seed, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Pick(input, window, new StochasticPick<T>(seed), options);

    /// <inheritdoc cref="StochasticWithIndices{T}(Tensor{T}, Window, long, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="seed">The same draws for the same seed and shape.</param>
    /// <param name="values">Where the cells go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void StochasticWithIndices<T>(
        in ReadOnlyTensorSpan<T> input, Window window, long seed, in TensorSpan<T> values, in TensorSpan<long> indices, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Pick(input, window, new StochasticPick<T>(seed), values, indices, options);

    /// <summary>One cell of each window, drawn; see <see cref="StochasticWithIndices{T}(Tensor{T}, Window, long, PoolOptions?)"/>.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>; meant for cells of 0 or more.</param>
    /// <param name="window">The window; padding is never drawn.</param>
    /// <param name="seed">The same draws for the same seed and shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The cells, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> Stochastic<T>(Tensor<T> input, Window window, long seed, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Picked(input, window, new StochasticPick<T>(seed), options);

    private static (Tensor<T> Values, Tensor<long> Indices) Pick<T, TPick>(Tensor<T> input, Window window, TPick pick, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TPick : struct, IPick<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        nint[] shape = window.OutputShape(input.Lengths);
        Tensor<T> values = NewTensor<T>(shape);
        Tensor<long> indices = NewTensor<long>(shape);
        Pick<T, TPick>(input, window, pick, values, indices, options);
        return (values, indices);
    }

    private static unsafe void Pick<T, TPick>(
        in ReadOnlyTensorSpan<T> input, Window window, TPick pick, in TensorSpan<T> values, in TensorSpan<long> indices, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TPick : struct, IPick<T>
    {
        Geometry geometry = Resolve(input, window, values, nameof(values));
        Resolve(input, window, indices, nameof(indices));
        Apart<T, long>(values, nameof(values), indices, nameof(indices));
        if (values.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        using DenseOutput<T> toValues = new(values);
        using DenseOutput<long> toIndices = new(indices);
        fixed (T* source = from.Span)
        fixed (T* target = toValues.Span)
        fixed (long* positions = toIndices.Span)
            Planner.Pick(geometry, source, target, positions, pick, options);
    }

    private static unsafe Tensor<T> Picked<T, TPick>(Tensor<T> input, Window window, TPick pick, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TPick : struct, IPick<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        Tensor<T> values = NewTensor<T>(window.OutputShape(input.Lengths));
        Geometry geometry = Resolve<T, T>(input, window, values, nameof(values));
        DenseInput<T> from = new(input);
        using DenseOutput<T> toValues = new(values);
        fixed (T* source = from.Span)
        fixed (T* target = toValues.Span)
            if (values.FlattenedLength > 0) Planner.Pick(geometry, source, target, null, pick, options);
        return values;
    }
}
