using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Cenote.Gradients;
using Cenote.Kernels;

namespace Cenote;

// Gradients: how a number changes with the input of a pooling, by how it changes with the output.
public static partial class Pool
{
    /// <summary>The gradient of <see cref="Avg{T}(Tensor{T}, Window, bool?, int?, PoolOptions?)"/>: each output gives its gradient over its divisor to each of its cells.</summary>
    /// <remarks>
    /// As every gradient here it is added up in one order and rounded once, so that it is the same for any number of threads: in float where nine
    /// windows at most share a cell and one divisor serves all, else in double; Half and BFloat16 in float. Whole numbers are added up exactly, but where
    /// divisors have no common multiple that is small enough, and cut at the end. NaN spreads to the cells of its window alone.
    /// </remarks>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="countPadding">As in the forward pass. Default: as the window says, as there.</param>
    /// <param name="divisor">As in the forward pass. Default: the number of cells, as there.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    /// <returns>The gradient of the input, of its shape; 0 for a cell that no window taps.</returns>
    /// <exception cref="ArgumentException"><paramref name="divisor"/> is 0, a shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> AvgBackward<T>(
        Tensor<T> gradOutput, ReadOnlySpan<nint> inputShape, Window window, bool? countPadding = null, int? divisor = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(window);
        Tensor<T> gradInput = NewTensor<T>(inputShape);
        AvgBackward<T>(gradOutput, window, gradInput, countPadding, divisor, options);
        return gradInput;
    }

    /// <inheritdoc cref="AvgBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, bool?, int?, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="countPadding">As in the forward pass.</param>
    /// <param name="divisor">As in the forward pass.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    public static unsafe void AvgBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, Window window, in TensorSpan<T> into, bool? countPadding = null, int? divisor = null, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        if (divisor == 0) throw new ArgumentException("divisor is 0; it must be another number", nameof(divisor));
        ref readonly Geometry geometry = ref ResolveBackward(gradOutput, window, into);
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(gradOutput);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (T* target = to.Span)
            GradientPlanner.Mean(geometry, source, target, countPadding ?? window.CountPadding, divisor ?? 0, options);
    }

    /// <summary>The gradient of <see cref="Sum{T}(Tensor{T}, Window, PoolOptions?)"/>: each output gives its gradient to each of its cells.</summary>
    /// <remarks>Added up as by <see cref="AvgBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, bool?, int?, PoolOptions?)"/>.</remarks>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    /// <returns>The gradient of the input, of its shape; 0 for a cell that no window taps.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> SumBackward<T>(Tensor<T> gradOutput, ReadOnlySpan<nint> inputShape, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => AvgBackward(gradOutput, inputShape, window, divisor: 1, options: options);

    /// <inheritdoc cref="SumBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    public static void SumBackward<T>(in ReadOnlyTensorSpan<T> gradOutput, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => AvgBackward(gradOutput, window, into, divisor: 1, options: options);

    /// <summary>The gradient of a pooling that takes one cell of each window as it is: max, min, median, stochastic, or one of your own; sliding, global or adaptive.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="indices">Where the winners are, as of <see cref="MaxWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/> and its like; -1 is skipped.</param>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    /// <returns>The gradient of the input, of its shape: at each cell the sum over the windows that it won, 0 where it won none.</returns>
    /// <exception cref="ArgumentException">
    /// A shape is another than expected, the window does not fit the input, or an index is no cell of its window: the message names it, and the destination is left half written.
    /// </exception>
    public static Tensor<T> MaxBackward<T>(
        Tensor<T> gradOutput, Tensor<long> indices, ReadOnlySpan<nint> inputShape, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(window);
        Tensor<T> gradInput = NewTensor<T>(inputShape);
        MaxBackward<T>(gradOutput, indices, window, gradInput, options);
        return gradInput;
    }

    /// <inheritdoc cref="MaxBackward{T}(Tensor{T}, Tensor{long}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">Where the winners are.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    public static unsafe void MaxBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<long> indices, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ref readonly Geometry geometry = ref ResolveBackward(gradOutput, window, into);
        SameShape(indices.Lengths, gradOutput.Lengths, nameof(indices));
        Apart(indices, nameof(indices), into, nameof(into));
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(gradOutput);
        DenseInput<long> winners = new(indices);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (long* positions = winners.Span)
        fixed (T* target = to.Span)
            GradientPlanner.Winners(geometry, source, positions, target, options);
    }

    /// <summary>The gradient of <see cref="Lp{T}(Tensor{T}, Window, double, PoolOptions?)"/>: <c>sign(x) (|x| / y)^(p - 1)</c> of the gradient of each output y.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="p">The order of the norm, as in the forward pass.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    /// <returns>
    /// The gradient of the input, of its shape; 0 at a cell of 0, where the norm has a kink. Equal maxima share alike where p is infinity.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not above 0, or NaN.</exception>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> LpBackward<T>(Tensor<T> gradOutput, Tensor<T> input, Window window, double p = 2, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => ReduceBackward(gradOutput, input, window, new Norm<T>(p), options);

    /// <inheritdoc cref="LpBackward{T}(Tensor{T}, Tensor{T}, Window, double, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="p">The order of the norm.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    public static void LpBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, double p = 2, PoolOptions? options = null)
        where T : unmanaged, INumber<T> => Differentiate<T, ScaledSum, Norm<T>>(gradOutput, input, window, new(p), into, options);

    /// <summary>The gradient of a fold of your own that has a derivative.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="reducer">A readonly struct; the kernel is compiled for it.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    /// <returns>The gradient of the input, of its shape.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window does not fit the input.</exception>
    public static Tensor<T> ReduceBackward<TReducer, T, TAccumulator>(
        Tensor<T> gradOutput, Tensor<T> input, Window window, IDifferentiable<TReducer, T, TAccumulator> reducer, PoolOptions? options = null)
        where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator>
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(reducer);
        Tensor<T> gradInput = NewTensor<T>(input.Lengths);
        ReduceBackward(gradOutput, input, window, reducer, gradInput, options);
        return gradInput;
    }

    /// <inheritdoc cref="ReduceBackward{TReducer, T, TAccumulator}(Tensor{T}, Tensor{T}, Window, IDifferentiable{TReducer, T, TAccumulator}, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="reducer">A readonly struct.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="options">How the call is carried out. Default: every processor, where the work is worth it.</param>
    public static void ReduceBackward<TReducer, T, TAccumulator>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, Window window, IDifferentiable<TReducer, T, TAccumulator> reducer,
        in TensorSpan<T> into, PoolOptions? options = null)
        where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator>
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reducer);
        Differentiate<T, TAccumulator, TReducer>(gradOutput, input, window, (TReducer)reducer, into, options);
    }

    private static unsafe void Differentiate<T, TAccumulator, TReducer>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, Window window, TReducer reducer, in TensorSpan<T> into, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator>
    {
        ref readonly Geometry geometry = ref ResolveBackward(gradOutput, window, into);
        Apart(gradOutput, input, into);
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(gradOutput), cells = new(input);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span, seen = cells.Span)
        fixed (T* target = to.Span)
        {
            if (!TryLift<T, TAccumulator, TReducer>(geometry, source, seen, target, reducer, options)) Walk<T, TAccumulator, TReducer>(geometry, source, seen, target, reducer, options);
        }
    }

    private static unsafe bool TryLift<T, TAccumulator, TReducer>(in Geometry geometry, T* gradOutput, T* input, T* gradInput, TReducer reducer, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator>
    {
        if (!typeof(ILiftedGradient).IsAssignableFrom(typeof(TReducer)) || !KnownFolds.IsInDouble<T>() || !LiftedWalk<T, T, TAccumulator, TReducer>.Fits(geometry)) return false;
        ILiftedGradient lifted = (ILiftedGradient)Boxed<TReducer>.Rent(reducer);
        bool isLifted = lifted.Gradient.Is;
        if (isLifted) Crew.Run(new LiftedGradient<T, TAccumulator, TReducer>(geometry, gradOutput, input, gradInput, reducer, lifted), options);
        Boxed<TReducer>.Return(lifted);
        return isLifted;
    }

    /// <summary>Cell by cell: the fold of each window, and then of each cell what its windows give.</summary>
    internal static unsafe void Walk<T, TAccumulator, TReducer>(in Geometry geometry, T* gradOutput, T* input, T* gradInput, TReducer reducer, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator>
    {
        TAccumulator* wholes = (TAccumulator*)NativeMemory.Alloc((nuint)(geometry.Outer * geometry.OutputPlane * geometry.Inner), (nuint)sizeof(TAccumulator));
        try
        {
            CellWalk.Run(geometry, input, new KeepCell<T, TAccumulator, TReducer>(reducer, wholes), sizeof(TAccumulator), Quiet(options));
            Crew.Run(new GatherWalk<T, double, FoldGradient<T, TAccumulator, TReducer>>(geometry, gradInput, new(gradOutput, input, wholes, reducer)), options);
        }
        finally
        {
            NativeMemory.Free(wholes);
        }
    }

    /// <summary>Everything that can be wrong with a backward call, once; <paramref name="into"/> has the input's shape.</summary>
    private static ref readonly Geometry ResolveBackward<T>(in ReadOnlyTensorSpan<T> gradOutput, Window window, in TensorSpan<T> into)
    {
        ArgumentNullException.ThrowIfNull(window);
        ResolvedWindow resolved = window.Resolved(into.Lengths);
        SameShape(gradOutput.Lengths, resolved.OutputShape, nameof(gradOutput));
        Apart(gradOutput, nameof(gradOutput), into, nameof(into));
        return ref resolved.Geometry;
    }

    /// <summary>A destination of the input's shape that is memory of its own.</summary>
    private static void Apart<T>(in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, in TensorSpan<T> into)
    {
        SameShape(into.Lengths, input.Lengths, nameof(into));
        Apart(gradOutput, nameof(gradOutput), into, nameof(into));
        Apart(input, nameof(input), into, nameof(into));
    }

    /// <summary>The same options for a part of a call, which alone cannot tell how far the whole is.</summary>
    private static PoolOptions? Quiet(PoolOptions? options) => options?.Progress is null ? options : options with { Progress = null };

    internal static void SameShape(ReadOnlySpan<nint> shape, ReadOnlySpan<nint> expected, string argument)
    {
        if (!shape.SequenceEqual(expected))
            throw new ArgumentException($"{argument} has shape {Shape.Format(shape)}; it must be {Shape.Format(expected)}", argument);
    }
}
