using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>A layer that takes one cell of each window as it is, and knows which.</summary>
public abstract class SelectorLayer : WindowLayer
{
    /// <inheritdoc cref="WindowLayer(Window, bool)"/>
    protected SelectorLayer(Window window, bool torchShapes = false) : base(window, torchShapes)
    {
    }

    /// <summary>The output, and where in its plane each winner is; PyTorch's <c>return_indices</c>.</summary>
    /// <param name="input">The cells.</param>
    /// <returns>Values as of <see cref="Layer.Forward"/>; indices <c>(d * H + h) * W + w</c> inside the unpadded plane, whatever the layout; -1 where the window has no cell.</returns>
    /// <exception cref="ArgumentException">The window does not fit the input.</exception>
    public (Tensor<T> Values, Tensor<long> Indices) ForwardWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        OutputShape(input.Lengths);
        (Tensor<T> Values, Tensor<long> Indices) output = ApplyWithIndices(input);
        nint[] shape = [.. input.Lengths];
        Keep<T>(gradOutput => Pool.MaxBackward(gradOutput, output.Indices, shape, Window, Options));
        return output;
    }

    /// <summary>The pooling itself, with the index of each winner.</summary>
    protected internal abstract (Tensor<T> Values, Tensor<long> Indices) ApplyWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>;

    /// <inheritdoc/>
    protected sealed override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) =>
        Pool.MaxBackward(gradOutput, ApplyWithIndices(input).Indices, input.Lengths, Window, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode");
}
