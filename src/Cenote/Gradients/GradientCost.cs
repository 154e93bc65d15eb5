using System.Numerics;
using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>About how many nanoseconds a gradient takes, as <see cref="KernelCost"/> has it for the forward kernels. Only good for being compared.</summary>
internal static class GradientCost
{
    // Lanes that say where taps are, so that they stay in a second-level cache.
    private const long MostPlaces = 16 * 1024;

    // Cells of turned rows that stay in the first-level cache.
    private const long MostTurned = 512;

    /// <summary>The most cells of a line of which is known what each register picks, so that that stays in the first-level cache.</summary>
    public const long MostGathered = 2048;

    private const long SecondLevelBytes = 1024 * 1024;

    // Of a side of the squares that are turned.
    private const long SideBytes = 16;

    // Of sums with channels last that are spread at a time.
    private const long PieceRegisters = 128;

    // What a register of less than 512 bits takes of the time of one that has them, and a mean that KernelCost reckons with such.
    private const double Shorter = 0.62, ShorterMean = 0.8;

    // What a mean takes of cells that are widened, and of lines of which many are never tapped, which KernelCost knows nothing of.
    private const double NarrowedMean = 1.1, GappedMean = 1.7;

    // What a register takes to be divided, also to be rounded to shorter cells, and that alone, more often of less than 512 bits.
    private const double Divided = 1.5, DividedShort = 2, RoundedShort = 0.7, RoundedApart = 2;

    // How much longer phases take in lanes of double where windows do not overlap, and where they are rounded to shorter cells.
    private const double WiderPhases = 1.1, NarrowedLines = 1.25, NarrowedWholes = 0.9, NarrowedChannels = 1.4, NarrowedToShort = 0.82, NarrowedPixels = 2.4;

    /// <summary><see cref="StretchedMean{T, TSum}"/>, or where no gradient need be moved the mean alone.</summary>
    /// <param name="geometry">The window over the input.</param>
    /// <param name="reversed">That over the gradients with their zeros.</param>
    /// <param name="cellBytes">Bytes of a cell.</param>
    /// <param name="laneBytes">Bytes of a lane of the sums.</param>
    /// <param name="ordered">Whether they are added up in order.</param>
    /// <param name="planes">How many planes at a time; 0 where all at once, since there is no zero.</param>
    public static double StretchedMean(in Geometry geometry, in Geometry reversed, int cellBytes, int laneBytes, bool ordered, long planes)
    {
        Geometry some = planes == 0 ? reversed : reversed with { Outer = planes };
        KernelName kernel = Planner.Choose(some, cellBytes, laneBytes, ordered);
        int lanes = Planner.Lanes(laneBytes);
        double mean = kernel is KernelName.ThreeByThree or KernelName.ShortRows
            ? 600 + 3 * Rows(geometry) / geometry.Outer * some.Outer * Registers(some.Width.OutputLength, lanes)
            : KernelCost.Of(kernel, some, cellBytes, laneBytes, lanes, ordered, placed: false);
        // Windows that see padding for the most part take some kernels less.
        mean *= kernel switch { KernelName.NarrowPlane or KernelName.ThreeByThree or KernelName.ShortRows or KernelName.ChannelsLast => 0.83, KernelName.VanHerk => 0.74, _ => 0.61 };
        if (cellBytes < sizeof(float)) mean *= NarrowedMean;
        if (geometry is { Inner: 1, Width: { Kernel: > 1, Dilation: > 1 } } && geometry.Width.Stride % geometry.Width.Dilation == 0) mean *= GappedMean;
        if (!Vector512.IsHardwareAccelerated) mean *= ShorterMean;
        if (planes == 0) return 885 + mean;
        double cells = (double)planes * reversed.InputPlane * reversed.Inner, outputs = (double)geometry.OutputPlane * geometry.Inner;
        return 885 + 0.066 * cells + mean * Math.Ceiling((double)geometry.Outer / planes) + geometry.Outer * (2.3 * geometry.Depth.OutputLength * geometry.Height.OutputLength + 0.3 * outputs);
    }

    /// <summary>Whether the sums of a row of gradients can come to the cells of a row so.</summary>
    public static bool Fits(RowStep step, in Geometry geometry, int lanes, int laneBytes)
    {
        ref readonly Axis width = ref geometry.Width;
        return step switch
        {
            RowStep.Phases => width.Stride <= (geometry.Inner == 1 ? 2 : 1) && HasRoomAround(width),
            // Of two lanes a permutation may be many steps.
            RowStep.Picks or RowStep.PeriodicPicks => (lanes > 2 || Lanes128<long>.LooksAhead) && Near(width, geometry.Inner, lanes) <= lanes && (step == RowStep.Picks || HasRoomAround(width))
                && Picked(geometry, lanes, step == RowStep.PeriodicPicks) is (long registers, long most) && (Int128)registers * most * lanes <= MostPlaces,
            RowStep.Fills => geometry.Inner == 1 && width.Dilation == 1,
            RowStep.Scatter => geometry.Inner == 1,
            RowStep.Turns => geometry.Inner == 1 && width.OutputLength * laneBytes >= SideBytes && HasRoomAround(width),
            _ => geometry.Inner > 1,
        };

        // Zeros around the sums stand for the outputs that are not there.
        static bool HasRoomAround(in Axis width) => width is { IsAdaptive: false, Stride: <= MostPlaces }
            && width.EffectiveKernel - width.PaddingBefore < (width.InputLength + MostPlaces) * width.Stride && width.PaddingBefore < (width.OutputLength + MostPlaces) * width.Stride;
    }

    private static (double Each, double Once) Of(RowStep step, in Geometry geometry, int lanes)
    {
        ref readonly Axis width = ref geometry.Width;
        double registers = Registers((double)width.InputLength * geometry.Inner, lanes), outputs = width.OutputLength, taps = width.MostTaps;
        (long period, long most) = step is RowStep.Picks or RowStep.PeriodicPicks ? Picked(geometry, lanes, step == RowStep.PeriodicPicks) : default;
        return step switch
        {
            RowStep.Phases => (registers * ((width.Stride == 2 ? Zipped(lanes) : 0.55) + 0.42 * width.Kernel / width.Stride), 0),
            RowStep.Picks or RowStep.PeriodicPicks => (registers * (1.6 + (Seen(geometry, lanes, step == RowStep.PeriodicPicks) <= lanes ? 0.15 : 0.45) * most), 150 + 2.1 * period * most * lanes),
            RowStep.Fills => (0.76 * registers + outputs * (0.76 + 0.18 * taps * outputs / width.InputLength), 16 * outputs),
            RowStep.Scatter => (1.85 * registers + outputs * (0.56 + (width.Dilation > 1 || taps < lanes ? 0.48 * taps : Math.Floor(taps / lanes) + 0.32 * (taps % lanes))), 9.6 * outputs),
            // A register takes as long however wide it is.
            RowStep.Turns => (9 + Math.Ceiling((double)width.InputLength / lanes) * ((width.InputLength <= MostTurned ? 1.08 : 4) + 0.24 * width.Kernel / width.Stride), 300 + 2.0 * (width.Kernel + width.Stride)),
            _ => (width.InputLength * ((geometry.Inner < lanes ? 3 : 0.55) + 0.88 * Registers(geometry.Inner, lanes)) + 0.1 * outputs * taps * Registers(geometry.Inner, lanes), 7.0 * width.InputLength),
        };
    }

    /// <summary>Of taps that are picked: registers of cells until they come again, or all of a row, and the most outputs that reach a cell.</summary>
    public static (long Registers, long Most) Picked(in Geometry geometry, int lanes, bool isPeriodic)
    {
        ref readonly Axis width = ref geometry.Width;
        if (!isPeriodic) return ((width.InputLength * geometry.Inner + lanes - 1) / lanes, width.MostOutputs);
        long step = width.Stride * geometry.Inner;
        return (step / Math.Min(lanes, step & -step), (width.Kernel - 1) / (width.Stride / TileShape.Step(width)) + 1);
    }

    /// <summary>How many sums a register of cells sees, from the first to the last.</summary>
    public static double Seen(in Geometry geometry, int lanes, bool isPeriodic)
    {
        ref readonly Axis width = ref geometry.Width;
        double others = width.IsAdaptive ? width.MostOutputs - 1 : Math.Ceiling((width.EffectiveKernel - 1.0) / width.Stride);
        double seen = Near(width, geometry.Inner, lanes) + others * geometry.Inner;
        return isPeriodic ? seen : Math.Min(seen, width.OutputLength * (double)geometry.Inner);
    }

    /// <summary>From how many sums a tap of a register of cells is picked.</summary>
    private static double Near(in Axis width, long inner, int lanes)
    {
        double cells = inner == 1 ? lanes : (lanes + inner - 2) / inner + 1;
        return inner * (width.IsAdaptive ? Math.Ceiling((cells - 1) * width.OutputLength / width.InputLength) + 1 : Math.Ceiling((cells - 1) / width.Stride) + width.PhaseStep);
    }

    /// <summary><see cref="PhaseSpread{T, TLane, TFold, TVector}"/>.</summary>
    public static double PhaseSpread(in Geometry geometry, int lanes, bool narrows, bool isWhole)
    {
        // Of few channels a pixel fills shorter registers.
        bool isFew = geometry.Inner > 1 && geometry.Inner < lanes;
        double pixel = isFew ? Math.Ceiling(geometry.Inner / (double)BitOperations.RoundUpToPowerOf2((uint)geometry.Inner / 2 + 1)) : (double)geometry.Inner / lanes;
        double rows = Rows(geometry), registers = Registers(geometry.Width.InputLength * pixel, 1), outputs = Registers(geometry.Width.OutputLength * pixel, 1);
        double made = rows * (3.2 + (geometry is { Inner: 1, Width: { Stride: 2, Kernel: > 1 } } ? Zipped(lanes) + 0.05 : 0.8) * Reached(geometry.Depth) * Reached(geometry.Height) * registers) + Adds(geometry) * (0.26 + 0.56 * outputs);
        double slower = narrows ? geometry.Inner == 1 ? isWhole ? NarrowedWholes : NarrowedLines : isFew ? NarrowedPixels : isWhole && lanes == Planner.Lanes(sizeof(int)) ? NarrowedToShort : NarrowedChannels
            : lanes == Planner.Lanes(sizeof(double)) && GradientPlanner.IsDisjoint(geometry) ? WiderPhases : 1;
        return 710 + 8.4 * geometry.Depth.InputLength * geometry.Height.InputLength + slower * made;
    }

    /// <summary>What it takes to round every cell to fewer bits than it is made of.</summary>
    public static double Rounding(in Geometry geometry, int lanes) => (Vector512.IsHardwareAccelerated ? 1 : RoundedApart) * RoundedShort * Registers((double)geometry.Outer * geometry.InputPlane * geometry.Inner, lanes);

    /// <summary><see cref="ShareGather{T, TLane, TFold, TVector, TBits, TPick, TPicks}"/>.</summary>
    /// <param name="geometry">The window over the input.</param>
    /// <param name="lanes">Lanes that a register picks.</param>
    /// <param name="shareLanes">Lanes that a register divides.</param>
    /// <param name="narrows">Whether cells are shorter than these.</param>
    public static double ShareGather(in Geometry geometry, int lanes, int shareLanes, bool narrows)
    {
        // Of a long line of few channels these fill a narrower register.
        bool isSlice = geometry.Inner == 1 && geometry.Width.InputLength < lanes, copies = geometry.Inner >= lanes || (geometry.Inner > 1 && geometry.Width.InputLength * geometry.Inner > MostGathered);
        double lines = geometry.Depth.InputLength * (isSlice ? 1 : geometry.Height.InputLength), cells = (double)geometry.Width.InputLength * geometry.Inner * (isSlice ? geometry.Height.InputLength : 1);
        double made = geometry.Outer * lines * (isSlice ? 1 : Reached(geometry.Height)), divided = (narrows ? DividedShort : Divided) * Registers((double)geometry.Outer * geometry.OutputPlane * geometry.Inner, shareLanes);
        // Two lines in a row that are the same are made as one.
        double line = copies ? geometry.Width.InputLength * (0.56 + 0.97 * Registers(geometry.Inner, lanes)) : 1.1 * Registers(cells, lanes) / (geometry.Height.Kernel > 1 && !isSlice ? 2 : 1);
        return 330 + (copies ? 0 : 3.1 * cells) + 2.1 * geometry.Depth.InputLength * geometry.Height.InputLength + 2 * geometry.Outer * lines + made * line + divided;
    }

    /// <summary><see cref="PlaneSpread{T, TLane, TVector}"/>.</summary>
    public static double PlaneSpread(in Geometry geometry, int lanes)
    {
        double row = Registers(geometry.Width.InputLength, lanes);
        return 430 + 4.5 * (geometry.Width.InputLength + geometry.Height.InputLength) + 1.1 * geometry.OutputPlane
            + geometry.Outer * (11 + geometry.Height.InputLength * (1.4 + 0.6 * row) + geometry.Height.OutputLength * (Lanes128<int>.LooksAhead ? 2.2 * row : 1.15 * geometry.Width.InputLength));
    }

    /// <summary><see cref="MeanShare{T, TLane, TVector}"/>.</summary>
    /// <param name="geometry">The window over the input.</param>
    /// <param name="cellBytes">Bytes of a cell.</param>
    /// <param name="shareLanes">Lanes that a register divides.</param>
    /// <param name="narrows">Whether cells are shorter than these.</param>
    public static double MeanShare(in Geometry geometry, int cellBytes, int shareLanes, bool narrows)
    {
        ref readonly Axis width = ref geometry.Width;
        double made = (double)geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength, rows = Rows(geometry), row = (double)width.InputLength * geometry.Inner, taps = (double)width.OutputLength * width.MostTaps;
        // Channels are copied, twice as many each time where windows have no gaps.
        double each = width.Dilation > 1 ? (geometry.Inner > 1 ? 3.8 : 2) * taps : geometry.Inner > 1 ? 2.4 * width.OutputLength * (1 + Math.Log2(width.MostTaps)) : 0;
        // What a second-level cache does not hold beside what else is in it takes longer to be written.
        double written = (geometry.Inner > 1 ? 0.01 : 0.007) * cellBytes * (rows * row > SecondLevelBytes / 2 / cellBytes ? 1.4 : 1), divided = narrows ? DividedShort : 0.5 * Divided;
        return 400 + made * (14 + 3.2 * width.OutputLength + each + 0.6 * Math.Max(0, row - taps * geometry.Inner) + written * taps * geometry.Inner + divided * Registers((double)width.OutputLength * geometry.Inner, shareLanes))
            + Math.Max(0, rows - made) * (4.5 + written * row);
    }

    /// <summary><see cref="RowSpread{T, TLane, TVector}"/>.</summary>
    public static double RowSpread(RowStep step, in Geometry geometry, int lanes)
    {
        (double each, double once) = Of(step, geometry, lanes);
        // Of channels last a piece of a row at a time, whose sums overlap those of the next.
        double pieces = step == RowStep.Channels ? 1 + geometry.Width.EffectiveKernel * (double)geometry.Inner / (PieceRegisters * lanes) : 1;
        // What is not made is copied or cleared.
        double copied = 6 + Registers((double)geometry.Width.InputLength * geometry.Inner, Planner.Lanes(sizeof(float)));
        double rows = Rows(geometry), share = Reached(geometry.Depth) * Made(geometry.Height), made = step == RowStep.Turns ? Math.Max(lanes, rows * share) : rows * share, outputs = Registers((double)geometry.Width.OutputLength * geometry.Inner, lanes);
        return 580 + 2.5 * geometry.Height.InputLength + once + made * (11 + each) + Adds(geometry) * share * (1.5 + 0.4 * pieces * outputs) + rows * (1 - share) * copied;
    }

    /// <summary><see cref="ChannelWinners{T, TSum, TLane, TVector, TPlaces}"/>.</summary>
    public static double ChannelWinners(in Geometry geometry)
    {
        // Of longer gradients, whose indices are not shortened first, a register takes half as long.
        double cells = (double)geometry.Outer * geometry.InputPlane, outputs = (double)geometry.Outer * geometry.OutputPlane, registers = Registers(geometry.Inner, Planner.Lanes(sizeof(float)));
        return 1700 + 34 * Rows(geometry) + cells * (1.6 + 1.1 * registers) + outputs * registers * (2.9 + 0.52 * geometry.MostTaps);
    }

    /// <summary><see cref="IndexScatter{T, TSum, TLane, TVector}"/>.</summary>
    public static double IndexScatter(in Geometry geometry) =>
        geometry.Outer * ((double)geometry.OutputPlane * (2.6 + 0.83 * geometry.Inner) + 0.09 * geometry.InputPlane * geometry.Inner);

    /// <summary>A register of two phases in turn: of two lanes many steps, where there is no permutation of any lanes.</summary>
    private static double Zipped(int lanes) => lanes > 2 || Lanes128<long>.LooksAhead ? 0.55 : 12;

    /// <summary>How many of all cells an output reaches.</summary>
    private static double Reached(in Axis axis)
    {
        double reached = Math.Min(1, axis.OutputLength * (double)axis.MostTaps / axis.InputLength);
        return axis.Dilation > 1 && axis.Kernel > 1 ? Math.Min(reached, Math.Ceiling((double)axis.InputLength / TileShape.Step(axis)) / axis.InputLength) : reached;
    }

    /// <summary>How many in all are neither the same as one before, of which every tap is a step away, nor zeros.</summary>
    private static double Made(in Axis axis)
    {
        // A row differs where a window begins or ends, unless it does so beyond the input.
        double changes = axis.IsAdaptive ? 2 * axis.OutputLength : Math.Max(0, axis.OutputLength - 1 - axis.PaddingBefore / axis.Stride) + axis.InteriorEnd();
        return Math.Min(axis.Dilation > 1 && axis.Kernel > 1 ? Reached(axis) : 1, (changes + (axis.Kernel > 1 ? axis.Dilation : 1)) / axis.InputLength);
    }

    private static double Rows(in Geometry geometry) => (double)geometry.Outer * geometry.Depth.InputLength * geometry.Height.InputLength;

    /// <summary>Rows of gradients that all rows see.</summary>
    private static double Adds(in Geometry geometry) => (double)geometry.Outer * geometry.Depth.OutputLength * geometry.Depth.MostTaps * geometry.Height.OutputLength * geometry.Height.MostTaps;

    /// <summary>In registers of the widest kind there is; shorter ones take less each.</summary>
    private static double Registers(double cells, double lanes) => (Vector512.IsHardwareAccelerated ? 1 : Shorter) * Math.Ceiling(cells / lanes);
}
