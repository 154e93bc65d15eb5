using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a mean: every cell gets the gradient over the divisor. Source: ATen <c>AvgPoolKernel.cpp</c>.</summary>
internal readonly unsafe struct MeanGradient<T>(T* gradOutput, bool countPadding, int? divisor) : IGradient
    where T : unmanaged, INumber<T>
{
    private readonly long _divisor = divisor ?? 0;

    public bool CountsPadding => countPadding;

    public double Share(long output, long input, long index, long count) =>
        double.CreateTruncating(gradOutput[output]) / (_divisor != 0 ? _divisor : count);
}
