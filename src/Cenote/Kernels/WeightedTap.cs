namespace Cenote.Kernels;

/// <summary>A cell of an axis and how much of it is taken.</summary>
internal readonly record struct WeightedTap(long Position, double Weight);
