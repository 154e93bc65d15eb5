using System.Numerics.Tensors;
using Cenote;

namespace Comparison.Libraries;

internal sealed class Ours : ILibrary
{
    public string Name => "Cenote";

    public string? Version => typeof(Pool).Assembly.GetName().Version?.ToString(3);

    public Contender Enter(Given given, int threads)
    {
        Window window = given.Case.Window;
        PoolOptions options = new() { Threads = threads };
        Tensor<float> input = given.Input.AsTensor(given.Case.Shape), pooled = given.Pooled.AsTensor(given.PooledShape);
        Tensor<long> indices = (given.Case.IsBackward ? given.Indices : given.NewIndices()).AsTensor(given.PooledShape);
        AlignedCells<float> output = given.NewOutput();
        Tensor<float> into = output.AsTensor(given.Case.IsBackward ? given.Case.Shape : given.PooledShape);
        Proposals regions = given.Case.Boxes ?? new(0, 1);
        Tensor<float> boxes = given.Boxes.AsTensor([regions.Count, Proposals.Numbers]);
        Sizes bins = ((int)given.PooledShape[^2], (int)given.PooledShape[^1]);
        return new(Name, threads, output, given.Case.Operator switch
        {
            Operator.Max => () => Pool.Max<float>(input, window, into, options),
            Operator.Average => () => Pool.Avg<float>(input, window, into, options: options),
            Operator.MaxWithIndices => () => Pool.Select<float, Max<float>>(input, window, default, into, indices, options),
            Operator.MaxBackward => () => Pool.MaxBackward<float>(pooled, indices, window, into, options),
            Operator.Norm => () => Pool.Lp<float>(input, window, into, p: 2, options),
            Operator.RoiAlign or Operator.RoiAlignMax => () => Pool.RoiAlign<float, float>(
                input, boxes, bins, into, regions.Scale, regions.SamplingRatio, aligned: true, given.Case.Operator == Operator.RoiAlign ? RoiAlignMode.Average : RoiAlignMode.Max, options),
            Operator.RoiPool => () => Pool.RoiPoolWithIndices<float, float>(input, boxes, bins, into, indices, regions.Scale, options),
            _ => () => Pool.AvgBackward<float>(pooled, window, into, options: options),
        });
    }
}
