using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The largest cell of each bin of each box; torchvision's <c>RoIPool</c>.</summary>
/// <param name="outputSize">Bins of a box: one number or (height, width).</param>
/// <param name="spatialScale">Cells of the map for each pixel of the image, such as 1 / 16.</param>
public sealed class RoIPool(Sizes outputSize, double spatialScale) : RegionLayer(outputSize)
{
    /// <inheritdoc/>
    public override Tensor<T> Forward<T, TBox>(Tensor<T> input, Tensor<TBox> boxes) => ForwardWithIndices(input, boxes).Values;

    /// <inheritdoc cref="Pool.RoiPoolWithIndices{T, TBox}(Tensor{T}, Tensor{TBox}, Sizes, double, PoolOptions?)"/>
    public (Tensor<T> Values, Tensor<long> Indices) ForwardWithIndices<T, TBox>(Tensor<T> input, Tensor<TBox> boxes)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        (Tensor<T> Values, Tensor<long> Indices) output = Pool.RoiPoolWithIndices(input, boxes, OutputSize, spatialScale, Options);
        nint[] shape = [.. input.Lengths];
        Keep<T>(gradOutput => Pool.RoiPoolBackward(gradOutput, output.Indices, boxes, shape, Options));
        return output;
    }

    /// <summary>As torchvision prints it.</summary>
    public override string ToString() => $"RoIPool(output_size={OutputSize}, spatial_scale={Float(spatialScale)})";
}
