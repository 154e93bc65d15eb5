using Cenote;

namespace Kernels;

/// <summary>A padded piece as one flat line: k3s1p2d2.</summary>
public class Tile() : PoolBenchmark(new Window((3, 3)) { Stride = 1, Padding = 2, Dilation = 2 }, 8, 64, 56, 56);
