using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Max pooling undone, over a window of any rank; see <see cref="Pool.MaxUnpool{T}(Tensor{T}, Tensor{long}, Window, Sizes?, PoolOptions?)"/>.</summary>
/// <remarks>No <see cref="Layer"/>, since it takes two tensors.</remarks>
public class MaxUnpool
{
    private readonly bool _torchShapes;
    private readonly WayBack _wayBack = new();

    /// <summary>Max unpooling over any input that the window fits.</summary>
    /// <param name="window">The window of the pooling.</param>
    public MaxUnpool(Window window) : this(window, torchShapes: false)
    {
    }

    private protected MaxUnpool(Window window, bool torchShapes) => (Window, _torchShapes) = (window, torchShapes);

    /// <summary>The window of the pooling.</summary>
    public Window Window { get; }

    /// <summary>Threads, cancellation and progress of every call. Default: as many threads as there are processors.</summary>
    public PoolOptions? Options { get; init; }

    private string Name => _torchShapes || Window.KnownRank is not { } rank ? GetType().Name : $"{GetType().Name}{rank}d";

    /// <summary>The shape that <see cref="Forward"/> gives, without any data; see <see cref="Window.UnpooledShape(ReadOnlySpan{nint}, Sizes?)"/>.</summary>
    public nint[] OutputShape(ReadOnlySpan<nint> inputShape, Sizes? outputSize = null)
    {
        if (_torchShapes) WindowLayer.CheckTorchShape(inputShape, Window.Rank!.Value, Name);
        return Window.UnpooledShape(inputShape, outputSize);
    }

    /// <inheritdoc cref="Pool.MaxUnpool{T}(Tensor{T}, Tensor{long}, Window, Sizes?, PoolOptions?)"/>
    public Tensor<T> Forward<T>(Tensor<T> input, Tensor<long> indices, Sizes? outputSize = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(indices);
        OutputShape(input.Lengths, outputSize);
        Tensor<T> output = Pool.MaxUnpool(input, indices, Window, outputSize, Options);
        _wayBack.Keep<T>(gradOutput => Pool.MaxUnpoolBackward(gradOutput, indices, Window, Options));
        return output;
    }

    /// <summary>The gradient of the last <see cref="Forward"/>; its indices must still be the same.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <returns>The gradient of the input, of its shape.</returns>
    /// <exception cref="InvalidOperationException">There was no <see cref="Forward"/> since the last gradient was taken.</exception>
    /// <exception cref="ArgumentException">The gradient is of another shape or type than the output.</exception>
    public Tensor<T> Backward<T>(Tensor<T> gradOutput)
        where T : unmanaged => _wayBack.Go(gradOutput, Name);

    /// <summary>As <c>torch.nn</c> prints it.</summary>
    public override string ToString() => $"{Name}(kernel_size={Tuple(Window.Kernel)}, stride={Tuple(Window.Stride ?? Window.Kernel)}, padding={Padding()})";

    private string Padding() => Window.Padding.Before == Window.Padding.After
        ? Tuple(Window.Padding.Before)
        : $"{Tuple(Window.Padding.Before)}:{Tuple(Window.Padding.After)}";

    /// <summary>PyTorch makes a tuple of every size here.</summary>
    private string Tuple(Sizes sizes) =>
        sizes.Count > 1 ? $"{sizes}" : Window.KnownRank is { } rank ? Shape.Format([.. Enumerable.Repeat((nint)sizes[0]!.Value, rank)]) : $"{sizes}";
}
