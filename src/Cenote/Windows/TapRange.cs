namespace Cenote;

/// <summary>Evenly spaced positions on one axis, <c>First, First + Step, …</c>: the valid taps of an output, or the outputs that tap an input.</summary>
/// <param name="First">The first position.</param>
/// <param name="Count">How many there are; 0 where a window lies wholly in the padding, or no window taps the input.</param>
/// <param name="Step">Distance between them: of taps the dilation.</param>
public readonly record struct TapRange(long First, long Count, long Step)
{
    /// <summary>Whether a position is one of them.</summary>
    public bool Contains(long position) => position >= First && position <= First + (Count - 1) * Step && (Step == 1 || (position - First) % Step == 0);
}
