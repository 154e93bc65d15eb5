namespace Cenote;

/// <summary>2-D adaptive max pooling over (N, C, H, W) or (C, H, W); PyTorch's <c>AdaptiveMaxPool2d</c>.</summary>
public sealed class AdaptiveMaxPool2d : MaxPool
{
    /// <summary>With PyTorch's argument.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more; unset (<c>null</c>) keeps the length of the axis.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public AdaptiveMaxPool2d(Sizes outputSize) : base(Window.Adaptive(outputSize) with { Rank = 2 }, torchShapes: true)
    {
    }
}
