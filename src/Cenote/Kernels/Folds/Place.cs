using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Maximum or minimum and where it is, as one maximum of integers of 64 bits: the cell in the high bits, its place in the low ones.</summary>
/// <remarks>
/// The low bits hold the offset from the input's start, inverted, so that of equal cells the first is the largest. Every NaN becomes one
/// value above all numbers, with its offset as it is, so that the last NaN is the largest. The integers are in one order whatever the
/// grouping, and a cell may be met twice: any kernel serves. Nothing but the identity has low bits of 0 and a least cell.
/// Of a cell of 64 bits the high half takes part, or as much of a whole number as 32 bits hold: the place is that of the first cell that
/// agrees so far with the largest, no value is written, and <see cref="PlaceCheck{T, TSelector}"/> finds the few that differ behind.
/// </remarks>
internal readonly unsafe struct Place<T, TOrder> : IFold<T, long>
    where T : unmanaged, INumber<T>
    where TOrder : struct, IOrder
{
    private readonly T* _input;
    private readonly T* _values;
    private readonly long* _indices;
    private readonly long _plane;
    private readonly long _inner;
    private readonly double _planeInverse;
    private readonly double _innerInverse;

    // Constants of the type: read from here they cost the compiler less than worked out wherever a cell is read.
    private readonly long _turn = Turn;
    private readonly long _nans = NaNs;
    private readonly long _most = Most;
    private readonly long _mostLifted = MostLifted;
    private readonly long _quiet = Quiet;

    /// <param name="geometry">The window; over <see cref="MostCells"/> input cells at most.</param>
    /// <param name="input">The first cell.</param>
    /// <param name="values">Where the first value goes.</param>
    /// <param name="indices">Where the first place goes.</param>
    public Place(in Geometry geometry, T* input, T* values, long* indices)
    {
        _input = input;
        _values = values;
        _indices = indices;
        (_plane, _inner) = (geometry.InputPlane * geometry.Inner, geometry.Inner);
        (_planeInverse, _innerInverse) = (Math.BitIncrement(1.0 / _plane), Math.BitIncrement(1.0 / _inner));
    }

    public static long Identity => long.MinValue;

    public static bool IsIdempotent => true;

    public static bool IsScaled => false;

    public static bool IsPlaced => true;

    public bool IsOrdered => false;

    public bool CountsPadding => false;

    public long UniformCount => 1;

    /// <summary>How many input cells the low bits can number.</summary>
    public static long MostCells => Math.Min(PlaceMask, 1L << 51);

    /// <summary>Bits of the place.</summary>
    private static int Shift
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsHalved ? 32 : 64 - 8 * sizeof(T);
    }

    private static long PlaceMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (1L << Shift) - 1;
    }

    private static bool IsHalved
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(T) == sizeof(long);
    }

    private static bool IsFloatingPoint
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) || typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16) || typeof(T) == typeof(double);
    }

    private static bool IsUnsigned
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(byte) || typeof(T) == typeof(ushort) || typeof(T) == typeof(uint);
    }

    /// <summary>What the cell's bits are inverted by, up where the cell is: unsigned become signed, for the minimum all are turned round.</summary>
    private static long Turn
    {
        get
        {
            long turn = !TOrder.SmallestWins ? 0 : IsFloatingPoint ? long.MinValue : ~PlaceMask;
            return IsUnsigned ? turn ^ long.MinValue : turn;
        }
    }

    /// <summary>Infinity up where the cell is.</summary>
    private static long Infinity
    {
        get
        {
            if (typeof(T) == typeof(Half)) return 0x7C00L << Shift;
            if (typeof(T) == typeof(BFloat16)) return 0x7F80L << Shift;
            return typeof(T) == typeof(double) ? 0x7FF0L << 48 : 0x7F800000L << Shift;
        }
    }

    /// <summary>A not-a-number, quiet, in sorted order.</summary>
    private static long Quiet => (Infinity + (Infinity & -Infinity) / 2 - NaNs) & ~PlaceMask;

    /// <summary>How many NaNs sort under minus infinity.</summary>
    private static long NaNs => long.MaxValue - (IsHalved ? 0 : PlaceMask) - Infinity;

    /// <summary>The largest key of a number.</summary>
    private static long Most => (Infinity - NaNs) | PlaceMask;

    /// <summary>The same before the place is put in.</summary>
    private static long MostLifted => IsHalved ? Infinity - NaNs : Most;

    /// <summary>The middle of what 32 bits hold, as a signed number.</summary>
    private static long Middle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(ulong) ? long.MinValue + (1L << 31) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Lift(T* cell)
    {
        long bits = sizeof(T) == 1 ? *(byte*)cell : sizeof(T) == 2 ? *(ushort*)cell : sizeof(T) == 4 ? *(uint*)cell : *(long*)cell;
        if (IsHalved && !IsFloatingPoint)
            bits = Math.Clamp(typeof(T) == typeof(ulong) ? bits ^ long.MinValue : bits, Middle + int.MinValue, Middle + int.MaxValue) - Middle;
        if (!(IsHalved && IsFloatingPoint)) bits <<= Shift;
        bits ^= _turn;
        long offset = cell - _input;
        if (!IsFloatingPoint) return bits | (PlaceMask - offset);
        if (bits == long.MinValue) bits = 0;
        bits = (bits ^ ((bits >> 63) & long.MaxValue)) - _nans;
        return bits > _mostLifted ? _quiet | offset : (bits & ~PlaceMask) | (PlaceMask - offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Combine(long left, long right) => Math.Max(left, right);

    public void Finish(long accumulator, long count, T* cell)
    {
        long offset = accumulator & PlaceMask, bits = accumulator;
        if (!(IsFloatingPoint && accumulator > _most)) offset = PlaceMask - offset;
        _indices[cell - _values] = accumulator == Identity ? -1 : offset % _plane / _inner;
        if (IsHalved) return;
        if (IsFloatingPoint)
        {
            bits += _nans;
            bits ^= (bits >> 63) & long.MaxValue;
        }
        bits = (bits ^ _turn) >> Shift;
        if (sizeof(T) == 1) *(byte*)cell = (byte)bits;
        else if (sizeof(T) == 2) *(ushort*)cell = (ushort)bits;
        else *(uint*)cell = (uint)bits;
    }

    public long Scale(long count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, long>
    {
        TVector bits = TVector.Widen(cells), place = TVector.Create(PlaceMask - (cells - _input)) - TVector.Ramp;
        if (IsHalved && !IsFloatingPoint)
        {
            if (typeof(T) == typeof(ulong)) bits ^= TVector.Create(long.MinValue);
            bits = TVector.Min(TVector.Max(bits, TVector.Create(Middle + int.MinValue)), TVector.Create(Middle + int.MaxValue)) - TVector.Create(Middle);
        }
        if (!(IsHalved && IsFloatingPoint)) bits <<= Shift;
        if (TOrder.SmallestWins || IsUnsigned) bits ^= TVector.Create(_turn);
        if (!IsFloatingPoint) return bits + place;
        // The bits of -0 are the least integer.
        bits = TVector.Select(TVector.Greater(bits, TVector.Create(long.MinValue)), bits, TVector.Create(0));
        bits = TVector.Sortable(bits) - TVector.Create(_nans);
        return TVector.Select(
            TVector.Greater(bits, TVector.Create(_mostLifted)), TVector.Create(_quiet + PlaceMask) - place, TVector.Select(TVector.Create(PlaceMask), place, bits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, long> => TVector.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, long>
    {
        if (!IsHalved) Value(accumulator).Cut(cells);
        Index(accumulator).Store(_indices + (cells - _values));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, long>
    {
        T* values = stackalloc T[TVector.Count];
        long* indices = stackalloc long[TVector.Count];
        Value(accumulator).Cut(values);
        Index(accumulator).Store(indices);
        for (long i = 0; i < count; i++)
        {
            _indices[cells - _values + i] = indices[i];
            if (!IsHalved) cells[i] = values[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Value<TVector>(TVector keys)
        where TVector : struct, ILanes<TVector, long>
    {
        if (IsFloatingPoint) keys = TVector.Sortable(keys + TVector.Create(_nans));
        if (TOrder.SmallestWins || IsUnsigned) keys ^= TVector.Create(_turn);
        return keys >> Shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Index<TVector>(TVector keys)
        where TVector : struct, ILanes<TVector, long>
    {
        TVector mask = TVector.Create(PlaceMask), low = TVector.Select(mask, keys, TVector.Create(0)), offset = mask - low;
        if (IsFloatingPoint) offset = TVector.Select(TVector.Greater(keys, TVector.Create(_most)), low, offset);
        TVector index = offset - TVector.Times(offset, _planeInverse) * TVector.Create(_plane);
        if (_inner > 1) index = TVector.Times(index, _innerInverse);
        return TVector.Select(TVector.Greater(keys, TVector.Create(Identity)), index, TVector.Create(-1));
    }
}
