using System.Numerics;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>About how many nanoseconds a kernel takes: what it does how often, times how long that took over 19,000 windows on a Zen 5, one thread, in the caches. Only good for being compared.</summary>
internal static class KernelCost
{
    private const int FirstLevelBytes = 48 * 1024, SecondLevelBytes = 1024 * 1024;

    private const int WidestRegister = 64;

    // What a register of less than 512 bits takes of the time of one that has them, where most of it is to move lanes, and where rows with channels last are combined.
    private const double Shorter = 0.65, ShorterChannels = 0.8;

    // What windows of many taps take of what their number says, with channels last and where these are few; and what sums of many in lanes of 64 bits take of what their registers say.
    private const double ManyLast = 1.1, ManyShort = 1.35, WideUneven = 0.75, WideRows = 0.85;

    /// <summary>The cost of a kernel that can do a window.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="geometry">The window.</param>
    /// <param name="cellBytes">Bytes of one cell.</param>
    /// <param name="laneBytes">Bytes of one lane.</param>
    /// <param name="lanes">Lanes of a register.</param>
    /// <param name="ordered">Whether the taps are combined in order.</param>
    /// <param name="placed">Whether cells are known by where they stand: each is lifted in many steps.</param>
    public static double Of(KernelName kernel, in Geometry geometry, int cellBytes, int laneBytes, int lanes, bool ordered, bool placed) => kernel switch
    {
        KernelName.ChannelsLast => (IsLong(geometry) ? ManyLast : 1) * ChannelsLast(geometry, lanes),
        KernelName.StrideTwo => StrideTwo(geometry, cellBytes, laneBytes, lanes, ordered),
        KernelName.ThreeByThree => ThreeByThree(geometry, cellBytes, laneBytes, lanes, ordered),
        KernelName.UnevenRows => (laneBytes == sizeof(double) && !placed && IsLong(geometry) ? WideUneven : 1) * UnevenRows(geometry, lanes, ordered, placed),
        KernelName.NarrowPlane => NarrowPlane(geometry, lanes),
        KernelName.VanHerk => VanHerk(geometry, lanes),
        KernelName.Tile => Tile(geometry, laneBytes, lanes, ordered, placed),
        KernelName.RowsFirst => (laneBytes == sizeof(double) && !placed && IsLong(geometry) ? WideRows : 1) * RowsFirst(geometry, lanes, placed),
        KernelName.PlanesLast => PlanesLast(geometry, cellBytes, laneBytes, lanes, ordered),
        KernelName.ShortChannels => (IsLong(geometry) ? ManyShort : 1) * ShortChannels(geometry, laneBytes, lanes, ordered),
        KernelName.Positions => Positions(geometry, lanes),
        KernelName.PixelPositions => PixelPositions(geometry, cellBytes, lanes),
        _ => double.PositiveInfinity,
    };

    private static double ChannelsLast(in Geometry geometry, int lanes)
    {
        double registers = Registers(geometry.Inner, lanes), outputs = geometry.Width.OutputLength, taps = geometry.MostTaps, cells = geometry.Outer * Seen(geometry.Depth) * Seen(geometry.Height) * Seen(geometry.Width);
        // Rows of windows that share rows of cells are done by two, where there are few.
        double met = 0.19 * Math.Min(taps, Pool.OrderedTaps) + 0.28 * Math.Max(0, taps - Pool.OrderedTaps);
        return 360 + Rows(geometry) * (10 + outputs * (3.5 + registers * (0.2 + met))) + 0.17 * cells * registers;
    }

    private static double ShortChannels(in Geometry geometry, int laneBytes, int lanes, bool ordered)
    {
        lanes = Math.Min(lanes, Planner.RegisterBytes(KernelName.ShortChannels, geometry, laneBytes) / laneBytes);
        ref readonly Axis height = ref geometry.Height, width = ref geometry.Width;
        bool isApart = !ordered && Planner.IsApart(height, width);
        double read = isApart ? (height.MostTaps + 1.0) * width.InputLength + (width.MostTaps + 1.0) * width.OutputLength : (1.0 + height.MostTaps * width.MostTaps) * width.OutputLength;
        return 300 + Rows(geometry) * ((isApart ? 8 : 3) + 1.5 * width.OutputLength + 0.25 * Registers(geometry.Inner, lanes) * read);
    }

    private static double PlanesLast(in Geometry geometry, int cellBytes, int laneBytes, int lanes, bool ordered)
    {
        int registerBytes = Math.Min(lanes * laneBytes, Planner.RegisterBytes(KernelName.PlanesLast, geometry, laneBytes)), planes = registerBytes / cellBytes;
        double groups = Registers(geometry.Outer, planes), cells = geometry.InputPlane + geometry.OutputPlane;
        bool isFar = cells * registerBytes > 2 * FirstLevelBytes || cells * geometry.Outer * cellBytes > SecondLevelBytes;
        double turned = (isFar ? 2.8 : 1.6) * groups * cells, done = Planner.Cheapest(geometry with { Outer = (long)groups, Inner = planes }, cellBytes, laneBytes, ordered, placed: false, registerBytes).Cost;
        return 300 + (registerBytes < WidestRegister ? Shorter : 1) * (turned + done);
    }

    private static double StrideTwo(in Geometry geometry, int cellBytes, int laneBytes, int lanes, bool ordered)
    {
        ref readonly Axis height = ref geometry.Height, width = ref geometry.Width;
        double down = RowTaps(geometry), steps = width.Kernel + down * (ordered ? width.Kernel + 2 : 2);
        // Rows whose windows are clipped are begun one by one, and clipped windows at their ends are done cell by cell.
        (long interior, long end) = height.Interior();
        double runs = height.Tiles ? 1 : Planes(geometry) * (1 + interior + height.OutputLength - end), cells = width.InteriorEnd() < width.OutputLength ? 10 + 0.36 * down * width.Kernel : 0;
        // Short rows of bytes are done two at a time, sums of two by two shorter cells as many as fit.
        double registers = Registers(width.OutputLength, lanes);
        if (width.Kernel == 2 && 2 * width.OutputLength <= lanes)
        {
            if (laneBytes == 1) registers = 0.5;
            if (2 * cellBytes == laneBytes && Planner.LooksAhead(laneBytes) && geometry.MostTaps == 4 && height.Tiles && 2 * width.OutputLength == width.InputLength) registers = 1.2 / (lanes / width.OutputLength);
        }
        return 350 + 20 * runs + Rows(geometry) * (0.25 * steps * registers + cells);
    }

    private static double ThreeByThree(in Geometry geometry, int cellBytes, int laneBytes, int lanes, bool ordered)
    {
        double registers = Registers(geometry.Width.OutputLength, lanes);
        bool splits = registers > 1 && 2 * cellBytes == laneBytes && geometry.Width.Stride == 1;
        double row = ordered ? 2 + 2.4 * registers : 0.9 + (splits ? 1.3 : 1.8) * registers;
        return 350 + (geometry.Width.Stride > 1 ? 1.3 : 1) * Rows(geometry) * row;
    }

    private static double UnevenRows(in Geometry geometry, int lanes, bool ordered, bool placed)
    {
        ref readonly Axis height = ref geometry.Height, width = ref geometry.Width;
        (long windows, int registers) = Planner.Picked(width, geometry.Inner, lanes);
        double down = RowTaps(geometry), taps = width.MostTaps, picks = taps * (registers > 2 ? 2 : 1) * (ordered ? down : 1);
        // The last rows of all are copied, or where they may not their last windows done cell by cell.
        double last = height.IsAdaptive ? 1 : Math.Min(height.OutputLength, Registers(height.EffectiveKernel, height.Stride)), each = placed ? 4 * Math.Min(width.OutputLength, 2 * windows) * taps : 6, groups = Registers(width.OutputLength, windows);
        return 520 + 0.85 * taps * Planner.Unlike(width, windows) * lanes + 1.5 * groups + last * down * each
            + Rows(geometry) * groups * ((placed ? 7.5 : 3.4) + down * (0.1 + (placed ? 1.7 : 0.35) * registers) + 0.26 * picks);
    }

    private static double NarrowPlane(in Geometry geometry, int lanes)
    {
        ref readonly Axis height = ref geometry.Height, width = ref geometry.Width;
        double span = Span(height), pitch = Registers(Span(width), lanes), inside = Math.Min(height.InputLength, span);
        bool isTall = Planner.IsTall(height, width);
        double whole = isTall ? span * pitch * Log(height.Kernel) : 0, taps = isTall ? 1 : height.Stride == height.Dilation && width.Stride == 1 ? 1 + height.Kernel / 4 : height.Kernel;
        double registers = Registers(width.OutputLength, Math.Min(lanes, (2 * lanes - 1) / width.Stride + 1));
        return 560 + geometry.Outer * (9 + inside * pitch * (0.83 + 0.17 * Log(width.Kernel)) + 0.7 * whole + height.OutputLength * registers * (width.Stride == 1 ? 1 + 0.1 * taps : 2 + 1.3 * taps));
    }

    private static double VanHerk(in Geometry geometry, int lanes)
    {
        ref readonly Axis height = ref geometry.Height, width = ref geometry.Width;
        Axis tall = height.Phase(0).Axis;
        double phases = Math.Min(height.PhaseStep, height.OutputLength), bands = Registers(tall.OutputLength, (tall.Kernel - 1) / tall.Stride + 1), windows = Registers(tall.OutputLength, bands);
        double read = Math.Min(height.InputLength, tall.Kernel + (windows - 1) * tall.Stride), registers = Registers((double)width.InputLength * geometry.Inner, lanes);
        double line = Registers(Span(width) * geometry.Inner, lanes);
        bool isOneStep = width is { Dilation: 1, Stride: 1, Kernel: > 1 } && geometry.Inner == 1 && width.Kernel < 2 * lanes;
        double along = isOneStep ? (phases > 1 ? 13 : 0) + 0.13 * line * Log(width.Kernel) : 0.55 * line * (1 + Log(width.Kernel));
        return (Vector512.IsHardwareAccelerated || geometry.Inner == 1 ? 1 : ShorterChannels) * (450 + geometry.Outer * phases * bands * (45 + 0.41 * read * registers) + Rows(geometry) * (9 + 1.32 * registers + along + Picks(width.OutputLength, width.Stride, geometry.Inner, lanes)));
    }

    private static double Tile(in Geometry geometry, int laneBytes, int lanes, bool ordered, bool placed)
    {
        ref readonly Axis depth = ref geometry.Depth, height = ref geometry.Height, width = ref geometry.Width;
        TileShape shape = TileShape.For(geometry, laneBytes, ordered);
        double rows = (double)shape.Rows * shape.Down, registers = Registers((double)shape.Columns * geometry.Inner, lanes) * shape.Across;
        double laid = rows * registers * shape.ColumnStep * Math.Min(depth.Kernel, depth.InputLength), reduced = height.OutputLength * registers;
        double steps = ordered ? reduced * depth.Kernel * height.Kernel * width.Kernel
            : (height.Kernel <= Planner.FewTaps ? reduced : rows * registers) * Steps(height.Kernel) + (width.Kernel > 1 ? reduced * Steps(width.Kernel) : 0);
        // Of one column in three or more each is moved on its own. A tile that is too large for the first-level cache is reduced from the second.
        double moved = shape.ColumnStep > 2 ? rows * shape.Columns * shape.Across : 0, step = placed ? 0.16 : (double)shape.Rows * shape.Columns * geometry.Inner * laneBytes > FirstLevelBytes ? 0.45 : 0.27;
        double picks = height.OutputLength * Picks(width.OutputLength, width.Stride / shape.ColumnStep, geometry.Inner, lanes);
        return 700 + Planes(geometry) * (shape.Across * (24 * shape.Down + 4 * rows + 3 * height.OutputLength) + (placed ? 2.4 : 0.8) * laid + 0.6 * moved + step * steps + 1.4 * reduced + picks);

        static double Steps(long kernel) => kernel <= Planner.FewTaps ? kernel : 3 + 2 * Log(kernel);
    }

    private static double RowsFirst(in Geometry geometry, int lanes, bool placed)
    {
        ref readonly Axis width = ref geometry.Width;
        double inner = geometry.Inner, outputs = width.OutputLength * inner, taps = width.MostTaps, lift = placed ? 4.5 : 1;
        bool isFew = taps <= Planner.FewGathered;
        double along = isFew ? 0.33 * outputs * taps
            : inner > 1 ? width.OutputLength * (0.33 + 1.3 * taps * Registers(inner, lanes))
            : (placed ? 1.1 : 0.8) * outputs * (width.Dilation == 1 && taps >= 2 * lanes ? taps / lanes + 2 * lanes : taps);
        return 560 + (isFew ? 5.6 * outputs * taps : 0) + Rows(geometry) * (12.5 + 0.53 * lift * RowTaps(geometry) * Registers(width.InputLength * inner, lanes) + along + 0.44 * outputs);
    }

    private static double Positions(in Geometry asked, int lanes)
    {
        Geometry geometry = asked.AsOnePlane();
        ref readonly Axis depth = ref geometry.Depth, height = ref geometry.Height, width = ref geometry.Width;
        double slices = Math.Min(depth.Kernel, depth.InputLength), rows = slices * TileShape.Span(height, TileShape.Step(height), height.OutputLength), down = slices * Math.Min(height.Kernel, height.InputLength);
        double strips = Registers(width.OutputLength, lanes), outputs = height.OutputLength * strips * down;
        // In pairs nothing is laid out.
        if (width is { Kernel: 2, Stride: 2, Dilation: 1, StaysInside: true } && height.StaysInside && down <= 4) return 350 + Planes(geometry) * (43 + 1.4 * outputs);
        bool isSideBySide = width is { Dilation: 1, Kernel: 2 or 3 or 4 } && width.Kernel == width.Stride && (width.Kernel != 3 || Vector512.IsHardwareAccelerated), isThree = width is { Kernel: 3, Stride: 1 } or { Kernel: 3, Stride: 2, Dilation: 1 };
        double cells = Registers(Span(width), lanes), each = isSideBySide ? 0.8 * width.Kernel : isThree ? 1.5 : (width.Stride == 2 ? 1 : 0.7) * width.Kernel;
        double phases = width.Stride > 2 && !isSideBySide ? Math.Min(width.Kernel, width.Stride / TileShape.Step(width)) : 0;
        // Before AVX-512 rows are taken apart cell by cell.
        double part = Vector512.IsHardwareAccelerated ? 0.6 * width.Stride : 0.9 * lanes;
        double row = strips * (0.4 + each) + (width.StaysInside ? 0 : 0.15 * cells) + (isSideBySide || isThree ? 0 : 1.4 * cells) + part * phases * (strips + 1);
        return 350 + (asked.Height.OutputLength > 1 ? 30 : 0) * (asked.Outer - geometry.Outer) + Planes(geometry) * (70 + rows * row + 0.8 * height.OutputLength * (strips + down) + (down > 8 ? 1.6 : 1.3) * outputs);
    }

    private static double PixelPositions(in Geometry geometry, int cellBytes, int lanes)
    {
        double registers = (double)(geometry.InputPlane + geometry.OutputPlane) * cellBytes / WidestRegister + (double)geometry.OutputPlane * sizeof(long) / WidestRegister;
        return Positions(geometry with { Outer = geometry.Outer * geometry.Inner, Inner = 1 }, lanes) + geometry.Outer * (900 + 1.9 * geometry.Inner * registers);
    }

    /// <summary>What it takes to keep one window in so many.</summary>
    private static double Picks(double outputs, long stride, long inner, int lanes) =>
        stride == 1 ? 0 : 10 + (inner > 1 ? outputs * (0.3 + 0.25 * Registers(4 * inner, lanes)) : stride > 2 ? 0.4 * outputs : 0);

    private static bool IsLong(in Geometry geometry) => geometry.MostTaps > Pool.OrderedTaps;

    private static double Planes(in Geometry geometry) => (double)geometry.Outer * geometry.Depth.OutputLength;

    private static double Rows(in Geometry geometry) => Planes(geometry) * geometry.Height.OutputLength;

    private static double RowTaps(in Geometry geometry) => (double)geometry.Depth.MostTaps * geometry.Height.MostTaps;

    /// <summary>About how many cells any window sees.</summary>
    private static double Seen(in Axis axis) => Math.Min(axis.InputLength, (double)axis.OutputLength * axis.MostTaps);

    /// <summary>Cells from the first tap of the first window to the last of the last.</summary>
    private static double Span(in Axis axis) => (axis.OutputLength - 1.0) * axis.Stride + axis.EffectiveKernel;

    private static double Registers(double cells, double lanes) => Math.Ceiling(cells / lanes);

    private static int Log(long kernel) => BitOperations.Log2((ulong)kernel);
}
