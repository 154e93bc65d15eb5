namespace Cenote;

/// <summary>1-D adaptive max pooling over (N, C, L) or (C, L); PyTorch's <c>AdaptiveMaxPool1d</c>.</summary>
public sealed class AdaptiveMaxPool1d : MaxPool
{
    /// <summary>With PyTorch's argument.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more; unset (<c>null</c>) keeps the length of the axis.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public AdaptiveMaxPool1d(Sizes outputSize) : base(Window.Adaptive(outputSize) with { Rank = 1 }, torchShapes: true)
    {
    }
}
