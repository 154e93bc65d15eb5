using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Which kernel does a gradient: the only place that decides.</summary>
internal static unsafe class GradientPlanner
{
    // Short whole numbers whose sum is one of 32 bits.
    private const long ExactInInt = 1 << 15;

    // What float holds exactly, so that it divides as double would, and what double divides exactly by multiplying.
    private const long ExactInFloat = 1L << 24, ExactInDouble = 1L << 51;

    // By which whole numbers of 64 bits can be multiplied, and added up, in 128.
    private const long LongFactors = 1L << 62;

    // Sums that are met over and over stay in a second-level cache; where there are planes for all threads, so many rows that few outputs are met in two bands.
    private const long BandBytes = 512 * 1024, MostBandBytes = 4 * 1024 * 1024;

    // Winners that are looked for over and over stay in the first-level cache.
    private const long WonBandBytes = 32 * 1024;

    // Cells beyond which a line is worth the steps that it begins with; fewer where each step is worked out before it is made.
    private const long ShortLine = 4096, ShortTable = 512;

    // Cells of a window beyond which they are filled, and no step is worked out.
    private const long LongWindow = 96;

    // Outputs of a row that a line is cut into, and so few that it is better left whole.
    private const long ShortRow = 256, FewestInRow = 32;

    // Outputs of a row from which looking for winners by the register costs less than adding up at their indices.
    private const long LeastWonRow = 16;

    // Where windows do not overlap: outputs of a row, and cells for each output, where it costs no less to clear planes and set what was won than to write many rows in one go.
    private const long FewestInBand = 8, MostCellsInBand = 8;

    // The same of planes that a first-level cache does not hold.
    private const long ManyCells = 20;

    // Past the caches, where rows in one go need not be read before.
    private const long FewestStreamed = 12;

    // In the caches, where rows are written one by one.
    private const long FewestApart = 16, MostCellsApart = 4;

    // Taps that registers of 128 bits compare sooner than each winner is set.
    private const long FewTaps = 4;

    // Of windows that overlap, those that registers of 256 bits look at sooner.
    private const long FewWonTaps = 5;

    // Planes for which it is worth to work out which window each cell belongs to, so many cells for each output that setting what was won costs less, and outputs of a row beyond which rows are compared sooner.
    private const long FewestPicked = 8, MostCellsPicked = 5, MostInPickedRow = 16;

    private const int NarrowestRegister = 16, WiderRegister = 32, WidestRegister = 64;

    // Of what is divided one by one.
    private static readonly Geometry s_alone = new(1, Axis.Unit, Axis.Unit, Axis.Unit, 1);

    // As the planner does.
    [ThreadStatic]
    private static (Geometry Geometry, int Kind, Choice Choice)[]? t_chosen;

    /// <summary>The gradient of a mean.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="gradOutput">The gradient of the output, dense.</param>
    /// <param name="gradInput">Where that of the input goes, dense.</param>
    /// <param name="countPadding">Whether taps in the padding count.</param>
    /// <param name="divisor">What is divided by instead of the number of taps, or 0.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Mean<T>(in Geometry geometry, T* gradOutput, T* gradInput, bool countPadding, long divisor, PoolOptions? options)
        where T : unmanaged, INumber<T>
    {
        long uniform = divisor != 0 ? divisor : geometry.UniformCount(countPadding);
        Divisors divisors = new(countPadding, uniform);
        if (typeof(T) == typeof(float) && uniform != 0 && geometry.MostOutputs <= Pool.OrderedTaps) Mean<float, float, float>(geometry, (float*)gradOutput, (float*)gradInput, divisors, options);
        else if (typeof(T) == typeof(float)) Mean<float, float, double>(geometry, (float*)gradOutput, (float*)gradInput, divisors, options);
        else if (typeof(T) == typeof(double)) Mean<double, double, double>(geometry, (double*)gradOutput, (double*)gradInput, divisors, options);
        else if (typeof(T) == typeof(Half)) Mean<Half, float, float>(geometry, (Half*)gradOutput, (Half*)gradInput, divisors, options);
        else if (typeof(T) == typeof(BFloat16)) Mean<BFloat16, float, float>(geometry, (BFloat16*)gradOutput, (BFloat16*)gradInput, divisors, options);
        else if (KnownFolds.IsWhole<T>()) Wholes(geometry, gradOutput, gradInput, divisors, options);
        else if (KnownFolds.AddsInInt128<T>() && (uniform != 0 ? divisors : Divisors.Whole(geometry, countPadding, (long)(LongFactors / geometry.MostOutputs))) is { } whole)
            Gather<T, Int128>(geometry, gradOutput, gradInput, whole, options);
        else Gather<T, double>(geometry, gradOutput, gradInput, divisors, options);
    }

    /// <summary>The gradient of a selection.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="gradOutput">The gradient of the output, dense.</param>
    /// <param name="indices">The winners, dense.</param>
    /// <param name="gradInput">Where the gradient of the input goes, dense.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Winners<T>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged, INumber<T>
    {
        Geometry flat = Flat(geometry);
        if (flat is { Inner: 1, Depth.OutputLength: 1, Height: { InputLength: 1, OutputLength: 1 }, Width.OutputLength: 1 } && flat.Width.Tiles)
            PlaneWinners(flat, gradOutput, indices, gradInput, options);
        else if (IsDisjoint(flat) && sizeof(T) <= sizeof(long) && (flat.InputPlane < int.MaxValue || sizeof(T) == sizeof(long))) Moved(Shorter(flat), gradOutput, indices, gradInput, options);
        else if (typeof(T) == typeof(float) || typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16)) Added<T, float, uint>(flat, gradOutput, indices, gradInput, options);
        else if (KnownFolds.AddsInInt128<T>()) Scatter<T, Int128>(flat, gradOutput, indices, gradInput, options);
        else if (KnownFolds.IsWhole<T>() && sizeof(T) < sizeof(int) && flat.MostOutputs <= ExactInInt) Added<T, int, uint>(flat, gradOutput, indices, gradInput, options);
        else if (KnownFolds.IsWhole<T>() || typeof(T) == typeof(double)) Added<T, double, ulong>(flat, gradOutput, indices, gradInput, options);
        else Scatter<T, double>(flat, gradOutput, indices, gradInput, options);
    }

    /// <summary>Moves winners to their places among zeros, where windows do not overlap, so that nothing is added.</summary>
    /// <returns>Whether that is so.</returns>
    /// <exception cref="ArgumentException">An index is no cell of its window.</exception>
    public static bool TryMove<T>(in Geometry geometry, T* winners, long* indices, T* cells, PoolOptions? options)
        where T : unmanaged
    {
        Geometry flat = Flat(geometry);
        if (!IsDisjoint(flat) || sizeof(T) is not (1 or 2 or 4 or 8) || flat.InputPlane >= int.MaxValue) return false;
        Moved(Shorter(flat), winners, indices, cells, options);
        return true;
    }

    /// <summary>The gradient of a mean, by kernels that add up in lanes.</summary>
    /// <typeparam name="T">A cell.</typeparam>
    /// <typeparam name="TLane">What a gradient is divided in.</typeparam>
    /// <typeparam name="TSum">What several are added up in.</typeparam>
    public static void Mean<T, TLane, TSum>(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TSum : unmanaged, INumber<TSum>
    {
        Geometry flat = Flat(geometry);
        (bool countPadding, long divisor) = (divisors.CountsPadding, divisors.Uniform);
        if (!Vector128.IsHardwareAccelerated)
        {
            Gather<T, TSum>(geometry, gradOutput, gradInput, divisors, options);
            return;
        }
        bool isDisjoint = IsDisjoint(flat) && Math.Max(Math.Abs(divisor), geometry.MostTaps) <= ExactInFloat;
        if (!isDisjoint && divisor != 0 && LatticeMean<T, TLane, TSum>.TryFind(flat, out Geometry lattice))
        {
            Crew.Run(new LatticeMean<T, TLane, TSum>(flat, lattice, gradOutput, gradInput, divisors), options);
            return;
        }
        Geometry window = isDisjoint ? Shorter(divisor == 0 ? geometry.AsSliding() : Longer(flat, sizeof(T) < sizeof(TLane) && flat.Width.Kernel < LongWindow ? ShortTable : ShortLine)) : geometry.AsSliding();
        Choice choice = Choose<T, TLane, TSum>(window, isDisjoint, divisor);
        switch (choice.Kernel)
        {
            case GradientKernel.PhaseSpread when isDisjoint: SpreadPhases<T, TLane>(window, gradOutput, gradInput, divisors, options); break;
            case GradientKernel.PhaseSpread: SpreadPhases<T, TSum>(window, gradOutput, gradInput, divisors, options); break;
            case GradientKernel.ShareGather: GatherShares<T, TLane>(window, gradOutput, gradInput, new(countPadding, divisor, window, ordered: false), options); break;
            case GradientKernel.PlaneSpread: SpreadPlanes<T, TSum>(window, gradOutput, gradInput, divisors, options); break;
            case GradientKernel.MeanShare: Share<T, TLane>(window, gradOutput, gradInput, new(countPadding, divisor, window, ordered: false), options); break;
            case GradientKernel.StretchedMean: Stretch<T, TSum>(window, gradOutput, gradInput, (int)divisor, options); break;
            default: Spread<T, TSum>(window, gradOutput, gradInput, divisors, choice, options); break;
        }
    }

    /// <summary>What is best for a mean, remembered.</summary>
    private static Choice Choose<T, TLane, TSum>(in Geometry geometry, bool isDisjoint, long divisor)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TSum : unmanaged, INumber<TSum>
    {
        int kind = sizeof(T) | (sizeof(TLane) << 4) | (sizeof(TSum) << 8) | (isDisjoint ? 1 << 12 : 0) | (divisor != 0 ? 1 << 13 : 0) | (divisor is > 0 and <= int.MaxValue ? 1 << 14 : 0) | (KnownFolds.IsWhole<T>() ? 1 << 15 : 0);
        ref (Geometry Geometry, int Kind, Choice Choice) known = ref (t_chosen ??= new (Geometry, int, Choice)[Planner.Remembered])[Planner.Place(geometry, kind)];
        if (known.Kind != kind || known.Geometry != geometry) known = (geometry, kind, Cheapest<T, TLane, TSum>(geometry, isDisjoint, divisor));
        return known.Choice;
    }

    private static Choice Cheapest<T, TLane, TSum>(in Geometry geometry, bool isDisjoint, long divisor)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TSum : unmanaged, INumber<TSum>
    {
        int lanes = Planner.Lanes(sizeof(TSum)), shareLanes = Planner.Lanes(sizeof(TLane));
        bool narrows = sizeof(T) < sizeof(TLane), isWhole = KnownFolds.IsWhole<T>();
        double rounding = narrows ? GradientCost.Rounding(geometry, shareLanes) : 0;
        Choice best = new(GradientKernel.RowSpread, RowStep.Scatter, 0, double.PositiveInfinity);
        // Whole numbers that are divided one by one are not added up.
        if (!isWhole || divisor != 0 || !isDisjoint)
        {
            if (PlaneSpread<T, TSum, Lanes128<TSum>>.Fits(geometry)) Take(GradientKernel.PlaneSpread, GradientCost.PlaneSpread(geometry, lanes));
            if (!isDisjoint && FitsPhases<T, TSum>(geometry)) Take(GradientKernel.PhaseSpread, GradientCost.PhaseSpread(geometry, lanes, narrows, isWhole));
            for (RowStep step = RowStep.Phases; step <= RowStep.Channels; step++)
            {
                // What fills no wide register is better off with a narrow one.
                int bytes = RegisterBytes(step, geometry, sizeof(TSum));
                if (GradientCost.Fits(step, geometry, bytes / sizeof(TSum), sizeof(TSum))) Take(GradientKernel.RowSpread, GradientCost.RowSpread(step, geometry, bytes / sizeof(TSum)), step, bytes);
            }
        }
        if (isDisjoint)
        {
            Take(GradientKernel.MeanShare, GradientCost.MeanShare(geometry, sizeof(T), shareLanes, narrows));
            bool fitsPhases = FitsPhases<T, TLane>(geometry);
            // Past the caches it costs more to write what is divided and read it again.
            if (FitsShares<T>(geometry) && (narrows || !fitsPhases || !Streams<T>(geometry, sizeof(T)))) Take(GradientKernel.ShareGather, GradientCost.ShareGather(geometry, Planner.Lanes(PicksCells<T>(geometry) ? sizeof(T) : sizeof(uint)), shareLanes, narrows));
            if (fitsPhases) Take(GradientKernel.PhaseSpread, GradientCost.PhaseSpread(geometry, shareLanes, narrows, isWhole));
        }
        if (divisor is > 0 and <= int.MaxValue && geometry.OutputPlane > 1 && TryStretch(geometry, out Geometry stretched))
        {
            bool ordered = Pool.AddsInOrder<T>(stretched);
            int meanBytes = KnownFolds.LaneBytes<T>(stretched, average: true, ordered);
            if (MovesByOne(geometry)) Take(GradientKernel.StretchedMean, GradientCost.StretchedMean(geometry, stretched, sizeof(T), meanBytes, ordered, planes: 0));
            else if (StretchedMean<T, TSum>.Fits(stretched)) Take(GradientKernel.StretchedMean, GradientCost.StretchedMean(geometry, stretched, sizeof(T), meanBytes, ordered, StretchedMean<T, TSum>.Planes(stretched)));
        }
        return best;

        void Take(GradientKernel kernel, double cost, RowStep step = default, int registerBytes = 0)
        {
            if (kernel is GradientKernel.PlaneSpread or GradientKernel.RowSpread) cost += rounding;
            if (cost < best.Cost) best = new(kernel, step, registerBytes, cost);
        }
    }

    /// <summary>The widest register that <see cref="RowSpread{T, TLane, TVector}"/> can fill.</summary>
    private static int RegisterBytes(RowStep step, in Geometry geometry, int laneBytes)
    {
        long run = laneBytes * step switch
        {
            RowStep.Channels => geometry.Inner,
            RowStep.Phases => geometry.Width.OutputLength * geometry.Inner,
            _ => geometry.Width.InputLength * geometry.Inner,
        };
        return Vector512.IsHardwareAccelerated && run >= WidestRegister ? WidestRegister : Vector256.IsHardwareAccelerated && (geometry.Inner == 1 || run >= WiderRegister) ? WiderRegister : NarrowestRegister;
    }

    /// <summary>Of whole numbers: where windows that overlap differ, nothing is dropped before all has been added up, as long as that is exact.</summary>
    private static void Wholes<T>(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors, PoolOptions? options)
        where T : unmanaged, INumber<T>
    {
        bool isDisjoint = IsDisjoint(Flat(geometry));
        long divisor = divisors.Uniform;
        Int128 most = (Int128)geometry.MostOutputs << (8 * sizeof(T));
        if (divisor == 0 && !isDisjoint)
        {
            if (most > ExactInDouble || Divisors.Whole(geometry, divisors.CountsPadding, (long)(ExactInDouble / most)) is not { } whole) Gather<T, double>(geometry, gradOutput, gradInput, divisors, options);
            else if (sizeof(T) < sizeof(int) && most * whole.Last <= ExactInFloat) Mean<T, int, int>(geometry, gradOutput, gradInput, whole, options);
            else Mean<T, double, double>(geometry, gradOutput, gradInput, whole, options);
        }
        else if ((divisor == 0 && geometry.MostTaps > ExactInFloat) || most > (sizeof(T) < sizeof(int) ? ExactInFloat : ExactInDouble)) Gather<T, double>(geometry, gradOutput, gradInput, divisors, options);
        else if (!isDisjoint && divisor is > 0 and <= int.MaxValue && TryReverse(geometry.AsSliding(), out Geometry reversed))
            Planner.Fold<T, long, Mean<T, long>>(reversed, gradOutput, gradInput, new(countPadding: false, (int)divisor), ordered: false, options);
        else if (typeof(T) == typeof(byte) && IsFew(geometry, divisor)) Mean<T, ushort, ushort>(geometry, gradOutput, gradInput, divisors, options);
        else if (typeof(T) == typeof(sbyte) && IsFew(geometry, divisor)) Mean<T, short, short>(geometry, gradOutput, gradInput, divisors, options);
        else if (sizeof(T) < sizeof(int)) Mean<T, int, int>(geometry, gradOutput, gradInput, divisors, options);
        else Mean<T, double, double>(geometry, gradOutput, gradInput, divisors, options);
    }

    /// <summary>Whether lanes of 16 bits, which the kernels must be able to pick, can carry the gradient of a mean of bytes, and none is beyond them.</summary>
    public static bool IsFew(in Geometry geometry, long divisor) => Lanes128<ushort>.LooksAhead && divisor >= geometry.MostOutputs && divisor <= KnownFolds.FewBytes;

    /// <summary>Whether registers pick cells of this length, or channels come last and none need be picked; else lanes of four bytes are picked instead.</summary>
    private static bool PicksCells<T>(in Geometry geometry)
        where T : unmanaged => sizeof(T) switch
    {
        sizeof(byte) => Lanes128<byte>.LooksAhead || geometry.Inner >= NarrowestRegister,
        sizeof(ushort) => Lanes128<ushort>.LooksAhead || geometry.Inner >= NarrowestRegister / sizeof(ushort),
        _ => true,
    };

    private static bool FitsShares<T>(in Geometry geometry)
        where T : unmanaged => !PicksCells<T>(geometry) ? FitsShares<T, uint>(geometry) : sizeof(T) switch
    {
        sizeof(byte) => FitsShares<T, byte>(geometry),
        sizeof(ushort) => FitsShares<T, ushort>(geometry),
        sizeof(uint) => FitsShares<T, uint>(geometry),
        _ => FitsShares<T, ulong>(geometry),
    };

    private static bool FitsShares<T, TPick>(in Geometry geometry)
        where T : unmanaged
        where TPick : unmanaged, IBinaryInteger<TPick> =>
        (Vector512.IsHardwareAccelerated && ShareGather<float, float, Total<float, float>, Lanes512<float>, T, TPick, Lanes512<TPick>>.Fits(geometry))
        || (Vector256.IsHardwareAccelerated && ShareGather<float, float, Total<float, float>, Lanes256<float>, T, TPick, Lanes256<TPick>>.Fits(geometry))
        || ShareGather<float, float, Total<float, float>, Lanes128<float>, T, TPick, Lanes128<TPick>>.Fits(geometry);

    private static void GatherShares<T, TLane>(in Geometry geometry, T* gradOutput, T* gradInput, Total<T, TLane> total, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
    {
        // Windows that differ are divided as those inside, but for the few at the ends; in small planes, which are done at once, each as it asks for.
        bool corrects = total.UniformCount == 0 && geometry.OutputPlane * geometry.Inner > GradientCost.MostGathered;
        long divisor = corrects ? Inside(geometry) : total.UniformCount;
        if (typeof(T) == typeof(Half) && divisor is > 0 and <= HalfTotal.MostTaps)
            GatherShares<Half, float, HalfTotal>(geometry, (Half*)gradOutput, (Half*)gradInput, new(total.CountsPadding, divisor, s_alone, ordered: false), new(total.CountsPadding, total.UniformCount, geometry, ordered: false), options);
        else GatherShares<T, TLane, Total<T, TLane>>(geometry, gradOutput, gradInput, corrects ? InsideTotal<T, TLane>(geometry, total.CountsPadding) : total, total, options);
    }

    /// <summary>The divisor of a window inside.</summary>
    private static long Inside(in Geometry geometry) => geometry.Depth.Kernel * geometry.Height.Kernel * geometry.Width.Kernel;

    /// <summary>Divides as if every window were inside.</summary>
    public static Total<T, TLane> InsideTotal<T, TLane>(in Geometry geometry, bool countsPadding)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane> => new(countsPadding, Inside(geometry), s_alone, ordered: false);

    private static void GatherShares<T, TLane, TFold>(in Geometry geometry, T* gradOutput, T* gradInput, TFold fold, Total<T, TLane> total, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TFold : struct, IFold<T, TLane>
    {
        bool picksCells = PicksCells<T>(geometry);
        if (sizeof(T) == sizeof(ulong)) GatherShares<T, TLane, TFold, ulong, ulong>(geometry, gradOutput, gradInput, fold, total, options);
        else if (sizeof(T) == sizeof(uint)) GatherShares<T, TLane, TFold, uint, uint>(geometry, gradOutput, gradInput, fold, total, options);
        else if (sizeof(T) == sizeof(ushort) && picksCells) GatherShares<T, TLane, TFold, ushort, ushort>(geometry, gradOutput, gradInput, fold, total, options);
        else if (sizeof(T) == sizeof(ushort)) GatherShares<T, TLane, TFold, ushort, uint>(geometry, gradOutput, gradInput, fold, total, options);
        else if (picksCells) GatherShares<T, TLane, TFold, byte, byte>(geometry, gradOutput, gradInput, fold, total, options);
        else GatherShares<T, TLane, TFold, byte, uint>(geometry, gradOutput, gradInput, fold, total, options);
    }

    private static void GatherShares<T, TLane, TFold, TBits, TPick>(in Geometry geometry, T* gradOutput, T* gradInput, TFold fold, Total<T, TLane> total, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TFold : struct, IFold<T, TLane>
        where TBits : unmanaged
        where TPick : unmanaged, IBinaryInteger<TPick>
    {
        if (Vector512.IsHardwareAccelerated && ShareGather<T, TLane, TFold, Lanes512<TLane>, TBits, TPick, Lanes512<TPick>>.Fits(geometry))
            Crew.Run(new ShareGather<T, TLane, TFold, Lanes512<TLane>, TBits, TPick, Lanes512<TPick>>(geometry, gradOutput, gradInput, fold, total), options);
        else if (Vector256.IsHardwareAccelerated && ShareGather<T, TLane, TFold, Lanes256<TLane>, TBits, TPick, Lanes256<TPick>>.Fits(geometry))
            Crew.Run(new ShareGather<T, TLane, TFold, Lanes256<TLane>, TBits, TPick, Lanes256<TPick>>(geometry, gradOutput, gradInput, fold, total), options);
        else
            Crew.Run(new ShareGather<T, TLane, TFold, Lanes128<TLane>, TBits, TPick, Lanes128<TPick>>(geometry, gradOutput, gradInput, fold, total), options);
    }

    private static void Share<T, TLane>(in Geometry geometry, T* gradOutput, T* gradInput, Total<T, TLane> total, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
    {
        long row = geometry.Width.OutputLength * geometry.Inner;
        if (Vector512.IsHardwareAccelerated && row >= Vector512<TLane>.Count)
            Crew.Run(new Disjoint<T, MeanShare<T, TLane, Lanes512<TLane>>>(geometry, gradInput, new(geometry, gradOutput, gradInput, total), streams: false), options);
        else if (Vector256.IsHardwareAccelerated && row >= Vector256<TLane>.Count)
            Crew.Run(new Disjoint<T, MeanShare<T, TLane, Lanes256<TLane>>>(geometry, gradInput, new(geometry, gradOutput, gradInput, total), streams: false), options);
        else
            Crew.Run(new Disjoint<T, MeanShare<T, TLane, Lanes128<TLane>>>(geometry, gradInput, new(geometry, gradOutput, gradInput, total), streams: false), options);
    }

    private static void Stretch<T, TSum>(in Geometry geometry, T* gradOutput, T* gradInput, int divisor, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        TryStretch(geometry, out Geometry stretched);
        if (!MovesByOne(geometry)) Crew.Run(new StretchedMean<T, TSum>(geometry, stretched, gradOutput, gradInput, divisor), options);
        else StretchedMean<T, TSum>.Fold(stretched, gradOutput, gradInput, divisor, options);
    }

    private static void Spread<T, TSum>(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors, Choice choice, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        if (Vector512.IsHardwareAccelerated && choice.RegisterBytes == WidestRegister)
            Crew.Run(new RowSpread<T, TSum, Lanes512<TSum>>(geometry, gradOutput, gradInput, divisors, choice.Step), options);
        else if (Vector256.IsHardwareAccelerated && choice.RegisterBytes == WiderRegister)
            Crew.Run(new RowSpread<T, TSum, Lanes256<TSum>>(geometry, gradOutput, gradInput, divisors, choice.Step), options);
        else
            Crew.Run(new RowSpread<T, TSum, Lanes128<TSum>>(geometry, gradOutput, gradInput, divisors, choice.Step), options);
    }

    private static bool FitsPhases<T, TSum>(in Geometry geometry)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum> =>
        (Vector512.IsHardwareAccelerated && PhaseSpread<T, TSum, Total<T, TSum>, Lanes512<TSum>>.Fits(geometry)) || (Vector256.IsHardwareAccelerated && PhaseSpread<T, TSum, Total<T, TSum>, Lanes256<TSum>>.Fits(geometry))
        || PhaseSpread<T, TSum, Total<T, TSum>, Lanes128<TSum>>.Fits(geometry);

    private static void SpreadPhases<T, TSum>(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        if (typeof(T) == typeof(Half) && divisors.Uniform is > 0 and <= HalfTotal.MostTaps)
            SpreadPhases<Half, float, HalfTotal>(geometry, (Half*)gradOutput, (Half*)gradInput, new(divisors.CountsPadding, divisors.Uniform, geometry, ordered: false), divisors, options);
        else SpreadPhases<T, TSum, Total<T, TSum>>(geometry, gradOutput, gradInput, PhaseSpread<T, TSum, Total<T, TSum>, Lanes128<TSum>>.Exact(geometry, divisors), divisors, options);
    }

    private static void SpreadPhases<T, TSum, TFold>(in Geometry geometry, T* gradOutput, T* gradInput, TFold fold, in Divisors divisors, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TFold : struct, IFold<T, TSum>
    {
        if (Vector512.IsHardwareAccelerated && PhaseSpread<T, TSum, TFold, Lanes512<TSum>>.Fits(geometry))
            Crew.Run(new PhaseSpread<T, TSum, TFold, Lanes512<TSum>>(geometry, gradOutput, gradInput, fold, divisors), options);
        else if (Vector256.IsHardwareAccelerated && PhaseSpread<T, TSum, TFold, Lanes256<TSum>>.Fits(geometry))
            Crew.Run(new PhaseSpread<T, TSum, TFold, Lanes256<TSum>>(geometry, gradOutput, gradInput, fold, divisors), options);
        else
            Crew.Run(new PhaseSpread<T, TSum, TFold, Lanes128<TSum>>(geometry, gradOutput, gradInput, fold, divisors), options);
    }

    private static void SpreadPlanes<T, TSum>(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        if (Vector512.IsHardwareAccelerated && geometry.Width.InputLength >= Vector512<TSum>.Count)
            Crew.Run(new PlaneSpread<T, TSum, Lanes512<TSum>>(geometry, gradOutput, gradInput, divisors), options);
        else if (Vector256.IsHardwareAccelerated && geometry.Width.InputLength >= Vector256<TSum>.Count)
            Crew.Run(new PlaneSpread<T, TSum, Lanes256<TSum>>(geometry, gradOutput, gradInput, divisors), options);
        else
            Crew.Run(new PlaneSpread<T, TSum, Lanes128<TSum>>(geometry, gradOutput, gradInput, divisors), options);
    }

    private static void Gather<T, TSum>(in Geometry geometry, T* gradOutput, T* gradInput, in Divisors divisors, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum> =>
        Crew.Run(new GatherWalk<T, TSum, MeanGradient<T, TSum>>(geometry, gradInput, new(gradOutput, divisors)), options);

    private static void Moved<T>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(byte) && FitsPicked<byte, ushort>(geometry)) Picked<byte, ushort>(geometry, (byte*)gradOutput, indices, (byte*)gradInput, options);
        else if (sizeof(T) == sizeof(ushort) && FitsPicked<ushort, ushort>(geometry)) Picked<ushort, ushort>(geometry, (ushort*)gradOutput, indices, (ushort*)gradInput, options);
        else if (sizeof(T) == sizeof(uint) && FitsPicked<uint, uint>(geometry)) Picked<uint, uint>(geometry, (uint*)gradOutput, indices, (uint*)gradInput, options);
        else if (sizeof(T) == sizeof(byte)) Moved<byte, uint>(geometry, (byte*)gradOutput, indices, (byte*)gradInput, options);
        else if (sizeof(T) == sizeof(ushort)) Moved<ushort, uint>(geometry, (ushort*)gradOutput, indices, (ushort*)gradInput, options);
        else if (sizeof(T) == sizeof(uint)) Moved<uint, uint>(geometry, (uint*)gradOutput, indices, (uint*)gradInput, options);
        else Moved<ulong, ulong>(geometry, (ulong*)gradOutput, indices, (ulong*)gradInput, options);
    }

    private static bool FitsPicked<TBits, TLane>(in Geometry geometry)
        where TBits : unmanaged, INumber<TBits>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane> =>
        Vector512.IsHardwareAccelerated && geometry.Outer >= FewestPicked && geometry.InputPlane < MostCellsPicked * geometry.OutputPlane
        && (geometry.Height.InputLength == 1 || (sizeof(TBits) < sizeof(uint) && geometry.Width.OutputLength <= MostInPickedRow)) && PickedPlane<TBits, TLane, Lanes512<TLane>, Lanes512<uint>>.Fits(geometry);

    private static void Picked<TBits, TLane>(in Geometry geometry, TBits* gradOutput, long* indices, TBits* gradInput, PoolOptions? options)
        where TBits : unmanaged, INumber<TBits>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane> =>
        Crew.Run(new PickedPlane<TBits, TLane, Lanes512<TLane>, Lanes512<uint>>(geometry, gradOutput, indices, gradInput), options);

    private static void Moved<TBits, TLane>(in Geometry geometry, TBits* gradOutput, long* indices, TBits* gradInput, PoolOptions? options)
        where TBits : unmanaged, INumber<TBits>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    {
        long row = geometry.Width.OutputLength * geometry.Inner;
        bool streams = Streams<TBits>(geometry, sizeof(TBits) + sizeof(long));
        if (SetsWinners<TBits>(geometry, streams))
        {
            Planes<TBits, TBits>(geometry, gradOutput, indices, gradInput, options);
            return;
        }
        if (!WinnerShare<TBits, TLane, Lanes128<TLane>>.ArePairs(geometry) && PickedShare<TBits, TLane, Lanes128<TLane>>.Fits(geometry))
        {
            bool lines = streams && PickedShare<TBits, TLane, Lanes128<TLane>>.HasLines(geometry, gradInput);
            if (Vector512.IsHardwareAccelerated && PickedShare<TBits, TLane, Lanes512<TLane>>.Fits(geometry))
                Crew.Run(new Disjoint<TBits, PickedShare<TBits, TLane, Lanes512<TLane>>>(geometry, gradInput, new(geometry, gradOutput, indices, lines), streams && !lines), options);
            else if (Vector256.IsHardwareAccelerated && PickedShare<TBits, TLane, Lanes256<TLane>>.Fits(geometry))
                Crew.Run(new Disjoint<TBits, PickedShare<TBits, TLane, Lanes256<TLane>>>(geometry, gradInput, new(geometry, gradOutput, indices, lines), streams && !lines), options);
            else
                Crew.Run(new Disjoint<TBits, PickedShare<TBits, TLane, Lanes128<TLane>>>(geometry, gradInput, new(geometry, gradOutput, indices, lines), streams && !lines), options);
            return;
        }
        // Twice as many lanes.
        if (sizeof(TBits) < sizeof(uint) && Compared<TBits>(geometry, gradOutput, indices, gradInput, streams, options)) return;
        if (Vector512.IsHardwareAccelerated && row >= Vector512<TLane>.Count)
            Crew.Run(new Disjoint<TBits, WinnerShare<TBits, TLane, Lanes512<TLane>>>(geometry, gradInput, new(geometry, gradOutput, indices, streams), streams), options);
        else if (Vector256.IsHardwareAccelerated && row >= Vector256<TLane>.Count)
            Crew.Run(new Disjoint<TBits, WinnerShare<TBits, TLane, Lanes256<TLane>>>(geometry, gradInput, new(geometry, gradOutput, indices, streams), streams), options);
        else
            Crew.Run(new Disjoint<TBits, WinnerShare<TBits, TLane, Lanes128<TLane>>>(geometry, gradInput, new(geometry, gradOutput, indices, streams), streams), options);
    }

    /// <summary>Winners that are compared in lanes of two bytes, where these do.</summary>
    private static bool Compared<TBits>(in Geometry geometry, TBits* gradOutput, long* indices, TBits* gradInput, bool streams, PoolOptions? options)
        where TBits : unmanaged
    {
        if (Vector512.IsHardwareAccelerated && WinnerShare<TBits, ushort, Lanes512<ushort>>.Compares(geometry))
            Crew.Run(new Disjoint<TBits, WinnerShare<TBits, ushort, Lanes512<ushort>>>(geometry, gradInput, new(geometry, gradOutput, indices, streams), streams), options);
        else if (Vector256.IsHardwareAccelerated && WinnerShare<TBits, ushort, Lanes256<ushort>>.Compares(geometry))
            Crew.Run(new Disjoint<TBits, WinnerShare<TBits, ushort, Lanes256<ushort>>>(geometry, gradInput, new(geometry, gradOutput, indices, streams), streams), options);
        else if (Vector128.IsHardwareAccelerated && WinnerShare<TBits, ushort, Lanes128<ushort>>.Compares(geometry))
            Crew.Run(new Disjoint<TBits, WinnerShare<TBits, ushort, Lanes128<ushort>>>(geometry, gradInput, new(geometry, gradOutput, indices, streams), streams), options);
        else
            return false;
        return true;
    }

    /// <summary>Whether windows that do not overlap are so few in a row, or in a plane, that the rows cost more than they.</summary>
    private static bool AreFew(in Geometry geometry, bool streams)
    {
        bool isBeside = geometry.Height.Kernel == geometry.Height.Stride, inBands = isBeside && geometry.Height.Tiles;
        if (isBeside && streams) return geometry.Width.OutputLength < FewestStreamed;
        return geometry.Width.OutputLength < (inBands ? FewestInBand : FewestApart) || geometry.InputPlane / geometry.OutputPlane >= (inBands ? MostCellsInBand : MostCellsApart);
    }

    /// <summary>Whether setting winners in zeros costs less than comparing the cells of a window with them: they are few, or registers hold little.</summary>
    private static bool SetsWinners<TBits>(in Geometry geometry, bool streams)
        where TBits : unmanaged, INumber<TBits>
    {
        if (!PlaneScatter<TBits, TBits, uint, Lanes128<uint>>.Fits(geometry)) return false;
        if (!Vector256.IsHardwareAccelerated && geometry.MostTaps > FewTaps) return true;
        return AreFew(geometry, streams)
            && (PlaneScatter<TBits, TBits, uint, Lanes128<uint>>.IsSmall(geometry) || (!streams && geometry.InputPlane >= ManyCells * geometry.OutputPlane));
    }

    /// <summary>One winner for each plane, all else zeros.</summary>
    private static void PlaneWinners<T>(Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged
    {
        long cells = geometry.InputPlane;
        Crew.Run(new EachUnit(geometry.Outer, (cells + 1) * sizeof(T) + sizeof(long), (first, end) =>
        {
            // Some planes at a time, so that what was set to zeros is still near.
            for (long next; first < end; first = next)
            {
                next = Math.Min(end, first + Math.Max(1, ShortLine / cells));
                NativeMemory.Clear(gradInput + first * cells, (nuint)((next - first) * cells * sizeof(T)));
                for (long plane = first; plane < next; plane++)
                {
                    if ((ulong)indices[plane] < (ulong)cells) gradInput[plane * cells + indices[plane]] = gradOutput[plane];
                    else if (indices[plane] != -1) WindowIndices.Check(geometry, indices);
                }
            }
        }), options);
    }

    private static void Channels<T, TSum, TLane>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    {
        bool streams = Streams<T>(geometry, sizeof(T) + sizeof(long));
        if (Vector512.IsHardwareAccelerated) Crew.Run(new LargeUnits<ChannelWinners<T, TSum, TLane, Lanes512<TSum>, Lanes512<TLane>>>(new(geometry, gradOutput, indices, gradInput, streams)), options);
        else if (Vector256.IsHardwareAccelerated) Crew.Run(new LargeUnits<ChannelWinners<T, TSum, TLane, Lanes256<TSum>, Lanes256<TLane>>>(new(geometry, gradOutput, indices, gradInput, streams)), options);
        else Crew.Run(new LargeUnits<ChannelWinners<T, TSum, TLane, Lanes128<TSum>, Lanes128<TLane>>>(new(geometry, gradOutput, indices, gradInput, streams)), options);
    }

    private static void Planes<T, TSum>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        bool isSmall = PlaneScatter<T, TSum, uint, Lanes128<uint>>.IsSmall(geometry);
        long run = isSmall ? long.MaxValue : geometry.Width.OutputLength;
        if (Vector512.IsHardwareAccelerated && run >= Vector512<uint>.Count) Crew.Run(new PlaneScatter<T, TSum, uint, Lanes512<uint>>(geometry, gradOutput, indices, gradInput, isSmall), options);
        else if (Vector256.IsHardwareAccelerated && run >= Vector256<uint>.Count) Crew.Run(new PlaneScatter<T, TSum, uint, Lanes256<uint>>(geometry, gradOutput, indices, gradInput, isSmall), options);
        else Crew.Run(new PlaneScatter<T, TSum, uint, Lanes128<uint>>(geometry, gradOutput, indices, gradInput, isSmall), options);
    }

    /// <summary>Of windows that overlap.</summary>
    /// <typeparam name="T">A cell.</typeparam>
    /// <typeparam name="TSum">What gradients are added up in.</typeparam>
    /// <typeparam name="TLane">A whole number as long as <typeparamref name="TSum"/>.</typeparam>
    private static void Added<T, TSum, TLane>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    {
        bool fitsPlanes = PlaneScatter<T, TSum, uint, Lanes128<uint>>.Fits(geometry);
        if (FitsChannels<T, TSum, TLane>(geometry)) Channels<T, TSum, TLane>(geometry, gradOutput, indices, gradInput, options);
        else if (PlaneScatter<T, TSum, uint, Lanes128<uint>>.IsSmall(geometry)) Planes<T, TSum>(geometry, gradOutput, indices, gradInput, options);
        else if (FitsRows<T, TSum, TLane>(geometry) && (IsWonSooner<T>(geometry) || !fitsPlanes)) WonRows<T, TSum, TLane>(geometry, gradOutput, indices, gradInput, options);
        else if (fitsPlanes) Planes<T, TSum>(geometry, gradOutput, indices, gradInput, options);
        else Scatter<T, TSum>(geometry, gradOutput, indices, gradInput, options);
    }

    // Halves take registers of 128 bits so many steps that each is sooner added where it belongs, while one band of sums is the whole plane.
    private static bool FitsChannels<T, TSum, TLane>(in Geometry geometry)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane> =>
        (geometry.InputPlane < int.MaxValue || sizeof(TLane) == sizeof(long)) && ChannelWinners<T, TSum, TLane, Lanes512<TSum>, Lanes512<TLane>>.Fits(geometry)
        && GradientCost.ChannelWinners(geometry) < GradientCost.IndexScatter(geometry)
        && (typeof(T) != typeof(Half) || Vector256.IsHardwareAccelerated || geometry.InputPlane * geometry.Inner * sizeof(TSum) > BandBytes);

    /// <summary>Whether registers look at so many cells at a time that winners are sooner looked for than each is added where it belongs.</summary>
    private static bool IsWonSooner<T>(in Geometry geometry)
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated || geometry.Width.Dilation > 1 || (Vector256.IsHardwareAccelerated && (geometry.MostTaps <= FewWonTaps || Streams<T>(geometry, sizeof(T) + sizeof(long))));

    private static bool FitsRows<T, TSum, TLane>(in Geometry geometry)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane> =>
        Vector128.IsHardwareAccelerated && geometry.InputPlane < int.MaxValue && geometry.Width.OutputLength >= LeastWonRow && RowWinners<T, TSum, TLane, Lanes512<TSum>, Lanes512<TLane>>.Fits(geometry);

    private static void WonRows<T, TSum, TLane>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    {
        bool streams = Streams<T>(geometry, sizeof(T) + sizeof(long));
        if (Vector512.IsHardwareAccelerated) Crew.Run(new LargeUnits<RowWinners<T, TSum, TLane, Lanes512<TSum>, Lanes512<TLane>>>(new(geometry, gradOutput, indices, gradInput, WonBandBytes, streams)), options);
        else if (Vector256.IsHardwareAccelerated) Crew.Run(new LargeUnits<RowWinners<T, TSum, TLane, Lanes256<TSum>, Lanes256<TLane>>>(new(geometry, gradOutput, indices, gradInput, WonBandBytes, streams)), options);
        else Crew.Run(new LargeUnits<RowWinners<T, TSum, TLane, Lanes128<TSum>, Lanes128<TLane>>>(new(geometry, gradOutput, indices, gradInput, WonBandBytes, streams)), options);
    }

    private static void Scatter<T, TSum>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        if (geometry.InputPlane < int.MaxValue) Scatter<T, TSum, uint>(geometry, gradOutput, indices, gradInput, options);
        else Scatter<T, TSum, ulong>(geometry, gradOutput, indices, gradInput, options);
    }

    private static void Scatter<T, TSum, TLane>(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    {
        long row = geometry.Width.OutputLength * geometry.Inner;
        long band = geometry.Outer >= (options?.Threads ?? Environment.ProcessorCount) ? MostBandBytes : BandBytes;
        bool streams = Streams<T>(geometry, sizeof(T) + sizeof(long));
        if (Vector512.IsHardwareAccelerated && row >= Vector512<TLane>.Count) Crew.Run(new IndexScatter<T, TSum, TLane, Lanes512<TLane>>(geometry, gradOutput, indices, gradInput, streams, band), options);
        else if (Vector256.IsHardwareAccelerated && row >= Vector256<TLane>.Count) Crew.Run(new IndexScatter<T, TSum, TLane, Lanes256<TLane>>(geometry, gradOutput, indices, gradInput, streams, band), options);
        else Crew.Run(new IndexScatter<T, TSum, TLane, Lanes128<TLane>>(geometry, gradOutput, indices, gradInput, streams, band), options);
    }

    /// <summary>The window as a mean over the gradients: where windows move by one, a cell is tapped by as many neighbouring outputs as a window has taps.</summary>
    public static bool TryReverse(in Geometry geometry, out Geometry reversed) =>
        TryStretch(geometry, out reversed) && MovesByOne(geometry);

    /// <summary>The same over gradients that are as far apart as windows move, with zeros between them.</summary>
    public static bool TryStretch(in Geometry geometry, out Geometry reversed)
    {
        reversed = geometry;
        if (!Slides(geometry.Depth) || !Slides(geometry.Height) || !Slides(geometry.Width)) return false;
        reversed = geometry with { Depth = geometry.Depth.Reverse(), Height = geometry.Height.Reverse(), Width = geometry.Width.Reverse() };
        return true;

        static bool Slides(in Axis axis) => !axis.IsAdaptive && axis.PaddingBefore < axis.EffectiveKernel && axis.Start(axis.OutputLength - 1) < axis.InputLength;
    }

    private static bool MovesByOne(in Geometry geometry) => MovesByOne(geometry.Depth) && MovesByOne(geometry.Height) && MovesByOne(geometry.Width);

    private static bool MovesByOne(in Axis axis) => axis.OutputLength > 1 ? axis.Stride == 1 : axis is { Kernel: 1, InputLength: 1 };

    /// <summary>The same as one long axis, where one window covers the whole plane.</summary>
    private static Geometry Flat(in Geometry geometry) =>
        geometry.Depth.IsWhole && geometry.Height.IsWhole && geometry.Width.IsWhole
            ? geometry with { Depth = Axis.Unit, Height = Axis.Unit, Width = Axis.Global(geometry.InputPlane) }
            : geometry.AsSliding();

    /// <summary>The same with several short lines end to end, where windows tile them without rest.</summary>
    private static Geometry Longer(in Geometry geometry, long shortLine)
    {
        if (geometry.Inner > 1 || !geometry.Width.Tiles || geometry is not { Depth: { InputLength: 1, OutputLength: 1 }, Height: { InputLength: 1, OutputLength: 1 } }) return geometry;
        long lines = Math.Min(geometry.Outer, Math.Max(1, shortLine / geometry.Width.InputLength));
        while (geometry.Outer % lines != 0) lines--;
        return geometry with { Outer = geometry.Outer / lines, Width = geometry.Width.Repeat(lines) };
    }

    /// <summary>The same with a long line of pairs cut into rows of a plane, whose indices are the same, so that a row is done aside.</summary>
    private static Geometry Shorter(in Geometry geometry)
    {
        Axis width = geometry.Width;
        if (geometry.Inner > 1 || !width.Tiles || width.Stride != 2
            || geometry is not { Depth: { InputLength: 1, OutputLength: 1, StaysInside: true }, Height: { InputLength: 1, OutputLength: 1, StaysInside: true } }) return geometry;
        long row = Math.Min(width.OutputLength, ShortRow);
        while (row > 1 && width.OutputLength % row != 0) row--;
        if (row < FewestInRow) return geometry;
        return geometry with { Height = Axis.Sliding(width.OutputLength / row, 1, 1, 1, 0, 0, false), Width = Axis.Sliding(row * width.Stride, width.Kernel, width.Stride, width.Dilation, 0, 0, false) };
    }

    /// <summary>Whether results go past the caches.</summary>
    private static bool Streams<T>(in Geometry geometry, int outputBytes)
        where T : unmanaged =>
        Streaming.IsWorth(geometry.Outer * geometry.Inner * (geometry.InputPlane * sizeof(T) + geometry.OutputPlane * outputBytes));

    /// <summary>Whether no two windows share a cell.</summary>
    public static bool IsDisjoint(in Geometry geometry) => IsDisjoint(geometry.Depth) && IsDisjoint(geometry.Height) && IsDisjoint(geometry.Width);

    private static bool IsDisjoint(in Axis axis) => axis.OutputLength == 1 || (!axis.IsAdaptive && axis.EffectiveKernel <= axis.Stride);

    /// <summary>What makes the gradient of a mean: a kernel, of <see cref="RowSpread{T, TLane, TVector}"/> how and in which registers, and about how many nanoseconds it takes.</summary>
    private readonly record struct Choice(GradientKernel Kernel, RowStep Step, int RegisterBytes, double Cost);
}
