using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cenote;

namespace Kernels;

/// <summary>Operators that are made of sums and maxima, and some that are none.</summary>
public class Folds
{
    private static readonly PoolOptions s_alone = new() { Threads = 1 };
    private static readonly Window s_window = new((2, 2)), s_blur = new((3, 3)) { Stride = 2 }, s_same = new((3, 3)) { Stride = 1, Padding = 1 };

    private readonly Tensor<float> _input = Random([8, 64, 56, 56]), _output = Random([8, 64, 28, 28]), _gradInput = Random([8, 64, 56, 56]);
    private readonly Tensor<float> _sequence = Random([16, 512, 300]), _moments = Random([16, 1024]);
    private readonly Tensor<long> _places = Tensor.CreateFromShape<long>([8, 64, 28, 28]), _samePlaces = Tensor.CreateFromShape<long>([8, 64, 56, 56]);
    private readonly Tensor<float> _map = Random([1, 256, 50, 68]), _boxes = Boxes(100), _regions = Random([100, 256, 7, 7]), _gradMap = Random([1, 256, 50, 68]);
    private readonly Tensor<long> _regionPlaces = Tensor.CreateFromShape<long>([100, 256, 7, 7]);
    private Tensor<long> _indices = null!;

    [GlobalSetup]
    public void Setup() => _indices = Pool.MaxWithIndices(_input, s_window).Indices;

    [Benchmark]
    public void Lp() => Pool.Lp<float>(_input, s_window, _output, 2, s_alone);

    [Benchmark]
    public void LpBackward() => Pool.LpBackward<float>(_output, _input, s_window, _gradInput, 2, s_alone);

    [Benchmark]
    public void GeM() => Pool.GeM<float>(_input, s_window, _output, options: s_alone);

    [Benchmark]
    public void Soft() => Pool.Soft<float>(_input, s_window, _output, s_alone);

    [Benchmark]
    public void Mixed() => Pool.Mixed<float>(_input, s_window, _output, options: s_alone);

    [Benchmark]
    public void StochasticMean() => Pool.StochasticMean<float>(_input, s_window, _output, s_alone);

    [Benchmark]
    public void Median() => Pool.MedianWithIndices<float>(_input, s_window, _output, _places, s_alone);

    [Benchmark]
    public void MedianOfNine() => Pool.MedianWithIndices<float>(_input, s_same, _gradInput, _samePlaces, s_alone);

    [Benchmark]
    public void Stochastic() => Pool.StochasticWithIndices<float>(_input, s_window, 7, _output, _places, s_alone);

    [Benchmark]
    public void Blur() => Pool.Blur<float>(_input, s_blur, _output, s_alone);

    [Benchmark]
    public void BlurBackward() => Pool.BlurBackward<float>(_output, s_blur, _gradInput, s_alone);

    [Benchmark]
    public void Statistics() => Pool.Statistics<float>(_sequence, _moments, [], options: s_alone);

    [Benchmark]
    public void MaxUnpool() => Pool.MaxUnpool<float>(_output, _indices, s_window, _gradInput, s_alone);

    [Benchmark]
    public void RoiAlign() => Pool.RoiAlign<float, float>(_map, _boxes, 7, _regions, 1 / 16.0, 2, options: s_alone);

    [Benchmark]
    public void RoiAlignBackward() => Pool.RoiAlignBackward<float, float>(_regions, _map, _boxes, _gradMap, 1 / 16.0, 2, options: s_alone);

    [Benchmark]
    public void RoiPool() => Pool.RoiPoolWithIndices<float, float>(_map, _boxes, 7, _regions, _regionPlaces, 1 / 16.0, s_alone);

    /// <summary>16 to 400 pixels long.</summary>
    private static Tensor<float> Boxes(int count)
    {
        Random random = new(2);
        float[] boxes = [.. Enumerable.Range(0, count).SelectMany(_ =>
        {
            float x = random.Next(688), y = random.Next(400);
            return (float[])[0, x, y, x + random.Next(16, 400), y + random.Next(16, 400)];
        })];
        return Tensor.Create(boxes, [count, 5]);
    }

    private static Tensor<float> Random(nint[] shape)
    {
        Random random = new(1);
        Tensor<float> cells = Tensor.CreateFromShape<float>(shape);
        foreach (ref float cell in cells.AsTensorSpan()) cell = random.NextSingle() + 0.1f;
        return cells;
    }
}
