using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Windows by the defaults of ONNX's <c>MaxPool</c>, <c>AveragePool</c> and <c>LpPool</c>: stride 1, padding per side.</summary>
public static class Onnx
{
    /// <summary>Whether an average counts padding unless <c>count_include_pad</c> says so: no.</summary>
    public const bool CountPadding = false;

    /// <summary>A window as an ONNX node describes it.</summary>
    /// <param name="kernelShape">Taps along each axis.</param>
    /// <param name="strides">Distance between windows. Default 1.</param>
    /// <param name="padding">Per side (<c>pads</c>) or a rule (<c>auto_pad</c>). Default: nothing.</param>
    /// <param name="dilations">Distance between taps. Default 1.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts.</param>
    /// <param name="rank">1, 2 or 3; see <see cref="Window.Rank"/>.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Window Window(
        Sizes kernelShape, Sizes? strides = null, Padding padding = default, Sizes? dilations = null, bool ceilMode = false, int? rank = null) =>
        new(kernelShape) { Stride = strides ?? 1, Padding = padding, Dilation = dilations ?? 1, CeilMode = ceilMode, Rank = rank };

    /// <summary>Indices as ONNX counts them, over the whole tensor: <c>(n * C + c) * plane</c> is added to those inside each plane.</summary>
    /// <param name="indices">Indices of <see cref="Pool.MaxWithIndices{T}(Tensor{T}, Cenote.Window)"/>, channels first; -1 stays.</param>
    /// <param name="window">The window that made them.</param>
    /// <param name="inputShape">The shape of what it was applied to.</param>
    public static Tensor<long> WholeTensorIndices(Tensor<long> indices, Window window, ReadOnlySpan<nint> inputShape)
    {
        Geometry geometry = window.Resolve(inputShape);
        long[] cells = new long[indices.FlattenedLength];
        indices.FlattenTo(cells);
        for (long i = 0; i < cells.Length; i++)
            if (cells[i] >= 0) cells[i] += i / geometry.OutputPlane * geometry.InputPlane;
        return Tensor.Create(cells, indices.Lengths);
    }
}
