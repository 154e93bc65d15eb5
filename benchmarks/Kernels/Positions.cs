using Cenote;

namespace Kernels;

/// <summary>The offset of the winner goes along: k2s2 with indices.</summary>
public class Positions() : PlaceBenchmark(new Window((2, 2)), 8, 64, 112, 112);
