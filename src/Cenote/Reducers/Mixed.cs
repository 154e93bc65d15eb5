using System.Numerics;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote;

/// <summary>A fixed mixture of maximum and mean: <c>ratio * max + (1 - ratio) * mean</c>.</summary>
/// <remarks>
/// Padding never counts, an empty window gives 0, NaN gives NaN. Computed in double, rounded once. Source: Lee, Gallagher, Tu,
/// "Generalizing pooling functions in convolutional neural networks: mixed, gated, and tree" (2016).
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct Mixed<T> : IDifferentiable<Mixed<T>, T, MixedSum>, ILiftedFold
    where T : unmanaged, INumber<T>
{
    private readonly double _ratio;

    /// <summary>One half of each: neither is known to be better.</summary>
    public Mixed() : this(0.5)
    {
    }

    /// <summary>A mixture.</summary>
    /// <param name="ratio">How much of it is the maximum, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is out of range.</exception>
    public Mixed(double ratio) =>
        _ratio = ratio is >= 0 and <= 1 ? ratio : throw new ArgumentOutOfRangeException(nameof(ratio), $"ratio is {ratio}; it must be from 0 to 1");

    /// <inheritdoc/>
    public MixedSum Identity => new(double.NegativeInfinity, 0, 0);

    /// <inheritdoc/>
    public bool CountsPadding => false;

    /// <inheritdoc/>
    public MixedSum Lift(T value)
    {
        double cell = double.CreateTruncating(value);
        return new(cell, 1, cell);
    }

    /// <inheritdoc/>
    public MixedSum Combine(MixedSum left, MixedSum right) => new(
        Math.Max(left.Max, right.Max),
        left.Max == right.Max ? left.Ties + right.Ties : left.Max > right.Max ? left.Ties : right.Ties,
        left.Sum + right.Sum);

    /// <inheritdoc/>
    public T Finish(MixedSum accumulator, long count)
    {
        return count == 0 ? T.Zero : WholeNumber.Cut<T>(Mixture(accumulator.Max, accumulator.Sum / count));
    }

    ReadOnlySpan<LiftedPart> ILiftedFold.Parts => [LiftedPart.Max, LiftedPart.Mean];

    bool ILiftedFold.Lift(int part, ReadOnlySpan<double> cells, Span<double> lifted, long taps) => true;

    bool ILiftedFold.Finish(ReadOnlySpan<double> cells, Span<double> first, ReadOnlySpan<double> second)
    {
        for (int i = 0; i < first.Length; i++) first[i] = Mixture(first[i], second[i]);
        return true;
    }

    // A part of weight 0 is left out: infinity times 0 is not a number.
    private double Mixture(double max, double mean) => (_ratio == 0 ? 0 : _ratio * max) + (_ratio == 1 ? 0 : (1 - _ratio) * mean);

    /// <summary>The derivative of the window's result by one of its cells; equal maxima share that of the maximum alike.</summary>
    /// <inheritdoc/>
    public double Derivative(T cell, MixedSum whole, long count) =>
        (1 - _ratio) / count + (double.CreateTruncating(cell) == whole.Max ? _ratio / whole.Ties : 0);
}
