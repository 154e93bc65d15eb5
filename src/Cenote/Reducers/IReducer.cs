namespace Cenote;

/// <summary>How the cells of a window become one: a fold that does not care in which order, or grouping, it meets them.</summary>
/// <remarks>
/// Implement it as a readonly struct: the kernel is compiled for it. <see cref="Combine"/> must be associative and commutative up to
/// rounding and <see cref="Identity"/> must leave the other side as it is: rows are combined first, then what they gave.
/// Padding is never lifted; a window that has no cell at all finishes <see cref="Identity"/>.
/// </remarks>
/// <typeparam name="TSelf">The reducer itself, so that a call names none of its types.</typeparam>
/// <typeparam name="T">A cell, and the result.</typeparam>
/// <typeparam name="TAccumulator">What is carried along the window: a wider type, or a pair.</typeparam>
public interface IReducer<TSelf, T, TAccumulator>
    where TSelf : struct, IReducer<TSelf, T, TAccumulator>
    where T : unmanaged
    where TAccumulator : unmanaged
{
    /// <summary>What an empty window holds.</summary>
    TAccumulator Identity { get; }

    /// <summary>Whether the count that <see cref="Finish"/> gets includes taps in the padding.</summary>
    bool CountsPadding { get; }

    /// <summary>A single cell as an accumulator.</summary>
    TAccumulator Lift(T value);

    /// <summary>Two parts of a window as one.</summary>
    TAccumulator Combine(TAccumulator left, TAccumulator right);

    /// <summary>The result of a whole window.</summary>
    /// <param name="accumulator">All its cells combined.</param>
    /// <param name="count">How many taps the window has, see <see cref="CountsPadding"/>.</param>
    T Finish(TAccumulator accumulator, long count);
}
