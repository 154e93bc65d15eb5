using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cenote;

namespace Kernels;

/// <summary>The offset of the winner goes along: k2s2 with indices.</summary>
public class Positions() : PoolBenchmark(new Window((2, 2)), 8, 64, 112, 112)
{
    private readonly Tensor<long> _places = Tensor.CreateFromShape<long>([8, 64, 56, 56]);

    [Benchmark]
    public void MaxWithIndices() => Pool.Select<float, Max<float>>(Input, Window, default, Output, _places, Options);
}
