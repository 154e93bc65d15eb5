using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Windows by PyTorch's defaults and limits.</summary>
public static class Torch
{
    private static readonly (string Framework, int Least, int Most) s_otherAxes = ("PyTorch", 1, 2);

    /// <summary>A window as <c>torch.nn.functional</c> takes it: over (N, C, …), or (C, …) where its rank is known.</summary>
    /// <remarks>
    /// The rank is known where <paramref name="rank"/> is given or <paramref name="kernelSize"/> has several numbers. Of one number alone it follows from the input, see
    /// <see cref="Cenote.Window"/>: two axes are (C, L), three (N, C, L) and never (C, H, W), four (N, C, H, W), five (N, C, D, H, W).
    /// </remarks>
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
            Stride = stride, Padding = Padding.Symmetric(padding ?? 0), Dilation = dilation ?? 1, CeilMode = ceilMode, Rank = rank, OtherAxes = s_otherAxes,
        };
        int axes = Math.Max(kernelSize.Count, Math.Max(window.Padding.Before.Count, window.Dilation.Count));
        kernelSize.Fit(axes, nameof(kernelSize));
        window.Padding.Before.Fit(axes, nameof(padding));
        window.Dilation.Fit(axes, nameof(dilation));
        for (int axis = 0; axis < axes; axis++)
        {
            long effective = window.Dilation[axis]!.Value * (kernelSize[axis]!.Value - 1L) + 1;
            if (window.Padding.Before[axis] > effective / 2)
                throw new ArgumentException(
                    $"padding is {window.Padding}; PyTorch takes at most half of the effective kernel {effective} on axis {axis}", nameof(padding));
        }
        return window;
    }

    /// <summary>The window of <c>torch.nn.functional.adaptive_max_pool1d</c> and its like.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more; unset keeps the length of the axis.</param>
    /// <param name="rank">1, 2 or 3; where it is not given and the size is one number it follows from the input, as in <see cref="Window"/>.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public static Window AdaptiveWindow(Sizes outputSize, int? rank = null) => Cenote.Window.Adaptive(outputSize) with { Rank = rank, OtherAxes = s_otherAxes };

    /// <summary>The power average of each window by PyTorch's rule, see <see cref="TorchNorm{T}"/>; <c>lp_pool1d</c> to <c>lp_pool3d</c>.</summary>
    /// <param name="input">The cells, (N, C, …), or (C, …) where the window's rank is known.</param>
    /// <param name="window">What slides; without padding and dilation.</param>
    /// <param name="p">The order, above 0 and finite.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>NaN where the sum is negative and the root of it has no value.</returns>
    /// <exception cref="ArgumentException">The window is none that PyTorch's <c>LPPool</c> has; the message names why.</exception>
    public static Tensor<T> Lp<T>(Tensor<T> input, Window window, double p, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        return Pool.Reduce(input, window, new TorchNorm<T>(p, window, window.RankFor(input.Rank)), options);
    }

    /// <summary>The gradient of <see cref="Lp{T}"/>: 0 where the sum of the window is 0.</summary>
    /// <param name="gradOutput">The gradient of the output, of its shape.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="window">The window of the forward pass.</param>
    /// <param name="p">The order, as in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input, of its shape.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or the window is none that PyTorch's <c>LPPool</c> has.</exception>
    public static Tensor<T> LpBackward<T>(Tensor<T> gradOutput, Tensor<T> input, Window window, double p, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(window);
        return Pool.ReduceBackward(gradOutput, input, window, new TorchNorm<T>(p, window, window.RankFor(input.Rank)), options);
    }

    /// <summary><see cref="Lp{T}"/> as a layer.</summary>
    /// <param name="normType">The order, above 0 and finite.</param>
    /// <param name="window">What slides; without padding and dilation.</param>
    /// <exception cref="ArgumentException">The window is none that PyTorch's <c>LPPool</c> has; the message names why.</exception>
    public static LPPool LPPool(double normType, Window window) => new TorchLPPool(normType, window);
}
