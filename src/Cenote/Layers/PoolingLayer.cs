using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>A layer that pools: it prints itself as <c>torch.nn</c> does and keeps what the way back needs of its last input.</summary>
public abstract class PoolingLayer : Layer
{
    private readonly WayBack _wayBack = new();

    /// <summary>Threads, cancellation and progress of every call. Default: as many threads as there are processors.</summary>
    public PoolOptions? Options { get; init; }

    /// <inheritdoc/>
    public sealed override Tensor<T> Forward<T>(Tensor<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input.Lengths);
        Tensor<T> output = Apply(input);
        Keep<T>(Back(input));
        return output;
    }

    /// <inheritdoc/>
    public sealed override Tensor<T> Backward<T>(Tensor<T> gradOutput) => _wayBack.Go(gradOutput, Name);

    /// <summary>As <c>torch.nn</c> prints it.</summary>
    public override string ToString() => $"{Name}({string.Join(", ", Settings().Select(setting => $"{setting.Name}={setting.Value}"))})";

    /// <summary>The pooling itself.</summary>
    protected abstract Tensor<T> Apply<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>;

    /// <summary>The gradient of the input for a gradient of the output.</summary>
    /// <exception cref="ArgumentException">The gradient is of another shape than the output.</exception>
    protected virtual Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input)
        where T : unmanaged, INumber<T> => base.Backward(gradOutput);

    /// <summary>What <see cref="ToString"/> shows, in torch's order.</summary>
    protected abstract IEnumerable<(string Name, string Value)> Settings();

    /// <summary>Refuses an input shape that the pooling itself would take.</summary>
    private protected virtual void Check(ReadOnlySpan<nint> shape)
    {
    }

    /// <summary>The gradient for what a <see cref="Forward"/> saw: of the input itself, or where its shape is all that is asked, of that.</summary>
    private protected virtual Func<Tensor<T>, Tensor<T>> Back<T>(Tensor<T> input)
        where T : unmanaged, INumber<T> => gradOutput => Gradient(gradOutput, input);

    /// <summary>Keeps the way back for <see cref="Backward"/>.</summary>
    private protected void Keep<T>(Func<Tensor<T>, Tensor<T>> gradient) => _wayBack.Keep(gradient);
}
