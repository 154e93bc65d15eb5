namespace Cenote;

/// <summary>A reducer whose result changes smoothly with its cells, so that there is a gradient.</summary>
/// <typeparam name="T">A cell.</typeparam>
/// <typeparam name="TAccumulator">What is carried along the window.</typeparam>
public interface IDerivative<T, TAccumulator>
    where T : unmanaged
    where TAccumulator : unmanaged
{
    /// <summary>The derivative of the window's result by one of its cells.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="window">All cells of the window combined, not finished.</param>
    /// <param name="count">How many taps the window has, as the reducer counts them.</param>
    double Slope(T cell, TAccumulator window, long count);
}
