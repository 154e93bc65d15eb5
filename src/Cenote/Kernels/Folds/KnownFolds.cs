using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Which reducers the kernels know by the register, for which types of cell, and in lanes of which type.</summary>
internal static unsafe class KnownFolds
{
    // What float and double divide exactly, and what int holds.
    private const long FloatSums = 1L << 24, IntSums = int.MaxValue, WideSums = 1L << 53;

    /// <summary>So many bytes a lane of 16 bits can add up, and divide by as many by multiplying.</summary>
    public const int FewBytes = 128;

    /// <summary>Runs the reducer if it is known.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="input">The cells.</param>
    /// <param name="output">Where the results go.</param>
    /// <param name="reducer">The fold.</param>
    /// <param name="ordered">Whether cells must be combined in order.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static bool TryRun<T, TAccumulator, TReducer>(
        in Geometry geometry, T* input, T* output, TReducer reducer, bool ordered, PoolOptions? options)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        if (typeof(TReducer) == typeof(Max<float>)) return Number<T, float, int>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<double>)) return Number<T, double, long>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<Half>)) return Extreme<T, Half, short>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<BFloat16>)) return Extreme<T, BFloat16, short>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<sbyte>)) return Integer<T, sbyte>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<byte>)) return Integer<T, byte>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<short>)) return Integer<T, short>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<ushort>)) return Integer<T, ushort>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<int>)) return Integer<T, int>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<uint>)) return Integer<T, uint>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<long>)) return Integer<T, long>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Max<ulong>)) return Integer<T, ulong>(geometry, input, output, options, false);
        if (typeof(TReducer) == typeof(Min<float>)) return Number<T, float, int>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<double>)) return Number<T, double, long>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<Half>)) return Extreme<T, Half, short>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<BFloat16>)) return Extreme<T, BFloat16, short>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<sbyte>)) return Integer<T, sbyte>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<byte>)) return Integer<T, byte>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<short>)) return Integer<T, short>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<ushort>)) return Integer<T, ushort>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<int>)) return Integer<T, int>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<uint>)) return Integer<T, uint>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<long>)) return Integer<T, long>(geometry, input, output, options, true);
        if (typeof(TReducer) == typeof(Min<ulong>)) return Integer<T, ulong>(geometry, input, output, options, true);

        if (reducer is Mean<float, float> f) return Total<T, float, float>(geometry, input, output, f.CountsPadding, f.Divisor, ordered, options);
        if (reducer is Mean<float, double> fd) return Total<T, float, double>(geometry, input, output, fd.CountsPadding, fd.Divisor, ordered, options);
        if (reducer is Mean<double, double> d) return Total<T, double, double>(geometry, input, output, d.CountsPadding, d.Divisor, ordered, options);
        if (reducer is Mean<Half, float> h) return Halves<T>(geometry, input, output, h.CountsPadding, h.Divisor, ordered, options);
        if (reducer is Mean<BFloat16, float> b) return Total<T, BFloat16, float>(geometry, input, output, b.CountsPadding, b.Divisor, ordered, options);
        if (IsEuclidean<float, TReducer>(reducer, geometry)) return Root<T, float, double>(geometry, input, output, options);
        if (IsEuclidean<Half, TReducer>(reducer, geometry) && FitsSingleSquares(geometry)) return Root<T, Half, float>(geometry, input, output, options);
        if (IsEuclidean<sbyte, TReducer>(reducer, geometry) && FitsSquares(geometry)) return Root<T, sbyte, int>(geometry, input, output, options);
        if (IsEuclidean<byte, TReducer>(reducer, geometry) && FitsSquares(geometry)) return Root<T, byte, int>(geometry, input, output, options);
        if (IsEuclidean<short, TReducer>(reducer, geometry)) return Root<T, short, double>(geometry, input, output, options);
        if (IsEuclidean<ushort, TReducer>(reducer, geometry)) return Root<T, ushort, double>(geometry, input, output, options);
        if (reducer is Mean<sbyte, long> i8) return Bytes<T, sbyte, short>(geometry, input, output, i8.CountsPadding, i8.Divisor, options);
        if (reducer is Mean<byte, long> u8) return Bytes<T, byte, ushort>(geometry, input, output, u8.CountsPadding, u8.Divisor, options);
        if (reducer is Mean<short, long> i16) return Whole<T, short>(geometry, input, output, i16.CountsPadding, i16.Divisor, options);
        if (reducer is Mean<ushort, long> u16) return Whole<T, ushort>(geometry, input, output, u16.CountsPadding, u16.Divisor, options);
        if (reducer is Mean<int, long> i32) return Wide<T, int>(geometry, input, output, i32.CountsPadding, i32.Divisor, options);
        if (reducer is Mean<uint, long> u32) return Wide<T, uint>(geometry, input, output, u32.CountsPadding, u32.Divisor, options);
        return false;
    }

    /// <summary>Runs the reducer if it follows from others in double, which hold the cells exactly.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="input">The cells.</param>
    /// <param name="output">Where the results go.</param>
    /// <param name="reducer">The fold.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static bool TryLift<T, TAccumulator, TReducer>(in Geometry geometry, T* input, T* output, TReducer reducer, PoolOptions? options)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        if (!typeof(ILiftedFold).IsAssignableFrom(typeof(TReducer)) || !IsInDouble<T>() || !LiftedWalk<T, float, TAccumulator, TReducer>.Fits(geometry)) return false;
        ILiftedFold lifted = (ILiftedFold)Boxed<TReducer>.Rent(reducer);
        if (typeof(T) == typeof(float)) Lift<float>(geometry);
        else if (typeof(T) == typeof(double)) Lift<double>(geometry);
        else if (typeof(T) == typeof(Half)) Lift<Half>(geometry);
        else if (typeof(T) == typeof(BFloat16)) Lift<BFloat16>(geometry);
        else if (typeof(T) == typeof(sbyte)) Lift<sbyte>(geometry);
        else if (typeof(T) == typeof(byte)) Lift<byte>(geometry);
        else if (typeof(T) == typeof(short)) Lift<short>(geometry);
        else if (typeof(T) == typeof(ushort)) Lift<ushort>(geometry);
        else if (typeof(T) == typeof(int)) Lift<int>(geometry);
        else Lift<uint>(geometry);
        Boxed<TReducer>.Return(lifted);
        return true;

        void Lift<TCell>(in Geometry window)
            where TCell : unmanaged, INumber<TCell> =>
            Crew.Run(new LiftedWalk<T, TCell, TAccumulator, TReducer>(window, input, output, reducer, lifted, options), options);
    }

    /// <summary>Runs the selector if it is known.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="input">The cells.</param>
    /// <param name="values">Where the values go.</param>
    /// <param name="indices">Where the places go.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static bool TrySelect<T, TSelector>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options)
        where T : unmanaged
        where TSelector : struct, ISelector<T>
    {
        if (typeof(TSelector) == typeof(Max<float>)) return Reals<T, float, int>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<double>)) return Reals<T, double, long>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<Half>)) return Reals<T, Half, short>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<BFloat16>)) return Reals<T, BFloat16, short>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<sbyte>)) return Wholes<T, sbyte, short>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<byte>)) return Wholes<T, byte, short>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<short>)) return Wholes<T, short, short>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<ushort>)) return Wholes<T, ushort, short>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<int>)) return Wholes<T, int, int>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<uint>)) return Wholes<T, uint, int>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<long>)) return Wholes<T, long, long>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Max<ulong>)) return Wholes<T, ulong, long>(geometry, input, values, indices, options, false);
        if (typeof(TSelector) == typeof(Min<float>)) return Reals<T, float, int>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<double>)) return Reals<T, double, long>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<Half>)) return Reals<T, Half, short>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<BFloat16>)) return Reals<T, BFloat16, short>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<sbyte>)) return Wholes<T, sbyte, short>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<byte>)) return Wholes<T, byte, short>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<short>)) return Wholes<T, short, short>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<ushort>)) return Wholes<T, ushort, short>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<int>)) return Wholes<T, int, int>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<uint>)) return Wholes<T, uint, int>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<long>)) return Wholes<T, long, long>(geometry, input, values, indices, options, true);
        if (typeof(TSelector) == typeof(Min<ulong>)) return Wholes<T, ulong, long>(geometry, input, values, indices, options, true);
        return false;
    }

    /// <summary>Medians, if the type of cell is known and windows have few taps.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="input">The cells.</param>
    /// <param name="values">Where the medians go.</param>
    /// <param name="indices">Where their places go; null if nowhere.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static bool TryMedian<T>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Median<float, int, Extreme<float, int, FirstLargest>>(geometry, (float*)input, (float*)values, indices, options);
        if (typeof(T) == typeof(double)) return Median<double, long, Extreme<double, long, FirstLargest>>(geometry, (double*)input, (double*)values, indices, options);
        if (typeof(T) == typeof(Half)) return Median<Half, short, Extreme<Half, short, FirstLargest>>(geometry, (Half*)input, (Half*)values, indices, options);
        if (typeof(T) == typeof(BFloat16)) return Median<BFloat16, short, Extreme<BFloat16, short, FirstLargest>>(geometry, (BFloat16*)input, (BFloat16*)values, indices, options);
        if (typeof(T) == typeof(sbyte)) return Bytes<sbyte>(geometry, (sbyte*)input, (sbyte*)values, indices, options);
        if (typeof(T) == typeof(byte)) return Bytes<byte>(geometry, (byte*)input, (byte*)values, indices, options);
        if (typeof(T) == typeof(short)) return Median<short, short, Whole<short, short, Largest>>(geometry, (short*)input, (short*)values, indices, options);
        if (typeof(T) == typeof(ushort)) return Median<ushort, short, Whole<ushort, short, Largest>>(geometry, (ushort*)input, (ushort*)values, indices, options);
        if (typeof(T) == typeof(int)) return Median<int, int, Whole<int, int, Largest>>(geometry, (int*)input, (int*)values, indices, options);
        if (typeof(T) == typeof(uint)) return Median<uint, int, Whole<uint, int, Largest>>(geometry, (uint*)input, (uint*)values, indices, options);
        if (typeof(T) == typeof(long)) return Median<long, long, Whole<long, long, Largest>>(geometry, (long*)input, (long*)values, indices, options);
        if (typeof(T) == typeof(ulong)) return Median<ulong, long, Whole<ulong, long, Largest>>(geometry, (ulong*)input, (ulong*)values, indices, options);
        return false;
    }

    /// <summary>In lanes of bytes, which number few taps, else of two.</summary>
    private static bool Bytes<T>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        Median<T, sbyte, Whole<T, sbyte, Largest>>(geometry, input, values, indices, options) || Median<T, short, Whole<T, short, Largest>>(geometry, input, values, indices, options);

    private static bool Median<T, TLane, TRank>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options)
        where T : unmanaged
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
        where TRank : struct, IRank<T, TLane>
    {
        return Vector512.IsHardwareAccelerated ? By<Lanes512<TLane>>(geometry) : Vector256.IsHardwareAccelerated ? By<Lanes256<TLane>>(geometry) : By<Lanes128<TLane>>(geometry);

        bool By<TVector>(in Geometry window)
            where TVector : struct, ILanes<TVector, TLane>
        {
            if (!MedianLines<T, TLane, TRank, TVector>.Fits(window)) return false;
            Crew.Run(new MedianLines<T, TLane, TRank, TVector>(window, input, values, indices), options);
            return true;
        }
    }

    /// <summary>Bytes of a lane for cells of this type; 0 where the kernels do not know it.</summary>
    public static int LaneBytes<T>(in Geometry geometry, bool average, bool ordered, bool countsPadding = true)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return average && !ordered ? sizeof(double) : sizeof(float);
        if (typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16)) return average ? sizeof(float) : sizeof(short);
        if (IsLong<T>()) return average ? 0 : sizeof(long);
        if (typeof(T) == typeof(double)) return sizeof(double);
        if (!IsWhole<T>()) return 0;
        if (!average) return sizeof(T);
        Geometry sliding = geometry.AsSliding();
        if (sizeof(T) == 1 && IsFew<T>(sliding, countsPadding, divisor: 0)) return sizeof(short);
        return sizeof(T) < sizeof(int) && FitsInt<T>(sliding) ? sizeof(int) : FitsDouble<T>(sliding) ? sizeof(double) : 0;
    }

    /// <summary>Whether cells are whole numbers of up to 32 bits, whose sums need no order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhole<T>()
        where T : unmanaged =>
        typeof(T) == typeof(sbyte) || typeof(T) == typeof(byte) || typeof(T) == typeof(short) || typeof(T) == typeof(ushort)
        || typeof(T) == typeof(int) || typeof(T) == typeof(uint);

    /// <summary>Whether double holds cells of this type; those of others than double itself their squares too, and more.</summary>
    public static bool IsInDouble<T>()
        where T : unmanaged => IsWhole<T>() || typeof(T) == typeof(double) || typeof(T) == typeof(float) || typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16);

    /// <summary>Whether cells are whole numbers of 64 bits, whose sums take more.</summary>
    public static bool IsLong<T>()
        where T : unmanaged => typeof(T) == typeof(long) || typeof(T) == typeof(ulong);

    /// <summary>Whether cells are added up in 128 bits: those of 64, and those that may have as many, which the kernels do not know.</summary>
    public static bool AddsInInt128<T>()
        where T : unmanaged => IsLong<T>() || typeof(T) == typeof(nint) || typeof(T) == typeof(nuint);

    private static bool Number<T, TCell, TLane>(in Geometry geometry, T* input, T* output, PoolOptions? options, bool smallest)
        where T : unmanaged
        where TCell : unmanaged, IFloatingPointIeee754<TCell>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    {
        if (!Kernels.Number<TCell, Largest>.Pays(geometry)) return Extreme<T, TCell, TLane>(geometry, input, output, options, smallest);
        if (smallest) Number<TCell, TLane, Smallest>(geometry, (TCell*)input, (TCell*)output, options);
        else Number<TCell, TLane, Largest>(geometry, (TCell*)input, (TCell*)output, options);
        return true;
    }

    private static void Number<TCell, TLane, TOrder>(in Geometry geometry, TCell* input, TCell* output, PoolOptions? options)
        where TCell : unmanaged, IFloatingPointIeee754<TCell>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
        where TOrder : struct, IOrder
    {
        if (Kernels.Number<TCell, TOrder>.KeepsNaN) Planner.Run<TCell, TCell, Number<TCell, TOrder>>(geometry, input, output, default, options);
        else Planner.RunWatched<TCell, TCell, TLane, Number<TCell, TOrder>, Extreme<TCell, TLane, TOrder>>(geometry, input, output, default, default, options);
    }

    private static bool Extreme<T, TCell, TLane>(in Geometry geometry, T* input, T* output, PoolOptions? options, bool smallest)
        where T : unmanaged
        where TCell : unmanaged
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    {
        if (smallest) Planner.Run<TCell, TLane, Extreme<TCell, TLane, Smallest>>(geometry, (TCell*)input, (TCell*)output, default, options);
        else Planner.Run<TCell, TLane, Extreme<TCell, TLane, Largest>>(geometry, (TCell*)input, (TCell*)output, default, options);
        return true;
    }

    private static bool Integer<T, TCell>(in Geometry geometry, T* input, T* output, PoolOptions? options, bool smallest)
        where T : unmanaged
        where TCell : unmanaged, IBinaryInteger<TCell>, IMinMaxValue<TCell>
    {
        if (smallest) Planner.Run<TCell, TCell, Integer<TCell, Smallest>>(geometry, (TCell*)input, (TCell*)output, default, options);
        else Planner.Run<TCell, TCell, Integer<TCell, Largest>>(geometry, (TCell*)input, (TCell*)output, default, options);
        return true;
    }

    private static bool Reals<T, TCell, TLane>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options, bool smallest)
        where T : unmanaged
        where TCell : unmanaged, INumber<TCell>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane> => smallest
        ? Ranked<TCell, TLane, Extreme<TCell, TLane, FirstSmallest>>(geometry, (TCell*)input, (TCell*)values, indices, options)
        : Ranked<TCell, TLane, Extreme<TCell, TLane, FirstLargest>>(geometry, (TCell*)input, (TCell*)values, indices, options);

    private static bool Wholes<T, TCell, TLane>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options, bool smallest)
        where T : unmanaged
        where TCell : unmanaged, IBinaryInteger<TCell>, IMinMaxValue<TCell>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane> => smallest
        ? Ranked<TCell, TLane, Whole<TCell, TLane, Smallest>>(geometry, (TCell*)input, (TCell*)values, indices, options)
        : Ranked<TCell, TLane, Whole<TCell, TLane, Largest>>(geometry, (TCell*)input, (TCell*)values, indices, options);

    /// <summary>By comparing where that is sooner done, else by a maximum of cell and place in one.</summary>
    private static bool Ranked<T, TLane, TRank>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
        where TRank : struct, IRank<T, TLane>
    {
        KernelName? kernel = Planner.Fits(KernelName.ChannelPositions, geometry, sizeof(TLane), ordered: true, placed: true) ? KernelName.ChannelPositions : Planner.ByComparing(geometry, sizeof(T), sizeof(TLane), options?.Threads);
        if (kernel is null)
        {
            return sizeof(T) < sizeof(long) ? Place(geometry, input, values, indices, options, TRank.SmallestWins)
                : TRank.SmallestWins ? Halved<T, Min<T>>(geometry, input, values, indices, options, smallest: true)
                : Halved<T, Max<T>>(geometry, input, values, indices, options, smallest: false);
        }
        Pass<T, TLane, TRank> pass = new(geometry, input, values, default);
        int bytes = Planner.RegisterBytes(kernel.Value, geometry, sizeof(TLane));
        if (Vector512.IsHardwareAccelerated && bytes >= 64) By<Lanes512<TLane>>();
        else if (Vector256.IsHardwareAccelerated && bytes >= 32) By<Lanes256<TLane>>();
        else By<Lanes128<TLane>>();
        return true;

        void By<TVector>()
            where TVector : struct, ILanes<TVector, TLane>
        {
            if (kernel == KernelName.ChannelPositions) Crew.Run(new ChannelPositions<T, TLane, TRank, TVector>(pass, indices), options);
            else if (kernel == KernelName.PixelPositions) Crew.Run(new PixelPositions<T, TLane, TRank, TVector>(pass.Geometry, input, values, indices), options);
            else Crew.Run(new Positions<T, TLane, TRank, TVector>(pass, indices), options);
        }
    }

    /// <summary>As many planes at a time as a lane can number the cells of.</summary>
    private static bool Place<T>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options, bool smallest)
        where T : unmanaged, INumber<T>
    {
        long plane = geometry.InputPlane * geometry.Inner, planes = Kernels.Place<T, Largest>.MostCells / plane;
        if (planes == 0) return false;
        for (long first = 0; first < geometry.Outer; first += planes)
        {
            Geometry part = geometry with { Outer = Math.Min(planes, geometry.Outer - first) };
            T* cells = input + first * plane, to = values + first * geometry.OutputPlane * geometry.Inner;
            long* at = indices + first * geometry.OutputPlane * geometry.Inner;
            if (smallest) Planner.Run<T, long, Place<T, Smallest>>(part, cells, to, new(part, cells, to, at), options);
            else Planner.Run<T, long, Place<T, Largest>>(part, cells, to, new(part, cells, to, at), options);
        }
        return true;
    }

    /// <summary>Cells of 64 bits, which leave no room for a place: the values, then the places by half of each cell, then those checked.</summary>
    private static bool Halved<T, TSelector>(in Geometry geometry, T* input, T* values, long* indices, PoolOptions? options, bool smallest)
        where T : unmanaged, INumber<T>
        where TSelector : struct, ISelector<T>, IReducer<TSelector, T, T>
    {
        if (!Place(geometry, input, values, indices, options, smallest)) return false;
        TryRun<T, T, TSelector>(geometry, input, values, default, ordered: false, options);
        Crew.Run(new PlaceCheck<T, TSelector>(geometry, input, values, indices, default), options);
        return true;
    }

    private static bool Total<T, TCell, TLane>(
        in Geometry geometry, T* input, T* output, bool countsPadding, long divisor, bool ordered, PoolOptions? options)
        where T : unmanaged
        where TCell : unmanaged, INumber<TCell>
        where TLane : unmanaged, INumber<TLane>
    {
        Planner.Run<TCell, TLane, Total<TCell, TLane>>(
            geometry, (TCell*)input, (TCell*)output, new(countsPadding, divisor, geometry, ordered), options);
        return true;
    }

    /// <summary>Whether a fold is the norm of order 2; PyTorch's differs from it in windows that hang over alone.</summary>
    private static bool IsEuclidean<TCell, TReducer>(TReducer reducer, in Geometry geometry)
        where TCell : unmanaged, INumber<TCell> =>
        reducer is Norm<TCell> { IsEuclidean: true } || (reducer is TorchNorm<TCell> torch && torch.IsEuclidean(geometry.UniformCount(countPadding: false)));

    /// <summary>Whether float adds up squares of shorter cells so that no root is off by more than these can hold.</summary>
    public static bool FitsSingleSquares(in Geometry geometry) => geometry.MostTaps <= 1 << 15;

    /// <summary>Whether lanes of <see cref="int"/> hold sums of squares of bytes.</summary>
    private static bool FitsSquares(in Geometry geometry) => geometry.MostTaps <= IntSums / (byte.MaxValue * byte.MaxValue);

    private static bool Root<T, TCell, TLane>(in Geometry geometry, T* input, T* output, PoolOptions? options)
        where T : unmanaged
        where TCell : unmanaged, INumber<TCell>
        where TLane : unmanaged, INumber<TLane>
    {
        Planner.Run<TCell, TLane, RootOfSquares<TCell, TLane>>(geometry, (TCell*)input, (TCell*)output, default, options);
        return true;
    }

    /// <summary>Halves: scaled, where a mean is rounded as if it was not.</summary>
    private static bool Halves<T>(in Geometry geometry, T* input, T* output, bool countsPadding, long divisor, bool ordered, PoolOptions? options)
        where T : unmanaged
    {
        if (Int128.Max(Counts(geometry), Math.Max(geometry.MostTaps, Math.Abs(divisor))) > HalfTotal.MostTaps)
            return Total<T, Half, float>(geometry, input, output, countsPadding, divisor, ordered, options);
        Planner.RunWatched<Half, float, float, HalfTotal, Total<Half, float>>(
            geometry, (Half*)input, (Half*)output, new(countsPadding, divisor, geometry, ordered), new(countsPadding, divisor, geometry, ordered), options);
        return true;
    }

    /// <summary>Bytes: in lanes of 16 bits where windows are small and divided by what they count, so that no mean is beyond the cells.</summary>
    private static bool Bytes<T, TCell, TLane>(in Geometry geometry, T* input, T* output, bool countsPadding, long divisor, PoolOptions? options)
        where T : unmanaged
        where TCell : unmanaged, INumber<TCell>
        where TLane : unmanaged, INumber<TLane> =>
        IsFew<TCell>(geometry, countsPadding, divisor) ? Total<T, TCell, TLane>(geometry, input, output, countsPadding, divisor, ordered: false, options)
        : Whole<T, TCell>(geometry, input, output, countsPadding, divisor, options);

    /// <summary>Whether lanes of 16 bits can carry means of bytes.</summary>
    public static bool IsFew<TCell>(in Geometry geometry, bool countsPadding, long divisor)
        where TCell : unmanaged
    {
        if (divisor == 0 ? geometry.MostTaps <= FewBytes && Counts(geometry) <= FewBytes : divisor >= geometry.MostTaps && divisor <= FewBytes) return true;
        long count = divisor != 0 ? divisor : geometry.UniformCount(countsPadding);
        return typeof(TCell) == typeof(byte) && count >= geometry.MostTaps && Int128.Max(Counts(geometry), count) <= ushort.MaxValue / byte.MaxValue
            && Kernels.Total<byte, ushort>.Divides(count, byte.MaxValue * geometry.MostTaps);
    }

    /// <summary>Whole numbers of up to 16 bits: in lanes of 32 bits while they hold the sums, else of double.</summary>
    private static bool Whole<T, TCell>(
        in Geometry geometry, T* input, T* output, bool countsPadding, long divisor, PoolOptions? options)
        where T : unmanaged
        where TCell : unmanaged, INumber<TCell>
    {
        if (!FitsInt<TCell>(geometry)) return Wide<T, TCell>(geometry, input, output, countsPadding, divisor, options);
        if (geometry.MostTaps <= FloatSums / Largest<TCell>()) return Total<T, TCell, int>(geometry, input, output, countsPadding, divisor, ordered: false, options);
        Planner.Run<TCell, int, WideTotal<TCell>>(geometry, (TCell*)input, (TCell*)output, new(countsPadding, divisor, geometry), options);
        return true;
    }

    private static bool FitsInt<TCell>(in Geometry geometry)
        where TCell : unmanaged => geometry.MostTaps <= IntSums / Largest<TCell>() && Counts(geometry) <= int.MaxValue;

    private static bool Wide<T, TCell>(
        in Geometry geometry, T* input, T* output, bool countsPadding, long divisor, PoolOptions? options)
        where T : unmanaged
        where TCell : unmanaged, INumber<TCell> =>
        FitsDouble<TCell>(geometry) && Total<T, TCell, double>(geometry, input, output, countsPadding, divisor, ordered: false, options);

    private static bool FitsDouble<TCell>(in Geometry geometry)
        where TCell : unmanaged => geometry.MostTaps <= WideSums / Largest<TCell>() && Counts(geometry) <= WideSums;

    /// <summary>What no whole number of a type is beyond, of either sign.</summary>
    private static long Largest<TCell>()
        where TCell : unmanaged => 1L << (8 * sizeof(TCell) - (typeof(TCell) == typeof(sbyte) || typeof(TCell) == typeof(short) || typeof(TCell) == typeof(int) ? 1 : 0));

    /// <summary>The largest count a window may be divided by.</summary>
    private static Int128 Counts(in Geometry geometry) =>
        (Int128)Math.Max(1, geometry.Depth.Kernel) * Math.Max(1, geometry.Height.Kernel) * Math.Max(1, geometry.Width.Kernel);
}
