using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a mean: every cell gets the gradient over the divisor. Source: ATen <c>AvgPoolKernel.cpp</c>.</summary>
/// <param name="gradOutput">The gradient of the output.</param>
/// <param name="divisors">By what.</param>
internal readonly unsafe struct MeanGradient<T, TSum>(T* gradOutput, Divisors divisors) : IGradient<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
{
    public bool CountsPadding => divisors.CountsPadding;

    public TSum Share(long output, long input, long count)
    {
        TSum gradient = TSum.CreateTruncating(gradOutput[output]);
        if (divisors.Uniform != 0) return gradient;
        return divisors.Last == 1 ? gradient / TSum.CreateTruncating(count) : gradient * TSum.CreateTruncating(divisors.Last / count);
    }

    public T Finish(TSum sum) => T.CreateSaturating(divisors.Last == 1 ? sum : sum / TSum.CreateTruncating(divisors.Last));
}
