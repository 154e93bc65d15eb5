using System.Numerics;

namespace Cenote;

/// <summary>The smallest cell; NaN where the window holds one.</summary>
/// <remarks>An empty window gives plus infinity, or the largest value of an integer type. The mirror of <see cref="Max{T}"/>.</remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct Min<T> : IReducer<Min<T>, T, T>, ISelector<T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public T Identity => T.CreateSaturating(double.PositiveInfinity);

    /// <inheritdoc/>
    public T Empty => Identity;

    /// <inheritdoc/>
    public bool CountsPadding => false;

    /// <inheritdoc/>
    public T Lift(T value) => value;

    /// <inheritdoc/>
    public T Combine(T left, T right) => T.Min(left, right);

    /// <inheritdoc/>
    public T Finish(T accumulator, long count) => accumulator;

    /// <summary>A smaller cell wins, and so does a NaN, even over another.</summary>
    public bool Wins(T candidate, T best) => candidate < best || T.IsNaN(candidate);
}
