using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a selection: the winner gets the gradient, the others nothing. Source: ATen <c>MaxPoolKernel.cpp</c>.</summary>
internal readonly unsafe struct SelectGradient<T, TSum>(T* gradOutput, long* indices) : IGradient<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
{
    public bool CountsPadding => false;

    public TSum Share(long output, long input, long index, long count) =>
        indices[output] == index ? TSum.CreateTruncating(gradOutput[output]) : TSum.Zero;

    public T Finish(TSum sum) => T.CreateSaturating(sum);
}
