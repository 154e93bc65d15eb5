using Cenote;

namespace Kernels;

/// <summary>Few uneven taps in order: the mean of an adaptive 5x5 of 7x7.</summary>
public class CellByCell() : PoolBenchmark(Window.Adaptive((5, 5)), 8, 512, 7, 7);
