using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Fractional max pooling over a window of any rank; see <see cref="FractionalWindow"/>.</summary>
/// <param name="window">The kernel, and the output size or ratio.</param>
/// <param name="samples">A number for every plane and axis, in PyTorch's order of the axes. Default: drawn from <paramref name="seed"/>.</param>
/// <param name="seed">The same steps at every call for the same seed; make a layer with another for others. Default 0.</param>
public class FractionalMaxPool(FractionalWindow window, Tensor<double>? samples = null, long seed = 0) : PoolingLayer
{
    /// <summary>The kernel, and the output size or ratio.</summary>
    public FractionalWindow Window => window;

    /// <inheritdoc/>
    public sealed override nint[] OutputShape(ReadOnlySpan<nint> inputShape) => window.OutputShape(inputShape);

    /// <summary>The output, and where in its plane each maximum is; PyTorch's <c>return_indices</c>.</summary>
    public (Tensor<T> Values, Tensor<long> Indices) ForwardWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>
    {
        Check(input.Lengths);
        (Tensor<T> Values, Tensor<long> Indices) output = ApplyWithIndices(input);
        Keep(input);
        return output;
    }

    /// <inheritdoc/>
    protected sealed override Tensor<T> Apply<T>(Tensor<T> input) => ApplyWithIndices(input).Values;

    /// <inheritdoc/>
    protected sealed override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) =>
        Pool.FractionalMaxBackward(gradOutput, ApplyWithIndices(input).Indices, input.Lengths, window);

    // PyTorch shows nothing of it.
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() => [];

    private (Tensor<T> Values, Tensor<long> Indices) ApplyWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T> => Pool.FractionalMaxWithIndices(input, window, samples ?? window.Samples(input.Lengths, seed));
}
