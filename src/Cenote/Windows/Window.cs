namespace Cenote;

/// <summary>A window as the caller asks for it; <see cref="Axes"/> tells what it means for a given input.</summary>
/// <remarks>
/// The rank of the window decides between 1-, 2- and 3-D pooling: <see cref="Rank"/> where it is set, else as many axes as
/// <see cref="Kernel"/> has numbers when it has several, else the rank of the input less 2 (the batch and the channels), at least 1 and at most 3.
/// The window slides over the last axes of the tensor, or over those before the last where <see cref="Layout"/> is channels-last;
/// every other axis is left alone, whether it is called batch, channel or anything else. The rank is known where <see cref="Rank"/> is set or <see cref="Kernel"/>
/// has several numbers; where it is not, three axes are (N, C, L), so that an unbatched map, (C, H, W), would be pooled along W alone.
/// </remarks>
public sealed record Window
{
    private const int MostAxes = 3;

    private enum Extent { Sliding, Global, Adaptive }

    private readonly Extent _extent;
    private ResolvedWindow.Recent _recent;

    /// <summary>A window that slides.</summary>
    /// <param name="kernel">Taps along each axis: one number for every axis or one per axis, 1 or more.</param>
    /// <exception cref="ArgumentException"><paramref name="kernel"/> has a number under 1.</exception>
    public Window(Sizes kernel) : this(Extent.Sliding, kernel.AtLeast(1, nameof(kernel)))
    {
    }

    private Window(Extent extent, Sizes size) => (_extent, Kernel) = (extent, size);

    /// <summary>A window of fixed rank from the arguments of a ranked function or layer.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or a list is neither one number nor one per axis.</exception>
    internal static Window Of(int rank, Sizes kernelSize, Sizes? stride, Padding padding, Sizes? dilation, bool ceilMode)
    {
        Window window = new(kernelSize) { Stride = stride, Padding = padding, Dilation = dilation ?? 1, CeilMode = ceilMode, Rank = rank };
        window.FitRank(rank);
        return window;
    }

    /// <summary>One window over the whole of every pooled axis: global pooling, its axes kept with length 1.</summary>
    public static Window Global { get; } = new(Extent.Global, 1);

    /// <summary>Windows of nearly equal length, as many as the output has cells: adaptive pooling.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more; unset keeps the length of the axis.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public static Window Adaptive(Sizes outputSize)
    {
        for (int axis = 0; axis < outputSize.Count; axis++)
            if (outputSize[axis] is < 1)
                throw new ArgumentException($"outputSize is {outputSize}; it must be at least 1 on every axis, or unset", nameof(outputSize));
        return outputSize.Count > 0
            ? new(Extent.Adaptive, outputSize)
            : throw new ArgumentException("outputSize is empty; it must be one number or one per axis", nameof(outputSize));
    }

    /// <summary>Whether the window is the whole of every pooled axis.</summary>
    public bool IsGlobal => _extent == Extent.Global;

    /// <summary>Whether the window follows from the output size, which <see cref="Kernel"/> then holds.</summary>
    public bool IsAdaptive => _extent == Extent.Adaptive;

    /// <summary>Taps along each axis; the output size of an adaptive window.</summary>
    public Sizes Kernel { get; }

    /// <summary>Distance between neighbouring windows, 1 or more. Not set: the kernel, so that windows tile the input (PyTorch, Keras).</summary>
    public Sizes? Stride { get; init => field = value?.AtLeast(1, "stride"); }

    /// <summary>What surrounds the input. Default: nothing.</summary>
    public Padding Padding { get; init; }

    /// <summary>Distance between neighbouring taps, 1 or more. Default 1: taps are neighbours.</summary>
    public Sizes Dilation { get; init => field = value.AtLeast(1, "dilation"); } = 1;

    /// <summary>Whether a last window that hangs over the end counts. Default: no, as everywhere.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Whether an average counts padding as zeros where its call does not say. Default: yes, as in PyTorch; Keras and ONNX leave it out.</summary>
    public bool CountPadding { get; init; } = true;

    /// <summary>Whether the axes of a global window stay, with length 1. Default: yes, as in ONNX and PyTorch; Keras drops them.</summary>
    public bool KeepDims { get; init; } = true;

    /// <summary>Which axes the window slides over. Default: the last ones (channels first).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to none of the two.</exception>
    public Layout Layout
    {
        get;
        init => field = value is Layout.ChannelsFirst or Layout.ChannelsLast ? value : throw new ArgumentOutOfRangeException(nameof(Layout), $"layout is {value}; it must be ChannelsFirst or ChannelsLast");
    }

    /// <summary>1, 2 or 3; not set: see the remarks of the type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to another number.</exception>
    /// <exception cref="ArgumentException">The kernel has several numbers, but not so many.</exception>
    public int? Rank
    {
        get;
        init
        {
            if (value is not (null or (>= 1 and <= MostAxes))) throw new ArgumentOutOfRangeException(nameof(Rank), $"rank is {value}; it must be 1, 2 or 3");
            if (value is { } rank) Kernel.Fit(rank, IsAdaptive ? "outputSize" : "kernel");
            field = value;
        }
    }

    /// <summary>How many axes beside its own the window of a framework takes: the channels, and the batch. Default: any number.</summary>
    internal (string Framework, int Least, int Most)? OtherAxes { get; init; }

    /// <summary>The rank of the window where no input need be asked for it.</summary>
    internal int? KnownRank => Rank ?? (Kernel.Count > 1 ? Kernel.Count : null);

    /// <summary>What the window means for an input of this shape: one axis for each of the window's.</summary>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <exception cref="ArgumentException">The window does not fit the shape; the message names the axis, its length and the window.</exception>
    public IReadOnlyList<Axis> Axes(ReadOnlySpan<nint> inputShape)
    {
        int rank = RankFor(inputShape.Length);
        Geometry geometry = Resolved(inputShape).Geometry;
        Axis[] axes = [geometry.Depth, geometry.Height, geometry.Width];
        return axes[^rank..];
    }

    /// <summary>The shape of the output, without any data.</summary>
    /// <remarks>
    /// Along a sliding axis of length L it is <c>floor((L + before + after - dilation * (kernel - 1) - 1) / stride) + 1</c> long; ceil mode adds <c>stride - 1</c> before
    /// the division, and a last window that would begin behind the input is dropped. <see cref="Padding.Same"/> gives <c>ceil(L / stride)</c>, a global window 1, an
    /// adaptive one what was asked for. Source: ATen <c>Pool.h</c>, the ONNX operator specification.
    /// </remarks>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <returns>As many lengths as <paramref name="inputShape"/> has, unless <see cref="KeepDims"/> drops the window's; then at least one, of 1.</returns>
    /// <exception cref="ArgumentException">The window does not fit the shape; the message names the axis, its length and the window.</exception>
    public nint[] OutputShape(ReadOnlySpan<nint> inputShape) => [.. Resolved(inputShape).OutputShape];

    /// <summary>The shape that unpooling gives, without any data: <c>(L - 1) * stride - before - after + effective kernel</c> on each axis.</summary>
    /// <param name="inputShape">The lengths of the pooled tensor, batch and channels included.</param>
    /// <param name="outputSize">Another length for each of the window's axes, less than a stride from that one: several lengths pool to the same.</param>
    /// <returns>As many lengths as <paramref name="inputShape"/> has.</returns>
    /// <exception cref="ArgumentException">The window does not slide, its padding is a rule, or a length is out of range; the message names it.</exception>
    public nint[] UnpooledShape(ReadOnlySpan<nint> inputShape, Sizes? outputSize = null)
    {
        if (outputSize is not { } sizes) return UnpooledShape(inputShape, []);
        int rank = RankFor(inputShape.Length);
        sizes.AtLeast(1, nameof(outputSize)).Fit(rank, nameof(outputSize));
        nint[] asked = new nint[rank];
        for (int i = 0; i < rank; i++) asked[i] = sizes[i]!.Value;
        return UnpooledShape(inputShape, asked);
    }

    /// <summary>The unpooled shape by a length for each of the window's axes, or by none.</summary>
    internal nint[] UnpooledShape(ReadOnlySpan<nint> inputShape, ReadOnlySpan<nint> outputSize)
    {
        if (_extent != Extent.Sliding || Padding.Mode != PaddingMode.Explicit)
            throw new ArgumentException($"window is {(IsGlobal ? "global" : IsAdaptive ? "adaptive" : $"padded by the rule {Padding}")}; unpooling needs a kernel and padding in numbers");
        int rank = Fit(inputShape), first = FirstAxis(inputShape.Length);
        nint[] shape = inputShape.ToArray();
        for (int i = 0; i < rank; i++)
        {
            (int kernel, int stride, int dilation, int before, int after) = Numbers(i);
            long unpooled;
            try
            {
                unpooled = Axis.UnpooledLength(shape[first + i], kernel, stride, dilation, before, after);
            }
            catch (OverflowException)
            {
                throw Overflow(first + i, shape[first + i], i);
            }
            long asked = outputSize.IsEmpty ? unpooled : outputSize[i];
            if (Math.Abs(asked - unpooled) >= stride)
                throw new ArgumentException($"outputSize is {asked} on axis {first + i}; it must be more than {unpooled - stride} and less than {unpooled + stride}", nameof(outputSize));
            if (asked < 1)
                throw new ArgumentException($"axis {first + i} of length {shape[first + i]} under {Describe(i)} unpools to {asked}; it must be at least 1");
            shape[first + i] = (nint)asked;
        }
        return shape;
    }

    private nint[] OutputShape(in Geometry geometry, ReadOnlySpan<nint> inputShape)
    {
        nint[] shape = inputShape.ToArray();
        int rank = RankFor(inputShape.Length), first = FirstAxis(inputShape.Length), last = first + rank - 1;
        shape[last] = (nint)geometry.Width.OutputLength;
        if (rank >= 2) shape[last - 1] = (nint)geometry.Height.OutputLength;
        if (rank == 3) shape[last - 2] = (nint)geometry.Depth.OutputLength;
        if (!IsGlobal || KeepDims) return shape;
        inputShape[(last + 1)..].CopyTo(shape.AsSpan(first));
        return shape[..Math.Max(1, inputShape.Length - rank)];
    }

    /// <summary>The first axis of a tensor that the window slides over.</summary>
    /// <param name="tensorRank">How many axes the tensor has, batch and channels included.</param>
    /// <exception cref="ArgumentException">The tensor has too few axes.</exception>
    public int FirstAxis(int tensorRank) => tensorRank - RankFor(tensorRank) - (Layout == Layout.ChannelsLast ? 1 : 0);

    /// <summary>How many axes the window slides over in a tensor of this rank.</summary>
    /// <exception cref="ArgumentException">The tensor has too few axes.</exception>
    internal int RankFor(int tensorRank)
    {
        int rank = KnownRank ?? Math.Clamp(tensorRank - 2, 1, MostAxes);
        int least = rank + (Layout == Layout.ChannelsLast ? 1 : 0);
        if (tensorRank < least)
            throw new ArgumentException($"input has {tensorRank} axes; a {rank}-D window{(least > rank ? " over channels last" : "")} needs at least {least}");
        if (OtherAxes is { } others && (tensorRank < rank + others.Least || tensorRank > rank + others.Most))
            throw new ArgumentException(
                $"input has {tensorRank} axes; {others.Framework} takes {(others.Least == others.Most ? "" : $"{rank + others.Least} or ")}{rank + others.Most} for a {rank}-D window");
        return rank;
    }

    /// <summary>The same with the shape of the output, remembered for the next inputs of this shape.</summary>
    internal ResolvedWindow Resolved(ReadOnlySpan<nint> shape)
    {
        if (_recent.Find(this, shape) is { } known) return known;
        Geometry geometry = Resolve(shape);
        return _recent.Add(new(this, shape.ToArray(), geometry, OutputShape(geometry, shape)));
    }

    /// <summary>Validates the window against a shape and resolves it.</summary>
    internal Geometry Resolve(ReadOnlySpan<nint> shape)
    {
        int rank = Fit(shape), first = FirstAxis(shape.Length);
        try
        {
            long outer = 1;
            for (int axis = 0; axis < first; axis++) outer = checked(outer * shape[axis]);
            Geometry geometry = new(
                outer,
                rank == 3 ? ResolveAxis(shape, first, 0) : Axis.Unit,
                rank >= 2 ? ResolveAxis(shape, first, rank - 2) : Axis.Unit,
                ResolveAxis(shape, first, rank - 1),
                Layout == Layout.ChannelsLast ? shape[^1] : 1);
            geometry.CheckSizes();
            return geometry;
        }
        catch (OverflowException)
        {
            throw new ArgumentException($"input has shape {Shape.Format(shape)}; it or the output under the window has more cells than fit 64 bits");
        }
    }

    /// <summary>Validates the window's lists and the shape against each other, and tells how many axes the window slides over.</summary>
    private int Fit(ReadOnlySpan<nint> shape)
    {
        int rank = RankFor(shape.Length);
        if (_extent != Extent.Sliding && (Stride is not null || !Padding.IsNone || !Dilation.All(1) || CeilMode))
            throw new ArgumentException($"window is {(IsGlobal ? "global" : "adaptive")} and has a stride, padding, dilation or ceil mode; only one that slides has any");
        if (!KeepDims && !IsGlobal) throw new ArgumentException("window drops its axes (keepDims is false); only a global one may");
        FitRank(rank);
        // Axis 0 is the batch only where a channel axis stands between it and the window.
        for (int axis = 0; axis < shape.Length; axis++)
            if (shape[axis] < 0 || (shape[axis] == 0 && !(axis == 0 && shape.Length >= rank + 2)))
                throw new ArgumentException($"input has shape {Shape.Format(shape)}; axis {axis} is {shape[axis]} long and only the batch may be empty");
        return rank;
    }

    /// <summary>Refuses a list that is neither one number nor one per axis.</summary>
    private void FitRank(int rank)
    {
        Kernel.Fit(rank, IsAdaptive ? "outputSize" : "kernel");
        Stride?.Fit(rank, "stride");
        Padding.Before.Fit(rank, "padding");
        Padding.After.Fit(rank, "padding");
        Dilation.Fit(rank, "dilation");
    }

    private Axis ResolveAxis(ReadOnlySpan<nint> shape, int first, int i)
    {
        long length = shape[first + i];
        if (IsGlobal) return Axis.Global(length);
        if (IsAdaptive) return Axis.Adaptive(length, Kernel[i] ?? length);

        (int kernel, int stride, int dilation, int before, int after) = Numbers(i);
        Axis axis;
        try
        {
            axis = Padding.Mode == PaddingMode.Explicit
                ? Axis.Sliding(length, kernel, stride, dilation, before, after, CeilMode)
                : Axis.Same(length, kernel, stride, dilation, Padding.Mode);
        }
        catch (OverflowException)
        {
            throw Overflow(first + i, length, i);
        }
        return axis.OutputLength >= 1
            ? axis
            : throw new ArgumentException(
                $"Output size is too small: axis {first + i} of length {length} under {Describe(i)} gives {axis.OutputLength}; it must be at least 1");
    }

    private (int Kernel, int Stride, int Dilation, int Before, int After) Numbers(int i) =>
        (Kernel.At(i), Stride is { } stride ? stride.At(i) : Kernel.At(i), Dilation.At(i), Padding.Before.At(i), Padding.After.At(i));

    private string Describe(int i)
    {
        (int kernel, int stride, int dilation, int before, int after) = Numbers(i);
        return $"kernel {kernel}, stride {stride}, padding {before} before and {after} after, dilation {dilation}";
    }

    private ArgumentException Overflow(int axis, long length, int i) => new($"axis {axis} of length {length} does not fit 64 bits under {Describe(i)}");
}
