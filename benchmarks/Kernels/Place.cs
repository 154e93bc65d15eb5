using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cenote;

namespace Kernels;

/// <summary>Cell and place as one integer: a long window with indices, on the kernel that folds it without.</summary>
public class Place() : PoolBenchmark(new Window((13, 13)) { Stride = 1, Padding = 6 }, 1, 512, 20, 20)
{
    private readonly Tensor<long> _places = Tensor.CreateFromShape<long>([1, 512, 20, 20]);

    [Benchmark]
    public void MaxWithIndices() => Pool.Select<float, Max<float>>(Input, Window, default, Output, _places, Options);
}
