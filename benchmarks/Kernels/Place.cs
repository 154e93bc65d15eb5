using Cenote;

namespace Kernels;

/// <summary>Cell and place as one integer: a long window with indices.</summary>
public class Place() : PlaceBenchmark(new Window((13, 13)) { Stride = 1, Padding = 6 }, 1, 512, 20, 20);
