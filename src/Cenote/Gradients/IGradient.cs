namespace Cenote.Gradients;

/// <summary>What an output gives back to a cell that its window taps. Implement it as a readonly struct: the walk is compiled for it.</summary>
internal interface IGradient<T, TSum>
    where T : unmanaged
    where TSum : unmanaged
{
    /// <summary>Whether the count that <see cref="Share"/> gets includes taps in the padding.</summary>
    bool CountsPadding { get; }

    /// <summary>The output's gradient times the derivative of the output by the cell, but for what <see cref="Finish"/> does to all of them.</summary>
    /// <param name="output">Position in the output tensor.</param>
    /// <param name="input">Position of the cell in the input tensor.</param>
    /// <param name="count">How many taps the window has, see <see cref="CountsPadding"/>.</param>
    TSum Share(long output, long input, long count);

    /// <summary>The gradient of the cell from the sum of its shares, rounded once.</summary>
    T Finish(TSum sum);
}
