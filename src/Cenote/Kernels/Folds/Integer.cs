using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Maximum and minimum of integers: one instruction, and nothing to be lost.</summary>
internal readonly unsafe struct Integer<T, TOrder> : IFold<T, T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    where TOrder : struct, IOrder
{
    public static T Identity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TOrder.SmallestWins ? T.MaxValue : T.MinValue;
    }

    public static bool IsIdempotent => true;

    public static bool IsScaled => false;

    public static bool IsPlaced => false;

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
        where TVector : struct, ILanes<TVector, T> => TOrder.SmallestWins ? TVector.Min(left, right) : TVector.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, T> => accumulator.Store(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finished<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, T> => accumulator;

    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, T> => Pass<T, T, Integer<T, TOrder>>.FinishAside(this, accumulator, scale, cells, count);
}
