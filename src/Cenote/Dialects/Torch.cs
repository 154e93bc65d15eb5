namespace Cenote;

/// <summary>Windows by PyTorch's defaults and limits.</summary>
public static class Torch
{
    /// <summary>A window as <c>torch.nn.functional</c> takes it.</summary>
    /// <param name="kernelSize">Taps along each axis.</param>
    /// <param name="stride">Distance between windows. Default: the kernel.</param>
    /// <param name="padding">Cells on both sides, at most half the effective kernel.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts.</param>
    /// <param name="rank">1, 2 or 3; see <see cref="Window.Rank"/>.</param>
    /// <exception cref="ArgumentException">A number is out of range, or the padding more than half the effective kernel.</exception>
    public static Window Window(Sizes kernelSize, Sizes? stride = null, Sizes? padding = null, Sizes? dilation = null, bool ceilMode = false, int? rank = null)
    {
        Window window = new(kernelSize)
        {
            Stride = stride, Padding = Padding.Symmetric(padding ?? 0), Dilation = dilation ?? 1, CeilMode = ceilMode, Rank = rank,
        };
        int axes = Math.Max(kernelSize.Count, Math.Max(window.Padding.Before.Count, window.Dilation.Count));
        for (int axis = 0; axis < axes; axis++)
        {
            long effective = window.Dilation[axis]!.Value * (kernelSize[axis]!.Value - 1L) + 1;
            if (window.Padding.Before[axis] > effective / 2)
                throw new ArgumentException(
                    $"padding is {window.Padding}; PyTorch takes at most half of the effective kernel {effective} on axis {axis}", nameof(padding));
        }
        return window;
    }
}
