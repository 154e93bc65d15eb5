namespace Cenote;

/// <summary>The valid taps of one output on one axis: <c>First, First + Step, …</c>, <c>Count</c> of them.</summary>
/// <param name="First">Input position of the first tap that lies inside the input.</param>
/// <param name="Count">How many taps lie inside; 0 where the whole window lies in the padding.</param>
/// <param name="Step">Distance between taps: the dilation.</param>
public readonly record struct TapRange(long First, long Count, long Step);
