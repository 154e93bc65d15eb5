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
    /// <exception cref="ArgumentException">The layer does not take such an input.</exception>
    public abstract nint[] OutputShape(ReadOnlySpan<nint> inputShape);

    /// <summary>The output for an input.</summary>
    /// <exception cref="ArgumentException">The layer does not take such an input.</exception>
    public abstract Tensor<T> Forward<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>;
}
