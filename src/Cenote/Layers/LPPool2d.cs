namespace Cenote;

/// <summary>
/// 2-D power-average pooling over (N, C, H, W) or (C, H, W), of absolute values: <c>(sum |x|^p)^(1/p)</c>. PyTorch's <c>LPPool2d</c> takes <c>x^p</c>, as <see cref="Torch.LPPool"/> does.
/// </summary>
/// <remarks>
/// The two differ for negative cells unless the order is even, and in ceil mode where a window hangs over the end, which PyTorch scales to a whole one. See <see cref="Norm{T}"/>.
/// </remarks>
public sealed class LPPool2d : LPPool
{
    /// <summary>With PyTorch's arguments and defaults.</summary>
    /// <param name="normType">The order of the norm, above 0; infinity gives the largest absolute value.</param>
    /// <param name="kernelSize">Taps along each axis, 1 or more.</param>
    /// <param name="stride">Distance between windows, 1 or more. Default: the kernel, so that windows tile the input.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts. Default: no.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names the argument and its value.</exception>
    public LPPool2d(double normType, Sizes kernelSize, Sizes? stride = null, bool ceilMode = false)
        : base(normType, Window.Of(2, kernelSize, stride, padding: default, dilation: null, ceilMode), torchShapes: true)
    {
    }
}
