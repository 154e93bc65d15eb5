using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Whole numbers as signed lanes of their size or more that sort alike: unsigned ones of the lane's size have their upper bit turned, for the minimum all are.</summary>
internal readonly unsafe struct Whole<T, TLane, TOrder> : IRank<T, TLane>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TOrder : struct, IOrder
{
    public static TLane Identity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Lift(TOrder.SmallestWins ? T.MaxValue : T.MinValue);
    }

    public static bool SmallestWins => TOrder.SmallestWins;

    public static bool HasNaNs => false;

    public static TLane MostNumber => TLane.MaxValue;

    public static bool IsIdempotent => true;

    public static bool IsScaled => false;

    public static bool IsPlaced => false;

    public bool IsOrdered => false;

    public bool CountsPadding => false;

    public long UniformCount => 1;

    private static bool IsTurned
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TOrder.SmallestWins || IsUnsigned;
    }

    private static bool IsUnsigned
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (typeof(T) == typeof(byte) && sizeof(TLane) == 1) || typeof(T) == typeof(ushort) || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong);
    }

    /// <summary>The bits that are turned.</summary>
    private static TLane Turn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TOrder.SmallestWins ? ~TLane.Zero : TLane.Zero) ^ (IsUnsigned ? TLane.MinValue : TLane.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane Lift(T* cell) => Lift(*cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Lift(T cell) => TLane.CreateTruncating(cell) ^ Turn;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Combine(TLane left, TLane right) => TLane.Max(left, right);

    public void Finish(TLane accumulator, long count, T* cell) => *cell = T.CreateTruncating(accumulator ^ Turn);

    public TLane Scale(long count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector lanes = TVector.Widen(cells);
        return IsTurned ? lanes ^ TVector.Create(Turn) : lanes;
    }

    public static bool IsSplit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(T) == 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<TVector>(T* cells, out TVector even, out TVector odd, ref TVector seen)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector.Split(cells, out even, out odd);
        if (IsTurned) (even, odd) = (even ^ TVector.Create(Turn), odd ^ TVector.Create(Turn));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, TLane> => TVector.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane> => (IsTurned ? accumulator ^ TVector.Create(Turn) : accumulator).Narrow(cells);

    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, TLane> => Pass<T, TLane, Whole<T, TLane, TOrder>>.FinishAside(this, accumulator, scale, cells, count);
}
