namespace Cenote.Kernels;

/// <summary>Which cell of a window is taken, where all of them must be seen first; none is NaN.</summary>
internal interface IPick<T>
    where T : unmanaged
{
    /// <summary>The place of the cell among those of the window.</summary>
    /// <param name="cells">The cells in row-major order, at least one.</param>
    /// <param name="scratch">As many cells to work in.</param>
    /// <param name="output">The window's position in the output tensor.</param>
    int Among(ReadOnlySpan<T> cells, Span<T> scratch, long output);
}
