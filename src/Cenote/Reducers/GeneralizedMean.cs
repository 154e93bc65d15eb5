using System.Numerics;
using Cenote.Gradients;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote;

/// <summary>The generalized mean (GeM): <c>(mean(max(x, eps)^p))^(1/p)</c>, between the mean (p = 1) and the maximum (p = infinity).</summary>
/// <remarks>
/// Padding never counts and an empty window gives 0. A <see cref="Norm{T}"/> over the number of cells, and like it free of overflow; NaN gives
/// NaN. Source: Radenović, Tolias, Chum, "Fine-tuning CNN image retrieval with no human annotation" (2018).
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct GeneralizedMean<T> : IDifferentiable<GeneralizedMean<T>, T, ScaledSum>, ILiftedGradient
    where T : unmanaged, INumber<T>
{
    private readonly double _p;
    private readonly double _eps;

    // Of a struct that no constructor has seen.
    private double P => _p == 0 ? 3 : _p;

    private double Eps => _eps == 0 ? 1e-6 : _eps;

    /// <summary>A mean of order 3, where the paper's training starts.</summary>
    public GeneralizedMean() : this(3)
    {
    }

    /// <summary>A mean of the given order.</summary>
    /// <param name="p">The order, above 0; infinity is allowed.</param>
    /// <param name="eps">What smaller cells are raised to, above 0 and finite. Default 1e-6, as in the paper's code.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public GeneralizedMean(double p, double eps = 1e-6)
    {
        if (!(p > 0)) throw new ArgumentOutOfRangeException(nameof(p), $"p is {p}; it must be above 0");
        if (!(eps > 0 && double.IsFinite(eps))) throw new ArgumentOutOfRangeException(nameof(eps), $"eps is {eps}; it must be above 0 and finite");
        (_p, _eps) = (p, eps);
    }

    /// <inheritdoc/>
    public ScaledSum Identity => default;

    /// <inheritdoc/>
    public bool CountsPadding => false;

    /// <inheritdoc/>
    public ScaledSum Lift(T value) => new(Math.Max(double.CreateTruncating(value), Eps), 1);

    /// <inheritdoc/>
    public ScaledSum Combine(ScaledSum left, ScaledSum right) => new Norm<T>(P).Combine(left, right);

    /// <inheritdoc/>
    public T Finish(ScaledSum accumulator, long count) =>
        count == 0 ? T.Zero : WholeNumber.Cut<T>(accumulator.Scale * Math.Pow(accumulator.Sum / count, 1 / P));

    ReadOnlySpan<LiftedPart> ILiftedFold.Parts => double.IsInfinity(P) ? [LiftedPart.Max] : [LiftedPart.Mean];

    bool ILiftedFold.Lift(int part, ReadOnlySpan<double> cells, Span<double> lifted, long taps)
    {
        Function.AtLeast least = new(Eps);
        if (double.IsInfinity(P)) Doubles.Apply(least, lifted);
        return double.IsInfinity(P) || Powers.Raise<T, Function.AtLeast>(lifted, least, P, taps);
    }

    bool ILiftedFold.Finish(ReadOnlySpan<double> cells, Span<double> first, ReadOnlySpan<double> second)
    {
        if (!double.IsInfinity(P)) Powers.Root(first, P);
        return true;
    }

    (bool Is, bool GivesTwo) ILiftedGradient.Gradient => (!double.IsInfinity(P), false);

    // y^(1 - p) of a mean y, which is eps at least.
    void ILiftedGradient.Give(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> gradients, Span<double> more)
    {
        for (int i = 0; i < gradients.Length; i++) gradients[i] *= Powers.Of(first[i], 1 / P - 1);
    }

    void ILiftedGradient.Meet(ReadOnlySpan<double> cells, Span<double> given, ReadOnlySpan<double> more)
    {
        for (int i = 0; i < cells.Length; i++) given[i] = cells[i] < Eps ? 0 : given[i] * Powers.Of(cells[i], P - 1);
    }

    /// <inheritdoc/>
    public double Derivative(T cell, ScaledSum whole, long count)
    {
        double x = double.CreateTruncating(cell);
        if (x < Eps) return 0;
        // (x / y)^(p - 1) / count, of y = scale * (sum / count)^(1/p) the parts; where p is infinity equal maxima share alike.
        return double.IsInfinity(P)
            ? x == whole.Scale ? 1 / whole.Sum : 0
            : Math.Pow(x / whole.Scale, P - 1) * Math.Pow(whole.Sum / count, 1 / P - 1) / count;
    }
}
