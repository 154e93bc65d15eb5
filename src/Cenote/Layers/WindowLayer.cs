using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>A layer that moves a window over its input.</summary>
public abstract class WindowLayer : PoolingLayer
{
    /// <summary>A layer over any input that the window fits.</summary>
    /// <param name="window">What slides.</param>
    /// <param name="torchShapes">Whether the input must be (C, …) or (N, C, …), as <c>torch.nn</c> asks, and not have any other leading axes.</param>
    protected WindowLayer(Window window, bool torchShapes = false)
    {
        ArgumentNullException.ThrowIfNull(window);
        (Window, TorchShapes) = (window, torchShapes);
    }

    /// <summary>What slides.</summary>
    public Window Window { get; }

    /// <summary>Whether this is a layer of <c>torch.nn</c>, which takes its shapes alone and prints itself as there.</summary>
    private protected bool TorchShapes { get; }

    /// <summary>The name of the layer's type in <c>torch.nn</c>; of a layer of any rank what its window makes it, as in <c>AdaptiveMaxPool2d</c>.</summary>
    public override string Name => TorchShapes
        ? base.Name
        : $"{(Window.IsGlobal ? "Global" : Window.IsAdaptive ? "Adaptive" : "")}{base.Name}{(Window.KnownRank is { } rank ? $"{rank}d" : "")}";

    /// <inheritdoc/>
    public sealed override nint[] OutputShape(ReadOnlySpan<nint> inputShape)
    {
        Check(inputShape);
        return Window.OutputShape(inputShape);
    }

    /// <summary>One output of <see cref="Layer.Forward"/>, step by step: slide, select the region, compute, assign.</summary>
    /// <param name="input">The cells.</param>
    /// <param name="at">The output: a full index, or one along the window's axes alone (the leading axes are then 0).</param>
    /// <exception cref="ArgumentException"><paramref name="at"/> is not an index of the output.</exception>
    public Explanation Explain<T>(Tensor<T> input, params ReadOnlySpan<nint> at)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input.Lengths);
        return Explanation.Of(this, input, Apply(input), at);
    }

    /// <summary>One cell of the input, backward: the outputs that it reaches, which of them it wins, and its gradient.</summary>
    /// <param name="input">The cells.</param>
    /// <param name="gradOutput">The gradient of the output, of its shape. Default: ones, so that the gradient is that of the output's sum.</param>
    /// <param name="from">The cell: a full index, or one along the window's axes alone (the leading axes are then 0).</param>
    /// <exception cref="ArgumentException"><paramref name="from"/> is not an index of the input, or the gradient of another shape.</exception>
    public BackwardExplanation ExplainBackward<T>(Tensor<T> input, Tensor<T>? gradOutput, params ReadOnlySpan<nint> from)
        where T : unmanaged, INumber<T>
    {
        Check(input.Lengths);
        Tensor<T> output = Apply(input);
        Tensor<long>? indices = (this as SelectorLayer)?.ApplyWithIndices(input).Indices;
        gradOutput ??= Tensor.Create(Enumerable.Repeat(T.One, checked((int)output.FlattenedLength)).ToArray(), output.Lengths);
        return BackwardExplanation.Of(this, input, output, indices, gradOutput, Gradient(gradOutput, input), from);
    }

    /// <summary>The arithmetic of one window, its values filled in, without the result.</summary>
    /// <param name="values">The valid taps, in row-major order.</param>
    /// <param name="count">How many taps the window has, by the layer's own rule.</param>
    protected internal abstract string Arithmetic(IReadOnlyList<string> values, long count);

    /// <summary>The arithmetic of what an output gives back to one of its cells, its values filled in, without the result.</summary>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="output">The output.</param>
    /// <param name="count">How many taps the window has, by the layer's own rule.</param>
    protected internal virtual string ShareArithmetic(string gradient, string cell, string output, long count) => $"{gradient} * d {output} / d {cell}";

    /// <summary>Whether taps in the padding count.</summary>
    protected internal virtual bool CountsPadding => false;

    /// <summary>The cell that a tap takes its value from: its own, or another where the layer fills the padding.</summary>
    /// <param name="position">Where the tap lies along an axis; negative, or beyond the input, in the padding.</param>
    /// <param name="length">Cells of the input along the axis.</param>
    protected internal virtual long Cell(long position, long length) => position;

    /// <summary>The outputs along an axis that a cell reaches.</summary>
    internal virtual ExplainedAxis Reached(Axis axis, long input) => ExplainedAxis.Reached(axis, input);

    /// <summary>The settings of a sliding window by torch's names, those asked for; a global or adaptive one has others.</summary>
    private protected IEnumerable<(string Name, string Value)> WindowSettings(params string[] names)
    {
        if (Window.IsGlobal) return [];
        if (Window.IsAdaptive) return [("output_size", $"{Window.Kernel}")];
        return names.Select(name => (name, name switch
        {
            "kernel_size" => $"{Window.Kernel}",
            "stride" => $"{Window.Stride ?? Window.Kernel}",
            "padding" => $"{Window.Padding}",
            "dilation" => $"{Window.Dilation}",
            _ => Window.CeilMode ? "True" : "False",
        }));
    }

    private protected sealed override void Check(ReadOnlySpan<nint> shape)
    {
        if (TorchShapes && Window.Rank is { } rank) CheckTorchShape(shape, rank, Name);
    }

    /// <summary>Refuses an input that <c>torch.nn</c> does not take.</summary>
    internal static void CheckTorchShape(ReadOnlySpan<nint> shape, int rank, string name)
    {
        if (shape.Length == rank + 1 || shape.Length == rank + 2) return;
        string axes = rank switch { 1 => "L", 2 => "H, W", _ => "D, H, W" };
        throw new ArgumentException($"input of {name} has shape {Shape.Format(shape)}; it must be (N, C, {axes}) or (C, {axes})");
    }
}
