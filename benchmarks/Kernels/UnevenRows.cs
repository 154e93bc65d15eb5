using Cenote;

namespace Kernels;

/// <summary>Uneven windows, few registers of a row at a time: adaptive 7x7 of 17x23.</summary>
public class UnevenRows() : PoolBenchmark(Window.Adaptive((7, 7)), 8, 512, 17, 23);
