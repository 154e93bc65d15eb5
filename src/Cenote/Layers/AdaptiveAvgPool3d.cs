namespace Cenote;

/// <summary>3-D adaptive average pooling over (N, C, D, H, W) or (C, D, H, W); PyTorch's <c>AdaptiveAvgPool3d</c>.</summary>
public sealed class AdaptiveAvgPool3d : AvgPool
{
    /// <summary>With PyTorch's argument.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more; unset (<c>null</c>) keeps the length of the axis.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public AdaptiveAvgPool3d(Sizes outputSize) : base(Window.Adaptive(outputSize) with { Rank = 3 }, countPadding: true, divisor: null, torchShapes: true)
    {
    }
}
