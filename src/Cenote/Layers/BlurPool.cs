using System.Globalization;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Each window's cells weighted by a binomial filter, over a window of any rank; see <see cref="Pool.Blur{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
/// <param name="window">The filter as kernel; without a stride 2, without padding what makes the output <c>ceil(L / stride)</c> long.</param>
public sealed class BlurPool(Window window) : WindowLayer(Pool.BlurWindow(window))
{
    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Blur(input, Window, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Back(input)(gradOutput);

    private protected override Func<Tensor<T>, Tensor<T>> Back<T>(Tensor<T> input)
    {
        nint[] shape = [.. input.Lengths];
        return gradOutput => Pool.BlurBackward(gradOutput, shape, Window, Options);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode");

    /// <inheritdoc/>
    protected internal override long Cell(long position, long length) => Pool.Reflect(position, length);

    internal override ExplainedAxis Reached(Axis axis, long input)
    {
        List<long> outputs = [];
        for (long o = 0; o < axis.OutputLength; o++)
            for (long j = 0; j < axis.Kernel; j++)
                if (Cell(axis.Start(o) + j * axis.Dilation, axis.InputLength) == input)
                {
                    outputs.Add(o);
                    break;
                }
        return new(outputs, $"outputs with a tap that is {input} or reflected to it -> {string.Join(", ", outputs)}");
    }

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count)
    {
        // No tap is missing, so that their number tells the rank.
        double[] weights = [1];
        for (int axis = 0; weights.Length < values.Count; axis++)
        {
            double[] along = new double[Window.Kernel[axis]!.Value];
            Pool.Binomial(along);
            weights = [.. weights.SelectMany(weight => along.Select(factor => weight * factor / along[0]))];
        }
        IEnumerable<string> terms = values.Zip(weights, (value, weight) => $"{weight.ToString(CultureInfo.InvariantCulture)} * {value}");
        return $"({string.Join(" + ", terms)}) / {weights.Sum().ToString(CultureInfo.InvariantCulture)}";
    }
}
