using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Fractional max pooling over a window of any rank; see <see cref="FractionalWindow"/>.</summary>
/// <param name="window">The kernel, and the output size or ratio.</param>
/// <param name="samples">A number for every plane and axis, in PyTorch's order of the axes. Default: drawn from <paramref name="seed"/>.</param>
/// <param name="seed">The same steps at every call for the same seed; make a layer with another for others. Default 0.</param>
public class FractionalMaxPool(FractionalWindow window, Tensor<double>? samples = null, long seed = 0) : PoolingLayer
{
    /// <summary>The kernel, and the output size or ratio.</summary>
    public FractionalWindow Window { get; } = window ?? throw new ArgumentNullException(nameof(window));

    /// <inheritdoc/>
    public sealed override nint[] OutputShape(ReadOnlySpan<nint> inputShape) => Window.OutputShape(inputShape);

    /// <summary>The output, and where in its plane each maximum is; PyTorch's <c>return_indices</c>.</summary>
    public (Tensor<T> Values, Tensor<long> Indices) ForwardWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input.Lengths);
        (Tensor<T> Values, Tensor<long> Indices) output = ApplyWithIndices(input);
        nint[] shape = [.. input.Lengths];
        Keep<T>(gradOutput => Pool.FractionalMaxBackward(gradOutput, output.Indices, shape, Window, Options));
        return output;
    }

    /// <inheritdoc/>
    protected sealed override Tensor<T> Apply<T>(Tensor<T> input) => ApplyWithIndices(input).Values;

    /// <inheritdoc/>
    protected sealed override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) =>
        Pool.FractionalMaxBackward(gradOutput, ApplyWithIndices(input).Indices, input.Lengths, Window, Options);

    // PyTorch shows nothing of it.
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() => [];

    /// <summary>One output of <see cref="Layer.Forward"/>, step by step: slide, select the region, compute, assign.</summary>
    /// <param name="input">The cells.</param>
    /// <param name="at">The output: a full index, or one along the window's axes alone (the leading axes are then 0).</param>
    /// <exception cref="ArgumentException"><paramref name="at"/> is not an index of the output.</exception>
    public Explanation Explain<T>(Tensor<T> input, params ReadOnlySpan<nint> at)
        where T : unmanaged, INumber<T>
    {
        Tensor<T> output = Apply(input);
        int rank = Window.Frame.RankFor(input.Rank), first = Window.Frame.FirstAxis(input.Rank);
        nint[] index = Explanation.FullIndex(output.Lengths, at, rank, first, "output", nameof(at));
        ExplainedAxis[] slide = [.. Enumerable.Range(0, rank).Select(axis => Slide(input, index, first, axis))];
        List<ExplainedCell> region = [];
        foreach (long[] position in Explanation.Product(slide)) region.Add(new(position, Explanation.Text(input[Moved(index, first, position)])));
        string result = Explanation.Text(output[index]);
        return new(
            ToString(), index, slide, region, $"max({string.Join(", ", region.Select(cell => cell.Value))}) = {result}", $"output[{string.Join(", ", index)}] = {result}");
    }

    /// <summary>One input cell backward: which outputs it reaches, which of them it wins, and its gradient.</summary>
    /// <param name="input">The cells.</param>
    /// <param name="gradOutput">The gradient of the output. Default: ones.</param>
    /// <param name="from">The cell: a full index, or one along the window's axes alone (the leading axes are then 0).</param>
    /// <exception cref="ArgumentException"><paramref name="from"/> is not an index of the input.</exception>
    public BackwardExplanation ExplainBackward<T>(Tensor<T> input, Tensor<T>? gradOutput, params ReadOnlySpan<nint> from)
        where T : unmanaged, INumber<T>
    {
        (Tensor<T> output, Tensor<long> indices) = ApplyWithIndices(input);
        if (gradOutput is null)
        {
            gradOutput = Tensor.CreateFromShape<T>(output.Lengths);
            gradOutput.Fill(T.One);
        }
        Tensor<T> gradInput = Pool.FractionalMaxBackward(gradOutput, indices, input.Lengths, Window);
        int rank = Window.Frame.RankFor(input.Rank), first = Window.Frame.FirstAxis(input.Rank);
        nint[] cell = Explanation.FullIndex(input.Lengths, from, rank, first, "input", nameof(from));
        ExplainedAxis[] reach = [.. Enumerable.Range(0, rank).Select(axis => Reach(input, cell, first, axis))];
        long place = 0;
        for (int axis = first; axis < first + rank; axis++) place = place * input.Lengths[axis] + cell[axis];
        List<ExplainedShare> shares = [];
        foreach (long[] position in Explanation.Product(reach))
        {
            nint[] at = Moved(cell, first, position);
            bool wins = indices[at] == place;
            shares.Add(new(at, Explanation.Text(output[at]), wins ? Explanation.Text(gradOutput[at]) : "0", wins));
        }
        return new(ToString(), cell, Explanation.Text(input[cell]), reach, shares, Explanation.Text(gradInput[cell]));
    }

    private ExplainedAxis Slide<T>(Tensor<T> tensor, nint[] index, int first, int axis)
        where T : unmanaged
    {
        ReadOnlySpan<nint> inputShape = tensor.Lengths;
        (long[] starts, double sample) = Window.Steps<T>(inputShape, SamplesFor(inputShape), index, axis);
        long output = index[first + axis], kernel = Window.Kernel[axis]!.Value, last = inputShape[first + axis] - kernel;
        long[] positions = new long[kernel];
        for (long j = 0; j < kernel; j++) positions[j] = starts[output] + j;
        string alpha = $"{last} / {starts.Length - 1}", start = output == starts.Length - 1
            ? $"{last + kernel} - {kernel}"
            : string.Create(CultureInfo.InvariantCulture, $"trunc(({output} + {sample:0.####}) * {alpha}) - trunc({sample:0.####} * {alpha})");
        return new(positions, $"{start} + j, j = 0 .. {kernel - 1} -> {ExplainedAxis.List(positions)}");
    }

    private ExplainedAxis Reach<T>(Tensor<T> tensor, nint[] cell, int first, int axis)
        where T : unmanaged
    {
        (long[] starts, _) = Window.Steps<T>(tensor.Lengths, SamplesFor(tensor.Lengths), cell, axis);
        long input = cell[first + axis], kernel = Window.Kernel[axis]!.Value;
        long[] outputs = [.. Enumerable.Range(0, starts.Length).Where(i => starts[i] <= input && input < starts[i] + kernel).Select(i => (long)i)];
        return new(outputs, $"windows that begin at {Math.Max(0, input - kernel + 1)} .. {input} -> {ExplainedAxis.List(outputs)}");
    }

    private static nint[] Moved(nint[] index, int first, long[] position)
    {
        nint[] moved = [.. index];
        for (int axis = 0; axis < position.Length; axis++) moved[first + axis] = (nint)position[axis];
        return moved;
    }

    private Tensor<double> SamplesFor(ReadOnlySpan<nint> inputShape) => samples ?? Window.Samples(inputShape, seed);

    private (Tensor<T> Values, Tensor<long> Indices) ApplyWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T> => Pool.FractionalMaxWithIndices(input, Window, SamplesFor(input.Lengths), Options);
}
