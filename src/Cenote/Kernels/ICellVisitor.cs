namespace Cenote.Kernels;

/// <summary>What happens at each output of a <see cref="CellWalk"/>: opened, shown every valid tap in row-major order, closed.</summary>
internal interface ICellVisitor<T>
    where T : unmanaged
{
    /// <summary>A new output begins.</summary>
    void Open();

    /// <summary>A valid tap: its value, and its index inside the unpadded plane.</summary>
    void Visit(T value, long index);

    /// <summary>The output is complete.</summary>
    /// <param name="output">Its position in the output tensor.</param>
    /// <param name="count">How many taps it has; taps in the padding count where <see cref="CountsPadding"/> says so.</param>
    void Close(long output, long count);

    /// <summary>Whether taps in the padding count.</summary>
    bool CountsPadding { get; }
}
