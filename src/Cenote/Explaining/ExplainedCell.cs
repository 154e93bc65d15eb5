namespace Cenote;

/// <summary>One tap of an explained window.</summary>
/// <param name="Position">Where it lies along the window's axes; negative, or beyond the input, in the padding.</param>
/// <param name="Value">The cell's value; <c>null</c> in the padding.</param>
public sealed record ExplainedCell(IReadOnlyList<long> Position, string? Value);
