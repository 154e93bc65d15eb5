using Cenote;

namespace Kernels;

/// <summary>Windows of many rows: k31s1p15.</summary>
public class VanHerk() : PoolBenchmark(new Window((31, 31)) { Stride = 1, Padding = 15 }, 1, 16, 256, 256);
