namespace Cenote.Plotting;

/// <summary>What was asked of a heat map, validated: all that its layout and its drawing read.</summary>
internal sealed record HeatmapSpec
{
    internal required float[] Values { get; init; }
    internal required int Rows { get; init; }
    internal required int Columns { get; init; }
    internal required float Min { get; init; }
    internal required float Max { get; init; }
    internal required Colormap Colormap { get; init; }
    internal required string? Title { get; init; }
    internal required string? XLabel { get; init; }
    internal required string? YLabel { get; init; }
    internal required string? ColorbarFormat { get; init; }
    internal required int? Width { get; init; }
    internal required int? Height { get; init; }
    internal required Origin Origin { get; init; }
    internal required Interpolation Interpolation { get; init; }
    internal required float FontSize { get; init; }

    internal ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
