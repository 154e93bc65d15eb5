using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>Planes to doubles that lie side by side, a register for each cell, and back.</summary>
internal static unsafe class ChannelBlock<T, TVector>
    where T : unmanaged, INumber<T>
    where TVector : struct, ILanes<TVector, double>
{
    private static int RegisterBytes => TVector.Count * sizeof(double);

    /// <summary>Bytes of a cell of each plane.</summary>
    private static int CellBytes => TVector.Count * sizeof(T);

    /// <summary>Some cells of so many planes, so far apart; lanes that have no plane are 0.</summary>
    /// <param name="planes">The cells of the first plane.</param>
    /// <param name="pitch">From plane to plane.</param>
    /// <param name="count">How many planes.</param>
    /// <param name="cells">How many cells of each.</param>
    /// <param name="to">A register for each, of doubles or of cells as they are.</param>
    /// <param name="aside">Memory for twice as many registers of doubles, or for as many where that is what they become.</param>
    public static void ToLast<TTo>(T* planes, long pitch, int count, long cells, TTo* to, double* aside)
        where TTo : unmanaged, INumber<TTo>
    {
        bool isSame = typeof(TTo) == typeof(T), isDouble = typeof(TTo) == typeof(double);
        long all = cells * TVector.Count;
        if (TurnsCells(count, cells))
        {
            Squares.ToLast(CellBytes, planes, pitch, cells, isSame ? (T*)to : (T*)aside);
            if (!isSame) Doubles.Widen((T*)aside, new((double*)to, (int)all));
            return;
        }
        double* turned = isDouble ? (double*)to : aside + all;
        // A single cell of each plane lies so already.
        double* wide = cells == 1 ? turned : aside;
        if (pitch == cells) Doubles.Widen(planes, new(wide, (int)(count * cells)));
        else
            for (int i = 0; i < count; i++) Doubles.Widen(planes + i * pitch, new(wide + i * cells, (int)cells));
        new Span<double>(wide + count * cells, (int)(all - count * cells)).Clear();
        if (cells > 1) Squares.ToLast(RegisterBytes, wide, cells, cells, turned);
        if (!isDouble) Doubles.Narrow(new(turned, (int)all), to);
    }

    /// <summary>Back, rounded once.</summary>
    public static void ToFirst(double* from, long cells, T* planes, long pitch, int count, double* aside)
    {
        double* wide = Turn(from, cells, aside);
        if (pitch == cells) Doubles.Narrow<T>(new(wide, (int)(count * cells)), planes);
        else
            for (int i = 0; i < count; i++) Doubles.Narrow<T>(new(wide + i * cells, (int)cells), planes + i * pitch);
    }

    /// <summary>Back, bit by bit: planes behind each other.</summary>
    public static void CopyToFirst(long* from, long cells, long* planes, int count, double* aside)
    {
        double* wide = Turn((double*)from, cells, aside);
        new Span<long>(wide, (int)(count * cells)).CopyTo(new(planes, (int)(count * cells)));
    }

    /// <summary>Whether cells can be turned as they are: those of two, four or eight bytes, in whole registers and squares.</summary>
    private static bool TurnsCells(int count, long cells) => CellBytes is 16 or 32 or 64 && sizeof(T) <= sizeof(double) && count == TVector.Count && cells >= Squares<T, Lanes128<byte>>.Side;

    private static double* Turn(double* from, long cells, double* aside)
    {
        if (cells == 1) return from;
        Squares.ToFirst(RegisterBytes, from, cells, cells, aside);
        return aside;
    }
}
