using System.Numerics;

namespace Cenote;

/// <summary>The sum of the cells over their number, or over a divisor of the caller's.</summary>
/// <remarks>
/// An empty window gives 0. Added up in <typeparamref name="TAccumulator"/>, which must hold the sum, divided once, rounded once; integers
/// truncate toward zero, and a quotient that the type cannot hold becomes its largest or least value. Source: ATen <c>AvgPoolKernel.cpp</c>.
/// </remarks>
/// <typeparam name="T">The type of a cell.</typeparam>
/// <typeparam name="TAccumulator">The type of the sum: at least as wide.</typeparam>
/// <param name="countPadding">Whether taps in the padding count as zeros.</param>
/// <param name="divisor">What to divide by instead of the number of taps; not 0. 1 gives the sum.</param>
public readonly struct Mean<T, TAccumulator>(bool countPadding = true, int? divisor = null) : IReducer<Mean<T, TAccumulator>, T, TAccumulator>
    where T : unmanaged, INumber<T>
    where TAccumulator : unmanaged, INumber<TAccumulator>
{
    /// <summary>The mean over all taps, those in the padding as zeros.</summary>
    public Mean() : this(countPadding: true)
    {
    }

    private readonly bool _leavesPadding = !countPadding;

    // Kept without Nullable, whose flag the kernel would test at every output.
    private readonly long _divisor = divisor ?? 0;

    /// <summary>What to divide by instead of the number of taps, 0 where that is not asked for.</summary>
    internal long Divisor => _divisor;

    /// <inheritdoc/>
    public TAccumulator Identity => TAccumulator.Zero;

    /// <inheritdoc/>
    public bool CountsPadding => !_leavesPadding;

    /// <inheritdoc/>
    public TAccumulator Lift(T value) => TAccumulator.CreateTruncating(value);

    /// <inheritdoc/>
    public TAccumulator Combine(TAccumulator left, TAccumulator right) => left + right;

    /// <inheritdoc/>
    public T Finish(TAccumulator accumulator, long count)
    {
        if (_divisor != 0) count = _divisor;
        return count == 0 ? T.Zero : T.CreateSaturating(accumulator / TAccumulator.CreateTruncating(count));
    }
}
