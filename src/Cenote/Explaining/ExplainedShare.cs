namespace Cenote;

/// <summary>What one output gives back to an explained cell.</summary>
/// <param name="At">The full index of the output.</param>
/// <param name="Value">The output.</param>
/// <param name="Share">The arithmetic of its share of the gradient.</param>
/// <param name="Wins">Whether the output is the cell itself; <c>null</c> where no cell wins, as in an average.</param>
public sealed record ExplainedShare(IReadOnlyList<nint> At, string Value, string Share, bool? Wins);
