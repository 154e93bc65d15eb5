using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>A layer and its boxes: float32 as they are, all others as float64.</summary>
internal sealed record OfBoxes(RegionLayer Layer, NpyArray Boxes) : IWindowless
{
    /// <inheritdoc/>
    public nint[] OutputShape(ReadOnlySpan<nint> inputShape) => Layer.OutputShape(inputShape, Boxes.Shape);

    /// <inheritdoc/>
    public (Tensor<T> Output, Tensor<long>? Indices) Forward<T>(Tensor<T> input)
        where T : unmanaged, INumber<T> => Boxes.Accept(new Pooled<T>(Layer, input));

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}";

    private sealed record Pooled<T>(RegionLayer Layer, Tensor<T> Input) : INpyVisitor<(Tensor<T> Output, Tensor<long>? Indices)>
        where T : unmanaged, INumber<T>
    {
        public (Tensor<T> Output, Tensor<long>? Indices) Visit<TBox>(Tensor<TBox> boxes)
            where TBox : unmanaged, INumber<TBox> => boxes is Tensor<float> floats ? Forward(floats) : Forward(new Doubles().Visit(boxes));

        private (Tensor<T> Output, Tensor<long>? Indices) Forward<TBox>(Tensor<TBox> boxes)
            where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox> =>
            Layer is RoIPool pool ? pool.ForwardWithIndices(Input, boxes) : (Layer.Forward(Input, boxes), null);
    }
}
