using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>128 bits of lanes.</summary>
[SuppressMessage("Performance", "CA1857", Justification = "The size of a lane is a constant once the compiler knows its type.")]
internal readonly unsafe struct Lanes128<TLane>(Vector128<TLane> value) : ILanes<Lanes128<TLane>, TLane>
    where TLane : unmanaged
{
    private readonly Vector128<TLane> _value = value;

    public static int Count => Vector128<TLane>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Create(TLane value) => new(Vector128.Create(value));

    public static Lanes128<TLane> Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<TLane>.Indices);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Load(TLane* lanes) => new(Vector128.Load(lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TLane* lanes) => _value.Store(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreAround(TLane* lanes) => _value.StoreAlignedNonTemporal(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator +(Lanes128<TLane> left, Lanes128<TLane> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Add(Lanes128<TLane> left, TLane* right) => new(left._value + Vector128.Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator -(Lanes128<TLane> left, Lanes128<TLane> right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator *(Lanes128<TLane> left, Lanes128<TLane> right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator /(Lanes128<TLane> left, Lanes128<TLane> right)
    {
        // No processor divides integers by the register; float holds what these lanes carry.
        if (typeof(TLane) == typeof(int)) return new(Quotient(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TLane) == sizeof(short))
        {
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(left._value.AsInt16());
            (Vector128<int> lowCounts, Vector128<int> highCounts) = Vector128.Widen(right._value.AsInt16());
            return new(Vector128.Narrow(Quotient(low, lowCounts), Quotient(high, highCounts)).As<short, TLane>());
        }
        return new(left._value / right._value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Quotient(Vector128<int> sums, Vector128<int> counts) => Vector128.ConvertToInt32Native(Vector128.ConvertToSingle(sums) / Vector128.ConvertToSingle(counts));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Root(Lanes128<TLane> lanes)
    {
        if (typeof(TLane) == typeof(double)) return new(Vector128.Sqrt(lanes._value.AsDouble()).As<double, TLane>());
        if (typeof(TLane) == typeof(float)) return new(Vector128.Sqrt(lanes._value.AsSingle()).As<float, TLane>());
        return new(Vector128.ConvertToInt32Native(Vector128.Sqrt(Vector128.ConvertToSingle(lanes._value.AsInt32()))).As<int, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> WideQuotient(Lanes128<TLane> sums, Lanes128<TLane> counts) => new(DoubleLanes.Quotient(sums._value.AsInt32(), counts._value.AsInt32()).As<int, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> MultiplyAdd(Lanes128<TLane> left, Lanes128<TLane> right, Lanes128<TLane> addend) => new(sizeof(TLane) == 8
        ? Vector128.MultiplyAddEstimate(left._value.AsDouble(), right._value.AsDouble(), addend._value.AsDouble()).As<double, TLane>()
        : Vector128.MultiplyAddEstimate(left._value.AsSingle(), right._value.AsSingle(), addend._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator ^(Lanes128<TLane> left, Lanes128<TLane> right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator <<(Lanes128<TLane> lanes, int bits) => new(lanes._value << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator >>(Lanes128<TLane> lanes, int bits) => new(lanes._value >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Times(Lanes128<TLane> lanes, double inverse) =>
        new((Avx512DQ.VL.IsSupported || AdvSimd.Arm64.IsSupported
            ? Vector128.ConvertToInt64Native(Vector128.ConvertToDouble(lanes._value.AsInt64()) * Vector128.Create(inverse))
            : DoubleLanes.Truncate(DoubleLanes.Exact(lanes._value.AsInt64()) * Vector128.Create(inverse))).As<long, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Times(Lanes128<TLane> sums, Lanes128<TLane> inverse, int shift)
    {
        if (typeof(TLane) == typeof(int)) return new(Vector128.ConvertToInt32Native(Vector128.ConvertToSingle(sums._value.AsInt32()) * inverse._value.AsSingle()).As<int, TLane>());
        if (typeof(TLane) == typeof(ushort)) return new((MultiplyHigh(sums._value.AsUInt16(), inverse._value.AsUInt16()) >> shift).As<ushort, TLane>());
        // The inverse has its upper bit set, as a signed number it is 2^16 too small. Then down to the next whole number, of negative ones up by one.
        Vector128<short> signed = sums._value.AsInt16();
        return new((((MultiplyHigh(signed, inverse._value.AsInt16()) + signed) >> shift) - (signed >> 15)).As<short, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Sortable(Lanes128<TLane> bits) =>
        // Compared rather than shifted: before AVX-512 there is no arithmetic shift of 64 bits.
        new(bits._value ^ ((sizeof(TLane) == sizeof(long) ? Vector128.LessThan(bits._value, Vector128<TLane>.Zero) : bits._value >> (8 * sizeof(TLane) - 1)) >>> 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Min(Lanes128<TLane> left, Lanes128<TLane> right) => new(Vector128.Min(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Max(Lanes128<TLane> left, Lanes128<TLane> right) => new(Vector128.Max(left._value, right._value));

    // What VRANGE is asked for: the smaller or the larger of two numbers, with its own sign.
    private const byte Smaller = 0b0100, Larger = 0b0101;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> MinNumber(Lanes128<TLane> left, Lanes128<TLane> right)
    {
        if (AdvSimd.IsSupported) return new(Vector128.Min(left._value, right._value));
        // Of two zeros the second: asked both ways round, together they are -0 if either is.
        if (!Avx512DQ.VL.IsSupported) return new(Vector128.MinNative(left._value, right._value) | Vector128.MinNative(right._value, left._value));
        return new(sizeof(TLane) == 8
            ? Avx512DQ.VL.Range(left._value.AsDouble(), right._value.AsDouble(), Smaller).As<double, TLane>()
            : Avx512DQ.VL.Range(left._value.AsSingle(), right._value.AsSingle(), Smaller).As<float, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> MaxNumber(Lanes128<TLane> left, Lanes128<TLane> right)
    {
        if (AdvSimd.IsSupported) return new(Vector128.Max(left._value, right._value));
        // Of two zeros the second: asked both ways round, in common they have the bits of -0 only if both are.
        if (!Avx512DQ.VL.IsSupported) return new(Vector128.MaxNative(left._value, right._value) & Vector128.MaxNative(right._value, left._value));
        return new(sizeof(TLane) == 8
            ? Avx512DQ.VL.Range(left._value.AsDouble(), right._value.AsDouble(), Larger).As<double, TLane>()
            : Avx512DQ.VL.Range(left._value.AsSingle(), right._value.AsSingle(), Larger).As<float, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> MaxNative(Lanes128<TLane> left, Lanes128<TLane> right) => new(sizeof(TLane) == 8
        ? Vector128.MaxNative(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Vector128.MaxNative(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> MinNative(Lanes128<TLane> left, Lanes128<TLane> right) => new(sizeof(TLane) == 8
        ? Vector128.MinNative(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Vector128.MinNative(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> AddNumbers(Lanes128<TLane> left, Lanes128<TLane> right) => new(sizeof(TLane) == 8
        ? (left._value.AsDouble() + right._value.AsDouble()).As<double, TLane>()
        : (left._value.AsSingle() + right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Unordered(Lanes128<TLane> left, Lanes128<TLane> right)
    {
        if (Sse2.IsSupported)
            return new(sizeof(TLane) == 8
                ? Sse2.CompareUnordered(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
                : Sse.CompareUnordered(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());
        return new(sizeof(TLane) == 8
            ? (~(Vector128.Equals(left._value.AsDouble(), left._value.AsDouble()) & Vector128.Equals(right._value.AsDouble(), right._value.AsDouble()))).As<double, TLane>()
            : (~(Vector128.Equals(left._value.AsSingle(), left._value.AsSingle()) & Vector128.Equals(right._value.AsSingle(), right._value.AsSingle()))).As<float, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> IfGreater(Lanes128<TLane> left, Lanes128<TLane> right, Lanes128<TLane> yes, Lanes128<TLane> no) => new(sizeof(TLane) == 8
        ? Vector128.ConditionalSelect(Vector128.GreaterThan(left._value.AsDouble(), right._value.AsDouble()), yes._value.AsDouble(), no._value.AsDouble()).As<double, TLane>()
        : Vector128.ConditionalSelect(Vector128.GreaterThan(left._value.AsSingle(), right._value.AsSingle()), yes._value.AsSingle(), no._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> operator |(Lanes128<TLane> left, Lanes128<TLane> right) => new(left._value | right._value);

    public static bool IsZero(Lanes128<TLane> lanes) => Vector128.EqualsAll(lanes._value.AsByte(), Vector128<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Greater(Lanes128<TLane> left, Lanes128<TLane> right) => new(Vector128.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Select(Lanes128<TLane> mask, Lanes128<TLane> yes, Lanes128<TLane> no) =>
        new(Vector128.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Blend(Lanes128<TLane> mask, Lanes128<TLane> yes, Lanes128<TLane> no) => Sse41.IsSupported && !Avx512F.VL.IsSupported
        ? new(Sse41.BlendVariable(no._value.AsByte(), yes._value.AsByte(), mask._value.AsByte()).As<byte, TLane>())
        : Select(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Even(Lanes128<TLane> low, Lanes128<TLane> high)
    {
        if (sizeof(TLane) == 8 && Sse2.IsSupported) return new(Sse2.UnpackLow(low._value.AsInt64(), high._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 8) return new(Vector128.Create(low._value.GetLower(), high._value.GetLower()));
        if (sizeof(TLane) == 2) return new(Vector128.Narrow(low._value.AsUInt32(), high._value.AsUInt32()).As<ushort, TLane>());
        if (sizeof(TLane) == 1) return new(Vector128.Narrow(low._value.AsUInt16(), high._value.AsUInt16()).As<byte, TLane>());
        if (Sse.IsSupported) return new(Sse.Shuffle(low._value.AsSingle(), high._value.AsSingle(), 0x88).As<float, TLane>());
        return new(Vector128.Narrow(low._value.AsUInt64(), high._value.AsUInt64()).As<uint, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Odd(Lanes128<TLane> low, Lanes128<TLane> high)
    {
        if (sizeof(TLane) == 8 && Sse2.IsSupported) return new(Sse2.UnpackHigh(low._value.AsInt64(), high._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 8) return new(Vector128.Create(low._value.GetUpper(), high._value.GetUpper()));
        if (sizeof(TLane) == 2) return new(Vector128.Narrow(low._value.AsUInt32() >> 16, high._value.AsUInt32() >> 16).As<ushort, TLane>());
        if (sizeof(TLane) == 1) return new(Vector128.Narrow(low._value.AsUInt16() >> 8, high._value.AsUInt16() >> 8).As<byte, TLane>());
        if (Sse.IsSupported) return new(Sse.Shuffle(low._value.AsSingle(), high._value.AsSingle(), 0xDD).As<float, TLane>());
        return new(Vector128.Narrow(low._value.AsUInt64() >> 32, high._value.AsUInt64() >> 32).As<uint, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> EvenMixed(Lanes128<TLane> low, Lanes128<TLane> high) => Even(low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> OddMixed(Lanes128<TLane> low, Lanes128<TLane> high) => Odd(low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> InOrder(Lanes128<TLane> mixed) => mixed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Left(Lanes128<TLane> before, Lanes128<TLane> lanes) => Shift(before, lanes, 16 - sizeof(TLane));

    public static bool LooksAhead
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TLane) switch { 1 => Avx512Vbmi.VL.IsSupported, 2 => Avx512BW.VL.IsSupported, _ => Avx512F.VL.IsSupported };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Ahead(Lanes128<TLane> lanes, Lanes128<TLane> after, Lanes128<TLane> places)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.VL.PermuteVar2x64x2(lanes._value.AsInt64(), places._value.AsInt64(), after._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx512F.VL.PermuteVar4x32x2(lanes._value.AsInt32(), places._value.AsInt32(), after._value.AsInt32()).As<int, TLane>());
        if (sizeof(TLane) == 2) return new(Avx512BW.VL.PermuteVar8x16x2(lanes._value.AsInt16(), places._value.AsInt16(), after._value.AsInt16()).As<short, TLane>());
        return new(Avx512Vbmi.VL.PermuteVar16x8x2(lanes._value.AsByte(), places._value.AsByte(), after._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Pick(Lanes128<TLane> lanes, Lanes128<TLane> places)
    {
        if (LooksAhead) return Ahead(lanes, default, places);
        if (sizeof(TLane) == 8) return new((Vector128.ShuffleNative(lanes._value.AsInt64(), places._value.AsInt64()) & Vector128.LessThan(places._value.AsInt64(), Vector128.Create((long)Count))).As<long, TLane>());
        return new((Vector128.ShuffleNative(lanes._value.AsInt32(), places._value.AsInt32()) & Vector128.LessThan(places._value.AsInt32(), Vector128.Create(Count))).As<int, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Further(Lanes128<TLane> lanes, Lanes128<TLane> after, [ConstantExpected] byte places) => Shift(lanes, after, places * sizeof(TLane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Right(Lanes128<TLane> lanes, Lanes128<TLane> after) => Shift(lanes, after, sizeof(TLane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> WhereEqual(Lanes128<TLane> left, Lanes128<TLane> right, Lanes128<TLane> lanes) =>
        new(Vector128.Equals(left._value, right._value) & lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> AddWhereEqual(Lanes128<TLane> sum, Lanes128<TLane> left, Lanes128<TLane> right, Lanes128<TLane> lanes) => sizeof(TLane) == sizeof(long)
        ? new(sum._value + (Vector128.Equals(left._value.AsUInt64(), right._value.AsUInt64()) & lanes._value.AsUInt64()).As<ulong, TLane>())
        : new(sum._value + (Vector128.Equals(left._value.AsUInt32(), right._value.AsUInt32()) & lanes._value.AsUInt32()).As<uint, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> ZipLow(Lanes128<TLane> even, Lanes128<TLane> odd)
    {
        if (sizeof(TLane) == 8) return new(Vector128.Create(even._value.GetLower(), odd._value.GetLower()));
        if (Sse2.IsSupported)
            return sizeof(TLane) == 4 ? new(Sse2.UnpackLow(even._value.AsInt32(), odd._value.AsInt32()).As<int, TLane>())
                : sizeof(TLane) == 2 ? new(Sse2.UnpackLow(even._value.AsInt16(), odd._value.AsInt16()).As<short, TLane>())
                : new(Sse2.UnpackLow(even._value.AsByte(), odd._value.AsByte()).As<byte, TLane>());
        if (AdvSimd.Arm64.IsSupported)
            return sizeof(TLane) == 4 ? new(AdvSimd.Arm64.ZipLow(even._value.AsInt32(), odd._value.AsInt32()).As<int, TLane>())
                : sizeof(TLane) == 2 ? new(AdvSimd.Arm64.ZipLow(even._value.AsInt16(), odd._value.AsInt16()).As<short, TLane>())
                : new(AdvSimd.Arm64.ZipLow(even._value.AsByte(), odd._value.AsByte()).As<byte, TLane>());
        return InTurn(even, odd, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> ZipHigh(Lanes128<TLane> even, Lanes128<TLane> odd)
    {
        if (sizeof(TLane) == 8) return new(Vector128.Create(even._value.GetUpper(), odd._value.GetUpper()));
        if (Sse2.IsSupported)
            return sizeof(TLane) == 4 ? new(Sse2.UnpackHigh(even._value.AsInt32(), odd._value.AsInt32()).As<int, TLane>())
                : sizeof(TLane) == 2 ? new(Sse2.UnpackHigh(even._value.AsInt16(), odd._value.AsInt16()).As<short, TLane>())
                : new(Sse2.UnpackHigh(even._value.AsByte(), odd._value.AsByte()).As<byte, TLane>());
        if (AdvSimd.Arm64.IsSupported)
            return sizeof(TLane) == 4 ? new(AdvSimd.Arm64.ZipHigh(even._value.AsInt32(), odd._value.AsInt32()).As<int, TLane>())
                : sizeof(TLane) == 2 ? new(AdvSimd.Arm64.ZipHigh(even._value.AsInt16(), odd._value.AsInt16()).As<short, TLane>())
                : new(AdvSimd.Arm64.ZipHigh(even._value.AsByte(), odd._value.AsByte()).As<byte, TLane>());
        return InTurn(even, odd, Count / 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> Widen<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(TLane) || (sizeof(TCell) == sizeof(TLane) && typeof(TLane) != typeof(float))) return Load((TLane*)cells);
        // As many bytes as there are lanes of this cell, in the low part of a register.
        Vector128<byte> low = Vector128<TLane>.Count * sizeof(TCell) == 8 ? Vector128.CreateScalarUnsafe(*(long*)cells).AsByte()
            : Vector128<TLane>.Count * sizeof(TCell) == 4 ? Vector128.CreateScalarUnsafe(*(int*)cells).AsByte() : Vector128.CreateScalarUnsafe(*(short*)cells).AsByte();
        if (typeof(TLane) == typeof(double)) return new(Doubles<TCell>(low).As<double, TLane>());
        if (sizeof(TLane) == sizeof(long))
        {
            // By way of the sizes between, which the compiler takes in one step.
            if (typeof(TCell) == typeof(sbyte)) return new(Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(low.AsSByte()))).As<long, TLane>());
            if (sizeof(TCell) == 1) return new(Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(low.AsByte()))).As<ulong, TLane>());
            if (typeof(TCell) == typeof(short)) return new(Vector128.WidenLower(Vector128.WidenLower(low.AsInt16())).As<long, TLane>());
            if (sizeof(TCell) == 2) return new(Vector128.WidenLower(Vector128.WidenLower(low.AsUInt16())).As<ulong, TLane>());
        }
        if (sizeof(TLane) == sizeof(short))
        {
            if (typeof(TCell) == typeof(sbyte)) return new(Vector128.WidenLower(low.AsSByte()).As<short, TLane>());
            return new(Vector128.WidenLower(low).As<ushort, TLane>());
        }
        if (typeof(TCell) == typeof(Half)) return new(HalfLanes.Widen(Vector128.WidenLower(low.AsInt16())).As<float, TLane>());
        if (typeof(TCell) == typeof(BFloat16)) return new((Vector128.WidenLower(low.AsUInt16()) << 16).As<uint, TLane>());
        if (typeof(TCell) == typeof(byte)) return new(Vector128.WidenLower(Vector128.WidenLower(low)).As<uint, TLane>());
        if (typeof(TCell) == typeof(sbyte)) return new(Vector128.WidenLower(Vector128.WidenLower(low.AsSByte())).As<int, TLane>());
        if (typeof(TCell) == typeof(ushort)) return new(Vector128.WidenLower(low.AsUInt16()).As<uint, TLane>());
        if (typeof(TCell) == typeof(short)) return new(Vector128.WidenLower(low.AsInt16()).As<int, TLane>());
        if (typeof(TCell) == typeof(uint) || typeof(TCell) == typeof(float)) return new(Vector128.WidenLower(low.AsUInt32()).As<ulong, TLane>());
        if (typeof(TCell) == typeof(int)) return new(Vector128.WidenLower(low.AsInt32()).As<long, TLane>());
        throw new NotSupportedException();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Doubles<TCell>(Vector128<byte> low)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(float)) return Vector128.WidenLower(low.AsSingle());
        if (typeof(TCell) == typeof(uint)) return DoubleLanes.Exact(Vector128.WidenLower(low.AsUInt32()).AsInt64());
        if (typeof(TCell) == typeof(int)) return DoubleLanes.Widen(low.AsInt32());
        if (typeof(TCell) == typeof(short)) return DoubleLanes.Widen(Vector128.WidenLower(low.AsInt16()));
        if (typeof(TCell) == typeof(ushort)) return DoubleLanes.Widen(Vector128.WidenLower(low.AsUInt16()).AsInt32());
        return DoubleLanes.Widen(typeof(TCell) == typeof(sbyte)
            ? Vector128.WidenLower(Vector128.WidenLower(low.AsSByte())) : Vector128.WidenLower(Vector128.WidenLower(low)).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> LoadApart(TLane* lanes, long step) => Load(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreApart(TLane* lanes, long step)
    {
        Store(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> UnpackLow<TCell>(Lanes128<TLane> left, Lanes128<TLane> right)
        where TCell : unmanaged
    {
        if (!Sse2.IsSupported) return ZipLow<TCell>(left, right);
        // Not by way of the same for cells of their own: of so many calls the compiler would not inline all.
        if (sizeof(TCell) == 8) return new(Sse2.UnpackLow(left._value.AsInt64(), right._value.AsInt64()).As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Sse2.UnpackLow(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Sse2.UnpackLow(left._value.AsInt16(), right._value.AsInt16()).As<short, TLane>());
        return new(Sse2.UnpackLow(left._value.AsByte(), right._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128<TLane> ZipLow<TCell>(Lanes128<TLane> left, Lanes128<TLane> right)
        where TCell : unmanaged
    {
        if (sizeof(TCell) == 8) return new(Lanes128<long>.ZipLow(new(left._value.AsInt64()), new(right._value.AsInt64()))._value.As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Lanes128<int>.ZipLow(new(left._value.AsInt32()), new(right._value.AsInt32()))._value.As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Lanes128<short>.ZipLow(new(left._value.AsInt16()), new(right._value.AsInt16()))._value.As<short, TLane>());
        return new(Lanes128<byte>.ZipLow(new(left._value.AsByte()), new(right._value.AsByte()))._value.As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> UnpackHigh<TCell>(Lanes128<TLane> left, Lanes128<TLane> right)
        where TCell : unmanaged
    {
        if (!Sse2.IsSupported) return ZipHigh<TCell>(left, right);
        if (sizeof(TCell) == 8) return new(Sse2.UnpackHigh(left._value.AsInt64(), right._value.AsInt64()).As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Sse2.UnpackHigh(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Sse2.UnpackHigh(left._value.AsInt16(), right._value.AsInt16()).As<short, TLane>());
        return new(Sse2.UnpackHigh(left._value.AsByte(), right._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128<TLane> ZipHigh<TCell>(Lanes128<TLane> left, Lanes128<TLane> right)
        where TCell : unmanaged
    {
        if (sizeof(TCell) == 8) return new(Lanes128<long>.ZipHigh(new(left._value.AsInt64()), new(right._value.AsInt64()))._value.As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Lanes128<int>.ZipHigh(new(left._value.AsInt32()), new(right._value.AsInt32()))._value.As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Lanes128<short>.ZipHigh(new(left._value.AsInt16()), new(right._value.AsInt16()))._value.As<short, TLane>());
        return new(Lanes128<byte>.ZipHigh(new(left._value.AsByte()), new(right._value.AsByte()))._value.As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLong(long* to)
    {
        if (sizeof(TLane) == sizeof(long))
        {
            _value.AsInt64().Store(to);
            return;
        }
        Vector128.WidenLower(_value.AsInt32()).Store(to);
        Vector128.WidenUpper(_value.AsInt32()).Store(to + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLong(long* to, int first)
    {
        StoreLong(Vector128.WidenLower(_value.AsInt16()) + Vector128.Create(first), to);
        StoreLong(Vector128.WidenUpper(_value.AsInt16()) + Vector128.Create(first), to + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLong(Vector128<int> numbers, long* to)
    {
        Vector128.WidenLower(numbers).Store(to);
        Vector128.WidenUpper(numbers).Store(to + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<TCell>(TCell* cells, out Lanes128<TLane> even, out Lanes128<TLane> odd)
        where TCell : unmanaged
    {
        if (sizeof(TLane) == 2)
        {
            Vector128<short> pairs = Vector128.Load((short*)cells);
            if (typeof(TCell) == typeof(sbyte))
            {
                Vector128<short> low = Ssse3.IsSupported ? Ssse3.MultiplyAddAdjacent(Vector128.Create((ushort)1).AsByte(), pairs.AsSByte()) : (pairs << 8) >> 8;
                (even, odd) = (new(low.As<short, TLane>()), new((pairs >> 8).As<short, TLane>()));
            }
            else (even, odd) = (new((pairs & Vector128.Create((short)0xFF)).As<short, TLane>()), new((pairs >>> 8).As<short, TLane>()));
        }
        else
        {
            Vector128<int> pairs = Vector128.Load((int*)cells);
            if (typeof(TCell) == typeof(BFloat16)) (even, odd) = (new((pairs << 16).As<int, TLane>()), new((pairs & Vector128.Create(~0xFFFF)).As<int, TLane>()));
            else if (typeof(TCell) == typeof(short))
            {
                Vector128<int> low = Sse2.IsSupported ? Sse2.MultiplyAddAdjacent(pairs.AsInt16(), Vector128.Create(1).AsInt16()) : (pairs << 16) >> 16;
                (even, odd) = (new(low.As<int, TLane>()), new((pairs >> 16).As<int, TLane>()));
            }
            else (even, odd) = (new((pairs & Vector128.Create(0xFFFF)).As<int, TLane>()), new((pairs >>> 16).As<int, TLane>()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NarrowSplit<TCell>(Lanes128<TLane> even, Lanes128<TLane> odd, TCell* cells)
        where TCell : unmanaged
    {
        if (sizeof(TLane) == 2) Vector128.ConditionalSelect(Vector128.Create((ushort)0xFF), even._value.AsUInt16(), odd._value.AsUInt16() << 8).Store((ushort*)cells);
        else if (typeof(TCell) == typeof(BFloat16))
            HalfLanes.Join(BFloat16Lanes.Narrow(even._value.AsSingle()), BFloat16Lanes.Narrow(odd._value.AsSingle())).Store((uint*)cells);
        else if (typeof(TCell) == typeof(Half))
            ((HalfLanes.Narrow(odd._value.AsSingle()) << 16) | HalfLanes.Narrow(even._value.AsSingle())).Store((uint*)cells);
        else
        {
            Vector128<int> low = LaneRange<TCell>.Clamp(even._value.AsInt32()), high = LaneRange<TCell>.Clamp(odd._value.AsInt32());
            Vector128.ConditionalSelect(Vector128.Create(0xFFFF), low, high << 16).Store((int*)cells);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> WidenScaled(Half* cells) => new(HalfLanes.WidenScaled(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)cells).AsInt16())).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SplitScaled(Half* cells, out Lanes128<TLane> even, out Lanes128<TLane> odd, ref Lanes128<TLane> seen)
    {
        Vector128<float> watched = seen._value.AsSingle();
        HalfLanes.SplitScaled(Vector128.Load((int*)cells), out Vector128<float> lower, out Vector128<float> upper, ref watched);
        (even, odd, seen) = (new(lower.As<float, TLane>()), new(upper.As<float, TLane>()), new(watched.As<float, TLane>()));
    }

    public static bool AreFinite(Lanes128<TLane> seen) => HalfLanes.AreFinite(seen._value.AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TLane> WatchScaled(Lanes128<TLane> seen, Lanes128<TLane> left, Lanes128<TLane> right) =>
        new(HalfLanes.WatchScaled(seen._value.AsSingle(), left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NarrowScaled(Lanes128<TLane> even, Lanes128<TLane> odd, Half* cells) =>
        HalfLanes.Join(HalfLanes.NarrowScaled(even._value.AsSingle()), HalfLanes.NarrowScaled(odd._value.AsSingle())).Store((uint*)cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NarrowScaled(Half* cells)
    {
        Vector128<int> upper = HalfLanes.NarrowScaled(_value.AsSingle()).AsInt32() >> 16;
        Vector128.NarrowWithSaturation(upper, upper).GetLower().Store((short*)cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Cut<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TLane) == typeof(double))
        {
            Vector128<uint> whole = DoubleLanes.Cut<TCell>(_value.AsDouble());
            if (sizeof(TCell) == 4) *(long*)cells = whole.AsInt64()[0];
            else if (sizeof(TCell) == 2) *(int*)cells = Vector128.Narrow(whole, whole).AsInt32()[0];
            else *(short*)cells = Vector128.Narrow(Vector128.Narrow(whole, whole), Vector128<ushort>.Zero).AsInt16()[0];
            return;
        }
        Vector128<ulong> lanes = _value.AsUInt64();
        Vector128<uint> four = Vector128.Narrow(lanes, lanes);
        if (sizeof(TCell) == 8) lanes.Store((ulong*)cells);
        else if (sizeof(TCell) == 4) *(long*)cells = four.AsInt64()[0];
        else if (sizeof(TCell) == 2) *(int*)cells = Vector128.Narrow(four, four).AsInt32()[0];
        else *(short*)cells = Vector128.Narrow(Vector128.Narrow(four, four), Vector128<ushort>.Zero).AsInt16()[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Narrow<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(TLane) || (sizeof(TCell) == sizeof(TLane) && typeof(TLane) != typeof(float))) Store((TLane*)cells);
        else if (typeof(TCell) == typeof(float))
        {
            // As one number: of half a register the compiler makes a detour by way of the stack.
            Vector128<float> both = Sse2.IsSupported ? Sse2.ConvertToVector128Single(_value.AsDouble()) : Vector128.Narrow(_value.AsDouble(), _value.AsDouble());
            *(double*)cells = both.AsDouble().ToScalar();
        }
        else if (typeof(TCell) == typeof(Half) || typeof(TCell) == typeof(BFloat16))
        {
            Vector128<uint> bits = typeof(TCell) == typeof(Half) ? HalfLanes.Narrow(_value.AsSingle()) : BFloat16Lanes.Narrow(_value.AsSingle()) >> 16;
            Vector128.Narrow(bits, bits).GetLower().Store((ushort*)cells);
        }
        else if (sizeof(TLane) == 2)
        {
            // A mean of cells is none that a cell could not hold.
            Vector128.Narrow(_value.AsUInt16(), _value.AsUInt16()).GetLower().Store((byte*)cells);
        }
        else if (sizeof(TLane) == sizeof(double))
        {
            new Lanes128<TLane>(LaneRange<TCell>.Clamp(_value.AsDouble()).As<double, TLane>()).Cut(cells);
        }
        else
        {
            Vector128<uint> held = LaneRange<TCell>.Clamp(_value.AsInt32()).AsUInt32();
            Vector128<ushort> half = Vector128.Narrow(held, held);
            if (sizeof(TCell) == 2) half.GetLower().Store((ushort*)cells);
            else *(int*)cells = Vector128.Narrow(half, half).AsInt32()[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> MultiplyHigh(Vector128<short> left, Vector128<short> right)
    {
        if (Sse2.IsSupported) return Sse2.MultiplyHigh(left, right);
        (Vector128<int> low, Vector128<int> high) = Vector128.Widen(left);
        (Vector128<int> lowRight, Vector128<int> highRight) = Vector128.Widen(right);
        return Vector128.Narrow((low * lowRight) >> 16, (high * highRight) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> MultiplyHigh(Vector128<ushort> left, Vector128<ushort> right)
    {
        if (Sse2.IsSupported) return Sse2.MultiplyHigh(left, right);
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(left);
        (Vector128<uint> lowRight, Vector128<uint> highRight) = Vector128.Widen(right);
        return Vector128.Narrow((low * lowRight) >> 16, (high * highRight) >> 16);
    }

    /// <summary>The 16 bytes from <paramref name="bytes"/> on of the two registers in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128<TLane> Shift(Lanes128<TLane> low, Lanes128<TLane> high, int bytes)
    {
        if (Ssse3.IsSupported) return new(Ssse3.AlignRight(high._value.AsByte(), low._value.AsByte(), (byte)bytes).As<byte, TLane>());
        if (AdvSimd.IsSupported) return new(AdvSimd.ExtractVector128(low._value.AsByte(), high._value.AsByte(), (byte)bytes).As<byte, TLane>());
        byte* both = stackalloc byte[32];
        low._value.AsByte().Store(both);
        high._value.AsByte().Store(both + 16);
        return new(Vector128.Load(both + bytes).As<byte, TLane>());
    }

    /// <summary>Half of both registers in turn, where no processor helps.</summary>
    private static Lanes128<TLane> InTurn(Lanes128<TLane> even, Lanes128<TLane> odd, int first)
    {
        TLane* both = stackalloc TLane[Vector128<TLane>.Count];
        for (int i = 0; i < Count / 2; i++) (both[2 * i], both[2 * i + 1]) = (even._value[first + i], odd._value[first + i]);
        return Load(both);
    }
}
