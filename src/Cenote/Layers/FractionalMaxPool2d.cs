using System.Numerics.Tensors;

namespace Cenote;

/// <summary>2-D fractional max pooling over (N, C, H, W) or (C, H, W); PyTorch's <c>FractionalMaxPool2d</c>.</summary>
public sealed class FractionalMaxPool2d : FractionalMaxPool
{
    /// <summary>With PyTorch's arguments, and a seed; exactly one of size and ratio.</summary>
    /// <param name="kernelSize">Taps along each axis, 1 or more.</param>
    /// <param name="outputSize">Output length of each axis, 1 or more.</param>
    /// <param name="outputRatio">Output over input length, over 0 and under 1: one for every axis or one per axis.</param>
    /// <param name="samples">A number for every plane and axis, PyTorch's <c>_random_samples</c>. Default: drawn from the seed.</param>
    /// <param name="seed">The same steps at every call for the same seed. Default 0.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names the argument and its value.</exception>
    public FractionalMaxPool2d(
        Sizes kernelSize, Sizes? outputSize = null, IReadOnlyList<double>? outputRatio = null, Tensor<double>? samples = null, long seed = 0)
        : base(new(kernelSize, outputSize, outputRatio, rank: 2), samples, seed)
    {
    }

    private protected override void Check(ReadOnlySpan<nint> shape) => WindowLayer.CheckTorchShape(shape, rank: 2, Name);
}
