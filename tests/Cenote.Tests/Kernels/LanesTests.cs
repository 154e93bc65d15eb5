using System.Numerics;
using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>Cells of 16 bits to lanes and back at every width of register there is, against the conversion of one number.</summary>
public unsafe class LanesTests
{
    private const int Patterns = 1 << 16;

    [Fact]
    public void Every_half_widens_and_comes_back() => EveryWidth(BitConverter.UInt16BitsToHalf, cell => (float)cell, value => (Half)value);

    [Fact]
    public void Every_bfloat16_widens_and_comes_back() => EveryWidth(BFloat16.FromBits, cell => (float)cell, value => (BFloat16)value);

    [Fact]
    public void Every_mean_of_few_bytes_is_the_quotient()
    {
        if (Vector512.IsHardwareAccelerated) Means<byte, ushort, Lanes512<ushort>>(byte.MinValue, byte.MaxValue);
        if (Vector256.IsHardwareAccelerated) Means<byte, ushort, Lanes256<ushort>>(byte.MinValue, byte.MaxValue);
        Means<byte, ushort, Lanes128<ushort>>(byte.MinValue, byte.MaxValue);
        if (Vector512.IsHardwareAccelerated) Means<sbyte, short, Lanes512<short>>(sbyte.MinValue, sbyte.MaxValue);
        if (Vector256.IsHardwareAccelerated) Means<sbyte, short, Lanes256<short>>(sbyte.MinValue, sbyte.MaxValue);
        Means<sbyte, short, Lanes128<short>>(sbyte.MinValue, sbyte.MaxValue);
    }

    /// <summary>Every sum that so many cells can have, by every count, one for all and lane by lane.</summary>
    private static void Means<T, TLane, TVector>(int least, int most)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TVector : struct, ILanes<TVector, TLane>
    {
        T* uniform = stackalloc T[TVector.Count], each = stackalloc T[TVector.Count];
        TLane* sums = stackalloc TLane[TVector.Count];
        for (int count = 1; count <= 128; count++)
        {
            Total<T, TLane> total = new(true, 0, new(1, Axis.Unit, Axis.Unit, Axis.Global(count), 1), ordered: false);
            TVector scale = TVector.Create(total.Scale(count)), counts = TVector.Create(TLane.CreateTruncating(count));
            for (int first = least * count; first <= most * count; first += TVector.Count)
            {
                for (int i = 0; i < TVector.Count; i++) sums[i] = TLane.CreateTruncating(Math.Min(first + i, most * count));
                total.Finish(TVector.Load(sums), scale, uniform);
                (TVector.Load(sums) / counts).Narrow(each);
                for (int i = 0; i < TVector.Count; i++)
                {
                    T mean = T.CreateChecked(int.CreateChecked(sums[i]) / count);
                    if (uniform[i] != mean || each[i] != mean) Assert.Fail($"{sums[i]} over {count} is {uniform[i]} and {each[i]} at {TVector.Count} lanes, not {mean}");
                }
            }
        }
    }

    private static void EveryWidth<T>(Func<ushort, T> from, Func<T, float> widen, Func<float, T> narrow)
        where T : unmanaged
    {
        T[] cells = [.. Enumerable.Range(0, Patterns).Select(bits => from((ushort)bits))];
        // Every number of the type, what lies halfway to the next one and beside that, and any float at all.
        Random random = new(1);
        List<float> values = [];
        for (int bits = 0; bits < Patterns; bits++)
        {
            float value = widen(cells[bits]), half = value + (widen(cells[Math.Min(bits + 1, Patterns - 1)]) - value) / 2;
            values.AddRange([value, half, MathF.BitIncrement(half), MathF.BitDecrement(half), BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))]);
        }
        while (values.Count % Vector512<float>.Count != 0) values.Add(0);
        if (Vector512.IsHardwareAccelerated) One<T, Lanes512<float>>(cells, [.. values], widen, narrow);
        if (Vector256.IsHardwareAccelerated) One<T, Lanes256<float>>(cells, [.. values], widen, narrow);
        One<T, Lanes128<float>>(cells, [.. values], widen, narrow);
    }

    private static void One<T, TVector>(T[] cells, float[] values, Func<T, float> widen, Func<float, T> narrow)
        where T : unmanaged
        where TVector : struct, ILanes<TVector, float>
    {
        float[] wide = new float[cells.Length];
        T[] narrowed = new T[values.Length];
        fixed (T* from = cells, to = narrowed)
        fixed (float* lanes = wide, given = values)
        {
            for (int i = 0; i < cells.Length; i += TVector.Count) TVector.Widen(from + i).Store(lanes + i);
            for (int i = 0; i < values.Length; i += TVector.Count) TVector.Load(given + i).Narrow(to + i);
        }
        for (int i = 0; i < cells.Length; i++)
            if (!Same(widen(cells[i]), wide[i])) Assert.Fail($"{cells[i]} widened to {wide[i]} at {TVector.Count} lanes");
        for (int i = 0; i < values.Length; i++)
            if (!Same(widen(narrow(values[i])), widen(narrowed[i]))) Assert.Fail($"{values[i]:R} narrowed to {narrowed[i]} at {TVector.Count} lanes, not {narrow(values[i])}");
    }

    private static bool Same(float expected, float actual) =>
        float.IsNaN(expected) ? float.IsNaN(actual) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual);
}
