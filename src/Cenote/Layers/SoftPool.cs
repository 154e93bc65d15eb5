using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The softmax-weighted mean of each window, over a window of any rank; see <see cref="SoftMean{T}"/>.</summary>
/// <param name="window">What slides.</param>
public sealed class SoftPool(Window window) : WindowLayer(window)
{
    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Soft(input, Window, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Pool.SoftBackward(gradOutput, input, Window, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode");

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => values.Count == 0
        ? "0"
        : $"({string.Join(" + ", values.Select(value => $"e^{value} * {value}"))}) / ({string.Join(" + ", values.Select(value => $"e^{value}"))})";
}
