using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The smallest cell of each window, over a window of any rank; see <see cref="Pool.Min{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
/// <param name="window">What slides; padding never wins.</param>
public sealed class MinPool(Window window) : SelectorLayer(window)
{
    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Min(input, Window, Options);

    /// <inheritdoc/>
    protected internal override (Tensor<T> Values, Tensor<long> Indices) ApplyWithIndices<T>(Tensor<T> input) => Pool.MinWithIndices(input, Window, Options);

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => $"min({string.Join(", ", values)})";
}
