using System.Numerics;
using Cenote.Gradients;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote;

/// <summary>The p-norm of the cells: <c>(sum |x|^p)^(1/p)</c>; p = infinity is the largest absolute value.</summary>
/// <remarks>
/// Padding adds nothing and an empty window gives 0. Computed in double over the window's largest value, so that it neither overflows nor
/// underflows. NaN gives NaN. Source: ONNX <c>LpPool</c>; PyTorch's <c>LPPool</c> takes no absolute value.
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct Norm<T> : IDifferentiable<Norm<T>, T, ScaledSum>, ILiftedGradient
    where T : unmanaged, INumber<T>
{
    private readonly double _p;

    // Of a struct that no constructor has seen.
    private double P => _p == 0 ? 2 : _p;

    /// <summary>The Euclidean norm, of order 2.</summary>
    public Norm() : this(2)
    {
    }

    /// <summary>A norm of the given order.</summary>
    /// <param name="p">The order, above 0; infinity is allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not above 0, or NaN.</exception>
    public Norm(double p) => _p = p > 0 ? p : throw new ArgumentOutOfRangeException(nameof(p), $"norm is {p}; it must be above 0");

    /// <summary>Whether it is of order 2.</summary>
    internal bool IsEuclidean => P == 2;

    /// <inheritdoc/>
    public ScaledSum Identity => default;

    /// <inheritdoc/>
    public bool CountsPadding => false;

    /// <inheritdoc/>
    public ScaledSum Lift(T value)
    {
        double scale = Math.Abs(double.CreateTruncating(value));
        return new(scale, scale == 0 ? 0 : 1);
    }

    /// <inheritdoc/>
    public ScaledSum Combine(ScaledSum left, ScaledSum right)
    {
        (ScaledSum large, ScaledSum small) = left.Scale >= right.Scale || double.IsNaN(left.Scale) ? (left, right) : (right, left);
        if (small.Sum == 0) return large;
        // Equal scales are taken as they are: infinity over infinity is not a number.
        double ratio = small.Scale == large.Scale ? 1 : small.Scale / large.Scale;
        return new(large.Scale, large.Sum + small.Sum * Power(ratio));
    }

    /// <inheritdoc/>
    public T Finish(ScaledSum accumulator, long count) =>
        WholeNumber.Cut<T>(accumulator.Scale * Math.Pow(accumulator.Sum, 1 / P));

    /// <inheritdoc/>
    /// <remarks>
    /// <c>sign(x) (|x| / y)^(p - 1)</c> of a norm y, by the parts of y so that nothing overflows; 0 for a cell of 0, whose derivative is 0
    /// or none. For p = infinity equal maxima share alike.
    /// </remarks>
    public double Derivative(T cell, ScaledSum whole, long count)
    {
        double value = double.CreateTruncating(cell);
        return value == 0 ? 0 : Math.CopySign(Math.Pow(Math.Abs(value) / whole.Scale, P - 1), value) * Math.Pow(whole.Sum, 1 / P - 1);
    }

    ReadOnlySpan<LiftedPart> ILiftedFold.Parts => double.IsInfinity(P) ? [LiftedPart.Max] : IsEuclidean ? [LiftedPart.RootOfSquares] : [LiftedPart.Sum];

    bool ILiftedFold.Lift(int part, ReadOnlySpan<double> cells, Span<double> lifted, long taps)
    {
        if (IsEuclidean) return typeof(T) != typeof(double) || Powers.AreSafe(lifted, P, taps);
        if (double.IsInfinity(P)) Doubles.Apply(default(Function.Magnitude), lifted);
        return double.IsInfinity(P) || Powers.Raise<T, Function.Magnitude>(lifted, default, P, taps);
    }

    bool ILiftedFold.Finish(ReadOnlySpan<double> cells, Span<double> first, ReadOnlySpan<double> second)
    {
        if (!IsEuclidean && !double.IsInfinity(P)) Powers.Root(first, P);
        return true;
    }

    (bool Is, bool GivesTwo) ILiftedGradient.Gradient => (!double.IsInfinity(P), false);

    // y^(1 - p) of a norm y, which a window of zeros has no use for; of order 2 the norm itself is given, else the sum.
    void ILiftedGradient.Give(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> gradients, Span<double> more)
    {
        for (int i = 0; i < gradients.Length; i++) gradients[i] = first[i] == 0 ? 0 : IsEuclidean ? gradients[i] / first[i] : gradients[i] * Powers.Of(first[i], 1 / P - 1);
    }

    // sign(x) |x|^(p - 1).
    void ILiftedGradient.Meet(ReadOnlySpan<double> cells, Span<double> given, ReadOnlySpan<double> more)
    {
        if (P == 2) Doubles.Multiply(given, cells);
        else
            for (int i = 0; i < cells.Length; i++) given[i] = cells[i] == 0 ? 0 : given[i] * Math.CopySign(Powers.Of(Math.Abs(cells[i]), P - 1), cells[i]);
    }

    private double Power(double ratio) => P == 2 ? ratio * ratio : Math.Pow(ratio, P);
}
