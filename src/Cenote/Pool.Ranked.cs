using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

// The rank in the name, the window in the arguments: what torch.nn.functional calls max_pool2d and so on.
public static partial class Pool
{
    /// <summary>The largest cell of each 1-D window; PyTorch's <c>max_pool1d</c>.</summary>
    /// <inheritdoc cref="Max2d{T}(Tensor{T}, Sizes, Sizes?, Padding, Sizes?, bool, PoolOptions?)"/>
    public static Tensor<T> Max1d<T>(
        Tensor<T> input, Sizes kernelSize, Sizes? stride = null, Padding padding = default, Sizes? dilation = null, bool ceilMode = false, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Max(input, Window.Of(1, kernelSize, stride, padding, dilation, ceilMode), options);

    /// <summary>The largest cell of each 2-D window; PyTorch's <c>max_pool2d</c>.</summary>
    /// <param name="input">The cells: (N, C, …), (C, …), or any other axes before those of the window.</param>
    /// <param name="kernelSize">Taps along each axis, 1 or more.</param>
    /// <param name="stride">Distance between windows, 1 or more. Default: the kernel, so that windows tile the input.</param>
    /// <param name="padding">What surrounds the input. Default: nothing.</param>
    /// <param name="dilation">Distance between taps, 1 or more. Default 1.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts. Default: no.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The maxima, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>, exact in every type; NaN where the window holds one; minus infinity (or the type's least value) where it has no cell.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or the window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> Max2d<T>(
        Tensor<T> input, Sizes kernelSize, Sizes? stride = null, Padding padding = default, Sizes? dilation = null, bool ceilMode = false, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Max(input, Window.Of(2, kernelSize, stride, padding, dilation, ceilMode), options);

    /// <summary>The largest cell of each 3-D window; PyTorch's <c>max_pool3d</c>.</summary>
    /// <inheritdoc cref="Max2d{T}(Tensor{T}, Sizes, Sizes?, Padding, Sizes?, bool, PoolOptions?)"/>
    public static Tensor<T> Max3d<T>(
        Tensor<T> input, Sizes kernelSize, Sizes? stride = null, Padding padding = default, Sizes? dilation = null, bool ceilMode = false, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Max(input, Window.Of(3, kernelSize, stride, padding, dilation, ceilMode), options);

    /// <summary>The mean of each 1-D window; PyTorch's <c>avg_pool1d</c>.</summary>
    /// <inheritdoc cref="Avg2d{T}(Tensor{T}, Sizes, Sizes?, Padding, bool, bool, int?, PoolOptions?)"/>
    public static Tensor<T> Avg1d<T>(
        Tensor<T> input, Sizes kernelSize, Sizes? stride = null, Padding padding = default, bool ceilMode = false, bool countPadding = true, int? divisor = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Avg(input, Window.Of(1, kernelSize, stride, padding, null, ceilMode), countPadding, divisor, options);

    /// <summary>The mean of each 2-D window; PyTorch's <c>avg_pool2d</c>.</summary>
    /// <param name="input">The cells: (N, C, …), (C, …), or any other axes before those of the window.</param>
    /// <param name="kernelSize">Taps along each axis, 1 or more.</param>
    /// <param name="stride">Distance between windows, 1 or more. Default: the kernel, so that windows tile the input.</param>
    /// <param name="padding">What surrounds the input. Default: nothing.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts. Default: no.</param>
    /// <param name="countPadding">Whether padding counts as zeros. Default: yes.</param>
    /// <param name="divisor">Divides the sum instead of the number of cells; not 0. Default: the number of cells.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The means, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>, as of <see cref="Avg{T}(Tensor{T}, Window, bool?, int?, PoolOptions?)"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentException">A number is out of range, <paramref name="divisor"/> is 0, or the window does not fit the input.</exception>
    /// <seealso cref="AvgBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, bool?, int?, PoolOptions?)"/>
    public static Tensor<T> Avg2d<T>(
        Tensor<T> input, Sizes kernelSize, Sizes? stride = null, Padding padding = default, bool ceilMode = false, bool countPadding = true, int? divisor = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Avg(input, Window.Of(2, kernelSize, stride, padding, null, ceilMode), countPadding, divisor, options);

    /// <summary>The mean of each 3-D window; PyTorch's <c>avg_pool3d</c>.</summary>
    /// <inheritdoc cref="Avg2d{T}(Tensor{T}, Sizes, Sizes?, Padding, bool, bool, int?, PoolOptions?)"/>
    public static Tensor<T> Avg3d<T>(
        Tensor<T> input, Sizes kernelSize, Sizes? stride = null, Padding padding = default, bool ceilMode = false, bool countPadding = true, int? divisor = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Avg(input, Window.Of(3, kernelSize, stride, padding, null, ceilMode), countPadding, divisor, options);
}
