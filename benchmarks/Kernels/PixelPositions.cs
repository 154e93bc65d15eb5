using Cenote;

namespace Kernels;

/// <summary>Few channels taken apart, compared as planes, and put together again: k2s2 with indices, three channels last.</summary>
public class PixelPositions() : PlaceBenchmark(new Window((2, 2)) { Layout = Layout.ChannelsLast }, 8, 112, 112, 3);
