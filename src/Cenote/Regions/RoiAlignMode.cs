namespace Cenote;

/// <summary>What a bin of roi_align makes of its samples.</summary>
public enum RoiAlignMode
{
    /// <summary>The mean of the interpolated values. torchvision, and ONNX unless told otherwise.</summary>
    Average,

    /// <summary>The largest of the neighbours, each times its weight: ONNX's <c>max</c>, and not the largest interpolated value.</summary>
    Max,
}
