using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Maximum and minimum of floating-point numbers as a maximum of integers: exact, and the same in whatever order the cells come.</summary>
/// <remarks>
/// A floating-point cell becomes a signed integer of its own size that sorts as it does: its bits, those of a negative number below the sign
/// inverted, and then all moved down by the NaNs under minus infinity, so that these wrap round to the top. Every NaN then beats every
/// number, and +0 beats -0; where the first of equals wins negative numbers are moved up by one, so that zeros are equal. For the minimum the sign is inverted first.
/// </remarks>
internal readonly unsafe struct Extreme<T, TLane, TOrder> : IRank<T, TLane>
    where T : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TOrder : struct, IOrder
{
    public static TLane Identity => TLane.MinValue;

    public static bool SmallestWins => TOrder.SmallestWins;

    public static bool HasNaNs => true;

    public static TLane MostNumber
    {
        // Infinity is all ones above the fraction, and moved down by as many NaNs as any other.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.MaxValue - NaNs - Down;
    }

    public static bool IsIdempotent => true;

    public static bool IsPlaced => false;

    public static bool IsScaled => false;

    public bool IsOrdered => false;

    public bool CountsPadding => false;

    public long UniformCount => 1;

    private static int SignShift
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8 * sizeof(TLane) - 1;
    }

    /// <summary>How far all are moved down, so that minus infinity is the least integer.</summary>
    private static TLane Down
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TOrder.ZerosAreEqual ? NaNs + TLane.One : NaNs;
    }

    /// <summary>How many NaNs sort under minus infinity.</summary>
    private static TLane NaNs
    {
        // Written so that the compiler sees a constant at once: this is inlined wherever a cell is read.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (typeof(T) == typeof(Half)) return Unsafe.BitCast<short, TLane>((1 << 10) - 1);
            if (typeof(T) == typeof(BFloat16)) return Unsafe.BitCast<short, TLane>((1 << 7) - 1);
            if (typeof(T) == typeof(float)) return Unsafe.BitCast<int, TLane>((1 << 23) - 1);
            return Unsafe.BitCast<long, TLane>((1L << 52) - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane Lift(T* cell) => Lift(*cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Lift(T cell)
    {
        TLane bits = Unsafe.BitCast<T, TLane>(cell);
        if (TOrder.SmallestWins) bits ^= TLane.MinValue;
        TLane sign = bits >> SignShift, sorted = bits ^ (sign & TLane.MaxValue);
        if (TOrder.ZerosAreEqual) sorted -= sign;
        return sorted - Down;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Combine(TLane left, TLane right) => TLane.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(TLane accumulator, long count, T* cell)
    {
        TLane bits = accumulator + Down;
        if (TOrder.ZerosAreEqual) bits += bits >> SignShift;
        bits ^= (bits >> SignShift) & TLane.MaxValue;
        if (TOrder.SmallestWins) bits ^= TLane.MinValue;
        *cell = Unsafe.BitCast<TLane, T>(bits);
    }

    public TLane Scale(long count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector bits = TVector.Load((TLane*)cells);
        if (TOrder.SmallestWins) bits ^= TVector.Create(TLane.MinValue);
        TVector sorted = TVector.Sortable(bits);
        if (TOrder.ZerosAreEqual) sorted -= Sign(bits);
        return sorted - TVector.Create(Down);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, TLane> => TVector.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane> => Finished(accumulator, scale).Store((TLane*)cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finished<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector bits = accumulator + TVector.Create(Down);
        if (TOrder.ZerosAreEqual) bits += Sign(bits);
        bits = TVector.Sortable(bits);
        if (TOrder.SmallestWins) bits ^= TVector.Create(TLane.MinValue);
        return bits;
    }

    // Before AVX-512 there is no arithmetic shift of 64 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sign<TVector>(TVector bits)
        where TVector : struct, ILanes<TVector, TLane> =>
        sizeof(TLane) == sizeof(long) ? TVector.Greater(TVector.Create(TLane.Zero), bits) : bits >> SignShift;

    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, TLane> => Pass<T, TLane, Extreme<T, TLane, TOrder>>.FinishAside(this, accumulator, scale, cells, count);
}
