using Cenote;

namespace Kernels;

/// <summary>Rows, then long uneven windows: adaptive 7x7 of 100x500.</summary>
public class RowsFirst() : PoolBenchmark(Window.Adaptive((7, 7)), 8, 16, 100, 500);
