using System.Numerics;
using System.Numerics.Tensors;
using Cenote.Gradients;
using Cenote.Kernels;
using Cenote.Regions;

namespace Cenote;

// Pooling of regions: boxes on a map, each to bins of its own size. Maps are (N, C, H, W), channels first alone.
public static partial class Pool
{
    /// <summary>The largest cell of each bin of each box, and where it is; torchvision's <c>roi_pool</c>, ONNX's <c>MaxRoiPool</c>.</summary>
    /// <remarks>Corners are rounded half away from zero and belong to the box; neighbouring bins may share a row or column of cells.</remarks>
    /// <param name="input">The map, (N, C, H, W).</param>
    /// <param name="boxes">(K, 5): batch index, x1, y1, x2, y2, in pixels of the image; computed in their type.</param>
    /// <param name="outputSize">Bins of a box: one number or (height, width).</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image, such as 1 / 16. Default 1.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>
    /// (K, C, height, width) both: the maxima, NaN where a bin holds one; and indices <c>h * W + w</c> of the first maximum, or the last NaN. A bin
    /// outside the map is 0, at index -1.
    /// </returns>
    /// <exception cref="ArgumentException">A shape, box or number is not valid; the message names it.</exception>
    /// <seealso cref="RoiPoolBackward{T, TBox}(Tensor{T}, Tensor{long}, Tensor{TBox}, ReadOnlySpan{nint}, PoolOptions?)"/>
    public static (Tensor<T> Values, Tensor<long> Indices) RoiPoolWithIndices<T, TBox>(
        Tensor<T> input, Tensor<TBox> boxes, Sizes outputSize, double spatialScale = 1, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(boxes);
        nint[] shape = RegionShape(input.Lengths, boxes.Lengths, outputSize);
        Tensor<T> values = NewTensor<T>(shape);
        Tensor<long> indices = NewTensor<long>(shape);
        RoiPoolWithIndices<T, TBox>(input, boxes, outputSize, values, indices, spatialScale, options);
        return (values, indices);
    }

    /// <inheritdoc cref="RoiPoolWithIndices{T, TBox}(Tensor{T}, Tensor{TBox}, Sizes, double, PoolOptions?)"/>
    /// <param name="input">The map.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="outputSize">Bins of a box.</param>
    /// <param name="values">Where the maxima go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void RoiPoolWithIndices<T, TBox>(
        in ReadOnlyTensorSpan<T> input, in ReadOnlyTensorSpan<TBox> boxes, Sizes outputSize, in TensorSpan<T> values, in TensorSpan<long> indices,
        double spatialScale = 1, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = RegionShape(input.Lengths, boxes.Lengths, outputSize);
        SameShape(values.Lengths, shape, nameof(values));
        SameShape(indices.Lengths, shape, nameof(indices));
        Apart(input, "the input", values, nameof(values));
        Apart(input, "the input", indices, nameof(indices));
        Apart<T, long>(values, nameof(values), indices, nameof(indices));
        Box<TBox>[] all = Box<TBox>.Read(boxes, input.Lengths[0], spatialScale);
        if (values.FlattenedLength == 0) return;
        RegionMap map = RoundedRegions(all, input.Lengths, shape);
        DenseInput<T> from = new(input);
        using DenseOutput<T> toValues = new(values);
        using DenseOutput<long> toIndices = new(indices);
        fixed (T* source = from.Span)
        fixed (T* target = toValues.Span)
        fixed (long* positions = toIndices.Span)
        {
            if (KnownFolds.IsInDouble<T>()) RegionKernel.Run<T, RegionWinners<T>>(new(map, source, target, positions), map, options);
            else RoiPoolWalk.Run(map, source, new SelectCell<T, RegionMax<T>>(default, target, positions), options);
        }
    }

    /// <summary>The largest cell of each bin of each box; see <see cref="RoiPoolWithIndices{T, TBox}(Tensor{T}, Tensor{TBox}, Sizes, double, PoolOptions?)"/>.</summary>
    /// <param name="input">The map, (N, C, H, W).</param>
    /// <param name="boxes">(K, 5): batch index, x1, y1, x2, y2, in pixels of the image.</param>
    /// <param name="outputSize">Bins of a box: one number or (height, width).</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image. Default 1.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The maxima, (K, C, height, width); NaN where a bin holds one; 0 where it lies outside the map.</returns>
    /// <exception cref="ArgumentException">A shape, box or number is not valid; the message names it.</exception>
    /// <seealso cref="RoiPoolBackward{T, TBox}(Tensor{T}, Tensor{long}, Tensor{TBox}, ReadOnlySpan{nint}, PoolOptions?)"/>
    public static Tensor<T> RoiPool<T, TBox>(Tensor<T> input, Tensor<TBox> boxes, Sizes outputSize, double spatialScale = 1, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox> => RoiPoolWithIndices(input, boxes, outputSize, spatialScale, options).Values;

    /// <summary>The gradient of a region pooling by the map: each bin gives its gradient to its winner.</summary>
    /// <param name="gradOutput">The gradient of the output, (K, C, height, width).</param>
    /// <param name="indices">Where the winners are, as of the forward pass; -1 is skipped.</param>
    /// <param name="boxes">The boxes of the forward pass; only their batch indices are asked.</param>
    /// <param name="inputShape">The lengths of the map.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the map; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or an index no cell of the map.</exception>
    public static Tensor<T> RoiPoolBackward<T, TBox>(
        Tensor<T> gradOutput, Tensor<long> indices, Tensor<TBox> boxes, ReadOnlySpan<nint> inputShape, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(boxes);
        Tensor<T> gradInput = NewTensor<T>(inputShape);
        RoiPoolBackward<T, TBox>(gradOutput, indices, boxes, gradInput, options);
        return gradInput;
    }

    /// <inheritdoc cref="RoiPoolBackward{T, TBox}(Tensor{T}, Tensor{long}, Tensor{TBox}, ReadOnlySpan{nint}, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">Where the winners are.</param>
    /// <param name="boxes">The boxes of the forward pass.</param>
    /// <param name="into">Where the gradient of the map goes; of the map's shape.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void RoiPoolBackward<T, TBox>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<long> indices, in ReadOnlyTensorSpan<TBox> boxes, in TensorSpan<T> into,
        PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = GradientShape(gradOutput.Lengths, into.Lengths, boxes.Lengths);
        SameShape(indices.Lengths, shape, nameof(indices));
        Apart(gradOutput, nameof(gradOutput), into, nameof(into));
        Apart(indices, nameof(indices), into, nameof(into));
        Box<TBox>[] all = Box<TBox>.Read(boxes, into.Lengths[0], spatialScale: 1);
        if (into.FlattenedLength == 0) return;
        long channels = into.Lengths[1], cells = into.Lengths[2] * into.Lengths[3], bins = shape[2] * shape[3], planes = into.Lengths[0] * channels;
        DenseInput<T> from = new(gradOutput);
        DenseInput<long> places = new(indices);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (long* positions = places.Span)
        fixed (T* target = to.Span)
        {
            T* gradients = source, sums = target;
            long* winners = positions;
            PlaneSums.Each(planes, cells, cells * sizeof(T) + gradOutput.FlattenedLength / planes * (sizeof(T) + sizeof(long)), (plane, added) =>
            {
                for (int k = 0; k < all.Length; k++)
                {
                    long output = (k * channels + plane % channels) * bins;
                    if (all[k].Batch == plane / channels) added.Add(gradients + output, winners + output, bins, 1);
                }
                added.MoveTo(sums + plane * cells, 1);
            }, options);
        }
    }

    /// <summary>Each bin of each box from interpolated samples; torchvision's <c>roi_align</c>, ONNX's <c>RoiAlign</c>.</summary>
    /// <remarks>
    /// Samples lie evenly in a bin; one outside of -1 .. size counts 0, one beyond the first or last cell takes that cell. Positions are computed
    /// in the type of the boxes, values in double. Sources: torchvision <c>roi_align_kernel.cpp</c>, the ONNX operator specification.
    /// </remarks>
    /// <param name="input">The map, (N, C, H, W).</param>
    /// <param name="boxes">(K, 5): batch index, x1, y1, x2, y2, in pixels of the image; computed in their type.</param>
    /// <param name="outputSize">Bins of a box: one number or (height, width).</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image, such as 1 / 16. Default 1.</param>
    /// <param name="samplingRatio">Samples along each axis of a bin; 0 or less, the default: as many as it has cells, rounded up.</param>
    /// <param name="aligned">
    /// Whether everything moves by half a cell, so that cells are where their pixels are (ONNX's <c>half_pixel</c>, its default). Default: no, as in
    /// torchvision; boxes are then at least one cell long.
    /// </param>
    /// <param name="mode">Mean, or ONNX's maximum.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>(K, C, height, width); NaN where a bin meets one; 0 where it has no sample.</returns>
    /// <exception cref="ArgumentException">A shape, box or number is not valid; the message names it.</exception>
    /// <seealso cref="RoiAlignBackward{T, TBox}(Tensor{T}, Tensor{T}, Tensor{TBox}, double, int, bool, RoiAlignMode, PoolOptions?)"/>
    public static Tensor<T> RoiAlign<T, TBox>(
        Tensor<T> input, Tensor<TBox> boxes, Sizes outputSize, double spatialScale = 1, int samplingRatio = -1, bool aligned = false,
        RoiAlignMode mode = RoiAlignMode.Average, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(boxes);
        Tensor<T> output = NewTensor<T>(RegionShape(input.Lengths, boxes.Lengths, outputSize));
        RoiAlign<T, TBox>(input, boxes, outputSize, output, spatialScale, samplingRatio, aligned, mode, options);
        return output;
    }

    /// <inheritdoc cref="RoiAlign{T, TBox}(Tensor{T}, Tensor{TBox}, Sizes, double, int, bool, RoiAlignMode, PoolOptions?)"/>
    /// <param name="input">The map.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="outputSize">Bins of a box.</param>
    /// <param name="into">Where the bins go; of the output's shape.</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image.</param>
    /// <param name="samplingRatio">Samples along each axis of a bin.</param>
    /// <param name="aligned">Whether everything moves by half a cell.</param>
    /// <param name="mode">Mean, or ONNX's maximum.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void RoiAlign<T, TBox>(
        in ReadOnlyTensorSpan<T> input, in ReadOnlyTensorSpan<TBox> boxes, Sizes outputSize, in TensorSpan<T> into, double spatialScale = 1,
        int samplingRatio = -1, bool aligned = false, RoiAlignMode mode = RoiAlignMode.Average, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = RegionShape(input.Lengths, boxes.Lengths, outputSize);
        CheckMode(mode);
        SameShape(into.Lengths, shape, nameof(into));
        Apart(input, "the input", into, nameof(into));
        Box<TBox>[] all = Box<TBox>.Read(boxes, input.Lengths[0], spatialScale);
        if (into.FlattenedLength == 0) return;
        RegionMap map = SampledRegions(all, input.Lengths, shape, samplingRatio, aligned, mode);
        DenseInput<T> from = new(input);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span)
        fixed (T* target = to.Span)
        {
            RegionKernel.Run<T, RegionAlign<T>>(new(map, mode, source, target), map, options);
        }
    }

    /// <summary>The gradient of <c>RoiAlign</c> by the map: each bin gives its gradient by the weights of its samples, or to its winner.</summary>
    /// <param name="gradOutput">The gradient of the output, (K, C, height, width).</param>
    /// <param name="input">The map of the forward pass.</param>
    /// <param name="boxes">The boxes of the forward pass.</param>
    /// <param name="spatialScale">As in the forward pass.</param>
    /// <param name="samplingRatio">As in the forward pass.</param>
    /// <param name="aligned">As in the forward pass.</param>
    /// <param name="mode">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the map; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected.</exception>
    public static Tensor<T> RoiAlignBackward<T, TBox>(
        Tensor<T> gradOutput, Tensor<T> input, Tensor<TBox> boxes, double spatialScale = 1, int samplingRatio = -1, bool aligned = false,
        RoiAlignMode mode = RoiAlignMode.Average, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(boxes);
        Tensor<T> gradInput = NewTensor<T>(input.Lengths);
        RoiAlignBackward<T, TBox>(gradOutput, input, boxes, gradInput, spatialScale, samplingRatio, aligned, mode, options);
        return gradInput;
    }

    /// <inheritdoc cref="RoiAlignBackward{T, TBox}(Tensor{T}, Tensor{T}, Tensor{TBox}, double, int, bool, RoiAlignMode, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">The map of the forward pass.</param>
    /// <param name="boxes">The boxes of the forward pass.</param>
    /// <param name="into">Where the gradient of the map goes; of the map's shape.</param>
    /// <param name="spatialScale">As in the forward pass.</param>
    /// <param name="samplingRatio">As in the forward pass.</param>
    /// <param name="aligned">As in the forward pass.</param>
    /// <param name="mode">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void RoiAlignBackward<T, TBox>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, in ReadOnlyTensorSpan<TBox> boxes, in TensorSpan<T> into,
        double spatialScale = 1, int samplingRatio = -1, bool aligned = false, RoiAlignMode mode = RoiAlignMode.Average, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = GradientShape(gradOutput.Lengths, input.Lengths, boxes.Lengths);
        CheckMode(mode);
        Apart(gradOutput, input, into);
        Box<TBox>[] all = Box<TBox>.Read(boxes, input.Lengths[0], spatialScale);
        if (into.FlattenedLength == 0) return;
        RegionMap map = SampledRegions(all, input.Lengths, shape, samplingRatio, aligned, mode);
        DenseInput<T> from = new(gradOutput), seen = new(input);
        using DenseOutput<T> to = new(into);
        fixed (T* source = from.Span, cells = seen.Span)
        fixed (T* target = to.Span)
        {
            if (mode == RoiAlignMode.Average) RegionKernel.Run<T, RegionMeanSpread<T>>(new(map, source, target), map, options);
            else RegionKernel.Run<T, RegionWinnerSpread<T>>(new(map, source, cells, target), map, options);
        }
    }

    private static void CheckMode(RoiAlignMode mode)
    {
        if (mode is not (RoiAlignMode.Average or RoiAlignMode.Max)) throw new ArgumentOutOfRangeException(nameof(mode), $"mode is {mode}; it must be Average or Max");
    }

    private static RegionMap RoundedRegions<TBox>(Box<TBox>[] boxes, ReadOnlySpan<nint> map, nint[] shape)
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        Region[] regions = new Region[boxes.Length];
        for (int k = 0; k < boxes.Length; k++)
        {
            Box<TBox> box = boxes[k];
            regions[k] = new(box.Batch, RegionAxis.Rounded(box.Y1, box.Y2, map[2], (int)shape[2]), RegionAxis.Rounded(box.X1, box.X2, map[3], (int)shape[3]));
        }
        return new(map, regions, shape[2] * shape[3]);
    }

    private static RegionMap SampledRegions<TBox>(Box<TBox>[] boxes, ReadOnlySpan<nint> map, nint[] shape, int samplingRatio, bool aligned, RoiAlignMode mode)
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        bool merges = mode == RoiAlignMode.Average;
        Region[] regions = new Region[boxes.Length];
        for (int k = 0; k < boxes.Length; k++)
        {
            Box<TBox> box = boxes[k];
            regions[k] = new(
                box.Batch,
                RegionAxis.Sampled(box.Y1, box.Y2, map[2], (int)shape[2], samplingRatio, aligned, merges),
                RegionAxis.Sampled(box.X1, box.X2, map[3], (int)shape[3], samplingRatio, aligned, merges));
        }
        return new(map, regions, shape[2] * shape[3]);
    }

    /// <summary>(K, C, height, width).</summary>
    internal static nint[] RegionShape(ReadOnlySpan<nint> input, ReadOnlySpan<nint> boxes, Sizes outputSize)
    {
        if (input.Length != 4 || input[1] == 0 || input[2] == 0 || input[3] == 0)
            throw new ArgumentException($"input has shape {Shape.Format(input)}; it must be (N, C, H, W), none but the batch empty", nameof(input));
        outputSize.AtLeast(1, nameof(outputSize)).Fit(2, nameof(outputSize));
        return [boxes.Length > 0 ? boxes[0] : 0, input[1], outputSize[0]!.Value, outputSize[1]!.Value];
    }

    private static nint[] GradientShape(ReadOnlySpan<nint> gradOutput, ReadOnlySpan<nint> input, ReadOnlySpan<nint> boxes)
    {
        if (gradOutput.Length != 4) throw new ArgumentException($"gradOutput has shape {Shape.Format(gradOutput)}; it must be (K, C, height, width)", nameof(gradOutput));
        nint[] shape = RegionShape(input, boxes, ((int)gradOutput[2], (int)gradOutput[3]));
        SameShape(gradOutput, shape, nameof(gradOutput));
        return shape;
    }
}
