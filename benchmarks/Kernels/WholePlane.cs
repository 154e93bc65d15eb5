using Cenote;

namespace Kernels;

/// <summary>Many planes to a register: global.</summary>
public class WholePlane() : PoolBenchmark(Window.Global, 32, 2048, 7, 7);
