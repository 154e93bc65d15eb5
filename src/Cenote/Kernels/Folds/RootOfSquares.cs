using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>The norm of order 2, as <see cref="Norm{T}"/> computes it, a register at a time.</summary>
/// <remarks>
/// In lanes that no square, nor a sum of them, is beyond or loses digits in: floats and whole numbers of 16 bits in double, halves in float, bytes in
/// <see cref="int"/>, of which a root that a byte can hold is exact. Cells of double are looked at first, see <see cref="Powers.AreSafe"/>.
/// </remarks>
internal readonly unsafe struct RootOfSquares<T, TLane> : IFold<T, TLane>
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
{
    public static TLane Identity => TLane.Zero;

    public static bool IsIdempotent => false;

    public static bool IsScaled => false;

    public static bool IsPlaced => false;

    public bool IsOrdered => false;

    public bool CountsPadding => false;

    public long UniformCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane Lift(T* cell)
    {
        TLane wide = TLane.CreateTruncating(*cell);
        return wide * wide;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Combine(TLane left, TLane right) => left + right;

    public void Finish(TLane accumulator, long count, T* cell) => *cell = WholeNumber.Cut<T>(Math.Sqrt(double.CreateTruncating(accumulator)));

    public TLane Scale(long count) => TLane.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector wide = typeof(T) == typeof(TLane) ? TVector.Load((TLane*)cells) : TVector.Widen(cells);
        return wide * wide;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, TLane> => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane>
    {
        if (typeof(T) == typeof(TLane)) TVector.Root(accumulator).Store((TLane*)cells);
        else TVector.Root(accumulator).Narrow(cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finished<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, TLane> => TVector.Root(accumulator);

    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, TLane> => Pass<T, TLane, RootOfSquares<T, TLane>>.FinishAside(this, accumulator, scale, cells, count);
}
