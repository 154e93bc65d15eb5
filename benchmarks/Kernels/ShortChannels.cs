using Cenote;

namespace Kernels;

/// <summary>Channels that fill a few registers: k3s2p1, channels last.</summary>
public class ShortChannels() : PoolBenchmark(new Window((3, 3)) { Stride = 2, Padding = 1, Layout = Layout.ChannelsLast }, 8, 56, 56, 32);
