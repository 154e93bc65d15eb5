using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The largest cell of each window, over a window of any rank; see <see cref="Pool.Max{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
public class MaxPool : SelectorLayer
{
    /// <summary>Max pooling over any input that the window fits.</summary>
    /// <param name="window">What slides; padding never wins.</param>
    public MaxPool(Window window) : base(window)
    {
    }

    private protected MaxPool(Window window, bool torchShapes) : base(window, torchShapes)
    {
    }

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Max(input, Window, Options);

    /// <inheritdoc/>
    protected internal override (Tensor<T> Values, Tensor<long> Indices) ApplyWithIndices<T>(Tensor<T> input) => Pool.MaxWithIndices(input, Window, Options);

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => $"max({string.Join(", ", values)})";
}
