using Cenote;

namespace Kernels;

/// <summary>A padded piece as one flat line: k13s1p6.</summary>
public class Tile() : PoolBenchmark(new Window((13, 13)) { Stride = 1, Padding = 6 }, 1, 512, 20, 20);
