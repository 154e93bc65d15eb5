using System.Numerics;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote;

/// <summary>The mean of the cells weighted by themselves: what stochastic pooling picks on average, <c>sum(x^2) / sum(x)</c>.</summary>
/// <remarks>
/// A cell of 0 or less has no weight; where no cell is above 0 the largest is the result, as in the limit. Padding never counts, an empty window
/// gives 0, NaN gives NaN. Computed in double. Source: Zeiler, Fergus, "Stochastic pooling for regularization" (2013), at test time.
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct StochasticMean<T> : IDifferentiable<StochasticMean<T>, T, WeightedMean>, ILiftedFold
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
        return large.With(small, large.Peak > 0 ? Math.Max(small.Peak, 0) / large.Peak : 0);
    }

    /// <inheritdoc/>
    public T Finish(WeightedMean accumulator, long count) => WholeNumber.Cut<T>(accumulator.Mean);

    ReadOnlySpan<LiftedPart> ILiftedFold.Parts => [LiftedPart.Sum, LiftedPart.Sum];

    bool ILiftedFold.Lift(int part, ReadOnlySpan<double> cells, Span<double> lifted, long taps)
    {
        // Squares of doubles may be beyond them.
        if (typeof(T) == typeof(double)) return false;
        if (part == 1) Doubles.Apply(default(Function.Square), lifted);
        else Doubles.Apply(new Function.AtLeast(0), lifted);
        return part == 1 || double.IsFinite(Doubles.Range(cells).Most);
    }

    // Where no cell is above 0 the largest is the result: 0 only if none is below it.
    bool ILiftedFold.Finish(ReadOnlySpan<double> cells, Span<double> first, ReadOnlySpan<double> second)
    {
        if (first.Contains(0) && Doubles.Range(cells).Least < 0) return false;
        for (int i = 0; i < first.Length; i++) first[i] = first[i] == 0 ? 0 : second[i] / first[i];
        return true;
    }

    /// <inheritdoc/>
    public double Derivative(T cell, WeightedMean whole, long count)
    {
        double x = double.CreateTruncating(cell);
        if (!(whole.Peak > 0)) return x == whole.Peak ? 1 / whole.Weight : 0;
        return x > 0 ? (2 * x - whole.Mean) / whole.Peak / whole.Weight : 0;
    }
}
