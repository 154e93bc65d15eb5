using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The median of each window, over a window of any rank; see <see cref="Pool.MedianWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
/// <param name="window">What slides.</param>
public sealed class MedianPool(Window window) : SelectorLayer(window)
{
    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Median(input, Window, Options);

    /// <inheritdoc/>
    protected internal override (Tensor<T> Values, Tensor<long> Indices) ApplyWithIndices<T>(Tensor<T> input) => Pool.MedianWithIndices(input, Window, Options);

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) =>
        values.Count == 0 ? "0" : $"median({string.Join(", ", values)})";
}
