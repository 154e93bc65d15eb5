using System.Numerics;
using Cenote.Gradients;
using Cenote.Kernels;
using Cenote.Numerics;

namespace Cenote;

/// <summary>PyTorch's <c>LPPool</c>: <c>(sum x^p * taps / count)^(1/p)</c>, without absolute values.</summary>
/// <remarks>
/// Written there as an average times the taps of a whole window, so that a window which hangs over the end in ceil mode counts for a whole
/// one; and so here. A negative sum has no root: NaN. Source: <c>torch.nn.functional.lp_pool2d</c>; <see cref="Norm{T}"/> is the norm.
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
public readonly struct TorchNorm<T> : IDifferentiable<TorchNorm<T>, T, double>, ILiftedGradient
    where T : unmanaged, INumber<T>
{
    private readonly double _p;
    private readonly double _taps;

    /// <summary>A rule for windows of one kernel.</summary>
    /// <param name="p">The order, above 0 and finite.</param>
    /// <param name="window">What slides; without padding and dilation.</param>
    /// <param name="rank">How many axes it slides over.</param>
    /// <exception cref="ArgumentException">The order or the window is none that PyTorch's <c>LPPool</c> has.</exception>
    public TorchNorm(double p, Window window, int rank)
    {
        if (!(p > 0 && double.IsFinite(p))) throw new ArgumentException($"norm is {p}; PyTorch's LPPool takes one above 0 and finite", nameof(p));
        if (window.IsGlobal || window.IsAdaptive) throw new ArgumentException("window does not slide; PyTorch's LPPool takes a kernel", nameof(window));
        if (!window.Padding.IsNone)
            throw new ArgumentException($"padding is {window.Padding}; PyTorch's LPPool takes none", nameof(window));
        if (!window.Dilation.All(1)) throw new ArgumentException($"dilation is {window.Dilation}; PyTorch's LPPool takes none", nameof(window));
        (_p, _taps) = (p, 1);
        for (int axis = 0; axis < rank; axis++) _taps *= window.Kernel[axis]!.Value;
    }

    /// <summary>Whether it is the norm of order 2 of windows with so many taps.</summary>
    internal bool IsEuclidean(long taps) => _p == 2 && _taps == taps;

    /// <inheritdoc/>
    public double Identity => 0;

    /// <inheritdoc/>
    public bool CountsPadding => false;

    /// <inheritdoc/>
    public double Lift(T value) => Math.Pow(double.CreateTruncating(value), _p);

    /// <inheritdoc/>
    public double Combine(double left, double right) => left + right;

    /// <inheritdoc/>
    public T Finish(double accumulator, long count) => WholeNumber.Cut<T>(Math.Pow(accumulator / count * _taps, 1 / _p));

    ReadOnlySpan<LiftedPart> ILiftedFold.Parts => [LiftedPart.Mean];

    // Other powers than whole ones have no value for negative cells; nor has a root.
    bool ILiftedFold.Lift(int part, ReadOnlySpan<double> cells, Span<double> lifted, long taps) => _p is 1 or 2 or 3 && Powers.Raise<T, Function.Itself>(lifted, default, _p, taps);

    bool ILiftedFold.Finish(ReadOnlySpan<double> cells, Span<double> first, ReadOnlySpan<double> second)
    {
        Doubles.Apply(new Function.Line(_taps), first);
        for (int i = 0; _p == 3 && i < first.Length; i++)
            if (first[i] < 0) first[i] = Math.Pow(first[i], 1 / _p);
        Powers.Root(first, _p);
        return true;
    }

    (bool Is, bool GivesTwo) ILiftedGradient.Gradient => (_p is 1 or 2 or 3, false);

    void ILiftedGradient.Give(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> gradients, Span<double> more)
    {
        for (int i = 0; i < gradients.Length; i++) gradients[i] = first[i] == 0 ? 0 : gradients[i] * Powers.Of(first[i] * _taps, 1 / _p - 1) * _taps;
    }

    void ILiftedGradient.Meet(ReadOnlySpan<double> cells, Span<double> given, ReadOnlySpan<double> more)
    {
        if (_p == 2) Doubles.Multiply(given, cells);
        else
            for (int i = 0; i < cells.Length; i++) given[i] *= Powers.Of(cells[i], _p - 1);
    }

    /// <inheritdoc/>
    /// <remarks>0 where the sum is 0, as in PyTorch.</remarks>
    public double Derivative(T cell, double whole, long count) => whole == 0
        ? 0
        : Math.Pow(double.CreateTruncating(cell), _p - 1) * Math.Pow(whole / count * _taps, 1 / _p - 1) * _taps / count;
}
