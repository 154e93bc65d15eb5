namespace Cenote.Regions;

/// <summary>A box, as the cells that its bins see.</summary>
/// <param name="Image">The image that it lies in.</param>
/// <param name="Rows">Along the height.</param>
/// <param name="Columns">Along the width.</param>
internal readonly record struct Region(long Image, RegionAxis Rows, RegionAxis Columns)
{
    /// <summary>What a mean over a bin divides by.</summary>
    public double Samples => Math.Max(Rows.Samples * Columns.Samples, 1);
}
