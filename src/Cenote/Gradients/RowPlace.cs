namespace Cenote.Gradients;

/// <summary>Where a row of windows lies across the rows of the input.</summary>
/// <param name="DepthOutput">The output along the depth.</param>
/// <param name="HeightOutput">The output along the height.</param>
/// <param name="Depth">The slices that it taps.</param>
/// <param name="Height">The rows that it taps, of each of these slices.</param>
internal readonly record struct RowPlace(long DepthOutput, long HeightOutput, TapRange Depth, TapRange Height);
