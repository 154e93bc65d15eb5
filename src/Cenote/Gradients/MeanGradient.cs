using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a mean: every cell gets the gradient over the divisor. Source: ATen <c>AvgPoolKernel.cpp</c>.</summary>
/// <param name="gradOutput">The gradient of the output.</param>
/// <param name="countPadding">Whether taps in the padding count.</param>
/// <param name="divisor">The one divisor of all windows, by which the sum is divided once; 0 where they differ.</param>
internal readonly unsafe struct MeanGradient<T, TSum>(T* gradOutput, bool countPadding, long divisor) : IGradient<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
{
    public bool CountsPadding => countPadding;

    public TSum Share(long output, long input, long index, long count)
    {
        TSum gradient = TSum.CreateTruncating(gradOutput[output]);
        return divisor != 0 ? gradient : gradient / TSum.CreateTruncating(count);
    }

    public T Finish(TSum sum) => T.CreateSaturating(divisor != 0 ? sum / TSum.CreateTruncating(divisor) : sum);
}
