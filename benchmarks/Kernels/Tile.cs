using Cenote;

namespace Kernels;

/// <summary>A padded piece as one flat line: k31s1p15.</summary>
public class Tile() : PoolBenchmark(new Window((31, 31)) { Stride = 1, Padding = 15 }, 1, 16, 256, 256);
