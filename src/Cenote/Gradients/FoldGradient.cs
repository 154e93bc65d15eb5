using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a fold that knows its own derivative.</summary>
internal readonly unsafe struct FoldGradient<T, TAccumulator, TReducer>(T* gradOutput, T* cells, TAccumulator* windows, TReducer reducer) : IGradient
    where T : unmanaged, INumber<T>
    where TAccumulator : unmanaged
    where TReducer : struct, IDifferentiableReducer<TReducer, T, TAccumulator>
{
    public bool CountsPadding => reducer.CountsPadding;

    public double Share(long output, long input, long index, long count) =>
        double.CreateTruncating(gradOutput[output]) * reducer.Slope(cells[input], windows[output], count);
}
