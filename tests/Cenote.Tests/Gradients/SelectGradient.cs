using System.Numerics;
using Cenote.Gradients;

namespace Cenote.Tests.Gradients;

/// <summary>Of a selection: the winner gets the gradient, the others nothing. Source: ATen <c>MaxPoolKernel.cpp</c>.</summary>
internal readonly unsafe struct SelectGradient<T, TSum>(Geometry geometry, T* gradOutput, long* indices) : IGradient<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
{
    public bool CountsPadding => false;

    public TSum Share(long output, long input, long count) =>
        indices[output] == input / geometry.Inner % geometry.InputPlane ? TSum.CreateTruncating(gradOutput[output]) : TSum.Zero;

    public T Finish(TSum sum) => T.CreateSaturating(sum);
}
