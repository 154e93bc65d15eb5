namespace Cenote.Cli;

/// <summary>What belongs to a fold and not to its window.</summary>
/// <param name="CountPadding">Whether an average counts padding; null: as the window's framework.</param>
/// <param name="Divisor">What an average divides by instead of the number of cells.</param>
/// <param name="Norm">The order of an Lp norm or a generalized mean.</param>
/// <param name="Eps">What a generalized mean raises smaller cells to.</param>
/// <param name="Ratio">How much of a mixture is the maximum.</param>
/// <param name="Seed">Decides what is drawn.</param>
internal sealed record FoldSettings(bool? CountPadding, int? Divisor, double? Norm, double Eps, double Ratio, long Seed);
