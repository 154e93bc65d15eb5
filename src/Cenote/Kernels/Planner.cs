using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Which kernel does a call, and why: the only place that decides.</summary>
internal static unsafe class Planner
{
    // A register pays from here on.
    private const int FewChannels = 4;

    // Beyond this many rows a window is better put together from shorter ones.
    private const int FewRows = 9;

    // Taps that are compared one by one, and as many as that can be listed where windows hardly overlap.
    private const int MostCompared = 64, MostListed = 16 * 1024;

    /// <summary>Rows whose winners <see cref="Positions{T, TLane, TRank, TVector}"/> can compare.</summary>
    public const int MostRanked = 128;

    // Of a window whose rows are laid out whole.
    private const int LongestRanked = 4096;

    // Taps compared for each cell of the input; three times as many where channels fill a register, and again where lanes of 64 bits would be many more, or not enough to hold cell and place.
    private const int MostMet = 5;

    // Halves of such taps where they are listed, of fewer channels than fill a register and of more.
    private const int FewListed = 3, ManyListed = 16;

    // What a maximum of 64 bits takes before AVX-512, which has an instruction for it.
    private const double LongMaximum = 1.75;

    // What rows of shorter cells and their places take, most of which is reading them.
    private const double ByteLift = 0.5, ShortLift = 0.8;

    // What it takes to find places by half of each cell, the maxima apart and what is left open, in maxima of 64 bits.
    private const double HalvedPasses = 3;

    // Of a stride: what a row that is taken apart holds grows with it.
    private const int MostPhases = 16;

    private const int NarrowestRegister = 16, WiderRegister = 32, WidestRegister = 64;

    /// <summary>The longest window that <see cref="RowSlide{T, TLane, TFold, TVector}"/> puts together by doubling.</summary>
    public const int MostDoubled = 16;

    // Of a row that is reduced without being laid out.
    private const int MostRegisters = 8;

    /// <summary>Up to here a tap more costs less than another pass.</summary>
    public const int FewTaps = 6;

    /// <summary>Up to here taps of single windows are gathered, so that lanes are combined by the register.</summary>
    public const int FewGathered = 8;

    /// <summary>Up to here so many rows are sooner combined one by one, where four windows share all but three of them.</summary>
    public const int MostDirect = 32;

    // Of a row that is laid out whole, and from window to window in it: beyond, most of it would be read for nothing.
    private const int RowBytes = 64 * 1024 * 1024, FarApart = 16;

    // Of a plane that is kept whole while it is reduced.
    private const int PlaneBytes = 512 * 1024;

    // Threads that one is worth which takes images apart.
    private const int MostToAnImage = 2;

    // Of an image that is taken apart beside it.
    private const int ImageBytes = 32 * 1024 * 1024;

    // Of lanes that say whether the cells of a plane have a neighbour, one such array of a few.
    private const int MaskBytes = 4096;

    // Registers that one register of uneven windows picks its taps from.
    private const int MostPicked = 4;

    // Lanes that say where the taps are, so that they stay in the cache.
    private const int MostChoices = 16 * 1024;

    // The first that fits is taken.
    private static readonly KernelName[] s_inOrder = [KernelName.WholePlane, KernelName.WholeChannels, KernelName.ShortRows];

    // Of these the one that costs least.
    private static readonly KernelName[] s_byCost =
    [
        KernelName.ThreeByThree, KernelName.StrideTwo, KernelName.ChannelsLast, KernelName.UnevenRows, KernelName.NarrowPlane, KernelName.VanHerk, KernelName.Tile, KernelName.RowsFirst,
        KernelName.PlanesLast, KernelName.ShortChannels,
    ];

    /// <summary>Costs take as long to work out as a small call: a thread remembers what it asked of late, each in the place that its numbers make up.</summary>
    public const int Remembered = 32;

    [ThreadStatic]
    private static (Geometry Geometry, int CellBytes, int LaneBytes, bool Ordered, bool Placed, KernelName Kernel)[]? t_chosen;

    [ThreadStatic]
    private static (Geometry Geometry, int CellBytes, int LaneBytes, KernelName? Kernel)[]? t_compared;

    /// <summary>What <see cref="Fold{T, TAccumulator, TReducer}"/> would do.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="cellBytes">Bytes of one cell.</param>
    /// <param name="laneBytes">Bytes of one lane, 0 where the cells or the reducer are known one by one only.</param>
    /// <param name="ordered">Whether the taps must be combined in order.</param>
    public static PoolPlan Plan(in Geometry geometry, int cellBytes, int laneBytes, bool ordered)
    {
        Geometry sliding = geometry.AsSliding();
        KernelName kernel = laneBytes == 0 || !Vector128.IsHardwareAccelerated
            ? ordered ? KernelName.WalkCells : KernelName.WalkRows
            : Choose(sliding, cellBytes, laneBytes, ordered);
        return Named(kernel, sliding, laneBytes);
    }

    /// <summary>What <see cref="Select{T, TSelector}"/> would do for maxima or minima.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="cellBytes">Bytes of one cell, 0 where the cells are known one by one only.</param>
    public static PoolPlan PlanPlaces(in Geometry geometry, int cellBytes)
    {
        Geometry sliding = geometry.AsSliding();
        int laneBytes = Math.Max(cellBytes, sizeof(short));
        if (cellBytes == 0 || !Vector128.IsHardwareAccelerated) return Named(KernelName.WalkCells, sliding, cellBytes);
        if (Fits(KernelName.ChannelPositions, sliding, laneBytes, ordered: true, placed: true)) return Named(KernelName.ChannelPositions, sliding, laneBytes);
        return ByComparing(sliding, cellBytes, laneBytes, threads: null) is { } kernel ? Named(kernel, sliding, laneBytes)
            : Named(Choose(sliding, cellBytes, sizeof(long), ordered: false, placed: true), sliding, sizeof(long));
    }

    /// <summary>The kernel that finds places by comparing taps, in lanes of the cell's own size or more, where that is sooner done than by a maximum of cell and place in one.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="cellBytes">Bytes of one cell.</param>
    /// <param name="laneBytes">Bytes of one lane.</param>
    /// <param name="threads">How many there are; unset, one for each processor.</param>
    public static KernelName? ByComparing(in Geometry geometry, int cellBytes, int laneBytes, int? threads)
    {
        KernelName? kernel = Comparing(geometry, cellBytes, laneBytes);
        // Images are done whole, other kernels share them.
        return kernel == KernelName.PixelPositions && (threads ?? Environment.ProcessorCount) > MostToAnImage * geometry.Outer ? null : kernel;
    }

    private static KernelName? Comparing(in Geometry geometry, int cellBytes, int laneBytes)
    {
        ref (Geometry Geometry, int CellBytes, int LaneBytes, KernelName? Kernel) known = ref (t_compared ??= new (Geometry, int, int, KernelName?)[Remembered])[Place(geometry, 8 * cellBytes + laneBytes)];
        if (known.LaneBytes == laneBytes && known.CellBytes == cellBytes && known.Geometry == geometry) return known.Kernel;
        KernelName comparing = geometry.Inner > 1 ? KernelName.PixelPositions : KernelName.Positions;
        bool compares = Fits(comparing, geometry, laneBytes, ordered: true, placed: true);
        foreach (KernelName kernel in s_inOrder) compares &= !Fits(kernel, geometry, sizeof(long), ordered: false, placed: true);
        // What half of a cell of 64 bits leaves open is done one by one, which is no loss where windows do not overlap.
        if (compares && (laneBytes < sizeof(long) || (Int128)geometry.MostTaps * geometry.OutputPlane <= geometry.InputPlane))
        {
            (KernelName kernel, double cost) = Cheapest(geometry, cellBytes, sizeof(long), ordered: false, placed: true);
            if (!Vector512.IsHardwareAccelerated) cost *= LongMaximum;
            if (laneBytes == sizeof(long)) cost *= HalvedPasses;
            if (kernel == KernelName.UnevenRows) cost *= cellBytes switch { 1 => ByteLift, 2 => ShortLift, _ => 1 };
            compares = KernelCost.Of(comparing, geometry, cellBytes, laneBytes, Lanes(laneBytes), ordered: true, placed: true) <= cost;
        }
        known = (geometry, cellBytes, laneBytes, compares ? comparing : null);
        return known.Kernel;
    }

    private static PoolPlan Named(KernelName kernel, in Geometry geometry, int laneBytes)
    {
        if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.CellByCell) return new(kernel.ToString(), Reason(kernel), 0);
        int most = Vector512.IsHardwareAccelerated ? WidestRegister : Vector256.IsHardwareAccelerated ? WiderRegister : NarrowestRegister;
        return new(kernel.ToString(), Reason(kernel), 8 * Math.Min(most, RegisterBytes(kernel, geometry, laneBytes)));
    }

    /// <summary>The kernel for a window over lanes of this size.</summary>
    /// <param name="geometry">The window, see <see cref="Geometry.AsSliding"/>.</param>
    /// <param name="cellBytes">Bytes of one cell.</param>
    /// <param name="laneBytes">Bytes of one lane.</param>
    /// <param name="ordered">Whether the taps must be combined in order.</param>
    /// <param name="placed">Whether cells are known by where they stand.</param>
    /// <param name="registerBytes">Bytes of a register. Default: of the widest there is; of others nothing is remembered.</param>
    public static KernelName Choose(in Geometry geometry, int cellBytes, int laneBytes, bool ordered, bool placed = false, int? registerBytes = null)
    {
        foreach (KernelName kernel in s_inOrder)
            if (Fits(kernel, geometry, laneBytes, ordered, placed, registerBytes)) return kernel;
        if (registerBytes / laneBytes < Lanes(laneBytes)) return Cheapest(geometry, cellBytes, laneBytes, ordered, placed, registerBytes).Kernel;
        ref (Geometry Geometry, int CellBytes, int LaneBytes, bool Ordered, bool Placed, KernelName Kernel) known = ref (t_chosen ??= new (Geometry, int, int, bool, bool, KernelName)[Remembered])[Place(geometry, 2 * (cellBytes + laneBytes) + (ordered ? 1 : 0))];
        if (known.LaneBytes != laneBytes || known.CellBytes != cellBytes || known.Ordered != ordered || known.Placed != placed || known.Geometry != geometry)
            known = (geometry, cellBytes, laneBytes, ordered, placed, Cheapest(geometry, cellBytes, laneBytes, ordered, placed).Kernel);
        return known.Kernel;
    }

    /// <summary>Where what was chosen is remembered.</summary>
    public static int Place(in Geometry geometry, int kind)
    {
        ref readonly Axis height = ref geometry.Height, width = ref geometry.Width;
        long numbers = (((geometry.Outer * 31 + geometry.Inner) * 31 + height.InputLength) * 31 + height.Kernel) * 31 + height.Stride;
        numbers = (((numbers * 31 + width.InputLength) * 31 + width.Kernel) * 31 + width.Stride) * 31 + kind;
        return (int)((ulong)numbers * 0x9E3779B97F4A7C15 >> 32) & (Remembered - 1);
    }

    /// <summary>The kernel that costs least of those that can do all windows of some kind.</summary>
    public static (KernelName Kernel, double Cost) Cheapest(in Geometry geometry, int cellBytes, int laneBytes, bool ordered, bool placed, int? registerBytes = null)
    {
        int lanes = registerBytes / laneBytes ?? Lanes(laneBytes);
        (KernelName Kernel, double Cost) best = (KernelName.CellByCell, double.PositiveInfinity);
        foreach (KernelName kernel in s_byCost)
        {
            if (!Fits(kernel, geometry, laneBytes, ordered, placed, registerBytes)) continue;
            double cost = KernelCost.Of(kernel, geometry, cellBytes, laneBytes, lanes, ordered, placed);
            if (cost < best.Cost) best = (kernel, cost);
        }
        return best;
    }

    /// <summary>Lanes of the widest register there is.</summary>
    public static int Lanes(int laneBytes) => (Vector512.IsHardwareAccelerated ? WidestRegister : Vector256.IsHardwareAccelerated ? WiderRegister : NarrowestRegister) / laneBytes;

    /// <summary>Whether any lanes of two registers are had in one step, see <see cref="ILanes{TSelf, TLane}.LooksAhead"/>.</summary>
    public static bool LooksAhead(int laneBytes) => laneBytes switch { 1 => Avx512Vbmi.VL.IsSupported, 2 => Avx512BW.VL.IsSupported, _ => Avx512F.VL.IsSupported };

    /// <summary>Whether a kernel can do a window at all, and not at a loss.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="geometry">The window.</param>
    /// <param name="laneBytes">Bytes of one lane.</param>
    /// <param name="ordered">Whether the taps must be combined in order.</param>
    /// <param name="placed">Whether cells are known by where they stand.</param>
    /// <param name="registerBytes">Bytes of a register. Default: of the widest there is.</param>
    public static bool Fits(KernelName kernel, in Geometry geometry, int laneBytes, bool ordered, bool placed = false, int? registerBytes = null)
    {
        int lanes = registerBytes / laneBytes ?? Lanes(laneBytes);
        ref readonly Axis depth = ref geometry.Depth, height = ref geometry.Height, width = ref geometry.Width;
        long inner = geometry.Inner;
        return kernel switch
        {
            KernelName.WholePlane => inner == 1 && !ordered && geometry.InputPlane * laneBytes >= NarrowestRegister && depth.IsWhole && height.IsWhole && width.IsWhole,
            // Who knows where cells stand takes many steps to read one, and goes to kernels that read each once, at one place.
            KernelName.WholeChannels => inner >= lanes && depth.IsWhole && height.IsWhole && width.IsWhole && (!placed || inner % (2 * lanes) == 0),
            // Of fewer channels than lanes a row is sooner done as one line, where it can be and is not taken apart again.
            KernelName.ChannelsLast => !placed && geometry.MostTaps <= FewRows * FewRows && (inner >= lanes || (inner >= FewChannels
                && (depth.IsAdaptive || height.IsAdaptive || width.IsAdaptive || (2 * inner >= lanes && width.Kernel <= width.Stride)))),
            KernelName.StrideTwo => !placed && inner == 1 && !depth.IsAdaptive && !height.IsAdaptive && depth.Kernel * height.Kernel <= FewRows
                && width is { Stride: 2, Dilation: 1 } && (width is { Kernel: 2, PaddingBefore: 0 } or { Kernel: 3, PaddingBefore: <= 1 }),
            KernelName.ShortRows => !placed && inner == 1 && depth is { InputLength: 1, OutputLength: 1, Kernel: 1, PaddingBefore: 0 }
                && IsSameByThree(height) && IsSameByThree(width) && 2 * width.InputLength <= lanes && geometry.InputPlane * laneBytes <= MaskBytes,
            KernelName.ThreeByThree => !placed && inner == 1 && depth is { InputLength: 1, OutputLength: 1, Kernel: 1, PaddingBefore: 0 }
                && height.Kernel == 3 && height.Stride == height.Dilation && height.PaddingBefore <= height.Stride
                && width is { Kernel: 3, Stride: <= 2, PaddingBefore: >= 1 } && width.Stride == width.Dilation && width.PaddingBefore <= width.Stride
                && width.OutputLength <= (width.InputLength + width.PaddingBefore - 1) / width.Stride,
            KernelName.NarrowPlane => !placed && inner == 1 && !ordered
                && depth is { InputLength: 1, OutputLength: 1, Kernel: 1, PaddingBefore: 0 } && height is { IsAdaptive: false }
                && width is { IsAdaptive: false, Dilation: 1, Kernel: > 1 }
                && width.Kernel < (lanes > MostDoubled ? MostDoubled : LooksAhead(laneBytes) ? 2 * lanes : 4 * lanes)
                && width.InputLength + width.PaddingBefore <= MostRegisters * WidestRegister / laneBytes
                && (width.OutputLength - 1) * width.Stride + width.Kernel <= MostRegisters * WidestRegister / laneBytes
                && (width.Stride <= 2 || (LooksAhead(laneBytes) && width.Stride <= lanes))
                && height.EffectiveKernel <= PlaneBytes && (height.OutputLength - 1) * height.Stride + height.EffectiveKernel <= PlaneBytes / (MostRegisters * WidestRegister),
            KernelName.PlanesLast => !placed && inner == 1 && geometry.Outer >= NarrowestRegister / laneBytes && geometry.InputPlane + geometry.OutputPlane <= PlaneBytes / WidestRegister,
            KernelName.ShortChannels => !placed && inner * laneBytes >= (registerBytes ?? NarrowestRegister) && inner < 4 * lanes && geometry.MostTaps <= FewRows * FewRows && depth is { InputLength: 1, OutputLength: 1, Kernel: 1, PaddingBefore: 0 }
                && geometry.InputPlane + geometry.OutputPlane <= PlaneBytes / WidestRegister,
            KernelName.VanHerk => !ordered && !placed && depth is { InputLength: 1, OutputLength: 1, Kernel: 1, PaddingBefore: 0 }
                && !height.IsAdaptive && !width.IsAdaptive
                && width.InputLength * inner >= (registerBytes ?? NarrowestRegister) / laneBytes && width.EffectiveKernel <= PlaneBytes && inner <= PlaneBytes
                && (Int128)Math.Min(height.Kernel, height.OutputLength) * width.EffectiveKernel * inner * laneBytes <= RowBytes / FarApart,
            KernelName.Tile => TileShape.Fits(geometry, laneBytes, ordered),
            KernelName.UnevenRows => LooksAhead(laneBytes) && (inner == 1 || (!placed && 2 * inner <= lanes)) && Picked(width, inner, lanes).Windows is > 0 and long windows && 2 * width.MostTaps * Unlike(width, windows) * lanes <= MostChoices,
            KernelName.RowsFirst => !ordered && (Int128)width.InputLength * inner * laneBytes <= RowBytes && width.Stride <= FarApart * width.EffectiveKernel,
            KernelName.ChannelPositions => inner * laneBytes >= (laneBytes > sizeof(short) ? WiderRegister : NarrowestRegister) && geometry.MostTaps <= MostListed && CanPlace(geometry, laneBytes)
                && (2 * (Int128)geometry.MostTaps * geometry.OutputPlane <= (inner >= lanes ? ManyListed : FewListed) * geometry.InputPlane
                    || (geometry.MostTaps <= MostCompared && (depth.IsAdaptive || height.IsAdaptive || width.IsAdaptive
                        || (geometry.MostTaps + FewTaps) * geometry.OutputPlane <= (inner >= lanes ? 3 : 1) * (laneBytes == sizeof(int) ? 1 : 3) * MostMet * geometry.InputPlane))),
            KernelName.Positions => inner == 1 && !depth.IsAdaptive && !height.IsAdaptive && width is { IsAdaptive: false, Stride: <= MostPhases }
                && (Int128)Math.Min(height.Kernel, height.InputLength) * Math.Min(depth.Kernel, depth.InputLength) <= MostRanked
                && height.EffectiveKernel <= LongestRanked && height.Stride <= LongestRanked
                && width.EffectiveKernel <= LongestRanked && width.AllHaveCells && CanPlace(geometry, laneBytes),
            // Lanes of 16 bits are of bytes too.
            KernelName.PixelPositions => inner is > 1 and <= Pixels<byte>.MostChannels && Vector512.IsHardwareAccelerated && LooksAhead(laneBytes == sizeof(short) ? sizeof(byte) : laneBytes)
                && inner * (geometry.InputPlane + 2 * geometry.OutputPlane) <= ImageBytes / sizeof(long) && Fits(KernelName.Positions, geometry with { Outer = geometry.Outer * inner, Inner = 1 }, laneBytes, ordered, placed, registerBytes),
            _ => true,
        };

        // Any lanes of two registers in one instruction.
        // The shortest lanes tell how far behind the first tap of a register of windows that of any of them stands.
        static bool CanPlace(in Geometry geometry, int laneBytes) => geometry.InputPlane < int.MaxValue / 2 && (laneBytes > sizeof(short)
            || ((Reach(geometry.Depth) - 1) * geometry.Height.InputLength + Reach(geometry.Height) - 1) * geometry.Width.InputLength + Longest(geometry.Width) - 1 <= short.MaxValue - WidestRegister / sizeof(short) * MostPhases);

        static long Reach(in Axis axis) => Math.Min(Longest(axis), axis.InputLength);

        static long Longest(in Axis axis) => axis.IsAdaptive ? axis.MostTaps : axis.EffectiveKernel;

        static bool IsSameByThree(in Axis axis) =>
            axis is { IsAdaptive: false, Kernel: 3, Stride: 1, Dilation: 1, PaddingBefore: 1 } && axis.OutputLength == axis.InputLength;
    }

    /// <summary>How many windows side by side, a register of their channels at most, see few registers of a row, and how many these are; no windows where even one sees more.</summary>
    public static (long Windows, int Registers) Picked(in Axis width, long inner, int lanes)
    {
        // Where some windows have fewer taps one lane is left without a cell.
        int spared = width.StaysInside ? 0 : 1;
        long room = (MostPicked * lanes - spared) / inner, windows = lanes / inner;
        if (width.IsAdaptive)
            while (windows > 0 && Span(width, windows) > room) windows /= 2;
        else if (width.InputLength > room)
            windows = width.EffectiveKernel > room ? 0 : Math.Min(windows, (room - width.EffectiveKernel) / width.Stride + 1);
        return (windows, (int)((Math.Min(room, Span(width, windows)) * inner + spared + lanes - 1) / lanes));
    }

    /// <summary>Whether <see cref="NarrowPlane{T, TLane, TFold, TVector}"/> sooner puts a window together from shorter ones down the columns than row by row.</summary>
    public static bool IsTall(in Axis height, in Axis width) => height.Kernel > (
        // Windows that share most of their rows, four at a time, or few windows.
        height.Stride == height.Dilation && width.Stride == 1 ? MostDirect : height.Stride > 1 ? MostDirect / 2 : FewTaps);

    /// <summary>Whether fewer registers are read where the rows of a row of windows are combined first, and then its columns.</summary>
    public static bool IsApart(in Axis height, in Axis width) =>
        (height.MostTaps + 1) * width.InputLength < (height.MostTaps - 1) * width.MostTaps * width.OutputLength;

    /// <summary>How many groups of windows side by side pick their taps each in its own way; all that lie wholly inside the input pick alike.</summary>
    public static long Unlike(in Axis width, long group)
    {
        long groups = (width.OutputLength - 1) / group + 1;
        if (width.IsAdaptive) return groups;
        (long interior, long end) = width.Interior();
        return groups - Math.Max(0, end / group - (interior + group - 1) / group - 1);
    }

    /// <summary>The most cells of a row that so many windows side by side see, from the first to the last.</summary>
    private static long Span(in Axis width, long windows) => Math.Min(
        width.InputLength,
        width.IsAdaptive ? width.InputLength / width.OutputLength * windows + (width.InputLength % width.OutputLength * windows - 1) / width.OutputLength + 2
        : (Math.Min(windows, width.OutputLength) - 1) * width.Stride + width.EffectiveKernel);

    /// <summary>The widest register that a kernel can fill: rows and planes that fill no wide one are better off with a narrow one.</summary>
    public static int RegisterBytes(KernelName kernel, in Geometry geometry, int laneBytes) => kernel switch
    {
        // A plane is at least a register long.
        KernelName.WholePlane when geometry.InputPlane * laneBytes < WiderRegister => NarrowestRegister,
        KernelName.WholePlane when geometry.InputPlane * laneBytes < WidestRegister => WiderRegister,
        KernelName.PlanesLast when geometry.Outer * laneBytes < WiderRegister => NarrowestRegister,
        KernelName.PlanesLast when geometry.Outer * laneBytes < WidestRegister => WiderRegister,
        KernelName.ChannelsLast or KernelName.ShortChannels or KernelName.ChannelPositions when geometry.Inner * laneBytes < WiderRegister => NarrowestRegister,
        KernelName.ChannelsLast or KernelName.ShortChannels or KernelName.ChannelPositions when geometry.Inner * laneBytes < WidestRegister => WiderRegister,
        KernelName.Positions or KernelName.PixelPositions when geometry.Width.OutputLength * laneBytes <= NarrowestRegister => NarrowestRegister,
        KernelName.Positions or KernelName.PixelPositions when geometry.Width.OutputLength * laneBytes <= WiderRegister => WiderRegister,
        // Of windows of two by two, of which there is little to be done, two rows at a time.
        KernelName.StrideTwo when (geometry.Width.Kernel == 2 ? 2 : 1) * geometry.Width.OutputLength * laneBytes <= WiderRegister => WiderRegister,
        KernelName.VanHerk when geometry.Width.InputLength * geometry.Inner * laneBytes < WiderRegister => NarrowestRegister,
        KernelName.VanHerk when geometry.Width.InputLength * geometry.Inner * laneBytes < WidestRegister => WiderRegister,
        // Bytes move on in two steps, which the widest registers take longer for.
        KernelName.NarrowPlane when laneBytes == 1 && (geometry.Width.OutputLength - 1) * geometry.Width.Stride + geometry.Width.Kernel <= WiderRegister
            => WiderRegister,
        KernelName.UnevenRows when geometry.Width.InputLength * geometry.Inner * laneBytes < WiderRegister => WiderRegister,
        _ => WidestRegister,
    };

    /// <summary>Why, in one sentence.</summary>
    public static string Reason(KernelName kernel) => kernel switch
    {
        KernelName.WholePlane => "One window covers the whole plane.",
        KernelName.WholeChannels => "One window covers the whole plane and channels come last, so that the plane is read from front to back into a row of sums.",
        KernelName.ChannelsLast => "Channels come last, so that every tap is a run of them.",
        KernelName.ShortChannels => "Channels come last and fill a few registers, so that what a window sees is looked up and little but its taps is done.",
        KernelName.PlanesLast => "Many small planes, so that they are turned to come last, as channels do, and turned back.",
        KernelName.StrideTwo => "The window is 2 or 3 wide and moves by 2, so that even and odd columns are its taps.",
        KernelName.ShortRows => "The window is 3 by 3 and moves by one over rows that fill half a register at most, so that planes are reduced as one line.",
        KernelName.ThreeByThree => "The window is 3 by 3 and moves from tap to tap, so that two output rows share what lies between them.",
        KernelName.NarrowPlane => "A padded row fits a few registers, so that it is reduced as it is read, then whole rows down the columns.",
        KernelName.VanHerk => "Many rows a window, so that windows that share a row are put together from what lies above it and what lies below.",
        KernelName.Tile => "The window slides, so that the padded input is reduced down the columns and along the rows as one flat line.",
        KernelName.UnevenRows => "Windows are of uneven length or apart, and many at a time see a few registers, so that rows are combined there, then the taps picked from them.",
        KernelName.RowsFirst => "Windows are of uneven length or far apart, so that rows are combined first, then cells along them.",
        KernelName.CellByCell => "The few taps are added in order and lie too unevenly for a register.",
        KernelName.Positions => "Few taps, so that they are compared one by one and the place of the winner goes along.",
        KernelName.ChannelPositions => "Channels come last and taps are few, so that they are compared one by one, many channels at a time, and the place of the winner goes along.",
        KernelName.PixelPositions => "Few channels come last and taps are few: the channels are taken apart into planes, taps compared there with the place of the winner going along, and the winners put together again.",
        _ => "The reducer is known cell by cell only.",
    };

    /// <summary>Folds every window of the geometry over a dense input into a dense output.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="input">The cells.</param>
    /// <param name="output">Where the results go.</param>
    /// <param name="reducer">The fold.</param>
    /// <param name="ordered">Whether cells must be combined row by row, left to right.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Fold<T, TAccumulator, TReducer>(in Geometry geometry, T* input, T* output, TReducer reducer, bool ordered, PoolOptions? options)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        if (Vector128.IsHardwareAccelerated
            && (KnownFolds.TryRun<T, TAccumulator, TReducer>(geometry.AsSliding(), input, output, reducer, ordered, options)
                || KnownFolds.TryLift<T, TAccumulator, TReducer>(geometry.AsSliding(), input, output, reducer, options))) return;
        if (ordered) Crew.Run(new WalkCells<T, TAccumulator, TReducer>(geometry, input, output, reducer), options);
        else Crew.Run(new WalkRows<T, TAccumulator, TReducer>(geometry, input, output, reducer), options);
    }

    /// <summary>Selects a cell of every window of the geometry; values and places go to dense outputs.</summary>
    public static void Select<T, TSelector>(in Geometry geometry, T* input, T* values, long* indices, TSelector selector, PoolOptions? options)
        where T : unmanaged
        where TSelector : struct, ISelector<T>
    {
        if (Vector128.IsHardwareAccelerated && KnownFolds.TrySelect<T, TSelector>(geometry.AsSliding(), input, values, indices, options)) return;
        Crew.Run(new WalkPlaces<T, TSelector>(geometry, input, values, indices, selector), options);
    }

    /// <summary>Picks a cell of every window of the geometry, where all must be seen first; values and places go to dense outputs, places nowhere if null.</summary>
    public static void Pick<T, TPick>(in Geometry geometry, T* input, T* values, long* indices, TPick pick, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TPick : struct, IPick<T>
    {
        if (Vector128.IsHardwareAccelerated && typeof(TPick) == typeof(MedianPick<T>) && KnownFolds.TryMedian(geometry.AsSliding(), input, values, indices, options)) return;
        CellWalk.Run(geometry, input, new PickCell<T, TPick>(pick, geometry.MostTaps, values, indices), sizeof(T) + sizeof(long), options);
    }

    /// <summary>Runs a fold on the widest registers there are.</summary>
    public static void Run<T, TLane, TFold>(in Geometry geometry, T* input, T* output, TFold fold, PoolOptions? options)
        where T : unmanaged
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
    {
        KernelName kernel = Choose(geometry, sizeof(T), sizeof(TLane), fold.IsOrdered, TFold.IsPlaced);
        int bytes = RegisterBytes(kernel, geometry, sizeof(TLane));
        Pass<T, TLane, TFold> pass = new(geometry, input, output, fold);
        OnCrew crew = new(options);
        if (Vector512.IsHardwareAccelerated && bytes >= WidestRegister) With<T, TLane, TFold, Lanes512<TLane>, OnCrew>(kernel, pass, crew);
        else if (Vector256.IsHardwareAccelerated && bytes >= WiderRegister) With<T, TLane, TFold, Lanes256<TLane>, OnCrew>(kernel, pass, crew);
        else With<T, TLane, TFold, Lanes128<TLane>, OnCrew>(kernel, pass, crew);
    }

    /// <summary>Runs a fold that watches for NaNs, and an exact one where there is any.</summary>
    public static void RunWatched<T, TLane, TExactLane, TFold, TExact>(in Geometry geometry, T* input, T* output, TFold fold, TExact exact, PoolOptions? options)
        where T : unmanaged
        where TLane : unmanaged
        where TExactLane : unmanaged
        where TFold : struct, IFold<T, TLane>
        where TExact : struct, IFold<T, TExactLane>
    {
        KernelName kernel = Choose(geometry, sizeof(T), sizeof(TLane), fold.IsOrdered);
        int bytes = RegisterBytes(kernel, geometry, sizeof(TLane));
        Pass<T, TLane, TFold> pass = new(geometry, input, output, fold);
        Pass<T, TExactLane, TExact> again = new(geometry, input, output, exact);
        if (Vector512.IsHardwareAccelerated && bytes >= WidestRegister) With<T, TLane, TFold, Lanes512<TLane>, OnWatched<T, TExactLane, TExact, Lanes512<TExactLane>>>(kernel, pass, new(kernel, again, options));
        else if (Vector256.IsHardwareAccelerated && bytes >= WiderRegister) With<T, TLane, TFold, Lanes256<TLane>, OnWatched<T, TExactLane, TExact, Lanes256<TExactLane>>>(kernel, pass, new(kernel, again, options));
        else With<T, TLane, TFold, Lanes128<TLane>, OnWatched<T, TExactLane, TExact, Lanes128<TExactLane>>>(kernel, pass, new(kernel, again, options));
    }

    /// <summary>Makes a kernel for registers of one width and hands it over.</summary>
    public static void With<T, TLane, TFold, TVector, TUse>(KernelName kernel, in Pass<T, TLane, TFold> pass, in TUse use)
        where T : unmanaged
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
        where TVector : struct, ILanes<TVector, TLane>
        where TUse : struct, IKernelUse
    {
        switch (kernel)
        {
            case KernelName.StrideTwo: use.Take(new StrideTwo<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.ShortRows: use.Take(new ShortRows<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.ThreeByThree: use.Take(new ThreeByThree<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.NarrowPlane: use.Take(new NarrowPlane<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.VanHerk: use.Take(new VanHerk<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.Tile: use.Take(new Tile<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.WholePlane: use.Take(new WholePlane<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.WholeChannels: use.Take(new WholeChannels<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.ShortChannels: use.Take(new ShortChannels<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.PlanesLast: use.Take(new PlanesLast<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.ChannelsLast: use.Take(new ChannelsLast<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.UnevenRows: use.Take(new UnevenRows<T, TLane, TFold, TVector>(pass)); break;
            case KernelName.RowsFirst: use.Take(new RowsFirst<T, TLane, TFold, TVector>(pass)); break;
            default: use.Take(new CellByCell<T, TLane, TFold>(pass)); break;
        }
    }
}
