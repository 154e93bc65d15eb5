using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>A layer as it is.</summary>
internal sealed record OfLayer(Layer Layer) : IWindowless
{
    /// <inheritdoc/>
    public nint[] OutputShape(ReadOnlySpan<nint> inputShape) => Layer.OutputShape(inputShape);

    /// <inheritdoc/>
    public (Tensor<T> Output, Tensor<long>? Indices) Forward<T>(Tensor<T> input)
        where T : unmanaged, System.Numerics.INumber<T> => Layer is FractionalMaxPool fractional ? fractional.ForwardWithIndices(input) : (Layer.Forward(input), null);

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}";
}
