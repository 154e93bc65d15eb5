using System.Numerics;

namespace Cenote;

/// <summary>The largest cell; NaN where the window holds one.</summary>
/// <remarks>An empty window gives minus infinity, or the least value of an integer type. Source: ATen <c>MaxPoolKernel.cpp</c>.</remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct Max<T> : IReducer<Max<T>, T, T>, ISelector<T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public T Identity => T.CreateSaturating(double.NegativeInfinity);

    /// <inheritdoc/>
    public T Empty => Identity;

    /// <inheritdoc/>
    public bool CountsPadding => false;

    /// <inheritdoc/>
    public T Lift(T value) => value;

    /// <inheritdoc/>
    public T Combine(T left, T right) => T.Max(left, right);

    /// <inheritdoc/>
    public T Finish(T accumulator, long count) => accumulator;

    /// <summary>A larger cell wins, and so does a NaN, even over another: PyTorch's rule.</summary>
    public bool Wins(T candidate, T best) => candidate > best || T.IsNaN(candidate);
}
