using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The sum of each window, over a window of any rank; see <see cref="Pool.Sum{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
/// <param name="window">What slides; padding adds nothing.</param>
public sealed class SumPool(Window window) : WindowLayer(window)
{
    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Sum(input, Window, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Back(input)(gradOutput);

    private protected override Func<Tensor<T>, Tensor<T>> Back<T>(Tensor<T> input)
    {
        nint[] shape = [.. input.Lengths];
        return gradOutput => Pool.SumBackward(gradOutput, shape, Window, Options);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode");

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) =>
        values.Count > 0 ? string.Join(" + ", values) : "0";

    /// <inheritdoc/>
    protected internal override string ShareArithmetic(string gradient, string cell, string output, long count) => gradient;
}
