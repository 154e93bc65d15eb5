using System.Globalization;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The generalized mean of each window, over a window of any rank; see <see cref="GeneralizedMean{T}"/>.</summary>
public sealed class GeMPool : WindowLayer
{
    /// <summary>GeM pooling over any input that the window fits; the paper's is over the global window.</summary>
    /// <param name="window">What slides.</param>
    /// <param name="p">The order, above 0; infinity gives the maximum. Default 3, where the paper's training starts; it is not learned here.</param>
    /// <param name="eps">What smaller cells are raised to, above 0. Default 1e-6, as in the paper's code.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public GeMPool(Window window, double p = 3, double eps = 1e-6) : base(window)
    {
        _ = new GeneralizedMean<double>(p, eps);
        (P, Eps) = (p, eps);
    }

    /// <summary>The order.</summary>
    public double P { get; }

    /// <summary>What smaller cells are raised to.</summary>
    public double Eps { get; }

    private string Order => double.IsInfinity(P) ? "inf" : P.ToString(CultureInfo.InvariantCulture);

    private string Least => Eps.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.GeM(input, Window, P, Eps, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Pool.GeMBackward(gradOutput, input, Window, P, Eps, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        [("p", Order), ("eps", Least), .. WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode")];

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => values.Count == 0
        ? "0"
        : $"(({string.Join(" + ", values.Select(value => $"max({value}, {Least})^{Order}"))}) / {count})^(1/{Order})";

    /// <inheritdoc/>
    protected internal override string ShareArithmetic(string gradient, string cell, string output, long count) =>
        double.Parse(cell, CultureInfo.InvariantCulture) < Eps ? "0" : $"{gradient} * ({cell} / {output})^({Order} - 1) / {count}";
}
