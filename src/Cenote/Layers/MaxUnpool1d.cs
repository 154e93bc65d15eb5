namespace Cenote;

/// <summary>1-D max unpooling over (N, C, L) or (C, L); PyTorch's <c>MaxUnpool1d</c>.</summary>
public sealed class MaxUnpool1d : MaxUnpool
{
    /// <summary>With PyTorch's arguments and defaults.</summary>
    /// <param name="kernelSize">Taps of the pooling along each axis, 1 or more.</param>
    /// <param name="stride">Distance between its windows, 1 or more. Default: the kernel, as there.</param>
    /// <param name="padding">What surrounded its input. Default: nothing, as there.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names the argument and its value.</exception>
    public MaxUnpool1d(Sizes kernelSize, Sizes? stride = null, Padding padding = default)
        : base(Window.Of(1, kernelSize, stride, padding, dilation: null, ceilMode: false), torchShapes: true)
    {
    }
}
