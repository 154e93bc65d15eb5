using Cenote;

namespace Kernels;

/// <summary>Two output rows a pass: k3s1p1.</summary>
public class ThreeByThree() : PoolBenchmark(new Window((3, 3)) { Stride = 1, Padding = 1 }, 8, 64, 56, 56);
