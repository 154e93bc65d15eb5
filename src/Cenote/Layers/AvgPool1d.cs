namespace Cenote;

/// <summary>1-D average pooling over (N, C, L) or (C, L); PyTorch's <c>AvgPool1d</c>.</summary>
public sealed class AvgPool1d : AvgPool
{
    /// <summary>With PyTorch's arguments and defaults.</summary>
    /// <param name="kernelSize">Taps along each axis, 1 or more.</param>
    /// <param name="stride">Distance between windows, 1 or more. Default: the kernel, so that windows tile the input.</param>
    /// <param name="padding">What surrounds the input. Default: nothing.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts. Default: no.</param>
    /// <param name="countIncludePad">Whether padding counts as zeros. Default: yes.</param>
    /// <param name="divisorOverride">Divides the sum instead of the number of cells; not 0. Default: the number of cells.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names the argument and its value.</exception>
    public AvgPool1d(
        Sizes kernelSize, Sizes? stride = null, Padding padding = default, bool ceilMode = false, bool countIncludePad = true, int? divisorOverride = null)
        : base(Window.Of(1, kernelSize, stride, padding, dilation: null, ceilMode), countIncludePad, divisorOverride, torchShapes: true)
    {
    }

    // PyTorch makes a tuple of every size here, and only here.
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        base.Settings().Select(setting => (setting.Name, $"({setting.Value},)"));
}
