namespace Cenote;

/// <summary>One line of a <see cref="Summary"/>.</summary>
/// <param name="Layer">The layer as it prints itself.</param>
/// <param name="OutputShape">The shape it gives.</param>
/// <param name="ParameterShapes">The shapes of what it has learned; pooling has none.</param>
public sealed record SummaryRow(string Layer, IReadOnlyList<nint> OutputShape, IReadOnlyList<IReadOnlyList<nint>> ParameterShapes)
{
    /// <summary>How many numbers the layer has learned.</summary>
    public long ParameterCount => ParameterShapes.Sum(shape => shape.Aggregate(1L, (count, length) => checked(count * length)));
}
