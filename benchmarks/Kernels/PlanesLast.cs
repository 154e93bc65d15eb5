using Cenote;

namespace Kernels;

/// <summary>Many small planes, turned to come last and back: k2s2 of 7x7.</summary>
public class PlanesLast() : PoolBenchmark(new Window((2, 2)), 8, 512, 7, 7);
