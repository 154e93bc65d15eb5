using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Each bin of each box from interpolated samples; torchvision's <c>RoIAlign</c>.</summary>
/// <param name="outputSize">Bins of a box: one number or (height, width).</param>
/// <param name="spatialScale">Cells of the map for each pixel of the image, such as 1 / 16.</param>
/// <param name="samplingRatio">Samples along each axis of a bin; 0 or less: as many as it has cells, rounded up.</param>
/// <param name="aligned">Whether everything moves by half a cell. Default: no, as in torchvision.</param>
/// <param name="mode">Mean, or ONNX's maximum. Default: the mean, all that torchvision has.</param>
public sealed class RoIAlign(
    Sizes outputSize, double spatialScale, int samplingRatio, bool aligned = false, RoiAlignMode mode = RoiAlignMode.Average) : RegionLayer(outputSize)
{
    /// <inheritdoc/>
    public override Tensor<T> Forward<T, TBox>(Tensor<T> input, Tensor<TBox> boxes)
    {
        Tensor<T> output = Pool.RoiAlign(input, boxes, OutputSize, spatialScale, samplingRatio, aligned, mode, Options);
        Keep<T>(gradOutput => Pool.RoiAlignBackward(gradOutput, input, boxes, spatialScale, samplingRatio, aligned, mode, Options));
        return output;
    }

    /// <summary>As torchvision prints it; it has no mode.</summary>
    public override string ToString() =>
        $"RoIAlign(output_size={OutputSize}, spatial_scale={Float(spatialScale)}, sampling_ratio={samplingRatio}, aligned={aligned}{(mode == RoiAlignMode.Max ? ", mode=max" : "")})";
}
