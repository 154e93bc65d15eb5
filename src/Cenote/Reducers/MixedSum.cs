namespace Cenote;

/// <summary>What a mixture of maximum and mean carries along the window.</summary>
/// <param name="Max">The largest cell so far.</param>
/// <param name="Ties">How many cells are as large.</param>
/// <param name="Sum">The sum of the cells.</param>
public readonly record struct MixedSum(double Max, long Ties, double Sum);
