using System.Numerics;
using System.Numerics.Tensors;
using Cenote.Gradients;
using Cenote.Kernels;

namespace Cenote;

// Blur pooling: each window's cells weighted by a binomial filter, every channel on its own.
public static partial class Pool
{
    private const int DefaultBlurStride = 2;

    /// <summary>Each window's cells weighted by a binomial filter: downsampling that does not alias.</summary>
    /// <remarks>
    /// The weights along each axis are row k - 1 of Pascal's triangle over their sum. Cells in the padding are the input's, reflected at its first
    /// and last cell, as often as it takes. Computed in double; integers truncate toward zero.
    /// Source: Zhang, "Making convolutional networks shift-invariant again" (2019), and its package antialiased-cnns.
    /// </remarks>
    /// <param name="input">The cells, (N, C, …) or as <see cref="Window.Layout"/> says; (C, H, W) needs a window of known rank, see <see cref="Window"/>.</param>
    /// <param name="window">
    /// The filter as kernel, up to 63; without a stride 2; where the padding is left unset (which <see cref="Padding.Valid"/> is), what makes the output
    /// <c>ceil(L / stride)</c> long: <c>(k - 1) // 2</c> before and <c>k // 2</c> behind, as in the package; a padding of 0 in numbers is none. A filter of 4 is its default, 3 the paper's triangle.
    /// </param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The weighted means, <see cref="Window.OutputShape(ReadOnlySpan{nint})"/> of the window so completed; NaN where the window holds one.</returns>
    /// <exception cref="ArgumentException">The window is global or adaptive, its kernel is over 63, or it does not fit.</exception>
    /// <seealso cref="BlurBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    public static Tensor<T> Blur<T>(Tensor<T> input, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        Tensor<T> output = NewOutput(input, BlurWindow(window));
        Blur<T>(input, window, output, options);
        return output;
    }

    /// <inheritdoc cref="Blur{T}(Tensor{T}, Window, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Where the means go; of the output's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void Blur<T>(in ReadOnlyTensorSpan<T> input, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        Geometry geometry = Resolve(input, BlurWindow(window), into, nameof(into));
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (T* target = to.Span)
            Crew.Run(new BlurWalk<T>(geometry, source, target), options);
    }

    /// <summary>The gradient of <see cref="Blur{T}(Tensor{T}, Window, PoolOptions?)"/>: each output gives its gradient by the weights of the filter.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected.</exception>
    public static Tensor<T> BlurBackward<T>(Tensor<T> gradOutput, ReadOnlySpan<nint> inputShape, Window window, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(window);
        Tensor<T> gradInput = NewTensor<T>(inputShape);
        BlurBackward<T>(gradOutput, window, gradInput, options);
        return gradInput;
    }

    /// <inheritdoc cref="BlurBackward{T}(Tensor{T}, ReadOnlySpan{nint}, Window, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void BlurBackward<T>(in ReadOnlyTensorSpan<T> gradOutput, Window window, in TensorSpan<T> into, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        Geometry geometry = ResolveBackward(gradOutput, BlurWindow(window), into);
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(gradOutput);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (T* target = to.Span)
            Crew.Run(new BlurSpread<T>(geometry, source, target), options);
    }

    /// <summary>The window with what a blur takes where it says nothing.</summary>
    internal static Window BlurWindow(Window window)
    {
        const int most = 63;
        ArgumentNullException.ThrowIfNull(window);
        if (window.IsGlobal || window.IsAdaptive) throw new ArgumentException("window has no kernel; blurring needs one that slides", nameof(window));
        int?[] before = new int?[window.Kernel.Count], after = new int?[window.Kernel.Count];
        for (int axis = 0; axis < window.Kernel.Count; axis++)
        {
            int kernel = window.Kernel[axis]!.Value;
            if (kernel > most) throw new ArgumentException($"kernel is {window.Kernel}; blurring takes at most {most}", nameof(window));
            (before[axis], after[axis]) = ((kernel - 1) / 2, kernel / 2);
        }
        return window with
        {
            Stride = window.Stride ?? DefaultBlurStride,
            Padding = window.Padding == default ? Padding.PerSide(Sizes.Of(before), Sizes.Of(after)) : window.Padding,
        };
    }

    /// <summary>The input's cell at a position inside or outside of it, the ends not repeated: <c>c b a b c b a</c>.</summary>
    internal static long Reflect(long position, long length)
    {
        if ((ulong)position < (ulong)length) return position;
        long last = length - 1, once = position < 0 ? -position : 2 * last - position;
        if ((ulong)once < (ulong)length || length == 1) return length == 1 ? 0 : once;
        long inside = (position % (2 * last) + 2 * last) % (2 * last);
        return inside < length ? inside : 2 * last - inside;
    }

    /// <summary>Row k - 1 of Pascal's triangle over its sum.</summary>
    internal static void Binomial(Span<double> weights)
    {
        double weight = Math.ScaleB(1, 1 - weights.Length);
        for (int i = 0; i < weights.Length; weight = weight * (weights.Length - ++i) / i) weights[i] = weight;
    }
}
