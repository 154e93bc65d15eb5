namespace Cenote.Kernels;

/// <summary>How large a piece of the input <see cref="Tile{T, TLane, TFold, TVector}"/> takes at a time; follows from the window alone, never from the threads.</summary>
/// <param name="OutputRows">Output rows of a tile.</param>
/// <param name="OutputColumns">Output columns of a tile.</param>
/// <param name="Rows">Input rows of a tile, padding included.</param>
/// <param name="Columns">Input columns of a tile, padding included.</param>
/// <param name="Down">Tiles from top to bottom of a plane.</param>
/// <param name="Across">Tiles from left to right of a plane.</param>
internal readonly record struct TileShape(long OutputRows, long OutputColumns, long Rows, long Columns, long Down, long Across)
{
    // Half of a second-level cache of 1 MB, for a tile and its double.
    private const long TileBytes = 256 * 1024;

    // Beyond this a tile is no longer worth its memory.
    private const long MostBytes = 16 * 1024 * 1024;

    /// <summary>Whether a tile is worth laying out: it has to fit, and most of what it holds has to be tapped.</summary>
    public static bool Fits(in Geometry geometry, int laneBytes, bool ordered)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        if (depth.IsAdaptive || height.IsAdaptive || width.IsAdaptive) return false;
        if (ordered && depth.Kernel * height.Kernel * width.Kernel > 9) return false;
        if (width.EffectiveKernel > MostBytes || height.EffectiveKernel > MostBytes || width.Stride > 16) return false;
        TileShape shape = For(geometry, laneBytes, ordered);
        if ((Int128)shape.Rows * shape.Columns * inner * laneBytes * (ordered ? Math.Min(depth.Kernel, depth.InputLength) : 1) > MostBytes) return false;
        long touched = Math.Min(shape.Rows, shape.OutputRows * height.Kernel);
        return shape.Rows <= 4 * touched;
    }

    public static TileShape For(in Geometry geometry, int laneBytes, bool ordered)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long slices = ordered ? Math.Min(depth.Kernel, depth.InputLength) : 1;
        long lanes = Math.Max(1, TileBytes / (laneBytes * inner * slices));
        long tall = height.EffectiveKernel, wide = width.EffectiveKernel;
        // Twice the window in height keeps what neighbouring tiles share below half of the work.
        long leastRows = Math.Min(2 * tall + height.Stride, (height.OutputLength - 1) * height.Stride + tall);
        long outputColumns = Outputs(width, Math.Max(lanes / leastRows, 2 * wide + 64));
        long columns = (outputColumns - 1) * width.Stride + wide;
        long outputRows = Outputs(height, Math.Max(lanes / columns, leastRows));
        return new(outputRows, outputColumns, (outputRows - 1) * height.Stride + tall, columns,
            (height.OutputLength - 1) / outputRows + 1, (width.OutputLength - 1) / outputColumns + 1);
    }

    /// <summary>How many outputs so many inputs are enough for.</summary>
    private static long Outputs(in Axis axis, long inputs) =>
        Math.Clamp((inputs - axis.EffectiveKernel) / axis.Stride + 1, 1, axis.OutputLength);
}
