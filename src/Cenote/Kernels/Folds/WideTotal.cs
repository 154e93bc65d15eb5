using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>The mean of short whole numbers under windows so large that float does not hold their sums, but <see cref="int"/> does: <see cref="Total{T, TLane}"/>, divided in double.</summary>
internal readonly unsafe struct WideTotal<T>(bool countsPadding, long divisor, in Geometry geometry) : IFold<T, int>
    where T : unmanaged, INumber<T>
{
    private readonly Total<T, int> _total = new(countsPadding, divisor, geometry, ordered: false);

    public static int Identity => 0;

    public static bool IsIdempotent => false;

    public static bool IsPlaced => false;

    public static bool IsScaled => true;

    public static bool IsSplit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Total<T, int>.IsSplit;
    }

    public bool IsOrdered => false;

    public bool CountsPadding => _total.CountsPadding;

    public long UniformCount => _total.UniformCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Lift(T* cell) => int.CreateTruncating(*cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Combine(int left, int right) => left + right;

    public void Finish(int accumulator, long count, T* cell) => _total.Finish(accumulator, count, cell);

    public int Scale(long count) => count == 0 ? 1 : (int)count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, int> => TVector.Widen(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<TVector>(T* cells, out TVector even, out TVector odd, ref TVector seen)
        where TVector : struct, ILanes<TVector, int> => TVector.Split(cells, out even, out odd);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, int> => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, int> => Finished(accumulator, scale).Narrow(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FinishSplit<TVector>(TVector even, TVector odd, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, int> => TVector.NarrowSplit(Finished(even, scale), Finished(odd, scale), cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finished<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, int> => TVector.WideQuotient(accumulator, scale);

    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, int> => Pass<T, int, WideTotal<T>>.FinishAside(this, accumulator, scale, cells, count);
}
