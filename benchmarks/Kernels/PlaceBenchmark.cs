using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cenote;

namespace Kernels;

/// <summary>The same window with the place of each maximum too.</summary>
public abstract class PlaceBenchmark(Window window, params nint[] shape) : PoolBenchmark(window, shape)
{
    private readonly Tensor<long> _places = Tensor.CreateFromShape<long>(window.OutputShape(shape));

    [Benchmark]
    public void MaxWithIndices() => Pool.Select<float, Max<float>>(Input, Window, default, Output, _places, Options);
}
