namespace Cenote;

/// <summary>2-D max unpooling over (N, C, H, W) or (C, H, W); PyTorch's <c>MaxUnpool2d</c>.</summary>
public sealed class MaxUnpool2d : MaxUnpool
{
    /// <summary>With PyTorch's arguments and defaults.</summary>
    /// <param name="kernelSize">Taps of the pooling along each axis, 1 or more.</param>
    /// <param name="stride">Distance between its windows, 1 or more. Default: the kernel, as there.</param>
    /// <param name="padding">What surrounded its input. Default: nothing, as there.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names the argument and its value.</exception>
    public MaxUnpool2d(Sizes kernelSize, Sizes? stride = null, Padding padding = default)
        : base(Window.Of(2, kernelSize, stride, padding, dilation: null, ceilMode: false), torchShapes: true)
    {
    }
}
