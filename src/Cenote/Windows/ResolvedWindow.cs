namespace Cenote;

/// <summary>A window over an input of one shape: validated, with what follows from both. Immutable, so that threads may share it.</summary>
internal sealed class ResolvedWindow(Window window, nint[] inputShape, in Geometry geometry, nint[] outputShape)
{
    // A field, so that it need not be copied.
    public readonly Geometry Geometry = geometry;

    public nint[] OutputShape => outputShape;

    /// <summary>Whether it is of this window and shape. A window that was copied to be changed is another.</summary>
    public bool IsOf(Window other, ReadOnlySpan<nint> shape) => ReferenceEquals(window, other) && shape.SequenceEqual(inputShape);

    /// <summary>What a window resolved to last: most see one shape again and again. It is no part of what the window is.</summary>
    public struct Last : IEquatable<Last>
    {
        public ResolvedWindow? Value;

        public readonly bool Equals(Last other) => true;

        public override readonly bool Equals(object? obj) => obj is Last;

        public override readonly int GetHashCode() => 0;
    }
}
