using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace Cenote;

/// <summary>One output of a pooling layer, step by step: slide, select the region, compute, assign.</summary>
/// <param name="Layer">The layer as it prints itself.</param>
/// <param name="At">The full index of the output.</param>
/// <param name="Slide">Where the window stands, one for each of its axes.</param>
/// <param name="Region">The cells under the window in row-major order, those in the padding included.</param>
/// <param name="Compute">The arithmetic with its numbers and result.</param>
/// <param name="Assign">The output as it is set.</param>
public sealed record Explanation(
    string Layer,
    IReadOnlyList<nint> At,
    IReadOnlyList<ExplainedAxis> Slide,
    IReadOnlyList<ExplainedCell> Region,
    string Compute,
    string Assign)
{
    internal const int MostCells = 4096;

    internal static Explanation Of<T>(WindowLayer layer, Tensor<T> input, Tensor<T> output, ReadOnlySpan<nint> at)
        where T : unmanaged, INumber<T>
    {
        Window window = layer.Window;
        int rank = window.RankFor(input.Rank), first = window.FirstAxis(input.Rank);
        output = WithAllAxes(output, window, input.Lengths);
        nint[] index = FullIndex(output.Lengths, at, rank, first, "output", nameof(at));
        IReadOnlyList<Axis> axes = window.Axes(input.Lengths);
        Int128 taps = axes.Aggregate((Int128)1, (taps, axis) => taps * (axis.IsAdaptive ? axis.MostTaps : axis.Kernel));
        if (taps > MostCells) throw new ArgumentException($"the window has {taps} cells; at most {MostCells} can be shown one by one");
        ExplainedAxis[] slide = [.. axes.Select((axis, i) => ExplainedAxis.Of(axis, index[first + i]))];

        List<ExplainedCell> region = [];
        foreach (long[] position in Product(slide))
        {
            nint[] cell = [.. index];
            bool inside = true;
            for (int i = 0; i < rank; i++)
            {
                long source = layer.Cell(position[i], axes[i].InputLength);
                cell[first + i] = (nint)source;
                inside &= source >= 0 && source < axes[i].InputLength;
            }
            region.Add(new([.. position], inside ? Text(input[cell]) : null));
        }

        long count = 1;
        for (int i = 0; i < rank; i++) count *= axes[i].Divisor(index[first + i], layer.CountsPadding);
        string result = Text(output[index]);
        string arithmetic = layer.Arithmetic([.. region.Where(cell => cell.Value != null).Select(cell => cell.Value!)], count);
        // Whole numbers truncate what is not one.
        if (T.One / (T.One + T.One) == T.Zero && layer is not (SelectorLayer or SumPool)) arithmetic = $"trunc({arithmetic})";
        return new(layer.ToString(), index, slide, region, $"{arithmetic} = {result}", $"output[{string.Join(", ", index)}] = {result}");
    }

    internal static string Text<T>(T value)
        where T : INumber<T> => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The four steps as text, the region drawn as the window sees it.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(Layer).Append('\n').Append("slide    ");
        text.AppendJoin("\n         ", Slide.Select((axis, i) => $"axis {i}: {axis.Formula}")).Append('\n').Append("select   ");
        int width = Slide[^1].Positions.Count, cell = Region.Count == 0 ? 0 : Region.Max(one => (one.Value ?? "pad").Length);
        for (int i = 0; i < Region.Count; i++)
        {
            if (i > 0) text.Append(i % width > 0 ? "  " : "\n         ");
            text.Append((Region[i].Value ?? "pad").PadLeft(cell));
        }
        return text.Append('\n').Append("compute  ").Append(Compute).Append('\n').Append("assign   ").Append(Assign).ToString();
    }

    /// <summary>An output of a global window that drops its axes with them.</summary>
    internal static Tensor<T> WithAllAxes<T>(Tensor<T> output, Window window, ReadOnlySpan<nint> inputShape)
    {
        // Not by Tensor.Reshape, which fails from (1, 3) to (1, 1, 1, 3).
        T[] cells = new T[output.FlattenedLength];
        output.FlattenTo(cells);
        return Tensor.Create(cells, (window with { KeepDims = true }).OutputShape(inputShape));
    }

    /// <summary>An index along the window's axes, or a full one, as a full one.</summary>
    internal static nint[] FullIndex(ReadOnlySpan<nint> shape, ReadOnlySpan<nint> at, int rank, int first, string of, string argument)
    {
        nint[] index = new nint[shape.Length];
        if (at.Length == shape.Length) at.CopyTo(index);
        else if (at.Length == rank) at.CopyTo(index.AsSpan(first));
        else throw new ArgumentException($"{argument} is {Shape.Format(at)}; it must have {rank} numbers, or {shape.Length} for a full index", argument);
        for (int axis = 0; axis < index.Length; axis++)
            if (index[axis] < 0 || index[axis] >= shape[axis])
                throw new ArgumentException($"{argument} is {Shape.Format(at)}; it must lie inside the {of} of shape {Shape.Format(shape)}", argument);
        return index;
    }

    /// <summary>Every combination of the axes' positions, in row-major order.</summary>
    internal static IEnumerable<long[]> Product(ExplainedAxis[] axes) => axes.Aggregate(
        (IEnumerable<long[]>)[[]],
        (positions, axis) => positions.SelectMany(position => axis.Positions.Select(next => (long[])[.. position, next])));
}
