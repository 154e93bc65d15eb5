using System.Numerics;
using Cenote.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a fold: every cell gets the gradient times its derivative.</summary>
internal readonly unsafe struct FoldGradient<T, TAccumulator, TReducer>(T* gradOutput, T* cells, TAccumulator* wholes, TReducer reducer) : IGradient<T, double>
    where T : unmanaged, INumber<T>
    where TAccumulator : unmanaged
    where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator>
{
    public bool CountsPadding => reducer.CountsPadding;

    public double Share(long output, long input, long count) =>
        double.CreateTruncating(gradOutput[output]) * reducer.Derivative(cells[input], wholes[output], count);

    public T Finish(double sum) => WholeNumber.Cut<T>(sum);
}
