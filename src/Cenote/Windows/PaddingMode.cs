namespace Cenote;

/// <summary>How the padding of a window is decided.</summary>
public enum PaddingMode
{
    /// <summary>By the numbers given; none given is no padding (<c>valid</c>).</summary>
    Explicit,

    /// <summary>As much as makes the output <c>ceil(length / stride)</c> long; an odd one goes behind (TensorFlow, ONNX <c>SAME_UPPER</c>).</summary>
    Same,

    /// <summary>As <see cref="Same"/>, an odd one goes in front (ONNX <c>SAME_LOWER</c>).</summary>
    SameLower,
}
