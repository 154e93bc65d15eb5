namespace Cenote.Kernels;

/// <summary>The middle cell in order of size, the lower of the two where their number is even; the first of equal ones.</summary>
internal readonly struct MedianPick<T> : IPick<T>
    where T : unmanaged, IEquatable<T>
{
    public int Among(ReadOnlySpan<T> cells, Span<T> scratch, long output)
    {
        cells.CopyTo(scratch);
        scratch.Sort();
        return cells.IndexOf(scratch[(cells.Length - 1) / 2]);
    }
}
