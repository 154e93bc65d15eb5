using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Layers one after another; PyTorch's <c>Sequential</c>.</summary>
public sealed class Sequential : Layer
{
    /// <summary>A network of some layers.</summary>
    /// <param name="layers">In the order they are applied; none leaves the input as it is. The same twice goes forward alone.</param>
    /// <exception cref="ArgumentException">One of them is null.</exception>
    public Sequential(params IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Layers = layers.Contains(null!) ? throw new ArgumentException("a layer is null; each must be one", nameof(layers)) : [.. layers];
    }

    /// <summary>The layers in the order they are applied.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<nint>> ParameterShapes => [.. Layers.SelectMany(layer => layer.ParameterShapes)];

    /// <inheritdoc/>
    public override nint[] OutputShape(ReadOnlySpan<nint> inputShape)
    {
        nint[] shape = inputShape.ToArray();
        foreach (Layer layer in Layers) shape = layer.OutputShape(shape);
        return shape;
    }

    /// <inheritdoc/>
    public override Tensor<T> Forward<T>(Tensor<T> input)
    {
        foreach (Layer layer in Layers) input = layer.Forward(input);
        return input;
    }

    /// <inheritdoc/>
    public override Tensor<T> Backward<T>(Tensor<T> gradOutput)
    {
        for (int i = Layers.Count - 1; i >= 0; i--) gradOutput = Layers[i].Backward(gradOutput);
        return gradOutput;
    }

    /// <summary>What each layer makes of an input of this shape, and that it has learned nothing.</summary>
    /// <exception cref="ArgumentException">A layer does not take the shape that it gets.</exception>
    public Summary Summary(params ReadOnlySpan<nint> inputShape)
    {
        List<SummaryRow> rows = [new("Input", inputShape.ToArray(), [])];
        Add(this);
        return new(rows);

        // Of one among the layers each of its own.
        void Add(Sequential network)
        {
            foreach (Layer layer in network.Layers)
            {
                if (layer is Sequential nested) Add(nested);
                else rows.Add(new(layer.ToString()!, layer.OutputShape([.. rows[^1].OutputShape]), layer.ParameterShapes));
            }
        }
    }

    /// <summary>As PyTorch prints it: a line for each layer.</summary>
    public override string ToString() =>
        $"Sequential(\n{string.Concat(Layers.Select((layer, i) => $"  ({i}): {layer.ToString()!.Replace("\n", "\n  ", StringComparison.Ordinal)}\n"))})";
}
