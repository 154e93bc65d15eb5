using Cenote;

namespace Kernels;

/// <summary>Runs of channels: k3s2p1, channels last.</summary>
public class ChannelsLast() : PoolBenchmark(new Window((3, 3)) { Stride = 2, Padding = 1, Layout = Layout.ChannelsLast }, 8, 112, 112, 64);
