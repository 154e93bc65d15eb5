using System.Numerics;
using Cenote.Gradients;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote;

/// <summary>The mean of the cells weighted by their softmax (SoftPool): <c>sum(e^x x) / sum(e^x)</c>.</summary>
/// <remarks>
/// A fold after all: two parts carry their largest cell, to which the weights of both are rescaled. Padding never counts, an empty window gives 0,
/// NaN gives NaN. Computed in double. Source: Stergiou, Poppe, Kalliatakis, "Refining activation downsampling with SoftPool" (2021).
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct SoftMean<T> : IDifferentiable<SoftMean<T>, T, WeightedMean>, ILiftedGradient
    where T : unmanaged, INumber<T>
{
    // Between two cells, of which the smaller one's weight is still far from nothing in double.
    private const double MostApart = 600;

    // The same where the weight must be exact to the last places of double.
    private const double MostApartInDouble = 30;

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

    ReadOnlySpan<LiftedPart> ILiftedFold.Parts => [LiftedPart.Sum, LiftedPart.Sum];

    bool ILiftedFold.Lift(int part, ReadOnlySpan<double> cells, Span<double> lifted, long taps)
    {
        if (part == 1)
        {
            Doubles.Multiply(lifted, cells);
            return true;
        }
        // Relative to the largest of all, where no cell's weight is lost beside it; not of NaN and infinity.
        (double least, double most) = Doubles.Range(cells);
        if (!(most - least <= (typeof(T) == typeof(double) ? MostApartInDouble : MostApart))) return false;
        Doubles.Apply(new Function.Exponential(most), lifted);
        return true;
    }

    bool ILiftedFold.Finish(ReadOnlySpan<double> cells, Span<double> first, ReadOnlySpan<double> second)
    {
        for (int i = 0; i < first.Length; i++) first[i] = second[i] / first[i];
        return true;
    }

    (bool Is, bool GivesTwo) ILiftedGradient.Gradient => (true, true);

    // Over the sum of the weights, and that times the mean.
    void ILiftedGradient.Give(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> gradients, Span<double> more)
    {
        Doubles.Divide(gradients, first);
        for (int i = 0; i < gradients.Length; i++) more[i] = gradients[i] * (second[i] / first[i]);
    }

    // e^x (1 + x - y) of a mean y.
    void ILiftedGradient.Meet(ReadOnlySpan<double> cells, Span<double> given, ReadOnlySpan<double> more)
    {
        double most = Doubles.Range(cells).Most;
        Span<double> some = stackalloc double[256];
        for (int i = 0; i < cells.Length; i += some.Length)
        {
            Span<double> weights = some[..Math.Min(some.Length, cells.Length - i)];
            cells.Slice(i, weights.Length).CopyTo(weights);
            Doubles.Apply(new Function.Exponential(most), weights);
            for (int j = 0; j < weights.Length; j++) given[i + j] = weights[j] * ((1 + cells[i + j]) * given[i + j] - more[i + j]);
        }
    }

    /// <inheritdoc/>
    public double Derivative(T cell, WeightedMean whole, long count)
    {
        double x = double.CreateTruncating(cell);
        return Math.Exp(x - whole.Peak) / whole.Weight * (1 + x - whole.Mean);
    }
}
