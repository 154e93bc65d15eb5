using System.Globalization;

namespace Cenote;

/// <summary>The table of a network's layers: output shape, parameter shapes, number of parameters.</summary>
/// <param name="Rows">The input, then the layers in order.</param>
public sealed record Summary(IReadOnlyList<SummaryRow> Rows)
{
    /// <summary>How many numbers the network has learned; 0 for pooling alone.</summary>
    public long ParameterCount => Rows.Sum(row => row.ParameterCount);

    /// <summary>The table as text, the columns aligned.</summary>
    public override string ToString()
    {
        List<string[]> cells = [["Layer", "Output shape", "Parameter shapes", "Parameters"]];
        foreach (SummaryRow row in Rows)
        {
            string parameters = row.ParameterShapes.Count == 0 ? "-" : string.Join(" ", row.ParameterShapes.Select(shape => Shape.Format([.. shape])));
            cells.Add([row.Layer, Shape.Format([.. row.OutputShape]), parameters, row.ParameterCount.ToString(CultureInfo.InvariantCulture)]);
        }
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => cells.Max(row => row[column].Length))];
        cells.Insert(1, [.. widths.Select(width => new string('-', width))]);
        IEnumerable<string> lines = cells.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return string.Join("\n", lines) + $"\nTotal parameters: {ParameterCount}";
    }
}
