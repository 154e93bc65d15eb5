using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>A layer that pools: it prints itself as <c>torch.nn</c> does and keeps its input for the way back.</summary>
public abstract class PoolingLayer : Layer
{
    private object? _input;

    /// <inheritdoc/>
    public sealed override Tensor<T> Forward<T>(Tensor<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input.Lengths);
        Tensor<T> output = Apply(input);
        Keep(input);
        return output;
    }

    /// <inheritdoc/>
    public sealed override Tensor<T> Backward<T>(Tensor<T> gradOutput) => _input switch
    {
        null => throw new InvalidOperationException($"{Name} has seen no input; Backward must follow a Forward"),
        Tensor<T> input => Gradient(gradOutput, input),
        object other => throw new ArgumentException(
            $"gradOutput holds {typeof(T).Name}; it must hold {other.GetType().GetGenericArguments()[0].Name}, as the last input did", nameof(gradOutput)),
    };

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

    /// <summary>Keeps the input of a forward pass for <see cref="Backward"/>.</summary>
    private protected void Keep<T>(Tensor<T> input) => _input = input;
}
