using System.Numerics.Tensors;

namespace Cenote;

/// <summary>What <see cref="StochasticPool"/> draws on average, over a window of any rank; see <see cref="StochasticMean{T}"/>.</summary>
/// <param name="window">What slides.</param>
public sealed class StochasticMeanPool(Window window) : WindowLayer(window)
{
    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.StochasticMean(input, Window, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Pool.StochasticMeanBackward(gradOutput, input, Window, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode");

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count)
    {
        if (values.Count == 0) return "0";
        string[] weighted = [.. values.Where(value => value != "0" && value[0] != '-')];
        return weighted.Length == 0
            ? $"max({string.Join(", ", values)})"
            : $"({string.Join(" + ", weighted.Select(value => $"{value}^2"))}) / ({string.Join(" + ", weighted)})";
    }
}
