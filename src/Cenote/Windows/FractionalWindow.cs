using System.Globalization;
using System.Numerics.Tensors;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote;

/// <summary>A window of fixed size whose steps are drawn, so that any output length up to the input's can be had: fractional pooling.</summary>
/// <remarks>
/// On each axis of length L, with <c>alpha = (L - k) / (O - 1)</c> and a number u from 0 to 1 of its own for every plane, window i begins at
/// <c>trunc((i + u) alpha) - trunc(u alpha)</c>, and the last at <c>L - k</c>. Source: Graham, "Fractional max-pooling" (2014), overlapping and
/// pseudo-random; ATen <c>FractionalMaxPool2d.cpp</c>.
/// </remarks>
public sealed record FractionalWindow
{
    private readonly double[]? _outputRatio;

    /// <summary>A window by its output size or its ratio; exactly one of the two.</summary>
    /// <param name="kernel">Taps along each axis: one number for every axis or one per axis, 1 or more.</param>
    /// <param name="outputSize">Output length of each axis, 1 or more.</param>
    /// <param name="outputRatio">Output over input length, over 0 and under 1: one for every axis or one per axis.</param>
    /// <param name="rank">1, 2 or 3. Default: as many as <paramref name="kernel"/> has numbers when it has several, else the input's rank less 2, at least 1.</param>
    /// <param name="layout">Which axes the window moves over. Default: the last ones.</param>
    /// <exception cref="ArgumentException">Both or neither of size and ratio are given, or a number is out of range.</exception>
    public FractionalWindow(
        Sizes kernel, Sizes? outputSize = null, IReadOnlyList<double>? outputRatio = null, int? rank = null, Layout layout = Layout.ChannelsFirst)
    {
        if (outputSize is null == outputRatio is null)
            throw new ArgumentException($"outputSize and outputRatio are {(outputSize is null ? "both missing" : "both given")}; it must be one of the two", nameof(outputSize));
        if (outputRatio is not null && (outputRatio.Count is 0 or > 3 || outputRatio.Any(ratio => !(ratio > 0 && ratio < 1))))
            throw new ArgumentException($"outputRatio is {string.Join(", ", outputRatio)}; it must be over 0 and under 1, one number or one per axis", nameof(outputRatio));
        Frame = new(kernel) { Rank = rank, Layout = layout };
        OutputSize = outputSize?.AtLeast(1, nameof(outputSize));
        _outputRatio = outputRatio?.ToArray();
    }

    /// <summary>Taps along each axis.</summary>
    public Sizes Kernel => Frame.Kernel;

    /// <summary>Output length of each axis, where it was given.</summary>
    public Sizes? OutputSize { get; }

    /// <summary>Output over input length of each axis, where it was given.</summary>
    public IReadOnlyList<double>? OutputRatio => _outputRatio;

    /// <summary>The window's kernel, rank and layout; its stride is not asked.</summary>
    internal Window Frame { get; }

    /// <summary>Whether both are the same window.</summary>
    public bool Equals(FractionalWindow? other) =>
        other is not null && Frame == other.Frame && OutputSize == other.OutputSize && _outputRatio.AsSpan().SequenceEqual(other._outputRatio);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Frame, OutputSize, _outputRatio?.Length > 0 ? _outputRatio[0] : 0);

    /// <summary>The kernel, and the output size or ratio, by torch's names.</summary>
    public override string ToString() => OutputSize is { } size
        ? $"FractionalWindow(kernel_size={Kernel}, output_size={size})"
        : $"FractionalWindow(kernel_size={Kernel}, output_ratio={(_outputRatio!.Length == 1 ? Number(_outputRatio[0]) : $"({string.Join(", ", _outputRatio.Select(Number))})")})";

    private static string Number(double ratio) => ratio.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shape of the output, without any data.</summary>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <exception cref="ArgumentException">The window does not fit the shape; the message names the axis, its length and the window.</exception>
    public nint[] OutputShape(ReadOnlySpan<nint> inputShape)
    {
        Frame.Resolve(inputShape);
        int rank = Frame.RankFor(inputShape.Length), first = Frame.FirstAxis(inputShape.Length);
        OutputSize?.Fit(rank, "outputSize");
        if (_outputRatio is { Length: > 1 } ratios && ratios.Length != rank)
            throw new ArgumentException($"outputRatio has {ratios.Length} numbers; a {rank}-D window takes one number or {rank}");
        nint[] shape = inputShape.ToArray();
        for (int axis = 0; axis < rank; axis++)
        {
            nint length = shape[first + axis];
            int kernel = Kernel[axis]!.Value;
            long output = OutputSize?[axis] ?? (long)(length * _outputRatio![_outputRatio.Length == 1 ? 0 : axis]);
            if (output < 1 || output + kernel - 1 > length)
                throw new ArgumentException(
                    $"axis {first + axis} of length {length} cannot give {output} outputs of kernel {kernel}; it must be from 1 to {length - kernel + 1}");
            shape[first + axis] = (nint)output;
        }
        return shape;
    }

    /// <summary>Numbers from 0 to just under 1 for every plane and axis, the same for the same seed and shape.</summary>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <param name="seed">Another seed gives other numbers.</param>
    /// <returns>Of shape (N, C, rank): what <see cref="Pool.FractionalMaxWithIndices{T}(Tensor{T}, FractionalWindow, Tensor{double}, PoolOptions?)"/> takes.</returns>
    public Tensor<double> Samples(ReadOnlySpan<nint> inputShape, long seed)
    {
        Frame.Resolve(inputShape);
        Tensor<double> samples = Pool.NewTensor<double>(SamplesShape(inputShape));
        long i = 0;
        foreach (ref double drawn in samples.AsTensorSpan()) drawn = CounterRandom.Uniform(seed, i++);
        return samples;
    }

    /// <summary>Where the windows of one axis begin, in the plane of a cell, and the sample that they follow from.</summary>
    /// <param name="inputShape">The lengths of the input.</param>
    /// <param name="samples">A number for every plane and axis.</param>
    /// <param name="cell">A full index in that plane.</param>
    /// <param name="axis">The axis of the window.</param>
    internal (long[] Starts, double Sample) Steps<T>(ReadOnlySpan<nint> inputShape, Tensor<double> samples, ReadOnlySpan<nint> cell, int axis)
        where T : unmanaged
    {
        int rank = Frame.RankFor(inputShape.Length), first = Frame.FirstAxis(inputShape.Length);
        // PyTorch's order: width before height in 2-D, depth, height, width in 3-D.
        double sample = samples[[.. cell[..first], .. cell[(first + rank)..], rank == 2 ? 1 - axis : axis]];
        return (FractionalStarts.Of<T>(Frame.Axes(inputShape)[axis], OutputShape(inputShape)[first + axis], sample), sample);
    }

    /// <summary>All axes but those of the window, and one number for each of the window's.</summary>
    internal nint[] SamplesShape(ReadOnlySpan<nint> inputShape)
    {
        int rank = Frame.RankFor(inputShape.Length), first = Frame.FirstAxis(inputShape.Length);
        return [.. inputShape[..first], .. inputShape[(first + rank)..], rank];
    }
}
