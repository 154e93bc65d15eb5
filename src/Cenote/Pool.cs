using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote;

/// <summary>Pooling as functions: a tensor and a window in, a tensor out; every channel on its own.</summary>
/// <remarks>
/// <para>
/// Functions over a <see cref="Window"/> come twice, those of some rank or name (<c>Max2d</c>, <c>GlobalAvg</c>, <c>Median</c> without indices) once: one returns a new tensor,
/// one writes into destinations of exactly the output's shape (<c>into</c>, <c>values</c>, <c>indices</c>) and allocates nothing when all are dense, but shapes that are compared, lists of taps
/// for blurring, regions and the gradient of fractional maxima, and each level of a pyramid. Gradients of folds (Lp, GeM, soft and mixed means) borrow 16 bytes for each output. Strided tensors are copied first. Shapes follow <see cref="Window"/>: the window slides over the last axes
/// of the input (or those before the last), all others are left alone; an empty batch gives an empty result.
/// </para>
/// <para>
/// Leading axes are batch and channel. Under a window of unknown rank three axes are (N, C, L), so that an unbatched map, (C, H, W), would be pooled along W alone:
/// it needs a window whose <see cref="Window.Rank"/> is set or whose kernel has several numbers.
/// </para>
/// <para>
/// Errors are <see cref="ArgumentException"/>s that name the argument and its value: a window that does not fit the input, an axis other
/// than the batch of length 0, a destination of another shape or one that overlaps the input. A call that is stopped throws
/// <see cref="OperationCanceledException"/>, see <see cref="PoolOptions.Cancellation"/>.
/// </para>
/// </remarks>
public static partial class Pool
{
    // PyTorch adds up to nine cells row by row, left to right; beyond that a wider sum is closer to the true mean than any order.
    internal const int OrderedTaps = 9;

    /// <summary>Whether means are added up in order. Cells so short that so few of them fill no float are not: what the order changes is lost as the mean is rounded.</summary>
    internal static bool AddsInOrder<T>(in Geometry geometry)
        where T : unmanaged => geometry.MostTaps <= OrderedTaps && typeof(T) != typeof(Half) && typeof(T) != typeof(BFloat16) && !KnownFolds.IsWhole<T>();

    /// <summary>The largest cell of each window.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never wins.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The maxima, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>, exact in every type; NaN where the window holds one; minus infinity (or the type's least value) where it has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> Max<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, T, Max<T>>(input, window, default, options);

    /// <inheritdoc cref="Max{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the maxima go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Max<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, T, Max<T>>(input, window, default, into, options);

    /// <summary>The smallest cell of each window.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never wins.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The minima, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>, exact in every type; NaN where the window holds one; infinity (or the type's largest value) where it has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> Min<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, T, Min<T>>(input, window, default, options);

    /// <inheritdoc cref="Min{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the minima go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Min<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, T, Min<T>>(input, window, default, into, options);

    /// <summary>The mean of each window.</summary>
    /// <remarks>
    /// Sliding windows of up to nine cells are added row by row, left to right, as PyTorch does, and agree with it to the last bit; larger ones are
    /// added in double (float) or float (Half, BFloat16). Integers are added exactly, in more bits than they have, and truncate toward zero. NaN gives NaN.
    /// </remarks>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window.</param>
    /// <param name="countPadding">Whether padding counts as zeros; what hangs over it in ceil mode never does. Default: as the window says, which is yes except in the windows of Keras and ONNX.</param>
    /// <param name="divisor">Divides the sum instead of the number of cells; not 0. Default: the number of cells.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The means, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; 0 where the window has no cell.</returns>
    /// <exception cref="ArgumentException"><paramref name="divisor"/> is 0, or the window does not fit the input.</exception>
    /// <seealso cref="AvgBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, bool?, int?, PoolOptions?)"/>
    public static Tensor<T> Avg<T>(Tensor<T> input, Window window, bool? countPadding = null, int? divisor = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        Tensor<T> output = NewOutput(input, window);
        Avg<T>(input, window, output, countPadding, divisor, options);
        return output;
    }

    /// <inheritdoc cref="Avg{T}(Tensor{T}, Window, bool?, int?, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the means go; of the output's shape.</param>
    /// <param name="countPadding">Whether padding counts as zeros. Default: as the window says.</param>
    /// <param name="divisor">Divides the sum instead of the number of cells; not 0.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Avg<T>(
        in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, bool? countPadding = null, int? divisor = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        if (divisor == 0) throw new ArgumentException("divisor is 0; it must be another number", nameof(divisor));
        ref readonly Geometry geometry = ref Resolve(input, window, into, nameof(into));
        bool ordered = AddsInOrder<T>(geometry), counts = countPadding ?? window.CountPadding;
        if (typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16))
            Fold<T, float, Mean<T, float>>(geometry, input, new(counts, divisor), into, ordered, options);
        else if (typeof(T) == typeof(float) && !ordered)
            Fold<T, double, Mean<T, double>>(geometry, input, new(counts, divisor), into, ordered, options);
        else if (KnownFolds.IsWhole<T>() || typeof(T) == typeof(char))
            Fold<T, long, Mean<T, long>>(geometry, input, new(counts, divisor), into, ordered, options);
        else if (KnownFolds.AddsInInt128<T>())
            Fold<T, Int128, Mean<T, Int128>>(geometry, input, new(counts, divisor), into, ordered, options);
        else
            Fold<T, T, Mean<T, T>>(geometry, input, new(counts, divisor), into, ordered, options);
    }

    /// <summary>The sum of each window: <see cref="Avg{T}(Tensor{T}, Window, bool?, int?, PoolOptions?)"/> with a divisor of 1.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding adds nothing.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The sums, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; an integer sum that the type cannot hold becomes its largest or least value; 0 where the window has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="SumBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> Sum<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Avg(input, window, divisor: 1, options: options);

    /// <inheritdoc cref="Sum{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the sums go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Sum<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Avg(input, window, into, divisor: 1, options: options);

    /// <summary>The p-norm of each window, see <see cref="Norm{T}"/>.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding adds nothing.</param>
    /// <param name="p">The order, above 0; infinity gives the largest absolute value. Default 2: the Euclidean norm.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The norms, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN where the window holds one; 0 where it has no cell.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not above 0, or NaN.</exception>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="LpBackward{T}(Tensor{T}, Tensor{T}, Window, double, PoolOptions?)"/>
    public static Tensor<T> Lp<T>(Tensor<T> input, Window window, double p = 2, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, ScaledSum, Norm<T>>(input, window, new(p), options);

    /// <inheritdoc cref="Lp{T}(Tensor{T}, Window, double, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the norms go; of the output's shape.</param>
    /// <param name="p">The order, above 0.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Lp<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, double p = 2, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Separable<T, ScaledSum, Norm<T>>(input, window, new(p), into, options);

    /// <summary>A fold of your own over each window.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window.</param>
    /// <param name="reducer">A readonly struct; the kernel is compiled for it.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>What <see cref="IReducer{TSelf, T, TAccumulator}.Finish"/> makes of each window, of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>; NaN, and a window that has no cell, as the fold has it.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="ReduceBackward{TReducer, T, TAccumulator}(Tensor{T}, Tensor{T}, Window, IDifferentiable{TReducer, T, TAccumulator}, PoolOptions?)"/>
    public static Tensor<T> Reduce<TReducer, T, TAccumulator>(
        Tensor<T> input, Window window, IReducer<TReducer, T, TAccumulator> reducer, PoolOptions? options = null)
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
        where T : unmanaged
        where TAccumulator : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reducer);
        return Separable<T, TAccumulator, TReducer>(input, window, (TReducer)reducer, options);
    }

    /// <inheritdoc cref="Reduce{TReducer, T, TAccumulator}(Tensor{T}, Window, IReducer{TReducer, T, TAccumulator}, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="reducer">A readonly struct.</param>
    /// <param name="into">Where the results go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void Reduce<TReducer, T, TAccumulator>(
        in ReadOnlyTensorSpan<T> input, Window window, IReducer<TReducer, T, TAccumulator> reducer, in TensorSpan<T> into, PoolOptions? options = null)
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
        where T : unmanaged
        where TAccumulator : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reducer);
        Separable<T, TAccumulator, TReducer>(input, window, (TReducer)reducer, into, options);
    }

    /// <summary>The largest cell of each window, and where it is.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never wins.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>
    /// Values as of <see cref="Max{T}(Tensor{T}, Window, PoolOptions?)"/>; indices <c>(d * H + h) * W + w</c> inside the unpadded plane, whatever the layout:
    /// of the first maximum, of the last NaN where there is one, -1 where the window has no cell. Both of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static (Tensor<T> Values, Tensor<long> Indices) MaxWithIndices<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Select(input, window, default(Max<T>), options);

    /// <inheritdoc cref="MaxWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="values">Where the values go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void MaxWithIndices<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> values, in TensorSpan<long> indices, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Select(input, window, default(Max<T>), values, indices, options);

    /// <summary>The smallest cell of each window, and where it is; see <see cref="MaxWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding never wins.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>
    /// Values as of <see cref="Min{T}(Tensor{T}, Window, PoolOptions?)"/>; indices <c>(d * H + h) * W + w</c> inside the unpadded plane, whatever the layout:
    /// of the first minimum, of the last NaN where there is one, -1 where the window has no cell. Both of <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static (Tensor<T> Values, Tensor<long> Indices) MinWithIndices<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Select(input, window, default(Min<T>), options);

    /// <inheritdoc cref="MinWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="values">Where the values go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static void MinWithIndices<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> values, in TensorSpan<long> indices, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Select(input, window, default(Min<T>), values, indices, options);

    /// <summary>The cell of each window that wins by a rule of your own, and where it is.</summary>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">The window; padding is never asked.</param>
    /// <param name="selector">A readonly struct; the kernel is compiled for it.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>
    /// The cells that win, exact in every type, and their indices <c>(d * H + h) * W + w</c> inside the unpadded plane, whatever the layout; both of
    /// <see cref="Window.OutputShape(ReadOnlySpan{nint})"/>. NaN wins where the selector lets it; <see cref="ISelector{T}.Empty"/> at index -1 where the window has no cell.
    /// </returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static (Tensor<T> Values, Tensor<long> Indices) Select<T, TSelector>(
        Tensor<T> input, Window window, TSelector selector, PoolOptions? options = null)
        where T : unmanaged
        where TSelector : struct, ISelector<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        nint[] shape = window.OutputShape(input.Lengths);
        Tensor<T> values = NewTensor<T>(shape);
        Tensor<long> indices = NewTensor<long>(shape);
        Select<T, TSelector>(input, window, selector, values, indices, options);
        return (values, indices);
    }

    /// <inheritdoc cref="Select{T, TSelector}(Tensor{T}, Window, TSelector, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="selector">A readonly struct.</param>
    /// <param name="values">Where the values go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void Select<T, TSelector>(
        in ReadOnlyTensorSpan<T> input, Window window, TSelector selector, in TensorSpan<T> values, in TensorSpan<long> indices,
        PoolOptions? options = null)
        where T : unmanaged
        where TSelector : struct, ISelector<T>
    {
        ref readonly Geometry geometry = ref Resolve(input, window, values, nameof(values));
        Resolve(input, window, indices, nameof(indices));
        Apart<T, long>(values, nameof(values), indices, nameof(indices));
        if (values.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        using DenseOutput<T> toValues = new(values);
        using DenseOutput<long> toIndices = new(indices);
        fixed (T* source = from.Span)
        fixed (T* target = toValues.Span)
        fixed (long* positions = toIndices.Span)
            Planner.Select(geometry, source, target, positions, selector, options);
    }

    /// <summary>The largest cell of every channel.</summary>
    /// <param name="input">The cells, (N, C, …) or as <paramref name="layout"/> says; an unbatched map, (C, H, W), needs <paramref name="rank"/>.</param>
    /// <param name="rank">How many axes are pooled, 1 to 3. Default: all but two, the batch and the channels, at least 1 and at most 3.</param>
    /// <param name="keepDims">Whether the pooled axes stay, with length 1. Default: yes, as in ONNX; Keras drops them.</param>
    /// <param name="layout">Which axes are pooled.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The maxima, each pooled axis 1 long or dropped, see <paramref name="keepDims"/>; NaN where a channel holds one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rank"/> is not 1 to 3.</exception>
    /// <exception cref="ArgumentException">The input has too few axes, or an axis other than the batch is of length 0.</exception>
    /// <seealso cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> GlobalMax<T>(Tensor<T> input, int? rank = null, bool keepDims = true, Layout layout = Layout.ChannelsFirst, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Max(input, Window.Global with { Rank = rank, Layout = layout, KeepDims = keepDims }, options);

    /// <summary>The mean of every channel.</summary>
    /// <inheritdoc cref="GlobalMax{T}(Tensor{T}, int?, bool, Layout, PoolOptions?)" path="/param"/>
    /// <returns>The means, each pooled axis 1 long or dropped, see <paramref name="keepDims"/>; NaN where a channel holds one.</returns>
    /// <inheritdoc cref="GlobalMax{T}(Tensor{T}, int?, bool, Layout, PoolOptions?)" path="/exception"/>
    /// <seealso cref="AvgBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, bool?, int?, PoolOptions?)"/>
    public static Tensor<T> GlobalAvg<T>(Tensor<T> input, int? rank = null, bool keepDims = true, Layout layout = Layout.ChannelsFirst, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Avg(input, Window.Global with { Rank = rank, Layout = layout, KeepDims = keepDims }, options: options);

    private static Tensor<T> Separable<T, TAccumulator, TReducer>(Tensor<T> input, Window window, TReducer reducer, PoolOptions? options)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        Tensor<T> output = NewOutput(input, window);
        Separable<T, TAccumulator, TReducer>(input, window, reducer, output, options);
        return output;
    }

    private static void Separable<T, TAccumulator, TReducer>(
        in ReadOnlyTensorSpan<T> input, Window window, TReducer reducer, in TensorSpan<T> into, PoolOptions? options)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator> =>
        Fold<T, TAccumulator, TReducer>(Resolve(input, window, into, nameof(into)), input, reducer, into, ordered: false, options);

    private static unsafe void Fold<T, TAccumulator, TReducer>(
        in Geometry geometry, in ReadOnlyTensorSpan<T> input, TReducer reducer, in TensorSpan<T> into, bool ordered, PoolOptions? options)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (T* target = to.Span)
            Planner.Fold<T, TAccumulator, TReducer>(geometry, source, target, reducer, ordered, options);
    }

    private static Tensor<T> NewOutput<T>(Tensor<T> input, Window window)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        return NewTensor<T>(window.OutputShape(input.Lengths));
    }

    internal static Tensor<T> NewTensor<T>(ReadOnlySpan<nint> shape)
    {
        Int128 cells = shape.Contains(0) ? 0 : 1;
        foreach (nint length in shape)
        {
            if (length < 0) throw new ArgumentException($"the result has shape {Shape.Format(shape)}; no axis can be {length} long");
            if (cells <= long.MaxValue) cells *= length;
        }
        return cells <= Array.MaxLength
            ? Tensor.CreateFromShapeUninitialized<T>(shape)
            : throw new ArgumentException($"the result has shape {Shape.Format(shape)}, {cells} cells; at most {Array.MaxLength} fit a new tensor, more only a destination over native memory");
    }

    /// <summary>Everything that can be wrong with a call, once.</summary>
    private static ref readonly Geometry Resolve<T, TOutput>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<TOutput> into, string argument)
    {
        ArgumentNullException.ThrowIfNull(window);
        ResolvedWindow resolved = window.Resolved(input.Lengths);
        SameShape(into.Lengths, resolved.OutputShape, argument);
        Apart(input, "the input", into, argument);
        return ref resolved.Geometry;
    }

    /// <summary>Refuses a destination that shares memory with what is read, or with another destination.</summary>
    private static void Apart<T, TInto>(in ReadOnlyTensorSpan<T> other, string name, in TensorSpan<TInto> into, string argument)
    {
        if (Overlap(other, into)) throw new ArgumentException($"{argument} overlaps {name}; it must be memory of its own", argument);
    }

    private static bool Overlap<T, TOutput>(in ReadOnlyTensorSpan<T> input, in TensorSpan<TOutput> into)
    {
        if (input.IsEmpty || into.IsEmpty) return false;
        ref byte a = ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in input.GetPinnableReference()));
        ref byte b = ref Unsafe.As<TOutput, byte>(ref into.GetPinnableReference());
        nint apart = Unsafe.ByteOffset(ref a, ref b);
        return apart >= 0 ? apart < Extent(input.Lengths, input.Strides) * Unsafe.SizeOf<T>() : -apart < Extent(into.Lengths, into.Strides) * Unsafe.SizeOf<TOutput>();

        static nint Extent(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
        {
            nint extent = 1;
            for (int axis = 0; axis < lengths.Length; axis++) extent += (lengths[axis] - 1) * strides[axis];
            return extent;
        }
    }
}
