using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>512 bits of lanes.</summary>
[SuppressMessage("Performance", "CA1857", Justification = "The size of a lane is a constant once the compiler knows its type.")]
internal readonly unsafe struct Lanes512<TLane>(Vector512<TLane> value) : ILanes<Lanes512<TLane>, TLane>
    where TLane : unmanaged
{
    private readonly Vector512<TLane> _value = value;

    public static int Count => Vector512<TLane>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Create(TLane value) => new(Vector512.Create(value));

    public static Lanes512<TLane> Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<TLane>.Indices);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Load(TLane* lanes) => new(Vector512.Load(lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TLane* lanes) => _value.Store(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreAround(TLane* lanes) => _value.StoreAlignedNonTemporal(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator +(Lanes512<TLane> left, Lanes512<TLane> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Add(Lanes512<TLane> left, TLane* right) => new(left._value + Vector512.Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator -(Lanes512<TLane> left, Lanes512<TLane> right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator *(Lanes512<TLane> left, Lanes512<TLane> right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator /(Lanes512<TLane> left, Lanes512<TLane> right)
    {
        // No processor divides integers by the register; float holds what these lanes carry.
        if (typeof(TLane) == typeof(int)) return new(Quotient(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TLane) == sizeof(short))
        {
            (Vector512<int> low, Vector512<int> high) = Vector512.Widen(left._value.AsInt16());
            (Vector512<int> lowCounts, Vector512<int> highCounts) = Vector512.Widen(right._value.AsInt16());
            return new(Vector512.Narrow(Quotient(low, lowCounts), Quotient(high, highCounts)).As<short, TLane>());
        }
        return new(left._value / right._value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Quotient(Vector512<int> sums, Vector512<int> counts) => Vector512.ConvertToInt32Native(Vector512.ConvertToSingle(sums) / Vector512.ConvertToSingle(counts));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Root(Lanes512<TLane> lanes)
    {
        if (typeof(TLane) == typeof(double)) return new(Vector512.Sqrt(lanes._value.AsDouble()).As<double, TLane>());
        if (typeof(TLane) == typeof(float)) return new(Vector512.Sqrt(lanes._value.AsSingle()).As<float, TLane>());
        return new(Vector512.ConvertToInt32Native(Vector512.Sqrt(Vector512.ConvertToSingle(lanes._value.AsInt32()))).As<int, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> WideQuotient(Lanes512<TLane> sums, Lanes512<TLane> counts) => new(DoubleLanes.Quotient(sums._value.AsInt32(), counts._value.AsInt32()).As<int, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> MultiplyAdd(Lanes512<TLane> left, Lanes512<TLane> right, Lanes512<TLane> addend) => new(sizeof(TLane) == 8
        ? Vector512.MultiplyAddEstimate(left._value.AsDouble(), right._value.AsDouble(), addend._value.AsDouble()).As<double, TLane>()
        : Vector512.MultiplyAddEstimate(left._value.AsSingle(), right._value.AsSingle(), addend._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator ^(Lanes512<TLane> left, Lanes512<TLane> right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator <<(Lanes512<TLane> lanes, int bits) => new(lanes._value << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator >>(Lanes512<TLane> lanes, int bits) => new(lanes._value >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Times(Lanes512<TLane> lanes, double inverse) =>
        new(Vector512.ConvertToInt64Native(Vector512.ConvertToDouble(lanes._value.AsInt64()) * Vector512.Create(inverse)).As<long, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Times(Lanes512<TLane> sums, Lanes512<TLane> inverse, int shift)
    {
        if (typeof(TLane) == typeof(int)) return new(Vector512.ConvertToInt32Native(Vector512.ConvertToSingle(sums._value.AsInt32()) * inverse._value.AsSingle()).As<int, TLane>());
        if (typeof(TLane) == typeof(ushort)) return new((Avx512BW.MultiplyHigh(sums._value.AsUInt16(), inverse._value.AsUInt16()) >> shift).As<ushort, TLane>());
        // The inverse has its upper bit set, as a signed number it is 2^16 too small. Then down to the next whole number, of negative ones up by one.
        Vector512<short> signed = sums._value.AsInt16();
        return new((((Avx512BW.MultiplyHigh(signed, inverse._value.AsInt16()) + signed) >> shift) - (signed >> 15)).As<short, TLane>());
    }

    private static Vector512<TLane> Magnitude
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TLane) == 8 ? Vector512.Create(long.MaxValue).As<long, TLane>()
            : sizeof(TLane) == 4 ? Vector512.Create(int.MaxValue).As<int, TLane>() : Vector512.Create(short.MaxValue).As<short, TLane>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Sortable(Lanes512<TLane> bits) => new(Vector512.IsHardwareAccelerated
        // bits ^ (sign & magnitude) in one instruction.
        ? Avx512F.TernaryLogic(bits._value.AsByte(), (bits._value >> (8 * sizeof(TLane) - 1)).AsByte(), Magnitude.AsByte(), 0x78).As<byte, TLane>()
        : bits._value ^ ((bits._value >> (8 * sizeof(TLane) - 1)) & Magnitude));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Min(Lanes512<TLane> left, Lanes512<TLane> right) => new(Vector512.Min(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Max(Lanes512<TLane> left, Lanes512<TLane> right) => new(Vector512.Max(left._value, right._value));

    // What VRANGE is asked for: the smaller or the larger of two numbers, with its own sign.
    private const byte Smaller = 0b0100, Larger = 0b0101;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> MinNumber(Lanes512<TLane> left, Lanes512<TLane> right)
    {
        if (!Avx512DQ.IsSupported) return new(Vector512.Min(left._value, right._value));
        return new(sizeof(TLane) == 8
            ? Avx512DQ.Range(left._value.AsDouble(), right._value.AsDouble(), Smaller).As<double, TLane>()
            : Avx512DQ.Range(left._value.AsSingle(), right._value.AsSingle(), Smaller).As<float, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> MaxNumber(Lanes512<TLane> left, Lanes512<TLane> right)
    {
        if (!Avx512DQ.IsSupported) return new(Vector512.Max(left._value, right._value));
        return new(sizeof(TLane) == 8
            ? Avx512DQ.Range(left._value.AsDouble(), right._value.AsDouble(), Larger).As<double, TLane>()
            : Avx512DQ.Range(left._value.AsSingle(), right._value.AsSingle(), Larger).As<float, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> MaxNative(Lanes512<TLane> left, Lanes512<TLane> right) => new(sizeof(TLane) == 8
        ? Vector512.MaxNative(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Vector512.MaxNative(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> MinNative(Lanes512<TLane> left, Lanes512<TLane> right) => new(sizeof(TLane) == 8
        ? Vector512.MinNative(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Vector512.MinNative(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> AddNumbers(Lanes512<TLane> left, Lanes512<TLane> right) => new(sizeof(TLane) == 8
        ? (left._value.AsDouble() + right._value.AsDouble()).As<double, TLane>()
        : (left._value.AsSingle() + right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Unordered(Lanes512<TLane> left, Lanes512<TLane> right) => new(sizeof(TLane) == 8
        ? Avx512F.CompareUnordered(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Avx512F.CompareUnordered(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> IfGreater(Lanes512<TLane> left, Lanes512<TLane> right, Lanes512<TLane> yes, Lanes512<TLane> no) => new(sizeof(TLane) == 8
        ? Vector512.ConditionalSelect(Vector512.GreaterThan(left._value.AsDouble(), right._value.AsDouble()), yes._value.AsDouble(), no._value.AsDouble()).As<double, TLane>()
        : Vector512.ConditionalSelect(Vector512.GreaterThan(left._value.AsSingle(), right._value.AsSingle()), yes._value.AsSingle(), no._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> operator |(Lanes512<TLane> left, Lanes512<TLane> right) => new(left._value | right._value);

    public static bool IsZero(Lanes512<TLane> lanes) => Vector512.EqualsAll(lanes._value.AsByte(), Vector512<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Greater(Lanes512<TLane> left, Lanes512<TLane> right) => new(Vector512.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Select(Lanes512<TLane> mask, Lanes512<TLane> yes, Lanes512<TLane> no) =>
        new(Vector512.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Blend(Lanes512<TLane> mask, Lanes512<TLane> yes, Lanes512<TLane> no) => Select(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Even(Lanes512<TLane> low, Lanes512<TLane> high) => Pick(low, high, 0, 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Odd(Lanes512<TLane> low, Lanes512<TLane> high) => Pick(low, high, 1, 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> EvenMixed(Lanes512<TLane> low, Lanes512<TLane> high)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.UnpackLow(low._value.AsInt64(), high._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx512F.Shuffle(low._value.AsSingle(), high._value.AsSingle(), 0x88).As<float, TLane>());
        return Even(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> OddMixed(Lanes512<TLane> low, Lanes512<TLane> high)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.UnpackHigh(low._value.AsInt64(), high._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx512F.Shuffle(low._value.AsSingle(), high._value.AsSingle(), 0xDD).As<float, TLane>());
        return Odd(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> InOrder(Lanes512<TLane> mixed) =>
        sizeof(TLane) < 4 ? mixed : new(Avx512F.PermuteVar8x64(mixed._value.AsInt64(), Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7)).As<long, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Left(Lanes512<TLane> before, Lanes512<TLane> lanes)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.AlignRight64(lanes._value.AsInt64(), before._value.AsInt64(), 7).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx512F.AlignRight32(lanes._value.AsInt32(), before._value.AsInt32(), 15).As<int, TLane>());
        return Pick(before, lanes, Count - 1, 1);
    }

    public static bool LooksAhead
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TLane) switch { 1 => Avx512Vbmi.IsSupported, 2 => Avx512BW.IsSupported, _ => Avx512F.IsSupported };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Ahead(Lanes512<TLane> lanes, Lanes512<TLane> after, Lanes512<TLane> places)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.PermuteVar8x64x2(lanes._value.AsInt64(), places._value.AsInt64(), after._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx512F.PermuteVar16x32x2(lanes._value.AsInt32(), places._value.AsInt32(), after._value.AsInt32()).As<int, TLane>());
        if (sizeof(TLane) == 2) return new(Avx512BW.PermuteVar32x16x2(lanes._value.AsInt16(), places._value.AsInt16(), after._value.AsInt16()).As<short, TLane>());
        return new(Avx512Vbmi.PermuteVar64x8x2(lanes._value.AsByte(), places._value.AsByte(), after._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Pick(Lanes512<TLane> lanes, Lanes512<TLane> places)
    {
        if (LooksAhead) return Ahead(lanes, default, places);
        if (sizeof(TLane) == 8) return new((Vector512.ShuffleNative(lanes._value.AsInt64(), places._value.AsInt64()) & Vector512.LessThan(places._value.AsInt64(), Vector512.Create((long)Count))).As<long, TLane>());
        return new((Vector512.ShuffleNative(lanes._value.AsInt32(), places._value.AsInt32()) & Vector512.LessThan(places._value.AsInt32(), Vector512.Create(Count))).As<int, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Further(Lanes512<TLane> lanes, Lanes512<TLane> after, [ConstantExpected] byte places)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.AlignRight64(after._value.AsInt64(), lanes._value.AsInt64(), places).As<long, TLane>());
        if (places * sizeof(TLane) % 4 == 0)
            return new(Avx512F.AlignRight32(after._value.AsInt32(), lanes._value.AsInt32(), (byte)(places * sizeof(TLane) / 4)).As<int, TLane>());
        Vector512<byte> quarterOn = Avx512F.AlignRight32(after._value.AsInt32(), lanes._value.AsInt32(), 4).AsByte();
        return new(Avx512BW.AlignRight(quarterOn, lanes._value.AsByte(), (byte)(places * sizeof(TLane))).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Right(Lanes512<TLane> lanes, Lanes512<TLane> after)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.AlignRight64(after._value.AsInt64(), lanes._value.AsInt64(), 1).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx512F.AlignRight32(after._value.AsInt32(), lanes._value.AsInt32(), 1).As<int, TLane>());
        return Pick(lanes, after, 1, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> WhereEqual(Lanes512<TLane> left, Lanes512<TLane> right, Lanes512<TLane> lanes) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(left._value, right._value), lanes._value, Vector512<TLane>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> AddWhereEqual(Lanes512<TLane> sum, Lanes512<TLane> left, Lanes512<TLane> right, Lanes512<TLane> lanes) => sizeof(TLane) == sizeof(long)
        ? new(Vector512.ConditionalSelect(Vector512.Equals(left._value.AsUInt64(), right._value.AsUInt64()).As<ulong, TLane>(), sum._value + lanes._value, sum._value))
        : new(Vector512.ConditionalSelect(Vector512.Equals(left._value.AsUInt32(), right._value.AsUInt32()).As<uint, TLane>(), sum._value + lanes._value, sum._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> ZipLow(Lanes512<TLane> even, Lanes512<TLane> odd)
    {
        if (sizeof(TLane) == 8)
            return new(Avx512F.PermuteVar8x64x2(even._value.AsInt64(), Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11), odd._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4)
            return new(Avx512F.PermuteVar16x32x2(
                even._value.AsInt32(), Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), odd._value.AsInt32()).As<int, TLane>());
        // In turn within each quarter, and then the quarters in order.
        Vector512<long> quarters = Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11);
        if (sizeof(TLane) == 2)
            return new(Avx512F.PermuteVar8x64x2(
                Avx512BW.UnpackLow(even._value.AsInt16(), odd._value.AsInt16()).AsInt64(), quarters, Avx512BW.UnpackHigh(even._value.AsInt16(), odd._value.AsInt16()).AsInt64()).As<long, TLane>());
        return new(Avx512F.PermuteVar8x64x2(
            Avx512BW.UnpackLow(even._value.AsByte(), odd._value.AsByte()).AsInt64(), quarters, Avx512BW.UnpackHigh(even._value.AsByte(), odd._value.AsByte()).AsInt64()).As<long, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> ZipHigh(Lanes512<TLane> even, Lanes512<TLane> odd)
    {
        if (sizeof(TLane) == 8)
            return new(Avx512F.PermuteVar8x64x2(even._value.AsInt64(), Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15), odd._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4)
            return new(Avx512F.PermuteVar16x32x2(
                even._value.AsInt32(), Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), odd._value.AsInt32()).As<int, TLane>());
        // In turn within each quarter, and then the quarters in order.
        Vector512<long> quarters = Vector512.Create(4L, 5, 12, 13, 6, 7, 14, 15);
        if (sizeof(TLane) == 2)
            return new(Avx512F.PermuteVar8x64x2(
                Avx512BW.UnpackLow(even._value.AsInt16(), odd._value.AsInt16()).AsInt64(), quarters, Avx512BW.UnpackHigh(even._value.AsInt16(), odd._value.AsInt16()).AsInt64()).As<long, TLane>());
        return new(Avx512F.PermuteVar8x64x2(
            Avx512BW.UnpackLow(even._value.AsByte(), odd._value.AsByte()).AsInt64(), quarters, Avx512BW.UnpackHigh(even._value.AsByte(), odd._value.AsByte()).AsInt64()).As<long, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> Widen<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(TLane) || (sizeof(TCell) == sizeof(TLane) && typeof(TLane) != typeof(float))) return Load((TLane*)cells);
        if (typeof(TLane) == typeof(double)) return new(Doubles(cells).As<double, TLane>());
        if (sizeof(TLane) == sizeof(long))
        {
            if (typeof(TCell) == typeof(sbyte)) return new(Avx512F.ConvertToVector512Int64(Vector128.CreateScalarUnsafe(*(long*)cells).AsSByte()).As<long, TLane>());
            if (sizeof(TCell) == 1) return new(Avx512F.ConvertToVector512Int64(Vector128.CreateScalarUnsafe(*(long*)cells).AsByte()).As<long, TLane>());
            if (typeof(TCell) == typeof(short)) return new(Avx512F.ConvertToVector512Int64(Vector128.Load((short*)cells)).As<long, TLane>());
            if (sizeof(TCell) == 2) return new(Avx512F.ConvertToVector512Int64(Vector128.Load((ushort*)cells)).As<long, TLane>());
        }
        if (sizeof(TLane) == sizeof(short))
        {
            if (typeof(TCell) == typeof(sbyte)) return new(Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)cells)).As<short, TLane>());
            return new(Avx512BW.ConvertToVector512Int16(Vector256.Load((byte*)cells)).As<short, TLane>());
        }
        if (typeof(TCell) == typeof(Half)) return new(HalfLanes.Widen(Vector256.Load((short*)cells)).As<float, TLane>());
        if (typeof(TCell) == typeof(BFloat16)) return new((Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)cells)) << 16).As<int, TLane>());
        if (typeof(TCell) == typeof(byte)) return new(Avx512F.ConvertToVector512Int32(Vector128.Load((byte*)cells)).As<int, TLane>());
        if (typeof(TCell) == typeof(sbyte)) return new(Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)cells)).As<int, TLane>());
        if (typeof(TCell) == typeof(ushort)) return new(Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)cells)).As<int, TLane>());
        if (typeof(TCell) == typeof(short)) return new(Avx512F.ConvertToVector512Int32(Vector256.Load((short*)cells)).As<int, TLane>());
        if (typeof(TCell) == typeof(uint) || typeof(TCell) == typeof(float)) return new(Avx512F.ConvertToVector512Int64(Vector256.Load((uint*)cells)).As<long, TLane>());
        if (typeof(TCell) == typeof(int)) return new(Avx512F.ConvertToVector512Int64(Vector256.Load((int*)cells)).As<long, TLane>());
        throw new NotSupportedException();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Doubles<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(float)) return Avx512F.ConvertToVector512Double(Vector256.Load((float*)cells));
        if (typeof(TCell) == typeof(uint)) return Avx512F.ConvertToVector512Double(Vector256.Load((uint*)cells));
        if (typeof(TCell) == typeof(int)) return Avx512F.ConvertToVector512Double(Vector256.Load((int*)cells));
        if (typeof(TCell) == typeof(short)) return Avx512F.ConvertToVector512Double(Avx2.ConvertToVector256Int32(Vector128.Load((short*)cells)));
        if (typeof(TCell) == typeof(ushort)) return Avx512F.ConvertToVector512Double(Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)cells)));
        Vector128<byte> low = Vector128.CreateScalarUnsafe(*(long*)cells).AsByte();
        return Avx512F.ConvertToVector512Double(typeof(TCell) == typeof(sbyte) ? Avx2.ConvertToVector256Int32(low.AsSByte()) : Avx2.ConvertToVector256Int32(low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> LoadApart(TLane* lanes, long step)
    {
        Vector256<TLane> low = Vector128.Load(lanes).ToVector256Unsafe().WithUpper(Vector128.Load(lanes + step));
        return new(low.ToVector512Unsafe().WithUpper(Vector128.Load(lanes + 2 * step).ToVector256Unsafe().WithUpper(Vector128.Load(lanes + 3 * step))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreApart(TLane* lanes, long step)
    {
        new Lanes256<TLane>(_value.GetLower()).StoreApart(lanes, step);
        new Lanes256<TLane>(_value.GetUpper()).StoreApart(lanes + 2 * step, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> UnpackLow<TCell>(Lanes512<TLane> left, Lanes512<TLane> right)
        where TCell : unmanaged
    {
        if (sizeof(TCell) == 8) return new(Avx512F.UnpackLow(left._value.AsInt64(), right._value.AsInt64()).As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Avx512F.UnpackLow(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Avx512BW.UnpackLow(left._value.AsInt16(), right._value.AsInt16()).As<short, TLane>());
        return new(Avx512BW.UnpackLow(left._value.AsByte(), right._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> UnpackHigh<TCell>(Lanes512<TLane> left, Lanes512<TLane> right)
        where TCell : unmanaged
    {
        if (sizeof(TCell) == 8) return new(Avx512F.UnpackHigh(left._value.AsInt64(), right._value.AsInt64()).As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Avx512F.UnpackHigh(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Avx512BW.UnpackHigh(left._value.AsInt16(), right._value.AsInt16()).As<short, TLane>());
        return new(Avx512BW.UnpackHigh(left._value.AsByte(), right._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLong(long* to)
    {
        if (sizeof(TLane) == sizeof(long))
        {
            _value.AsInt64().Store(to);
            return;
        }
        Vector512.WidenLower(_value.AsInt32()).Store(to);
        Vector512.WidenUpper(_value.AsInt32()).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLong(long* to, int first)
    {
        StoreLong(Vector512.WidenLower(_value.AsInt16()) + Vector512.Create(first), to);
        StoreLong(Vector512.WidenUpper(_value.AsInt16()) + Vector512.Create(first), to + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLong(Vector512<int> numbers, long* to)
    {
        Vector512.WidenLower(numbers).Store(to);
        Vector512.WidenUpper(numbers).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<TCell>(TCell* cells, out Lanes512<TLane> even, out Lanes512<TLane> odd)
        where TCell : unmanaged
    {
        if (sizeof(TLane) == 2)
        {
            Vector512<short> pairs = Vector512.Load((short*)cells);
            if (typeof(TCell) == typeof(sbyte)) (even, odd) = (new(Avx512BW.MultiplyAddAdjacent(Vector512.Create((ushort)1).AsByte(), pairs.AsSByte()).As<short, TLane>()), new((pairs >> 8).As<short, TLane>()));
            else (even, odd) = (new((pairs & Vector512.Create((short)0xFF)).As<short, TLane>()), new((pairs >>> 8).As<short, TLane>()));
        }
        else
        {
            Vector512<int> pairs = Vector512.Load((int*)cells);
            if (typeof(TCell) == typeof(BFloat16)) (even, odd) = (new((pairs << 16).As<int, TLane>()), new((pairs & Vector512.Create(~0xFFFF)).As<int, TLane>()));
            else if (typeof(TCell) == typeof(short))
            {
                Vector512<int> low = Avx512BW.MultiplyAddAdjacent(pairs.AsInt16(), Vector512.Create(1).AsInt16());
                (even, odd) = (new(low.As<int, TLane>()), new((pairs >> 16).As<int, TLane>()));
            }
            else (even, odd) = (new((pairs & Vector512.Create(0xFFFF)).As<int, TLane>()), new((pairs >>> 16).As<int, TLane>()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NarrowSplit<TCell>(Lanes512<TLane> even, Lanes512<TLane> odd, TCell* cells)
        where TCell : unmanaged
    {
        if (sizeof(TLane) == 2) Vector512.ConditionalSelect(Vector512.Create((ushort)0xFF), even._value.AsUInt16(), odd._value.AsUInt16() << 8).Store((ushort*)cells);
        else if (typeof(TCell) == typeof(BFloat16))
            HalfLanes.Join(BFloat16Lanes.Narrow(even._value.AsSingle()), BFloat16Lanes.Narrow(odd._value.AsSingle())).Store((uint*)cells);
        else if (typeof(TCell) == typeof(Half))
            ((HalfLanes.Narrow(odd._value.AsSingle()) << 16) | HalfLanes.Narrow(even._value.AsSingle())).Store((uint*)cells);
        else
        {
            // Four of each in turn.
            Vector256<ulong> inTurn = Vector256.Create(HalfLanes.LowInTurn, HalfLanes.HighInTurn, HalfLanes.LowInTurn, HalfLanes.HighInTurn);
            Vector512<byte> fours = typeof(TCell) == typeof(short)
                ? Avx512BW.PackSignedSaturate(even._value.AsInt32(), odd._value.AsInt32()).AsByte()
                : Avx512BW.PackUnsignedSaturate(even._value.AsInt32(), odd._value.AsInt32()).AsByte();
            Avx512BW.Shuffle(fours, Vector512.Create(inTurn, inTurn).AsByte()).Store((byte*)cells);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> WidenScaled(Half* cells) => new(HalfLanes.WidenScaled(Vector256.Load((short*)cells)).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SplitScaled(Half* cells, out Lanes512<TLane> even, out Lanes512<TLane> odd, ref Lanes512<TLane> seen)
    {
        Vector512<float> watched = seen._value.AsSingle();
        HalfLanes.SplitScaled(Vector512.Load((int*)cells), out Vector512<float> lower, out Vector512<float> upper, ref watched);
        (even, odd, seen) = (new(lower.As<float, TLane>()), new(upper.As<float, TLane>()), new(watched.As<float, TLane>()));
    }

    public static bool AreFinite(Lanes512<TLane> seen) => HalfLanes.AreFinite(seen._value.AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TLane> WatchScaled(Lanes512<TLane> seen, Lanes512<TLane> left, Lanes512<TLane> right) =>
        new(HalfLanes.WatchScaled(seen._value.AsSingle(), left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NarrowScaled(Lanes512<TLane> even, Lanes512<TLane> odd, Half* cells) =>
        HalfLanes.Join(HalfLanes.NarrowScaled(even._value.AsSingle()), HalfLanes.NarrowScaled(odd._value.AsSingle())).Store((uint*)cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NarrowScaled(Half* cells)
    {
        Vector512<ushort> halves = HalfLanes.NarrowScaled(_value.AsSingle()).AsUInt16();
        Avx512BW.PermuteVar32x16(halves, Vector512.CreateSequence((ushort)1, (ushort)2)).GetLower().Store((ushort*)cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Cut<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TLane) == typeof(double))
        {
            Vector256<uint> whole = DoubleLanes.Cut<TCell>(_value.AsDouble());
            if (sizeof(TCell) == 4) whole.Store((uint*)cells);
            else if (sizeof(TCell) == 2) Avx512F.VL.ConvertToVector128UInt16(whole).Store((ushort*)cells);
            else *(long*)cells = Avx512F.VL.ConvertToVector128Byte(whole).AsInt64()[0];
            return;
        }
        Vector512<long> lanes = _value.AsInt64();
        if (sizeof(TCell) == 8) lanes.Store((long*)cells);
        else if (sizeof(TCell) == 4) Avx512F.ConvertToVector256Int32(lanes).Store((int*)cells);
        else if (sizeof(TCell) == 2) Avx512F.ConvertToVector128Int16(lanes).Store((short*)cells);
        else *(long*)cells = Avx512F.ConvertToVector128Byte(lanes).AsInt64()[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Narrow<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(TLane) || (sizeof(TCell) == sizeof(TLane) && typeof(TLane) != typeof(float))) Store((TLane*)cells);
        else if (typeof(TCell) == typeof(float)) Avx512F.ConvertToVector256Single(_value.AsDouble()).Store((float*)cells);
        else if (typeof(TCell) == typeof(Half)) Avx512F.ConvertToVector256UInt16(HalfLanes.Narrow(_value.AsSingle())).Store((ushort*)cells);
        else if (typeof(TCell) == typeof(BFloat16)) Avx512F.ConvertToVector256UInt16(BFloat16Lanes.Narrow(_value.AsSingle()) >> 16).Store((ushort*)cells);
        else if (sizeof(TLane) == sizeof(short))
        {
            // A mean of cells is none that a cell could not hold.
            Avx512BW.ConvertToVector256Byte(_value.AsUInt16()).Store((byte*)cells);
        }
        else if (sizeof(TLane) == sizeof(double))
        {
            new Lanes512<TLane>(LaneRange<TCell>.Clamp(_value.AsDouble()).As<double, TLane>()).Cut(cells);
        }
        else
        {
            // What is too large or too small becomes the closest; of a negative number as an unsigned cell the instruction does not know that it is.
            Vector512<int> signed = _value.AsInt32();
            Vector512<uint> whole = Vector512.Max(signed, Vector512<int>.Zero).AsUInt32();
            if (typeof(TCell) == typeof(short)) Avx512F.ConvertToVector256Int16WithSaturation(signed).Store((short*)cells);
            else if (typeof(TCell) == typeof(sbyte)) Avx512F.ConvertToVector128SByteWithSaturation(signed).Store((sbyte*)cells);
            else if (typeof(TCell) == typeof(ushort)) Avx512F.ConvertToVector256UInt16WithSaturation(whole).Store((ushort*)cells);
            else Avx512F.ConvertToVector128ByteWithSaturation(whole).Store((byte*)cells);
        }
    }

    /// <summary>Lanes <paramref name="first"/>, <c>first + step</c>, … of the two registers in a row; constants once inlined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512<TLane> Pick(Lanes512<TLane> low, Lanes512<TLane> high, int first, int step)
    {
        if (sizeof(TLane) == 8)
            return new(Avx512F.PermuteVar8x64x2(low._value.AsInt64(), Vector512.CreateSequence<long>(first, step), high._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4)
            return new(Avx512F.PermuteVar16x32x2(low._value.AsInt32(), Vector512.CreateSequence(first, step), high._value.AsInt32()).As<int, TLane>());
        if (sizeof(TLane) == 2)
            return new(Avx512BW.PermuteVar32x16x2(low._value.AsInt16(), Vector512.CreateSequence((short)first, (short)step), high._value.AsInt16()).As<short, TLane>());
        if (Avx512Vbmi.IsSupported)
            return new(Avx512Vbmi.PermuteVar64x8x2(low._value.AsByte(), Vector512.CreateSequence((byte)first, (byte)step), high._value.AsByte()).As<byte, TLane>());
        if (step == 2)
            return new(Vector512.Narrow(low._value.AsUInt16() >> (8 * first) & Vector512.Create((ushort)0xFF), high._value.AsUInt16() >> (8 * first) & Vector512.Create((ushort)0xFF)).As<byte, TLane>());
        TLane* both = stackalloc TLane[2 * Vector512<TLane>.Count];
        low._value.Store(both);
        high._value.Store(both + Count);
        return Load(both + first);
    }
}
