using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cenote;

namespace Kernels;

/// <summary>Backward: windows side by side, overlapping, with channels last, and uneven. The gradients of the largest and of the mean.</summary>
[MemoryDiagnoser]
public class Gradients
{
    private Tensor<float> _gradInput = Tensor.CreateFromShape<float>([1]);
    private Tensor<float> _gradOutput = Tensor.CreateFromShape<float>([1]);
    private Tensor<long> _indices = Tensor.CreateFromShape<long>([1]);
    private Window _window = new((2, 2));
    private PoolOptions _options = new();

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params("k2s2", "k3s2p1", "channels-last k3s2p1", "adaptive 7x7")]
    public string Case { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _options = new() { Threads = Threads };
        Window overlapping = new((3, 3)) { Stride = 2, Padding = 1 };
        (nint[] shape, _window) = Case switch
        {
            "k2s2" => (new nint[] { 8, 64, 112, 112 }, new Window((2, 2))),
            "k3s2p1" => ([8, 64, 112, 112], overlapping),
            "channels-last k3s2p1" => ([8, 112, 112, 64], overlapping with { Layout = Layout.ChannelsLast }),
            _ => ([8, 512, 17, 23], Window.Adaptive((7, 7))),
        };
        Random random = new(1);
        _gradInput = Tensor.CreateFromShape<float>(shape);
        Tensor<float> input = Tensor.CreateFromShape<float>(shape);
        foreach (ref float cell in input.AsTensorSpan()) cell = random.NextSingle() - 0.5f;
        (_gradOutput, _indices) = Pool.MaxWithIndices(input, _window);
    }

    [Benchmark]
    public void MaxBackward() => Pool.MaxBackward<float>(_gradOutput, _indices, _window, _gradInput, _options);

    [Benchmark]
    public void AvgBackward() => Pool.AvgBackward<float>(_gradOutput, _window, _gradInput, options: _options);
}
