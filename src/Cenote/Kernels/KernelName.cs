namespace Cenote.Kernels;

/// <summary>The kernels, by what the planner calls them.</summary>
internal enum KernelName
{
    WalkCells,
    WalkRows,
    StrideTwo,
    ShortRows,
    ThreeByThree,
    NarrowPlane,
    VanHerk,
    Tile,
    WholePlane,
    WholeChannels,
    ChannelsLast,
    PlanesLast,
    ShortChannels,
    UnevenRows,
    RowsFirst,
    CellByCell,
    Positions,
    ChannelPositions,
    PixelPositions,
}
