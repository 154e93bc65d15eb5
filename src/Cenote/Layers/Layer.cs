using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>A step of a network: a tensor in, a tensor out.</summary>
public abstract class Layer
{
    /// <summary>The name of the layer's type, as in <c>torch.nn</c>.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>The shapes of what the layer has learned; pooling learns nothing, so there are none.</summary>
    public virtual IReadOnlyList<IReadOnlyList<nint>> ParameterShapes => [];

    /// <summary>The shape that <see cref="Forward"/> gives for an input of this shape, without any data.</summary>
    /// <param name="inputShape">The lengths of the input's axes, batch and channels included.</param>
    /// <exception cref="ArgumentException">The layer does not take such an input.</exception>
    public abstract nint[] OutputShape(ReadOnlySpan<nint> inputShape);

    /// <summary>The output for an input.</summary>
    /// <param name="input">The cells, (N, C, …) or as the layer says.</param>
    /// <returns>A new tensor, of the shape that <see cref="OutputShape"/> tells.</returns>
    /// <exception cref="ArgumentException">The layer does not take such an input.</exception>
    public abstract Tensor<T> Forward<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>;

    /// <summary>The gradient of the last <see cref="Forward"/>: how a number changes with the input, by how it changes with the output.</summary>
    /// <remarks>
    /// A layer that needs the input keeps the tensor itself and no copy, until the gradient has been taken or the next input comes: its cells must still be the same.
    /// It keeps one input: each place of a network needs a layer of its own, and so does each thread.
    /// </remarks>
    /// <param name="gradOutput">The gradient of the output: of its shape, and of the type of the input.</param>
    /// <returns>The gradient of the input: of its shape.</returns>
    /// <exception cref="InvalidOperationException">There was no <see cref="Forward"/> since the last gradient was taken.</exception>
    /// <exception cref="ArgumentException">The gradient is of another shape or type than the last output.</exception>
    /// <exception cref="NotSupportedException">The layer has no gradient.</exception>
    public virtual Tensor<T> Backward<T>(Tensor<T> gradOutput)
        where T : unmanaged, INumber<T> => throw new NotSupportedException($"{Name} has no gradient");
}
