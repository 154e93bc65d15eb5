namespace Cenote;

/// <summary>3-D max pooling over (N, C, D, H, W) or (C, D, H, W); PyTorch's <c>MaxPool3d</c>.</summary>
public sealed class MaxPool3d : MaxPool
{
    /// <summary>With PyTorch's arguments and defaults.</summary>
    /// <param name="kernelSize">Taps along each axis, 1 or more.</param>
    /// <param name="stride">Distance between windows, 1 or more. Default: the kernel, so that windows tile the input.</param>
    /// <param name="padding">What surrounds the input; it never wins. Default: nothing.</param>
    /// <param name="dilation">Distance between taps, 1 or more. Default 1.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts. Default: no.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names the argument and its value.</exception>
    public MaxPool3d(Sizes kernelSize, Sizes? stride = null, Padding padding = default, Sizes? dilation = null, bool ceilMode = false)
        : base(Window.Of(3, kernelSize, stride, padding, dilation, ceilMode), torchShapes: true)
    {
    }
}
