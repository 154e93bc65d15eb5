using Cenote;

namespace Kernels;

/// <summary>Few taps in order, too uneven for a register: the mean of an adaptive 5000 of 7000. The maximum goes by <see cref="RowsFirst"/>.</summary>
public class CellByCell() : PoolBenchmark(Window.Adaptive(5000), 8, 16, 7000);
