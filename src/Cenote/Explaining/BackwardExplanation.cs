using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace Cenote;

/// <summary>One input cell of a pooling layer, backward: the outputs that it reaches, and its gradient.</summary>
/// <param name="Layer">The layer as it prints itself.</param>
/// <param name="From">The full index of the cell.</param>
/// <param name="Value">The cell.</param>
/// <param name="Reach">Which outputs it reaches, one for each axis of the window.</param>
/// <param name="Shares">What each of these outputs gives back, in row-major order.</param>
/// <param name="Gradient">The gradient of the cell, as <see cref="Layer.Backward"/> gives it.</param>
public sealed record BackwardExplanation(
    string Layer, IReadOnlyList<nint> From, string Value, IReadOnlyList<ExplainedAxis> Reach, IReadOnlyList<ExplainedShare> Shares, string Gradient)
{
    internal static BackwardExplanation Of<T>(
        WindowLayer layer, Tensor<T> input, Tensor<T> output, Tensor<long>? indices, Tensor<T> gradOutput, Tensor<T> gradInput, ReadOnlySpan<nint> from)
        where T : unmanaged, INumber<T>
    {
        Window window = layer.Window;
        int rank = window.RankFor(input.Rank), first = window.FirstAxis(input.Rank);
        nint[] cell = Explanation.FullIndex(input.Lengths, from, rank, first, "input", nameof(from));
        IReadOnlyList<Axis> axes = window.Axes(input.Lengths);
        ExplainedAxis[] reach = [.. axes.Select((axis, i) => layer.Reached(axis, cell[first + i]))];
        Int128 reached = reach.Aggregate((Int128)1, (count, axis) => count * axis.Positions.Count);
        if (reached > Explanation.MostCells)
            throw new ArgumentException($"the cell reaches {reached} outputs; at most {Explanation.MostCells} can be shown one by one", nameof(from));

        (output, gradOutput) = (Explanation.WithAllAxes(output, window, input.Lengths), Explanation.WithAllAxes(gradOutput, window, input.Lengths));
        if (indices is not null) indices = Explanation.WithAllAxes(indices, window, input.Lengths);
        long place = 0;
        for (int i = 0; i < rank; i++) place = place * axes[i].InputLength + cell[first + i];
        List<ExplainedShare> shares = [];
        foreach (long[] position in Explanation.Product(reach))
        {
            nint[] at = [.. cell];
            long count = 1;
            for (int i = 0; i < rank; i++)
            {
                at[first + i] = (nint)position[i];
                count *= axes[i].Divisor(position[i], layer.CountsPadding);
            }
            bool? wins = indices is null ? null : indices[at] == place;
            string gradient = Explanation.Text(gradOutput[at]), value = Explanation.Text(output[at]);
            shares.Add(new(at, value, wins switch
            {
                null => layer.ShareArithmetic(gradient, Explanation.Text(input[cell]), value, count),
                true => gradient,
                false => "0",
            }, wins));
        }
        return new($"{layer}", cell, Explanation.Text(input[cell]), reach, shares, Explanation.Text(gradInput[cell]));
    }

    /// <summary>The cell, its reach, the shares and their sum as text.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(Layer).Append('\n').Append($"cell     input[{string.Join(", ", From)}] = {Value}").Append('\n').Append("reach    ");
        text.AppendJoin("\n         ", Reach.Select((axis, i) => $"axis {i}: {axis.Formula}")).Append('\n').Append("share    ");
        text.AppendJoin("\n         ", Shares.Count == 0 ? ["none"] : Shares.Select(share =>
            $"output[{string.Join(", ", share.At)}] = {share.Value}{share.Wins switch { true => ", this cell", false => ", another cell", null => "" }}: {share.Share}"));
        return text.Append('\n').Append($"gradient {(Shares.Count == 0 ? "" : $"{string.Join(" + ", Shares.Select(share => share.Share))} = ")}{Gradient}").ToString();
    }
}
