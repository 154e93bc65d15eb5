using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a selection: the winner gets the gradient, the others nothing. Source: ATen <c>MaxPoolKernel.cpp</c>.</summary>
internal readonly unsafe struct SelectGradient<T>(T* gradOutput, long* indices) : IGradient
    where T : unmanaged, INumber<T>
{
    public bool CountsPadding => false;

    public double Share(long output, long input, long index, long count) =>
        indices[output] == index ? double.CreateTruncating(gradOutput[output]) : 0;
}
