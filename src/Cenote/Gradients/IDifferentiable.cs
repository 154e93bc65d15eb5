namespace Cenote;

/// <summary>A fold that has a derivative: of the result by each of its cells.</summary>
/// <typeparam name="TSelf">The reducer itself, so that a call names none of its types.</typeparam>
/// <typeparam name="T">A cell, and the result.</typeparam>
/// <typeparam name="TAccumulator">What is carried along the window.</typeparam>
public interface IDifferentiable<TSelf, T, TAccumulator> : IReducer<TSelf, T, TAccumulator>
    where TSelf : struct, IDifferentiable<TSelf, T, TAccumulator>
    where T : unmanaged
    where TAccumulator : unmanaged
{
    /// <summary>How the result of a window changes with one of its cells.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="whole">All cells of the window combined, the cell among them.</param>
    /// <param name="count">How many taps the window has, see <see cref="IReducer{TSelf, T, TAccumulator}.CountsPadding"/>.</param>
    double Derivative(T cell, TAccumulator whole, long count);
}
