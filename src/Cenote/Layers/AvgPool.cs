using System.Globalization;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The mean of each window, over a window of any rank; see <see cref="Pool.Avg{T}(Tensor{T}, Window, bool?, int?, PoolOptions?)"/>.</summary>
public class AvgPool : WindowLayer
{
    /// <summary>Average pooling over any input that the window fits.</summary>
    /// <param name="window">What slides.</param>
    /// <param name="countPadding">Whether padding counts as zeros. Default: as the window says, yes but of Keras and ONNX.</param>
    /// <param name="divisor">Divides the sum instead of the number of cells; not 0. Default: the number of cells.</param>
    /// <exception cref="ArgumentException"><paramref name="divisor"/> is 0.</exception>
    public AvgPool(Window window, bool? countPadding = null, int? divisor = null) : this(window, countPadding, divisor, torchShapes: false)
    {
    }

    private protected AvgPool(Window window, bool? countPadding, int? divisor, bool torchShapes) : base(window, torchShapes)
    {
        if (divisor == 0) throw new ArgumentException("divisor is 0; it must be another number", nameof(divisor));
        (CountPadding, Divisor) = (countPadding ?? window.CountPadding, divisor);
    }

    /// <summary>Whether padding counts as zeros.</summary>
    public bool CountPadding { get; }

    /// <summary>What divides the sum instead of the number of cells.</summary>
    public int? Divisor { get; }

    /// <inheritdoc/>
    protected internal sealed override bool CountsPadding => CountPadding;

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Avg(input, Window, CountPadding, Divisor, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Back(input)(gradOutput);

    private protected override Func<Tensor<T>, Tensor<T>> Back<T>(Tensor<T> input)
    {
        nint[] shape = [.. input.Lengths];
        return gradOutput => Pool.AvgBackward(gradOutput, shape, Window, CountPadding, Divisor, Options);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings()
    {
        foreach ((string, string) setting in WindowSettings("kernel_size", "stride", "padding")) yield return setting;
        // PyTorch shows no more; beside its own layers what is not as usual is shown too.
        if (TorchShapes) yield break;
        foreach ((string, string) setting in WindowSettings("dilation", "ceil_mode"))
            if (setting is not (("dilation", "1") or ("ceil_mode", "False") or ("output_size", _))) yield return setting;
        if (!CountPadding) yield return ("count_include_pad", "False");
        if (Divisor is { } divisor) yield return ("divisor_override", divisor.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => values.Count == 0
        ? "0"
        : $"({string.Join(" + ", values)}) / {(Divisor ?? count).ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    protected internal override string ShareArithmetic(string gradient, string cell, string output, long count) =>
        $"{gradient} / {(Divisor ?? count).ToString(CultureInfo.InvariantCulture)}";
}
