using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

// Means beyond the frameworks: each is a fold, computed in double; integers truncate toward zero. Padding never counts.
public static partial class Pool
{
    /// <summary>The generalized mean of each window, see <see cref="GeneralizedMean{T}"/>; over the global window GeM pooling.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never counts.</param>
    /// <param name="p">The order, above 0; infinity gives the maximum. Default 3, where the paper's training starts.</param>
    /// <param name="eps">What smaller cells are raised to, above 0. Default 1e-6, as in the paper's code.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The means, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> or <paramref name="eps"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="GeMBackward{T}(Tensor{T}, Tensor{T}, Window, double, double, PoolOptions?)"/>
    public static Tensor<T> GeM<T>(Tensor<T> input, Window window, double p = 3, double eps = 1e-6, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, ScaledSum, GeneralizedMean<T>>(input, window, new(p, eps), options);

    /// <inheritdoc cref="GeM{T}(Tensor{T}, Window, double, double, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the means go; of the output's shape.</param>
    /// <param name="p">The order, above 0.</param>
    /// <param name="eps">What smaller cells are raised to, above 0.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void GeM<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, double p = 3, double eps = 1e-6, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, ScaledSum, GeneralizedMean<T>>(input, window, new(p, eps), into, options);

    /// <summary>The gradient of <c>GeM</c>: 0 for cells under eps.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="p">As in the forward pass.</param>
    /// <param name="eps">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input, of its shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> or <paramref name="eps"/> is out of range.</exception>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> GeMBackward<T>(Tensor<T> gradOutput, Tensor<T> input, Window window, double p = 3, double eps = 1e-6, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => ReduceBackward(gradOutput, input, window, new GeneralizedMean<T>(p, eps), options);

    /// <inheritdoc cref="GeMBackward{T}(Tensor{T}, Tensor{T}, Window, double, double, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="p">As in the forward pass.</param>
    /// <param name="eps">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void GeMBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, double p = 3, double eps = 1e-6, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Differentiate<T, ScaledSum, GeneralizedMean<T>>(gradOutput, input, window, new(p, eps), into, options);

    /// <summary>The softmax-weighted mean of each window (SoftPool), see <see cref="SoftMean{T}"/>.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never counts.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The means, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="SoftBackward{T}(Tensor{T}, Tensor{T}, Window, PoolOptions?)"/>
    public static Tensor<T> Soft<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, WeightedMean, SoftMean<T>>(input, window, default, options);

    /// <inheritdoc cref="Soft{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the means go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Soft<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, WeightedMean, SoftMean<T>>(input, window, default, into, options);

    /// <summary>The gradient of <c>Soft</c>, that of the weights included, which the paper's code leaves out.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input, of its shape; NaN at every cell of a window that holds one.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> SoftBackward<T>(Tensor<T> gradOutput, Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => ReduceBackward(gradOutput, input, window, default(SoftMean<T>), options);

    /// <inheritdoc cref="SoftBackward{T}(Tensor{T}, Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void SoftBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Differentiate<T, WeightedMean, SoftMean<T>>(gradOutput, input, window, default, into, options);

    /// <summary>A mixture of the maximum and the mean of each window, see <see cref="Cenote.Mixed{T}"/>.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never counts.</param>
    /// <param name="ratio">How much of the result is the maximum, 0 to 1. Default one half.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The mixtures, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MixedBackward{T}(Tensor{T}, Tensor{T}, Window, double, PoolOptions?)"/>
    public static Tensor<T> Mixed<T>(Tensor<T> input, Window window, double ratio = 0.5, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, MixedSum, Mixed<T>>(input, window, new(ratio), options);

    /// <inheritdoc cref="Mixed{T}(Tensor{T}, Window, double, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the mixtures go; of the output's shape.</param>
    /// <param name="ratio">How much of the result is the maximum, 0 to 1.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Mixed<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, double ratio = 0.5, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, MixedSum, Mixed<T>>(input, window, new(ratio), into, options);

    /// <summary>The gradient of <c>Mixed</c>; equal maxima share alike.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="ratio">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input, of its shape; in a window that holds NaN each cell's part of the mean alone, since no cell is the maximum.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is out of range.</exception>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> MixedBackward<T>(Tensor<T> gradOutput, Tensor<T> input, Window window, double ratio = 0.5, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => ReduceBackward(gradOutput, input, window, new Mixed<T>(ratio), options);

    /// <inheritdoc cref="MixedBackward{T}(Tensor{T}, Tensor{T}, Window, double, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="ratio">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void MixedBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, double ratio = 0.5, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Differentiate<T, MixedSum, Mixed<T>>(gradOutput, input, window, new(ratio), into, options);

    /// <summary>What stochastic pooling picks on average, which is what it does outside training; see <see cref="Cenote.StochasticMean{T}"/>.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>; meant for cells of 0 or more.</param>
    /// <param name="window">The window; padding never counts.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The means, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="StochasticMeanBackward{T}(Tensor{T}, Tensor{T}, Window, PoolOptions?)"/>
    public static Tensor<T> StochasticMean<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, WeightedMean, StochasticMean<T>>(input, window, default, options);

    /// <inheritdoc cref="StochasticMean{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the means go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void StochasticMean<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, WeightedMean, StochasticMean<T>>(input, window, default, into, options);

    /// <summary>The gradient of <c>StochasticMean</c>: 0 for cells of 0 or less beside one above 0.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input, of its shape; the derivative of a window that holds NaN is 0.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> StochasticMeanBackward<T>(Tensor<T> gradOutput, Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => ReduceBackward(gradOutput, input, window, default(StochasticMean<T>), options);

    /// <inheritdoc cref="StochasticMeanBackward{T}(Tensor{T}, Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void StochasticMeanBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Differentiate<T, WeightedMean, StochasticMean<T>>(gradOutput, input, window, default, into, options);
}
