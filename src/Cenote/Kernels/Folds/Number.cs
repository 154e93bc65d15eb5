using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Maximum and minimum of floating-point numbers by the processor's own instructions: exact, and +0 above -0, as in <see cref="Extreme{T, TLane, TOrder}"/>.</summary>
/// <remarks>The instructions of x86 lose NaNs, so that the cells are watched beside; Arm's keeps them.</remarks>
internal readonly unsafe struct Number<T, TOrder> : IFold<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TOrder : struct, IOrder
{
    // How often cells are met, at most, where three instructions a step are less than taking each cell for an integer first.
    private const int FewSteps = 3;

    /// <summary>Whether there are such instructions, and they are sooner done than the maximum of integers.</summary>
    /// <remarks>Before AVX-512 x86 takes -0 for +0, and is asked both ways round; integers of 64 bits it compares as slowly.</remarks>
    public static bool Pays(in Geometry geometry) => Avx512DQ.VL.IsSupported || AdvSimd.IsSupported
        || (Sse2.IsSupported && (sizeof(T) == sizeof(double) || (Int128)geometry.MostTaps * geometry.OutputPlane <= FewSteps * (Int128)geometry.InputPlane));

    /// <summary>Whether the instruction keeps a NaN.</summary>
    public static bool KeepsNaN => AdvSimd.IsSupported;

    public static T Identity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TOrder.SmallestWins ? T.PositiveInfinity : T.NegativeInfinity;
    }

    public static bool IsIdempotent => true;

    public static bool IsScaled => false;

    public static bool IsPlaced => false;

    public static bool IsWatchful => !KeepsNaN;

    public bool IsOrdered => false;

    public bool CountsPadding => false;

    public long UniformCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Lift(T* cell) => *cell;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T left, T right) => TOrder.SmallestWins ? T.Min(left, right) : T.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(T accumulator, long count, T* cell) => *cell = accumulator;

    public T Scale(long count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, T> => TVector.Load(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, T> => TOrder.SmallestWins ? TVector.MinNumber(left, right) : TVector.MaxNumber(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Watch<TVector>(ref TVector seen, TVector a, TVector b)
        where TVector : struct, ILanes<TVector, T>
    {
        if (!KeepsNaN) seen |= TVector.Unordered(a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, T> => accumulator.Store(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finished<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, T> => accumulator;

    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, T> => Pass<T, T, Number<T, TOrder>>.FinishAside(this, accumulator, scale, cells, count);
}
