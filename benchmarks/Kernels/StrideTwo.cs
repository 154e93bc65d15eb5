using Cenote;

namespace Kernels;

/// <summary>The even and odd columns: k2s2 of a large feature map.</summary>
public class StrideTwo() : PoolBenchmark(new Window((2, 2)), 8, 64, 112, 112);
