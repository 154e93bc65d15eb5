namespace Cenote;

/// <summary>2-D adaptive average pooling over (N, C, H, W) or (C, H, W); PyTorch's <c>AdaptiveAvgPool2d</c>.</summary>
public sealed class AdaptiveAvgPool2d : AvgPool
{
    /// <summary>With PyTorch's argument.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more; unset (<c>null</c>) keeps the length of the axis.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public AdaptiveAvgPool2d(Sizes outputSize) : base(Window.Adaptive(outputSize) with { Rank = 2 }, countPadding: true, divisor: null, torchShapes: true)
    {
    }
}
