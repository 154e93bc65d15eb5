namespace Comparison;

internal enum Operator
{
    Max,
    Average,
    MaxWithIndices,
    MaxBackward,
    AverageBackward,

    /// <summary>Lp of order 2.</summary>
    Norm,

    /// <summary>The mean of roi_align.</summary>
    RoiAlign,

    /// <summary>ONNX's maximum of it.</summary>
    RoiAlignMax,

    RoiPool,
}
