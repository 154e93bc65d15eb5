namespace Cenote;

/// <summary>A sum of powers over the power of its largest term, which can neither overflow nor underflow: <c>Scale^p * Sum</c>.</summary>
/// <param name="Scale">The largest absolute value so far.</param>
/// <param name="Sum">The sum of <c>(|x| / Scale)^p</c>, 1 or more unless every value is 0.</param>
public readonly record struct ScaledSum(double Scale, double Sum);
