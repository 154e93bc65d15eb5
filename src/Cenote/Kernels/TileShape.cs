namespace Cenote.Kernels;

/// <summary>How large a piece of the input <see cref="Tile{T, TLane, TFold, TVector}"/> takes at a time; follows from the window alone, never from the threads.</summary>
/// <remarks>
/// Where stride and dilation share a factor, only every so-manyth row or column is ever tapped, always by the same phase: the others are left
/// out, and what remains is a window of smaller stride and dilation.
/// </remarks>
/// <param name="OutputRows">Output rows of a tile.</param>
/// <param name="OutputColumns">Output columns of a tile.</param>
/// <param name="Rows">Input rows of a tile, padding included.</param>
/// <param name="Columns">Input columns of a tile, padding included.</param>
/// <param name="Down">Tiles from top to bottom of a plane.</param>
/// <param name="Across">Tiles from left to right of a plane.</param>
/// <param name="RowStep">One input row in so many is in the tile.</param>
/// <param name="ColumnStep">One input column in so many is in the tile.</param>
internal readonly record struct TileShape(
    long OutputRows, long OutputColumns, long Rows, long Columns, long Down, long Across, long RowStep, long ColumnStep)
{
    // A quarter of a second-level cache of 1 MB, for a tile, its double and what they are made from.
    private const long TileBytes = 256 * 1024;

    // Beyond this a tile is no longer worth its memory.
    private const long MostBytes = 16 * 1024 * 1024;

    /// <summary>Taps that may have to be added in order, those in the padding included.</summary>
    public const int MostOrdered = 64;

    // Beyond this most of a tile would be laid out for nothing.
    private const long FarApart = 4;

    /// <summary>Whether a tile is worth laying out: it has to fit, and most of what it holds has to be tapped.</summary>
    public static bool Fits(in Geometry geometry, int laneBytes, bool ordered)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        if (depth.IsAdaptive || height.IsAdaptive || width.IsAdaptive) return false;
        if (ordered && depth.Kernel * height.Kernel * width.Kernel > MostOrdered) return false;
        if (width.EffectiveKernel > MostBytes || height.EffectiveKernel > MostBytes) return false;
        TileShape shape = For(geometry, laneBytes, ordered);
        if ((Int128)shape.Rows * shape.Columns * shape.ColumnStep * inner * laneBytes * (ordered ? Math.Min(depth.Kernel, depth.InputLength) : 1) > MostBytes)
            return false;
        return shape.Rows <= FarApart * shape.OutputRows * height.Kernel && width.Stride / shape.ColumnStep <= FarApart * FarApart;
    }

    public static TileShape For(in Geometry geometry, int laneBytes, bool ordered)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long slices = ordered ? Math.Min(depth.Kernel, depth.InputLength) : 1;
        long lanes = Math.Max(1, TileBytes / (laneBytes * inner * slices));
        long rowStep = Step(height), columnStep = inner == 1 ? Step(width) : 1;
        long tall = Span(height, rowStep, 1), wide = Span(width, columnStep, 1);
        // Twice the window in height keeps what neighbouring tiles share below half of the work.
        long leastRows = Math.Min(2 * tall + height.Stride / rowStep, Span(height, rowStep, height.OutputLength));
        long outputColumns = Outputs(width, columnStep, Math.Max(lanes / leastRows, 2 * wide + 64));
        long columns = Span(width, columnStep, outputColumns);
        long outputRows = Outputs(height, rowStep, Math.Max(lanes / columns, leastRows));
        return new(outputRows, outputColumns, Span(height, rowStep, outputRows), columns,
            (height.OutputLength - 1) / outputRows + 1, (width.OutputLength - 1) / outputColumns + 1, rowStep, columnStep);
    }

    /// <summary>The factor that stride and dilation share.</summary>
    public static long Step(in Axis axis) => axis.Kernel > 1 ? Axis.GreatestCommonDivisor(axis.Stride, axis.Dilation) : axis.Stride;

    /// <summary>How many inputs so many outputs see.</summary>
    public static long Span(in Axis axis, long step, long outputs) =>
        (outputs - 1) * (axis.Stride / step) + (axis.Kernel > 1 ? axis.Dilation / step * (axis.Kernel - 1) : 0) + 1;

    /// <summary>How many outputs so many inputs are enough for.</summary>
    private static long Outputs(in Axis axis, long step, long inputs) =>
        Math.Clamp((inputs - Span(axis, step, 1)) / (axis.Stride / step) + 1, 1, axis.OutputLength);
}
