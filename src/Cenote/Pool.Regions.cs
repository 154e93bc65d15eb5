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
    /// <returns>
    /// (K, C, height, width) both: the maxima, NaN where a bin holds one; and indices <c>h * W + w</c> of the first maximum, or the last NaN. A bin
    /// outside the map is 0, at index -1.
    /// </returns>
    /// <exception cref="ArgumentException">A shape, box or number is none; the message names it.</exception>
    public static (Tensor<T> Values, Tensor<long> Indices) RoiPoolWithIndices<T, TBox>(
        Tensor<T> input, Tensor<TBox> boxes, Sizes outputSize, double spatialScale = 1)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = RegionShape(input.Lengths, boxes.Lengths, outputSize);
        Tensor<T> values = Tensor.CreateFromShapeUninitialized<T>(shape);
        Tensor<long> indices = Tensor.CreateFromShapeUninitialized<long>(shape);
        RoiPoolWithIndices<T, TBox>(input, boxes, outputSize, values, indices, spatialScale);
        return (values, indices);
    }

    /// <inheritdoc cref="RoiPoolWithIndices{T, TBox}(Tensor{T}, Tensor{TBox}, Sizes, double)"/>
    /// <param name="input">The map.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="outputSize">Bins of a box.</param>
    /// <param name="values">Where the maxima go; of the output's shape.</param>
    /// <param name="indices">Where the indices go; of the output's shape.</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image.</param>
    public static unsafe void RoiPoolWithIndices<T, TBox>(
        in ReadOnlyTensorSpan<T> input, in ReadOnlyTensorSpan<TBox> boxes, Sizes outputSize, in TensorSpan<T> values, in TensorSpan<long> indices,
        double spatialScale = 1)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = RegionShape(input.Lengths, boxes.Lengths, outputSize);
        SameShape(values.Lengths, shape, nameof(values));
        SameShape(indices.Lengths, shape, nameof(indices));
        if (Overlap(input, values)) throw new ArgumentException("values overlaps the input; it must be memory of its own", nameof(values));
        Box<TBox>[] all = Box<TBox>.Read(boxes, input.Lengths[0], spatialScale);
        if (values.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        using DenseOutput<T> toValues = new(values);
        using DenseOutput<long> toIndices = new(indices);
        fixed (T* source = from.Span)
        fixed (T* target = toValues.Span)
        fixed (long* positions = toIndices.Span)
            RoiPoolWalk.Run(input.Lengths, all, ((int)shape[2], (int)shape[3]), source, new SelectCell<T, RegionMax<T>>(default, target, positions));
    }

    /// <summary>The largest cell of each bin of each box; see <see cref="RoiPoolWithIndices{T, TBox}(Tensor{T}, Tensor{TBox}, Sizes, double)"/>.</summary>
    /// <param name="input">The map, (N, C, H, W).</param>
    /// <param name="boxes">(K, 5): batch index, x1, y1, x2, y2, in pixels of the image.</param>
    /// <param name="outputSize">Bins of a box: one number or (height, width).</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image. Default 1.</param>
    public static Tensor<T> RoiPool<T, TBox>(Tensor<T> input, Tensor<TBox> boxes, Sizes outputSize, double spatialScale = 1)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox> => RoiPoolWithIndices(input, boxes, outputSize, spatialScale).Values;

    /// <summary>The gradient of a region pooling by the map: each bin gives its gradient to its winner.</summary>
    /// <param name="gradOutput">The gradient of the output, (K, C, height, width).</param>
    /// <param name="indices">Where the winners are, as of the forward pass; -1 is skipped.</param>
    /// <param name="boxes">The boxes of the forward pass; only their batch indices are asked.</param>
    /// <param name="inputShape">The lengths of the map.</param>
    /// <returns>The gradient of the map; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or an index no cell of the map.</exception>
    public static unsafe Tensor<T> RoiPoolBackward<T, TBox>(
        Tensor<T> gradOutput, Tensor<long> indices, Tensor<TBox> boxes, ReadOnlySpan<nint> inputShape)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = GradientShape(gradOutput.Lengths, inputShape, boxes.Lengths);
        SameShape(indices.Lengths, shape, nameof(indices));
        Box<TBox>[] all = Box<TBox>.Read(boxes, inputShape[0], spatialScale: 1);
        Tensor<T> gradInput = Tensor.CreateFromShapeUninitialized<T>(inputShape);
        long channels = inputShape[1], cells = inputShape[2] * inputShape[3], bins = shape[2] * shape[3];
        using PlaneSums sums = new(cells);
        fixed (T* source = new DenseInput<T>(gradOutput).Span)
        fixed (long* winners = new DenseInput<long>(indices).Span)
        fixed (T* target = gradInput.AsTensorSpan())
            for (long plane = 0; plane < inputShape[0] * channels; plane++)
            {
                for (int k = 0; k < all.Length; k++)
                {
                    long output = (k * channels + plane % channels) * bins;
                    if (all[k].Batch == plane / channels) sums.Add(source + output, winners + output, bins, 1);
                }
                sums.MoveTo(target + plane * cells, 1);
            }
        return gradInput;
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
    /// <returns>(K, C, height, width); NaN where a bin meets one; 0 where it has no sample.</returns>
    /// <exception cref="ArgumentException">A shape, box or number is none; the message names it.</exception>
    public static Tensor<T> RoiAlign<T, TBox>(
        Tensor<T> input, Tensor<TBox> boxes, Sizes outputSize, double spatialScale = 1, int samplingRatio = -1, bool aligned = false,
        RoiAlignMode mode = RoiAlignMode.Average)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        Tensor<T> output = Tensor.CreateFromShapeUninitialized<T>(RegionShape(input.Lengths, boxes.Lengths, outputSize));
        RoiAlign<T, TBox>(input, boxes, outputSize, output, spatialScale, samplingRatio, aligned, mode);
        return output;
    }

    /// <inheritdoc cref="RoiAlign{T, TBox}(Tensor{T}, Tensor{TBox}, Sizes, double, int, bool, RoiAlignMode)"/>
    /// <param name="input">The map.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="outputSize">Bins of a box.</param>
    /// <param name="into">Where the bins go; of the output's shape.</param>
    /// <param name="spatialScale">Cells of the map for each pixel of the image.</param>
    /// <param name="samplingRatio">Samples along each axis of a bin.</param>
    /// <param name="aligned">Whether everything moves by half a cell.</param>
    /// <param name="mode">Mean, or ONNX's maximum.</param>
    public static unsafe void RoiAlign<T, TBox>(
        in ReadOnlyTensorSpan<T> input, in ReadOnlyTensorSpan<TBox> boxes, Sizes outputSize, in TensorSpan<T> into, double spatialScale = 1,
        int samplingRatio = -1, bool aligned = false, RoiAlignMode mode = RoiAlignMode.Average)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        nint[] shape = RegionShape(input.Lengths, boxes.Lengths, outputSize);
        SameShape(into.Lengths, shape, nameof(into));
        if (Overlap(input, into)) throw new ArgumentException("into overlaps the input; it must be memory of its own", nameof(into));
        Box<TBox>[] all = Box<TBox>.Read(boxes, input.Lengths[0], spatialScale);
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        using DenseOutput<T> to = new(into);
        (long channels, long height, long width) = (shape[1], input.Lengths[2], input.Lengths[3]);
        fixed (T* source = from.Span)
        fixed (T* start = to.Span)
        {
            T* target = start;
            foreach (Box<TBox> box in all)
            {
                RoiAxis rows = RoiAxis.Of(box.Y1, box.Y2, height, (int)shape[2], samplingRatio, aligned);
                RoiAxis columns = RoiAxis.Of(box.X1, box.X2, width, (int)shape[3], samplingRatio, aligned);
                for (long channel = 0; channel < channels; channel++, target += shape[2] * shape[3])
                {
                    T* plane = source + (box.Batch * channels + channel) * height * width;
                    if (mode == RoiAlignMode.Average)
                        WeightedWalk.Sum((height, width), [WeightedWalk.Unit, rows.Bins, columns.Bins], RoiAxis.Count(rows, columns), plane, target, 1);
                    else
                        for (int bin = 0; bin < shape[2] * shape[3]; bin++) target[bin] = T.CreateSaturating(WeightedMax.Of(plane, width, rows, columns, bin).Value);
                }
            }
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
    /// <returns>The gradient of the map; added up in double, in one order.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected.</exception>
    public static unsafe Tensor<T> RoiAlignBackward<T, TBox>(
        Tensor<T> gradOutput, Tensor<T> input, Tensor<TBox> boxes, double spatialScale = 1, int samplingRatio = -1, bool aligned = false,
        RoiAlignMode mode = RoiAlignMode.Average)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
    {
        ReadOnlySpan<nint> inputShape = input.Lengths;
        nint[] shape = GradientShape(gradOutput.Lengths, inputShape, boxes.Lengths);
        Box<TBox>[] all = Box<TBox>.Read(boxes, inputShape[0], spatialScale);
        (long channels, long height, long width) = (inputShape[1], inputShape[2], inputShape[3]);
        RoiAxis[] rows = [.. all.Select(box => RoiAxis.Of(box.Y1, box.Y2, height, (int)shape[2], samplingRatio, aligned))];
        RoiAxis[] columns = [.. all.Select(box => RoiAxis.Of(box.X1, box.X2, width, (int)shape[3], samplingRatio, aligned))];
        Tensor<T> gradInput = Tensor.CreateFromShapeUninitialized<T>(inputShape);
        using PlaneSums sums = new(height * width);
        fixed (T* source = new DenseInput<T>(gradOutput).Span, map = new DenseInput<T>(input).Span)
        fixed (T* target = gradInput.AsTensorSpan())
            for (long plane = 0; plane < inputShape[0] * channels; plane++)
            {
                for (int k = 0; k < all.Length; k++)
                {
                    if (all[k].Batch != plane / channels) continue;
                    T* given = source + (k * channels + plane % channels) * shape[2] * shape[3];
                    if (mode == RoiAlignMode.Average)
                    {
                        double count = RoiAxis.Count(rows[k], columns[k]);
                        WeightedWalk.Spread((height, width), [WeightedWalk.Unit, rows[k].Bins, columns[k].Bins], count, given, 1, sums);
                        continue;
                    }
                    for (long bin = 0; bin < shape[2] * shape[3]; bin++)
                    {
                        WeightedMax winner = WeightedMax.Of(map + plane * height * width, width, rows[k], columns[k], bin);
                        if (winner.Index >= 0) sums.Add(winner.Index, winner.Weight * double.CreateTruncating(given[bin]));
                    }
                }
                sums.MoveTo(target + plane * height * width, 1);
            }
        return gradInput;
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
