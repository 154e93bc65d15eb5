using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cenote;

namespace Kernels;

/// <summary>Backward, of a window that tiles and of one that overlaps: the gradients of the largest and of the mean.</summary>
[MemoryDiagnoser]
public class Gradients
{
    private readonly Tensor<float> _gradInput = Tensor.CreateFromShape<float>([8, 64, 112, 112]);
    private Tensor<float> _gradOutput = Tensor.CreateFromShape<float>([1]);
    private Tensor<long> _indices = Tensor.CreateFromShape<long>([1]);
    private Window _window = new((2, 2));
    private PoolOptions _options = new();

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(2, 3)]
    public int Kernel { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _options = new() { Threads = Threads };
        _window = new((Kernel, Kernel)) { Stride = 2, Padding = Kernel / 3 };
        Random random = new(1);
        Tensor<float> input = Tensor.CreateFromShape<float>(_gradInput.Lengths);
        foreach (ref float cell in input.AsTensorSpan()) cell = random.NextSingle() - 0.5f;
        (_gradOutput, _indices) = Pool.MaxWithIndices(input, _window);
    }

    [Benchmark]
    public void MaxBackward() => Pool.MaxBackward<float>(_gradOutput, _indices, _window, _gradInput, _options);

    [Benchmark]
    public void AvgBackward() => Pool.AvgBackward<float>(_gradOutput, _window, _gradInput, options: _options);
}
