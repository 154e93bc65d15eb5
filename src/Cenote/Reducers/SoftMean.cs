using System.Numerics;
using Cenote.Numerics;

namespace Cenote;

/// <summary>The mean of the cells weighted by their softmax (SoftPool): <c>sum(e^x x) / sum(e^x)</c>.</summary>
/// <remarks>
/// A fold after all: two parts carry their largest cell, to which the weights of both are rescaled. Padding never counts, an empty window gives 0,
/// NaN gives NaN. Computed in double. Source: Stergiou, Poppe, Kalliatakis, "Refining activation downsampling with SoftPool" (2021).
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct SoftMean<T> : IDifferentiable<SoftMean<T>, T, WeightedMean>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public WeightedMean Identity => default;

    /// <inheritdoc/>
    public bool CountsPadding => false;

    /// <inheritdoc/>
    public WeightedMean Lift(T value) => WeightedMean.Of(double.CreateTruncating(value));

    /// <inheritdoc/>
    public WeightedMean Combine(WeightedMean left, WeightedMean right)
    {
        (WeightedMean large, WeightedMean small) = WeightedMean.Order(left, right);
        return large.With(small, Math.Exp(small.Peak - large.Peak));
    }

    /// <inheritdoc/>
    public T Finish(WeightedMean accumulator, long count) => WholeNumber.Cut<T>(accumulator.Mean);

    /// <inheritdoc/>
    public double Derivative(T cell, WeightedMean whole, long count)
    {
        double x = double.CreateTruncating(cell);
        return Math.Exp(x - whole.Peak) / whole.Weight * (1 + x - whole.Mean);
    }
}
