using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Planes turned so that they come last, as channels do, and back, by registers of so many bytes: a cell of each plane to a register.</summary>
internal static unsafe class Squares
{
    /// <summary>As many planes as a register has cells, so far apart, to rows of such registers, one for each cell. Squares wider than a plane reach behind it, and its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToLast<T>(int registerBytes, T* planes, long pitch, long plane, T* to)
        where T : unmanaged
    {
        if (registerBytes == 64) Squares<T, Lanes512<byte>>.ToLast(planes, pitch, plane, to);
        else if (registerBytes == 32) Squares<T, Lanes256<byte>>.ToLast(planes, pitch, plane, to);
        else Squares<T, Lanes128<byte>>.ToLast(planes, pitch, plane, to);
    }

    /// <summary>Back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirst<T>(int registerBytes, T* cells, long pitch, long plane, T* to)
        where T : unmanaged
    {
        if (registerBytes == 64) Squares<T, Lanes512<byte>>.ToFirst(cells, pitch, plane, to);
        else if (registerBytes == 32) Squares<T, Lanes256<byte>>.ToFirst(cells, pitch, plane, to);
        else Squares<T, Lanes128<byte>>.ToFirst(cells, pitch, plane, to);
    }
}

/// <summary>The same, a square of cells at a time, as many as 16 bytes hold, for as many planes as a register has cells.</summary>
/// <remarks>Each 16 bytes of the registers of a square are cells of one plane; halves of a square change places, then halves of these, so that nothing ever crosses 16 bytes.</remarks>
internal static unsafe class Squares<T, TVector>
    where T : unmanaged
    where TVector : struct, ILanes<TVector, byte>
{
    /// <summary>Cells along a square.</summary>
    public static int Side
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16 / sizeof(T);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void ToLast(T* planes, long pitch, long plane, T* to)
    {
        long row = pitch * sizeof(T), last = Math.Max(0, plane - Side);
        for (long cell = 0; cell < plane; cell += Side)
        {
            cell = Math.Min(cell, last);
            Turn((byte*)(planes + cell), row, (byte*)to + cell * TVector.Count, TVector.Count, Side * row, toLast: true);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void ToFirst(T* cells, long pitch, long plane, T* to)
    {
        long row = pitch * sizeof(T), last = Math.Max(0, plane - Side);
        for (long cell = 0; cell < plane; cell += Side)
        {
            cell = Math.Min(cell, last);
            Turn((byte*)cells + cell * TVector.Count, TVector.Count, (byte*)(to + cell), row, Side * row, toLast: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(byte* from, long apart, bool toLast) => toLast ? TVector.LoadApart(from, apart) : TVector.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector cells, byte* to, long apart, bool toLast)
    {
        if (toLast) cells.Store(to);
        else cells.StoreApart(to, apart);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack(ref TVector left, ref TVector right)
    {
        TVector low = TVector.UnpackLow<T>(left, right);
        right = TVector.UnpackHigh<T>(left, right);
        left = low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(byte* from, long row, byte* to, long toRow, long apart, [ConstantExpected] bool toLast)
    {
        TVector a = Load(from, apart, toLast), b = Load(from + row, apart, toLast), c = default, d = c, e = c, f = c, g = c, h = c;
        TVector i = c, j = c, k = c, l = c, m = c, n = c, o = c, p = c;
        if (sizeof(T) < 8) (c, d) = (Load(from + 2 * row, apart, toLast), Load(from + 3 * row, apart, toLast));
        if (sizeof(T) < 4)
        {
            (e, f) = (Load(from + 4 * row, apart, toLast), Load(from + 5 * row, apart, toLast));
            (g, h) = (Load(from + 6 * row, apart, toLast), Load(from + 7 * row, apart, toLast));
        }
        if (sizeof(T) == 1)
        {
            (i, j) = (Load(from + 8 * row, apart, toLast), Load(from + 9 * row, apart, toLast));
            (k, l) = (Load(from + 10 * row, apart, toLast), Load(from + 11 * row, apart, toLast));
            (m, n) = (Load(from + 12 * row, apart, toLast), Load(from + 13 * row, apart, toLast));
            (o, p) = (Load(from + 14 * row, apart, toLast), Load(from + 15 * row, apart, toLast));
            Unpack(ref a, ref i); Unpack(ref b, ref j); Unpack(ref c, ref k); Unpack(ref d, ref l);
            Unpack(ref e, ref m); Unpack(ref f, ref n); Unpack(ref g, ref o); Unpack(ref h, ref p);
            Unpack(ref i, ref m); Unpack(ref j, ref n); Unpack(ref k, ref o); Unpack(ref l, ref p);
            Unpack(ref i, ref k); Unpack(ref j, ref l); Unpack(ref m, ref o); Unpack(ref n, ref p);
            Unpack(ref i, ref j); Unpack(ref k, ref l); Unpack(ref m, ref n); Unpack(ref o, ref p);
        }
        if (sizeof(T) < 4)
        {
            Unpack(ref a, ref e); Unpack(ref b, ref f); Unpack(ref c, ref g); Unpack(ref d, ref h);
            Unpack(ref e, ref g); Unpack(ref f, ref h);
            Unpack(ref e, ref f); Unpack(ref g, ref h);
        }
        if (sizeof(T) < 8)
        {
            Unpack(ref a, ref c); Unpack(ref b, ref d);
            Unpack(ref c, ref d);
        }
        Unpack(ref a, ref b);
        Store(a, to, apart, toLast);
        Store(b, to + toRow, apart, toLast);
        if (sizeof(T) == 8) return;
        Store(c, to + 2 * toRow, apart, toLast);
        Store(d, to + 3 * toRow, apart, toLast);
        if (sizeof(T) == 4) return;
        Store(e, to + 4 * toRow, apart, toLast);
        Store(f, to + 5 * toRow, apart, toLast);
        Store(g, to + 6 * toRow, apart, toLast);
        Store(h, to + 7 * toRow, apart, toLast);
        if (sizeof(T) == 2) return;
        Store(i, to + 8 * toRow, apart, toLast);
        Store(j, to + 9 * toRow, apart, toLast);
        Store(k, to + 10 * toRow, apart, toLast);
        Store(l, to + 11 * toRow, apart, toLast);
        Store(m, to + 12 * toRow, apart, toLast);
        Store(n, to + 13 * toRow, apart, toLast);
        Store(o, to + 14 * toRow, apart, toLast);
        Store(p, to + 15 * toRow, apart, toLast);
    }
}
