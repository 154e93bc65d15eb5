using Cenote;

namespace Kernels;

/// <summary>Rows of a few registers, reduced as they are read: k5s1p2.</summary>
public class NarrowPlane() : PoolBenchmark(new Window((5, 5)) { Stride = 1, Padding = 2 }, 1, 256, 20, 20);
