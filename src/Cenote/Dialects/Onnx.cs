using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Windows by the defaults of ONNX's <c>MaxPool</c>, <c>AveragePool</c> and <c>LpPool</c>: stride 1, padding per side.</summary>
public static class Onnx
{
    private static readonly (string Framework, int Least, int Most) s_otherAxes = ("ONNX", 2, 2);

    /// <summary>A window as an ONNX node describes it: over (N, C, …).</summary>
    /// <param name="kernelShape">Taps along each axis.</param>
    /// <param name="strides">Distance between windows. Default 1.</param>
    /// <param name="padding">Per side (<c>pads</c>) or a rule (<c>auto_pad</c>). Default: nothing.</param>
    /// <param name="dilations">Distance between taps. Default 1.</param>
    /// <param name="ceilMode">Whether a last window that hangs over the end counts.</param>
    /// <param name="rank">1, 2 or 3; see <see cref="Window.Rank"/>.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Window Window(
        Sizes kernelShape, Sizes? strides = null, Padding padding = default, Sizes? dilations = null, bool ceilMode = false, int? rank = null) =>
        new(kernelShape) { Stride = strides ?? 1, Padding = padding, Dilation = dilations ?? 1, CeilMode = ceilMode, Rank = rank, CountPadding = false, OtherAxes = s_otherAxes };

    /// <summary>The window of <c>GlobalMaxPool</c>, <c>GlobalAveragePool</c> and <c>GlobalLpPool</c>: the whole input, its axes kept.</summary>
    /// <param name="rank">1, 2 or 3; see <see cref="Window.Rank"/>.</param>
    public static Window GlobalWindow(int? rank = null) => Cenote.Window.Global with { Rank = rank, CountPadding = false, OtherAxes = s_otherAxes };

    /// <summary>The padding of an <c>auto_pad</c> attribute.</summary>
    /// <param name="autoPad"><c>NOTSET</c>, <c>VALID</c>, <c>SAME_UPPER</c> or <c>SAME_LOWER</c>.</param>
    /// <param name="pads">What counts under <c>NOTSET</c>, see <see cref="Pads"/>.</param>
    /// <exception cref="ArgumentException">The word is none of these, or there are pads beside a rule.</exception>
    public static Padding AutoPad(string autoPad, Padding pads = default) => autoPad switch
    {
        "NOTSET" => pads,
        _ when !pads.IsNone => throw new ArgumentException($"auto_pad is {autoPad} beside pads; pads go with NOTSET alone", nameof(autoPad)),
        "VALID" => Padding.Valid,
        "SAME_UPPER" => Padding.Same,
        "SAME_LOWER" => Padding.SameLower,
        _ => throw new ArgumentException($"auto_pad is {autoPad}; it must be NOTSET, VALID, SAME_UPPER or SAME_LOWER", nameof(autoPad)),
    };

    /// <summary>The padding of a <c>pads</c> attribute.</summary>
    /// <param name="pads">Cells before the first one on each axis, then cells after the last one on each axis: 2, 4 or 6 numbers.</param>
    /// <exception cref="ArgumentException">There are others than 2, 4 or 6, or a negative one.</exception>
    public static Padding Pads(params ReadOnlySpan<int> pads)
    {
        if (pads.Length is not (2 or 4 or 6))
            throw new ArgumentException($"pads has {pads.Length} numbers; it must have two for each axis, 2, 4 or 6", nameof(pads));
        int?[] sizes = new int?[pads.Length];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = pads[i];
        return Padding.PerSide(Sizes.Of(sizes.AsSpan(0, sizes.Length / 2)), Sizes.Of(sizes.AsSpan(sizes.Length / 2)));
    }

    /// <summary>Indices as ONNX counts them, over the whole tensor: <c>(n * C + c) * plane</c> is added to those inside each plane.</summary>
    /// <param name="indices">Indices of <see cref="Pool.MaxWithIndices{T}(Tensor{T}, Cenote.Window, PoolOptions?)"/>, channels first; -1 stays.</param>
    /// <param name="window">The window that made them.</param>
    /// <param name="inputShape">The shape of what it was applied to.</param>
    /// <param name="columnMajor">Whether the first axis of a plane counts fastest (<c>storage_order</c> 1). Default: the last.</param>
    /// <exception cref="ArgumentException">The shapes do not go together, channels are not first, or an index lies outside its plane; the message names it.</exception>
    public static Tensor<long> WholeTensorIndices(Tensor<long> indices, Window window, ReadOnlySpan<nint> inputShape, bool columnMajor = false)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(window);
        if (window.Layout != Layout.ChannelsFirst) throw new ArgumentException("window slides over channels last; ONNX has channels first alone", nameof(window));
        Geometry geometry = window.Resolve(inputShape);
        Pool.SameShape(indices.Lengths, window.OutputShape(inputShape), nameof(indices));
        long depth = geometry.Depth.InputLength, height = geometry.Height.InputLength, width = geometry.Width.InputLength;
        long[] cells = new long[indices.FlattenedLength];
        indices.FlattenTo(cells);
        for (long i = 0; i < cells.Length; i++)
        {
            if (cells[i] == -1) continue;
            if (cells[i] < 0 || cells[i] >= geometry.InputPlane)
                throw new ArgumentException($"indices holds {cells[i]} for output {i}; it must be inside its plane, 0 to {geometry.InputPlane - 1}, or -1", nameof(indices));
            (long row, long w) = Math.DivRem(cells[i], width);
            (long d, long h) = Math.DivRem(row, height);
            cells[i] = i / geometry.OutputPlane * geometry.InputPlane + (columnMajor ? d + depth * (h + height * w) : cells[i]);
        }
        return Tensor.Create(cells, indices.Lengths);
    }

    /// <summary>Indices inside each plane, as <see cref="Pool.MaxUnpool{T}(Tensor{T}, Tensor{long}, Cenote.Window, Sizes?, PoolOptions?)"/> takes them, from ONNX's.</summary>
    /// <param name="indices">Indices over the whole tensor that <c>MaxUnpool</c> makes, channels first; -1 stays.</param>
    /// <param name="window">The window of the pooling.</param>
    /// <param name="outputShape">The shape of what <c>MaxUnpool</c> makes, see <see cref="Window.UnpooledShape(ReadOnlySpan{nint}, Sizes?)"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not go together, or an index lies in another plane than its cell; the message names it.</exception>
    public static Tensor<long> PlaneIndices(Tensor<long> indices, Window window, ReadOnlySpan<nint> outputShape)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(window);
        int first = window.FirstAxis(indices.Rank), rank = window.RankFor(indices.Rank);
        Pool.SameShape(outputShape, window.UnpooledShape(indices.Lengths, outputShape.Length == indices.Rank ? outputShape.Slice(first, rank) : []), nameof(outputShape));
        long inputPlane = 1, outputPlane = 1;
        for (int axis = first; axis < indices.Rank; axis++) (inputPlane, outputPlane) = (inputPlane * indices.Lengths[axis], outputPlane * outputShape[axis]);
        long[] cells = new long[indices.FlattenedLength];
        indices.FlattenTo(cells);
        for (long i = 0; i < cells.Length; i++)
        {
            if (cells[i] == -1) continue;
            long start = i / inputPlane * outputPlane;
            if (cells[i] < start || cells[i] >= start + outputPlane)
                throw new ArgumentException($"indices holds {cells[i]} for input {i}; it must be inside its plane of the whole tensor, {start} to {start + outputPlane - 1}, or -1", nameof(indices));
            cells[i] -= start;
        }
        return Tensor.Create(cells, indices.Lengths);
    }
}
