using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>256 bits of lanes.</summary>
[SuppressMessage("Performance", "CA1857", Justification = "The size of a lane is a constant once the compiler knows its type.")]
internal readonly unsafe struct Lanes256<TLane>(Vector256<TLane> value) : ILanes<Lanes256<TLane>, TLane>
    where TLane : unmanaged
{
    private readonly Vector256<TLane> _value = value;

    public static int Count => Vector256<TLane>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Create(TLane value) => new(Vector256.Create(value));

    public static Lanes256<TLane> Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<TLane>.Indices);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Load(TLane* lanes) => new(Vector256.Load(lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TLane* lanes) => _value.Store(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreAround(TLane* lanes) => _value.StoreAlignedNonTemporal(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator +(Lanes256<TLane> left, Lanes256<TLane> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Add(Lanes256<TLane> left, TLane* right) => new(left._value + Vector256.Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator -(Lanes256<TLane> left, Lanes256<TLane> right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator *(Lanes256<TLane> left, Lanes256<TLane> right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator /(Lanes256<TLane> left, Lanes256<TLane> right)
    {
        // No processor divides integers by the register; float holds what these lanes carry.
        if (typeof(TLane) == typeof(int)) return new(Quotient(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TLane) == sizeof(short))
        {
            (Vector256<int> low, Vector256<int> high) = Vector256.Widen(left._value.AsInt16());
            (Vector256<int> lowCounts, Vector256<int> highCounts) = Vector256.Widen(right._value.AsInt16());
            return new(Vector256.Narrow(Quotient(low, lowCounts), Quotient(high, highCounts)).As<short, TLane>());
        }
        return new(left._value / right._value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Quotient(Vector256<int> sums, Vector256<int> counts) => Vector256.ConvertToInt32Native(Vector256.ConvertToSingle(sums) / Vector256.ConvertToSingle(counts));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Root(Lanes256<TLane> lanes)
    {
        if (typeof(TLane) == typeof(double)) return new(Vector256.Sqrt(lanes._value.AsDouble()).As<double, TLane>());
        if (typeof(TLane) == typeof(float)) return new(Vector256.Sqrt(lanes._value.AsSingle()).As<float, TLane>());
        return new(Vector256.ConvertToInt32Native(Vector256.Sqrt(Vector256.ConvertToSingle(lanes._value.AsInt32()))).As<int, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> WideQuotient(Lanes256<TLane> sums, Lanes256<TLane> counts) => new(DoubleLanes.Quotient(sums._value.AsInt32(), counts._value.AsInt32()).As<int, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> MultiplyAdd(Lanes256<TLane> left, Lanes256<TLane> right, Lanes256<TLane> addend) => new(sizeof(TLane) == 8
        ? Vector256.MultiplyAddEstimate(left._value.AsDouble(), right._value.AsDouble(), addend._value.AsDouble()).As<double, TLane>()
        : Vector256.MultiplyAddEstimate(left._value.AsSingle(), right._value.AsSingle(), addend._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator ^(Lanes256<TLane> left, Lanes256<TLane> right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator <<(Lanes256<TLane> lanes, int bits) => new(lanes._value << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator >>(Lanes256<TLane> lanes, int bits) => new(lanes._value >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Times(Lanes256<TLane> lanes, double inverse) =>
        new((Avx512DQ.VL.IsSupported
            ? Vector256.ConvertToInt64Native(Vector256.ConvertToDouble(lanes._value.AsInt64()) * Vector256.Create(inverse))
            : DoubleLanes.Truncate(DoubleLanes.Exact(lanes._value.AsInt64()) * Vector256.Create(inverse))).As<long, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Times(Lanes256<TLane> sums, Lanes256<TLane> inverse, int shift)
    {
        if (typeof(TLane) == typeof(int)) return new(Vector256.ConvertToInt32Native(Vector256.ConvertToSingle(sums._value.AsInt32()) * inverse._value.AsSingle()).As<int, TLane>());
        if (typeof(TLane) == typeof(ushort)) return new((Avx2.MultiplyHigh(sums._value.AsUInt16(), inverse._value.AsUInt16()) >> shift).As<ushort, TLane>());
        // The inverse has its upper bit set, as a signed number it is 2^16 too small. Then down to the next whole number, of negative ones up by one.
        Vector256<short> signed = sums._value.AsInt16();
        return new((((Avx2.MultiplyHigh(signed, inverse._value.AsInt16()) + signed) >> shift) - (signed >> 15)).As<short, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Sortable(Lanes256<TLane> bits) =>
        // Compared rather than shifted: before AVX-512 there is no arithmetic shift of 64 bits.
        new(bits._value ^ ((sizeof(TLane) == sizeof(long) ? Vector256.LessThan(bits._value, Vector256<TLane>.Zero) : bits._value >> (8 * sizeof(TLane) - 1)) >>> 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Min(Lanes256<TLane> left, Lanes256<TLane> right) => new(Vector256.Min(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Max(Lanes256<TLane> left, Lanes256<TLane> right) => new(Vector256.Max(left._value, right._value));

    // What VRANGE is asked for: the smaller or the larger of two numbers, with its own sign.
    private const byte Smaller = 0b0100, Larger = 0b0101;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> MinNumber(Lanes256<TLane> left, Lanes256<TLane> right)
    {
        // Of two zeros the second: asked both ways round, together they are -0 if either is.
        if (!Avx512DQ.VL.IsSupported) return new(Vector256.MinNative(left._value, right._value) | Vector256.MinNative(right._value, left._value));
        return new(sizeof(TLane) == 8
            ? Avx512DQ.VL.Range(left._value.AsDouble(), right._value.AsDouble(), Smaller).As<double, TLane>()
            : Avx512DQ.VL.Range(left._value.AsSingle(), right._value.AsSingle(), Smaller).As<float, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> MaxNumber(Lanes256<TLane> left, Lanes256<TLane> right)
    {
        // Of two zeros the second: asked both ways round, in common they have the bits of -0 only if both are.
        if (!Avx512DQ.VL.IsSupported) return new(Vector256.MaxNative(left._value, right._value) & Vector256.MaxNative(right._value, left._value));
        return new(sizeof(TLane) == 8
            ? Avx512DQ.VL.Range(left._value.AsDouble(), right._value.AsDouble(), Larger).As<double, TLane>()
            : Avx512DQ.VL.Range(left._value.AsSingle(), right._value.AsSingle(), Larger).As<float, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> MaxNative(Lanes256<TLane> left, Lanes256<TLane> right) => new(sizeof(TLane) == 8
        ? Vector256.MaxNative(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Vector256.MaxNative(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> MinNative(Lanes256<TLane> left, Lanes256<TLane> right) => new(sizeof(TLane) == 8
        ? Vector256.MinNative(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Vector256.MinNative(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> AddNumbers(Lanes256<TLane> left, Lanes256<TLane> right) => new(sizeof(TLane) == 8
        ? (left._value.AsDouble() + right._value.AsDouble()).As<double, TLane>()
        : (left._value.AsSingle() + right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Unordered(Lanes256<TLane> left, Lanes256<TLane> right) => new(sizeof(TLane) == 8
        ? Avx.CompareUnordered(left._value.AsDouble(), right._value.AsDouble()).As<double, TLane>()
        : Avx.CompareUnordered(left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> IfGreater(Lanes256<TLane> left, Lanes256<TLane> right, Lanes256<TLane> yes, Lanes256<TLane> no) => new(sizeof(TLane) == 8
        ? Vector256.ConditionalSelect(Vector256.GreaterThan(left._value.AsDouble(), right._value.AsDouble()), yes._value.AsDouble(), no._value.AsDouble()).As<double, TLane>()
        : Vector256.ConditionalSelect(Vector256.GreaterThan(left._value.AsSingle(), right._value.AsSingle()), yes._value.AsSingle(), no._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> operator |(Lanes256<TLane> left, Lanes256<TLane> right) => new(left._value | right._value);

    public static bool IsZero(Lanes256<TLane> lanes) => Vector256.EqualsAll(lanes._value.AsByte(), Vector256<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Greater(Lanes256<TLane> left, Lanes256<TLane> right) => new(Vector256.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Select(Lanes256<TLane> mask, Lanes256<TLane> yes, Lanes256<TLane> no) =>
        new(Vector256.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Blend(Lanes256<TLane> mask, Lanes256<TLane> yes, Lanes256<TLane> no) => !Avx512F.VL.IsSupported
        ? new(Avx2.BlendVariable(no._value.AsByte(), yes._value.AsByte(), mask._value.AsByte()).As<byte, TLane>())
        : Select(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Even(Lanes256<TLane> low, Lanes256<TLane> high) => InOrder(EvenMixed(low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Odd(Lanes256<TLane> low, Lanes256<TLane> high) => InOrder(OddMixed(low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> EvenMixed(Lanes256<TLane> low, Lanes256<TLane> high)
    {
        if (sizeof(TLane) == 8) return new(Avx2.UnpackLow(low._value.AsInt64(), high._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx.Shuffle(low._value.AsSingle(), high._value.AsSingle(), 0x88).As<float, TLane>());
        if (sizeof(TLane) == 2) return new(Vector256.Narrow(low._value.AsUInt32(), high._value.AsUInt32()).As<ushort, TLane>());
        return new(Vector256.Narrow(low._value.AsUInt16(), high._value.AsUInt16()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> OddMixed(Lanes256<TLane> low, Lanes256<TLane> high)
    {
        if (sizeof(TLane) == 8) return new(Avx2.UnpackHigh(low._value.AsInt64(), high._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx.Shuffle(low._value.AsSingle(), high._value.AsSingle(), 0xDD).As<float, TLane>());
        if (sizeof(TLane) == 2) return new(Vector256.Narrow(low._value.AsUInt32() >> 16, high._value.AsUInt32() >> 16).As<ushort, TLane>());
        return new(Vector256.Narrow(low._value.AsUInt16() >> 8, high._value.AsUInt16() >> 8).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> InOrder(Lanes256<TLane> mixed) =>
        sizeof(TLane) < 4 ? mixed : new(Avx2.Permute4x64(mixed._value.AsInt64(), 0xD8).As<long, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Left(Lanes256<TLane> before, Lanes256<TLane> lanes)
    {
        Vector256<byte> middle = Avx2.Permute2x128(before._value.AsByte(), lanes._value.AsByte(), 0x21);
        return new(Avx2.AlignRight(lanes._value.AsByte(), middle, (byte)(16 - sizeof(TLane))).As<byte, TLane>());
    }

    public static bool LooksAhead
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TLane) switch { 1 => Avx512Vbmi.VL.IsSupported, 2 => Avx512BW.VL.IsSupported, _ => Avx512F.VL.IsSupported };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Ahead(Lanes256<TLane> lanes, Lanes256<TLane> after, Lanes256<TLane> places)
    {
        if (sizeof(TLane) == 8) return new(Avx512F.VL.PermuteVar4x64x2(lanes._value.AsInt64(), places._value.AsInt64(), after._value.AsInt64()).As<long, TLane>());
        if (sizeof(TLane) == 4) return new(Avx512F.VL.PermuteVar8x32x2(lanes._value.AsInt32(), places._value.AsInt32(), after._value.AsInt32()).As<int, TLane>());
        if (sizeof(TLane) == 2) return new(Avx512BW.VL.PermuteVar16x16x2(lanes._value.AsInt16(), places._value.AsInt16(), after._value.AsInt16()).As<short, TLane>());
        return new(Avx512Vbmi.VL.PermuteVar32x8x2(lanes._value.AsByte(), places._value.AsByte(), after._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Pick(Lanes256<TLane> lanes, Lanes256<TLane> places)
    {
        if (LooksAhead) return Ahead(lanes, default, places);
        if (sizeof(TLane) == 8) return new((Vector256.ShuffleNative(lanes._value.AsInt64(), places._value.AsInt64()) & Vector256.LessThan(places._value.AsInt64(), Vector256.Create((long)Count))).As<long, TLane>());
        return new((Vector256.ShuffleNative(lanes._value.AsInt32(), places._value.AsInt32()) & Vector256.LessThan(places._value.AsInt32(), Vector256.Create(Count))).As<int, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Further(Lanes256<TLane> lanes, Lanes256<TLane> after, [ConstantExpected] byte places)
    {
        if (sizeof(TLane) == 8 && Avx512F.VL.IsSupported) return new(Avx512F.VL.AlignRight64(after._value.AsInt64(), lanes._value.AsInt64(), places).As<long, TLane>());
        if (sizeof(TLane) == 4 && Avx512F.VL.IsSupported) return new(Avx512F.VL.AlignRight32(after._value.AsInt32(), lanes._value.AsInt32(), places).As<int, TLane>());
        Vector256<byte> middle = Avx2.Permute2x128(lanes._value.AsByte(), after._value.AsByte(), 0x21);
        if (places * sizeof(TLane) == 16) return new(middle.As<byte, TLane>());
        return new((places * sizeof(TLane) < 16
            ? Avx2.AlignRight(middle, lanes._value.AsByte(), (byte)(places * sizeof(TLane)))
            : Avx2.AlignRight(after._value.AsByte(), middle, (byte)(places * sizeof(TLane) - 16))).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Right(Lanes256<TLane> lanes, Lanes256<TLane> after)
    {
        Vector256<byte> middle = Avx2.Permute2x128(lanes._value.AsByte(), after._value.AsByte(), 0x21);
        return new(Avx2.AlignRight(middle, lanes._value.AsByte(), (byte)sizeof(TLane)).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> WhereEqual(Lanes256<TLane> left, Lanes256<TLane> right, Lanes256<TLane> lanes) =>
        new(Vector256.Equals(left._value, right._value) & lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> AddWhereEqual(Lanes256<TLane> sum, Lanes256<TLane> left, Lanes256<TLane> right, Lanes256<TLane> lanes) => sizeof(TLane) == sizeof(long)
        ? new(sum._value + (Vector256.Equals(left._value.AsUInt64(), right._value.AsUInt64()) & lanes._value.AsUInt64()).As<ulong, TLane>())
        : new(sum._value + (Vector256.Equals(left._value.AsUInt32(), right._value.AsUInt32()) & lanes._value.AsUInt32()).As<uint, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> ZipLow(Lanes256<TLane> even, Lanes256<TLane> odd) => Zip(even, odd, 0x20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> ZipHigh(Lanes256<TLane> even, Lanes256<TLane> odd) => Zip(even, odd, 0x31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> Widen<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(TLane) || (sizeof(TCell) == sizeof(TLane) && typeof(TLane) != typeof(float))) return Load((TLane*)cells);
        if (typeof(TLane) == typeof(double)) return new(Doubles(cells).As<double, TLane>());
        if (sizeof(TLane) == sizeof(long))
        {
            if (typeof(TCell) == typeof(sbyte)) return new(Avx2.ConvertToVector256Int64((sbyte*)cells).As<long, TLane>());
            if (sizeof(TCell) == 1) return new(Avx2.ConvertToVector256Int64((byte*)cells).As<long, TLane>());
            if (typeof(TCell) == typeof(short)) return new(Avx2.ConvertToVector256Int64((short*)cells).As<long, TLane>());
            if (sizeof(TCell) == 2) return new(Avx2.ConvertToVector256Int64((ushort*)cells).As<long, TLane>());
        }
        if (sizeof(TLane) == sizeof(short))
        {
            if (typeof(TCell) == typeof(sbyte)) return new(Avx2.ConvertToVector256Int16((sbyte*)cells).As<short, TLane>());
            return new(Avx2.ConvertToVector256Int16((byte*)cells).As<short, TLane>());
        }
        if (typeof(TCell) == typeof(Half)) return new(HalfLanes.Widen(Vector128.Load((short*)cells)).As<float, TLane>());
        if (typeof(TCell) == typeof(BFloat16)) return new((Avx2.ConvertToVector256Int32((ushort*)cells) << 16).As<int, TLane>());
        if (typeof(TCell) == typeof(byte)) return new(Avx2.ConvertToVector256Int32((byte*)cells).As<int, TLane>());
        if (typeof(TCell) == typeof(sbyte)) return new(Avx2.ConvertToVector256Int32((sbyte*)cells).As<int, TLane>());
        if (typeof(TCell) == typeof(ushort)) return new(Avx2.ConvertToVector256Int32((ushort*)cells).As<int, TLane>());
        if (typeof(TCell) == typeof(short)) return new(Avx2.ConvertToVector256Int32((short*)cells).As<int, TLane>());
        if (typeof(TCell) == typeof(uint) || typeof(TCell) == typeof(float)) return new(Avx2.ConvertToVector256Int64((uint*)cells).As<long, TLane>());
        if (typeof(TCell) == typeof(int)) return new(Avx2.ConvertToVector256Int64((int*)cells).As<long, TLane>());
        throw new NotSupportedException();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Doubles<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(float)) return Avx.ConvertToVector256Double(Vector128.Load((float*)cells));
        if (typeof(TCell) == typeof(uint)) return DoubleLanes.Exact(Vector256.WidenLower(Vector128.Load((uint*)cells).ToVector256Unsafe()).AsInt64());
        if (typeof(TCell) == typeof(int)) return Avx.ConvertToVector256Double(Vector128.Load((int*)cells));
        if (typeof(TCell) == typeof(short)) return DoubleLanes.Widen(Vector128.CreateScalarUnsafe(*(long*)cells).AsInt16());
        if (typeof(TCell) == typeof(ushort)) return DoubleLanes.Widen(Vector128.CreateScalarUnsafe(*(long*)cells).AsUInt16());
        Vector128<byte> low = Vector128.CreateScalarUnsafe(*(int*)cells).AsByte();
        return typeof(TCell) == typeof(sbyte) ? DoubleLanes.Widen(Vector128.WidenLower(low.AsSByte())) : DoubleLanes.Widen(Vector128.WidenLower(low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> LoadApart(TLane* lanes, long step) => new(Vector128.Load(lanes).ToVector256Unsafe().WithUpper(Vector128.Load(lanes + step)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreApart(TLane* lanes, long step)
    {
        _value.GetLower().Store(lanes);
        _value.GetUpper().Store(lanes + step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> UnpackLow<TCell>(Lanes256<TLane> left, Lanes256<TLane> right)
        where TCell : unmanaged
    {
        if (sizeof(TCell) == 8) return new(Avx2.UnpackLow(left._value.AsInt64(), right._value.AsInt64()).As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Avx2.UnpackLow(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Avx2.UnpackLow(left._value.AsInt16(), right._value.AsInt16()).As<short, TLane>());
        return new(Avx2.UnpackLow(left._value.AsByte(), right._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> UnpackHigh<TCell>(Lanes256<TLane> left, Lanes256<TLane> right)
        where TCell : unmanaged
    {
        if (sizeof(TCell) == 8) return new(Avx2.UnpackHigh(left._value.AsInt64(), right._value.AsInt64()).As<long, TLane>());
        if (sizeof(TCell) == 4) return new(Avx2.UnpackHigh(left._value.AsInt32(), right._value.AsInt32()).As<int, TLane>());
        if (sizeof(TCell) == 2) return new(Avx2.UnpackHigh(left._value.AsInt16(), right._value.AsInt16()).As<short, TLane>());
        return new(Avx2.UnpackHigh(left._value.AsByte(), right._value.AsByte()).As<byte, TLane>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLong(long* to)
    {
        if (sizeof(TLane) == sizeof(long))
        {
            _value.AsInt64().Store(to);
            return;
        }
        Vector256.WidenLower(_value.AsInt32()).Store(to);
        Vector256.WidenUpper(_value.AsInt32()).Store(to + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLong(long* to, int first)
    {
        StoreLong(Vector256.WidenLower(_value.AsInt16()) + Vector256.Create(first), to);
        StoreLong(Vector256.WidenUpper(_value.AsInt16()) + Vector256.Create(first), to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLong(Vector256<int> numbers, long* to)
    {
        Vector256.WidenLower(numbers).Store(to);
        Vector256.WidenUpper(numbers).Store(to + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<TCell>(TCell* cells, out Lanes256<TLane> even, out Lanes256<TLane> odd)
        where TCell : unmanaged
    {
        if (sizeof(TLane) == 2)
        {
            Vector256<short> pairs = Vector256.Load((short*)cells);
            if (typeof(TCell) == typeof(sbyte)) (even, odd) = (new(Avx2.MultiplyAddAdjacent(Vector256.Create((ushort)1).AsByte(), pairs.AsSByte()).As<short, TLane>()), new((pairs >> 8).As<short, TLane>()));
            else (even, odd) = (new((pairs & Vector256.Create((short)0xFF)).As<short, TLane>()), new((pairs >>> 8).As<short, TLane>()));
        }
        else
        {
            Vector256<int> pairs = Vector256.Load((int*)cells);
            if (typeof(TCell) == typeof(BFloat16)) (even, odd) = (new((pairs << 16).As<int, TLane>()), new((pairs & Vector256.Create(~0xFFFF)).As<int, TLane>()));
            else if (typeof(TCell) == typeof(short))
            {
                Vector256<int> low = Avx2.MultiplyAddAdjacent(pairs.AsInt16(), Vector256.Create(1).AsInt16());
                (even, odd) = (new(low.As<int, TLane>()), new((pairs >> 16).As<int, TLane>()));
            }
            else (even, odd) = (new((pairs & Vector256.Create(0xFFFF)).As<int, TLane>()), new((pairs >>> 16).As<int, TLane>()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NarrowSplit<TCell>(Lanes256<TLane> even, Lanes256<TLane> odd, TCell* cells)
        where TCell : unmanaged
    {
        if (sizeof(TLane) == 2) Vector256.ConditionalSelect(Vector256.Create((ushort)0xFF), even._value.AsUInt16(), odd._value.AsUInt16() << 8).Store((ushort*)cells);
        else if (typeof(TCell) == typeof(BFloat16))
            HalfLanes.Join(BFloat16Lanes.Narrow(even._value.AsSingle()), BFloat16Lanes.Narrow(odd._value.AsSingle())).Store((uint*)cells);
        else if (typeof(TCell) == typeof(Half))
            ((HalfLanes.Narrow(odd._value.AsSingle()) << 16) | HalfLanes.Narrow(even._value.AsSingle())).Store((uint*)cells);
        else
        {
            // Four of each in turn.
            Vector256<byte> fours = typeof(TCell) == typeof(short)
                ? Avx2.PackSignedSaturate(even._value.AsInt32(), odd._value.AsInt32()).AsByte()
                : Avx2.PackUnsignedSaturate(even._value.AsInt32(), odd._value.AsInt32()).AsByte();
            Avx2.Shuffle(fours, Vector256.Create(HalfLanes.LowInTurn, HalfLanes.HighInTurn, HalfLanes.LowInTurn, HalfLanes.HighInTurn).AsByte()).Store((byte*)cells);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> WidenScaled(Half* cells) => new(HalfLanes.WidenScaled(Vector128.Load((short*)cells)).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SplitScaled(Half* cells, out Lanes256<TLane> even, out Lanes256<TLane> odd, ref Lanes256<TLane> seen)
    {
        Vector256<float> watched = seen._value.AsSingle();
        HalfLanes.SplitScaled(Vector256.Load((int*)cells), out Vector256<float> lower, out Vector256<float> upper, ref watched);
        (even, odd, seen) = (new(lower.As<float, TLane>()), new(upper.As<float, TLane>()), new(watched.As<float, TLane>()));
    }

    public static bool AreFinite(Lanes256<TLane> seen) => HalfLanes.AreFinite(seen._value.AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TLane> WatchScaled(Lanes256<TLane> seen, Lanes256<TLane> left, Lanes256<TLane> right) =>
        new(HalfLanes.WatchScaled(seen._value.AsSingle(), left._value.AsSingle(), right._value.AsSingle()).As<float, TLane>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NarrowScaled(Lanes256<TLane> even, Lanes256<TLane> odd, Half* cells) =>
        HalfLanes.Join(HalfLanes.NarrowScaled(even._value.AsSingle()), HalfLanes.NarrowScaled(odd._value.AsSingle())).Store((uint*)cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NarrowScaled(Half* cells)
    {
        Vector256<int> upper = HalfLanes.NarrowScaled(_value.AsSingle()).AsInt32() >> 16;
        Avx2.Permute4x64(Avx2.PackSignedSaturate(upper, upper).AsInt64(), 0b1000).GetLower().Store((long*)cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Cut<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TLane) == typeof(double))
        {
            Vector128<uint> whole = DoubleLanes.Cut<TCell>(_value.AsDouble());
            if (sizeof(TCell) == 4) whole.Store((uint*)cells);
            else if (sizeof(TCell) == 2) *(long*)cells = Vector128.Narrow(whole, whole).AsInt64()[0];
            else *(int*)cells = Vector128.Narrow(Vector128.Narrow(whole, whole), Vector128<ushort>.Zero).AsInt32()[0];
            return;
        }
        Vector256<ulong> lanes = _value.AsUInt64();
        Vector256<uint> four = Vector256.Narrow(lanes, lanes);
        if (sizeof(TCell) == 8) lanes.Store((ulong*)cells);
        else if (sizeof(TCell) == 4) four.GetLower().Store((uint*)cells);
        else if (sizeof(TCell) == 2) *(long*)cells = Vector256.Narrow(four, four).AsInt64()[0];
        else *(int*)cells = Vector256.Narrow(Vector256.Narrow(four, four), Vector256<ushort>.Zero).AsInt32()[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Narrow<TCell>(TCell* cells)
        where TCell : unmanaged
    {
        if (typeof(TCell) == typeof(TLane) || (sizeof(TCell) == sizeof(TLane) && typeof(TLane) != typeof(float))) Store((TLane*)cells);
        else if (typeof(TCell) == typeof(float)) Avx.ConvertToVector128Single(_value.AsDouble()).Store((float*)cells);
        else if (typeof(TCell) == typeof(Half) || typeof(TCell) == typeof(BFloat16))
        {
            Vector256<uint> bits = typeof(TCell) == typeof(Half) ? HalfLanes.Narrow(_value.AsSingle()) : BFloat16Lanes.Narrow(_value.AsSingle()) >> 16;
            Vector256.Narrow(bits, bits).GetLower().Store((ushort*)cells);
        }
        else if (sizeof(TLane) == 2)
        {
            // A mean of cells is none that a cell could not hold.
            if (Avx512BW.VL.IsSupported) Avx512BW.VL.ConvertToVector128Byte(_value.AsUInt16()).Store((byte*)cells);
            else Vector256.Narrow(_value.AsUInt16(), _value.AsUInt16()).GetLower().Store((byte*)cells);
        }
        else if (sizeof(TLane) == sizeof(double))
        {
            new Lanes256<TLane>(LaneRange<TCell>.Clamp(_value.AsDouble()).As<double, TLane>()).Cut(cells);
        }
        else
        {
            Vector256<uint> held = LaneRange<TCell>.Clamp(_value.AsInt32()).AsUInt32();
            Vector256<ushort> half = Vector256.Narrow(held, held);
            if (sizeof(TCell) == 2) half.GetLower().Store((ushort*)cells);
            else *(long*)cells = Vector256.Narrow(half, half).AsInt64()[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes256<TLane> Zip(Lanes256<TLane> even, Lanes256<TLane> odd, [ConstantExpected] byte halves)
    {
        // In turn within each half, and then the halves in order.
        Vector256<long> low, high;
        if (sizeof(TLane) == 8)
            (low, high) = (Avx2.UnpackLow(even._value.AsInt64(), odd._value.AsInt64()), Avx2.UnpackHigh(even._value.AsInt64(), odd._value.AsInt64()));
        else if (sizeof(TLane) == 4)
            (low, high) = (Avx2.UnpackLow(even._value.AsInt32(), odd._value.AsInt32()).AsInt64(), Avx2.UnpackHigh(even._value.AsInt32(), odd._value.AsInt32()).AsInt64());
        else if (sizeof(TLane) == 2)
            (low, high) = (Avx2.UnpackLow(even._value.AsInt16(), odd._value.AsInt16()).AsInt64(), Avx2.UnpackHigh(even._value.AsInt16(), odd._value.AsInt16()).AsInt64());
        else
            (low, high) = (Avx2.UnpackLow(even._value.AsByte(), odd._value.AsByte()).AsInt64(), Avx2.UnpackHigh(even._value.AsByte(), odd._value.AsByte()).AsInt64());
        return new(Avx2.Permute2x128(low, high, halves).As<long, TLane>());
    }
}
