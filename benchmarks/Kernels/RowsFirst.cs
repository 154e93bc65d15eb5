using Cenote;

namespace Kernels;

/// <summary>Rows, then uneven taps: adaptive 7x7 of 17x23.</summary>
public class RowsFirst() : PoolBenchmark(Window.Adaptive((7, 7)), 8, 512, 17, 23);
