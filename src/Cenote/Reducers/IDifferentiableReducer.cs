namespace Cenote;

/// <summary>A fold whose result changes smoothly with its cells, so that there is a gradient.</summary>
/// <typeparam name="TSelf">The reducer itself.</typeparam>
/// <typeparam name="T">A cell, and the result.</typeparam>
/// <typeparam name="TAccumulator">What is carried along the window.</typeparam>
public interface IDifferentiableReducer<TSelf, T, TAccumulator> : IReducer<TSelf, T, TAccumulator>
    where TSelf : struct, IDifferentiableReducer<TSelf, T, TAccumulator>
    where T : unmanaged
    where TAccumulator : unmanaged
{
    /// <summary>The derivative of the window's result by one of its cells.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="window">All cells of the window combined, not finished.</param>
    /// <param name="count">How many taps the window has, see <see cref="IReducer{TSelf, T, TAccumulator}.CountsPadding"/>.</param>
    double Slope(T cell, TAccumulator window, long count);
}
