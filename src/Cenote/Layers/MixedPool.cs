using System.Globalization;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>A mixture of the maximum and the mean of each window, over a window of any rank; see <see cref="Mixed{T}"/>.</summary>
public sealed class MixedPool : WindowLayer
{
    /// <summary>Mixed pooling over any input that the window fits.</summary>
    /// <param name="window">What slides.</param>
    /// <param name="ratio">How much of the result is the maximum, 0 to 1. Default one half.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is out of range.</exception>
    public MixedPool(Window window, double ratio = 0.5) : base(window)
    {
        _ = new Mixed<double>(ratio);
        Ratio = ratio;
    }

    /// <summary>How much of the result is the maximum.</summary>
    public double Ratio { get; }

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Mixed(input, Window, Ratio, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Pool.MixedBackward(gradOutput, input, Window, Ratio, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        [("ratio", Ratio.ToString(CultureInfo.InvariantCulture)), .. WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode")];

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => values.Count == 0
        ? "0"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Ratio} * max({string.Join(", ", values)}) + {1 - Ratio} * ({string.Join(" + ", values)}) / {count}");
}
