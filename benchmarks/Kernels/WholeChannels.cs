using Cenote;

namespace Kernels;

/// <summary>A plane from front to back into a row of sums: global, channels last.</summary>
public class WholeChannels() : PoolBenchmark(Window.Global with { Layout = Layout.ChannelsLast }, 32, 7, 7, 2048);
