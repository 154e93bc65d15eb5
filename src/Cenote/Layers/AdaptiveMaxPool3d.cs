namespace Cenote;

/// <summary>3-D adaptive max pooling over (N, C, D, H, W) or (C, D, H, W); PyTorch's <c>AdaptiveMaxPool3d</c>.</summary>
public sealed class AdaptiveMaxPool3d : MaxPool
{
    /// <summary>With PyTorch's argument.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more; unset (<c>null</c>) keeps the length of the axis.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public AdaptiveMaxPool3d(Sizes outputSize) : base(Window.Adaptive(outputSize) with { Rank = 3 }, torchShapes: true)
    {
    }
}
