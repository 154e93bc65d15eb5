using Cenote;

namespace Kernels;

/// <summary>The offset of the winner goes along, many channels at a time: k2s2 with indices, channels last.</summary>
public class ChannelPositions() : PlaceBenchmark(new Window((2, 2)) { Layout = Layout.ChannelsLast }, 8, 112, 112, 64);
