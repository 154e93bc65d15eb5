namespace Cenote;

/// <summary>A window over an input of one shape: validated, with what follows from both. Immutable, so that threads may share it.</summary>
internal sealed class ResolvedWindow(Window window, nint[] inputShape, in Geometry geometry, nint[] outputShape)
{
    // A field, so that it need not be copied.
    public readonly Geometry Geometry = geometry;

    public nint[] OutputShape => outputShape;

    /// <summary>Whether it is of this window and shape. A window that was copied to be changed is another.</summary>
    public bool IsOf(Window other, ReadOnlySpan<nint> shape) => ReferenceEquals(window, other) && shape.SequenceEqual(inputShape);

    /// <summary>What a window resolved to of late: most see the same few shapes again and again. It is no part of what the window is.</summary>
    public struct Recent : IEquatable<Recent>
    {
        private const int Most = 8;

        private ResolvedWindow? _last;
        private ResolvedWindow?[]? _several;
        private uint _next;

        /// <summary>What is known of a window and a shape, or null.</summary>
        public ResolvedWindow? Find(Window window, ReadOnlySpan<nint> shape)
        {
            if (_last is { } last && last.IsOf(window, shape)) return last;
            foreach (ResolvedWindow? one in _several ?? [])
                if (one is not null && one.IsOf(window, shape)) return _last = one;
            return null;
        }

        /// <summary>Remembers one, and may forget another. Where threads meet here one of theirs may be forgotten too.</summary>
        public ResolvedWindow Add(ResolvedWindow one)
        {
            ResolvedWindow?[] several = _several ??= new ResolvedWindow?[Most];
            several[_next++ % Most] = one;
            return _last = one;
        }

        public readonly bool Equals(Recent other) => true;

        public override readonly bool Equals(object? obj) => obj is Recent;

        public override readonly int GetHashCode() => 0;
    }
}
