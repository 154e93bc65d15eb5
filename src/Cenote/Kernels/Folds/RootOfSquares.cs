using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>The norm of order 2 of floats, as <see cref="Norm{T}"/> computes it, a register at a time: no square of a float, nor a sum of them, is beyond double or loses digits there.</summary>
internal readonly unsafe struct RootOfSquares : IFold<float, double>
{
    public static double Identity => 0;

    public static bool IsIdempotent => false;

    public static bool IsScaled => false;

    public static bool IsPlaced => false;

    public bool IsOrdered => false;

    public bool CountsPadding => false;

    public long UniformCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Lift(float* cell) => (double)*cell * *cell;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Combine(double left, double right) => left + right;

    public void Finish(double accumulator, long count, float* cell) => *cell = (float)Math.Sqrt(accumulator);

    public double Scale(long count) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(float* cells)
        where TVector : struct, ILanes<TVector, double>
    {
        TVector wide = TVector.Widen(cells);
        return wide * wide;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, double> => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, float* cells)
        where TVector : struct, ILanes<TVector, double> => TVector.Root(accumulator).Narrow(cells);

    public void FinishFew<TVector>(TVector accumulator, TVector scale, float* cells, long count)
        where TVector : struct, ILanes<TVector, double> => Pass<float, double, RootOfSquares>.FinishAside(this, accumulator, scale, cells, count);
}
