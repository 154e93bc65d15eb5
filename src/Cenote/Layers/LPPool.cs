using System.Globalization;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The p-norm of each window, over a window of any rank; see <see cref="Pool.Lp{T}(Tensor{T}, Window, double, PoolOptions?)"/>.</summary>
public class LPPool : WindowLayer
{
    /// <summary>Lp pooling over any input that the window fits.</summary>
    /// <param name="normType">The order, above 0; infinity gives the largest absolute value.</param>
    /// <param name="window">What slides.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="normType"/> is not above 0.</exception>
    public LPPool(double normType, Window window) : this(normType, window, torchShapes: false)
    {
    }

    private protected LPPool(double normType, Window window, bool torchShapes) : base(window, torchShapes)
    {
        _ = new Norm<double>(normType);
        NormType = normType;
    }

    /// <summary>The order of the norm.</summary>
    public double NormType { get; }

    private protected string Order => double.IsInfinity(NormType) ? "inf" : NormType.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Lp(input, Window, NormType, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Pool.LpBackward(gradOutput, input, Window, NormType, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings()
    {
        // PyTorch fills in the stride of every layer but this one.
        IEnumerable<(string Name, string Value)> window = WindowSettings("kernel_size", "stride", "ceil_mode");
        return [("norm_type", Order), .. Window.Stride is null ? window.Select(one => one.Name == "stride" ? (one.Name, "None") : one) : window];
    }

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => double.IsInfinity(NormType)
        ? $"max({string.Join(", ", values.Select(value => $"|{value}|"))})"
        : $"({string.Join(" + ", values.Select(value => $"|{value}|^{Order}"))})^(1/{Order})";

    /// <inheritdoc/>
    protected internal override string ShareArithmetic(string gradient, string cell, string output, long count) =>
        $"{gradient} * sign({cell}) * (|{cell}| / {output})^({Order} - 1)";
}
