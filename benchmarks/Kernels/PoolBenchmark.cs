using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cenote;

namespace Kernels;

/// <summary>One window over one input, into a destination that is there already: largest and mean, on one thread and two.</summary>
[MemoryDiagnoser]
public abstract class PoolBenchmark(Window window, params nint[] shape)
{
    private readonly Tensor<float> _input = Tensor.CreateFromShape<float>(shape);
    private readonly Tensor<float> _output = Tensor.CreateFromShape<float>(window.OutputShape(shape));
    private PoolOptions _options = new();

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _options = new() { Threads = Threads };
        Random random = new(1);
        foreach (ref float cell in _input.AsTensorSpan()) cell = random.NextSingle() - 0.5f;
        Console.WriteLine($"{Pool.Plan<float>(shape, window)}\n{Pool.Plan<float>(shape, window, average: true)}");
    }

    [Benchmark]
    public void Max() => Pool.Max<float>(_input, window, _output, _options);

    [Benchmark]
    public void Avg() => Pool.Avg<float>(_input, window, _output, options: _options);

    protected Tensor<float> Input => _input;

    protected Tensor<float> Output => _output;

    protected PoolOptions Options => _options;

    protected Window Window => window;
}
