using Cenote;

namespace Kernels;

/// <summary>All planes as one line: k3s1p1 of 7x7.</summary>
public class ShortRows() : PoolBenchmark(new Window((3, 3)) { Stride = 1, Padding = 1 }, 8, 512, 7, 7);
