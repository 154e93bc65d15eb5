using System.Numerics;
using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>Cells of 8 and 16 bits to lanes and back at every width of register there is, against the arithmetic of one number.</summary>
public unsafe class LanesTests
{
    private const int Patterns = 1 << 16;

    [Fact]
    public void Every_half_widens_and_comes_back() => EveryWidth(BitConverter.UInt16BitsToHalf, cell => (float)cell, value => (Half)value);

    [Fact]
    public void Every_half_widens_scaled_and_comes_back()
    {
        if (Vector512.IsHardwareAccelerated) Scaled<Lanes512<float>>();
        if (Vector256.IsHardwareAccelerated) Scaled<Lanes256<float>>();
        Scaled<Lanes128<float>>();
    }

    // The sum and the mean of numbers 2^-112 times as large.
    [Fact]
    public void Sums_and_means_of_halves_are_those_of_the_numbers()
    {
        Random random = new(3);
        // Exponents all over, subnormal ones too.
        Half Any() => BitConverter.Int16BitsToHalf((short)(random.Next(0x7C00) | (random.Next(2) << 15)));
        HalfTotal[] totals = [.. Enumerable.Range(1, 64).Select(count => new HalfTotal(true, 0, new(1, Axis.Unit, Axis.Unit, Axis.Global(count), 1), ordered: true))];
        Half* cell = stackalloc Half[Lanes128<float>.Count];
        for (int i = 0; i < 200_000; i++)
        {
            int count = 1 + i % totals.Length;
            float sum = 0, small = 0;
            for (int k = 0; k < count; k++)
            {
                *cell = Any();
                if (i % 3 == 0) *cell = (Half)((float)*cell / 4096);
                (sum, small) = (sum + (float)*cell, small + totals[count - 1].Lift(cell));
            }
            Half expected = (Half)(sum / count);
            totals[count - 1].Finish(Lanes128<float>.Create(small), Lanes128<float>.Create(totals[count - 1].Scale(count)), cell);
            if (BitConverter.HalfToInt16Bits(cell[0]) != BitConverter.HalfToInt16Bits(expected)) Assert.Fail($"{sum:R} over {count} is {cell[0]}, not {expected}");
            totals[count - 1].Finish(small, count, cell);
            Assert.Equal(expected, *cell);
        }
    }

    [Fact]
    public void A_ninth_of_every_sum_of_halves_is_the_quotient()
    {
        HalfTotal total = new(true, 0, new(1, Axis.Unit, Axis.Unit, Axis.Global(9), 1), ordered: true);
        Half* mean = stackalloc Half[Lanes128<float>.Count];
        Lanes128<float> scale = Lanes128<float>.Create(total.Scale(9));
        // Around nine times every tie of two halves, where alone it could differ.
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            float tie = ((float)BitConverter.Int16BitsToHalf((short)bits) + (float)BitConverter.Int16BitsToHalf((short)Math.Min(bits + 1, 0x7BFF))) / 2, sum = tie * 9;
            for (int step = -4; step <= 4; step++)
            {
                float near = BitConverter.Int32BitsToSingle(Math.Max(0, BitConverter.SingleToInt32Bits(sum) + step));
                // No sum of halves has bits below theirs.
                if (near * (1 << 24) % 1 != 0) continue;
                total.Finish(Lanes128<float>.Create(near * HalfLanes.Inverse), scale, mean);
                if (mean[0] != (Half)(near / 9)) Assert.Fail($"a ninth of {near:R} is {mean[0]}, not {(Half)(near / 9)}");
            }
        }
    }

    private static void Scaled<TVector>()
        where TVector : struct, ILanes<TVector, float>
    {
        Half* cells = stackalloc Half[2 * TVector.Count], back = stackalloc Half[2 * TVector.Count];
        float* lanes = stackalloc float[3 * TVector.Count], even = lanes + TVector.Count, odd = even + TVector.Count;
        TVector zero = TVector.Create(0);
        for (int bits = 0; bits < Patterns; bits++)
        {
            Half cell = BitConverter.UInt16BitsToHalf((ushort)bits);
            new Span<Half>(cells, 2 * TVector.Count).Fill(Half.MinValue);
            int at = bits % TVector.Count, place = bits % (2 * TVector.Count);
            cells[at] = cell;
            TVector wide = TVector.WidenScaled(cells), seen = zero;
            bool stands = TVector.IsZero(TVector.WatchScaled(zero, wide, zero)) && TVector.IsZero(TVector.WatchScaled(zero, zero, wide));
            cells[at] = Half.MinValue;
            cells[place] = cell;
            TVector.SplitScaled(cells, out TVector low, out TVector high, ref seen);
            if (stands != Half.IsFinite(cell) || TVector.AreFinite(seen) != stands) Assert.Fail($"{cell} is not watched at {TVector.Count} lanes");
            if (!stands) continue;
            wide.Store(lanes);
            low.Store(even);
            high.Store(odd);
            if (!Same((float)cell, lanes[at] * HalfLanes.Scale)) Assert.Fail($"{cell} widened to {lanes[at]} at {TVector.Count} lanes");
            if (!Same((float)cell, (place % 2 == 0 ? even : odd)[place / 2] * HalfLanes.Scale)) Assert.Fail($"{cell} split to another at {TVector.Count} lanes");
            // Itself, half way to the next one and beside that.
            float value = lanes[at], tie = (value + BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) + 0x2000)) / 2;
            foreach (float near in (ReadOnlySpan<float>)[value, tie, MathF.BitIncrement(tie), MathF.BitDecrement(tie)])
            {
                TVector.Create(near).NarrowScaled(back);
                Half expected = (Half)(near * HalfLanes.Scale);
                if (BitConverter.HalfToInt16Bits(back[at]) != BitConverter.HalfToInt16Bits(expected)) Assert.Fail($"{near:R} narrowed to {back[at]} at {TVector.Count} lanes, not {expected}");
                TVector.NarrowScaled(TVector.Create(place % 2 == 0 ? near : 0), TVector.Create(place % 2 == 0 ? 0 : near), back);
                if (BitConverter.HalfToInt16Bits(back[place]) != BitConverter.HalfToInt16Bits(expected) || back[place ^ 1] != Half.Zero)
                    Assert.Fail($"{near:R} narrowed to {back[place]} beside another at {TVector.Count} lanes, not {expected}");
            }
        }
    }

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

    // As many cells as are divided by multiplying, and sums by any divisor: near each multiple of it, where an inverse could be wrong.
    [Fact]
    public void Means_of_short_whole_numbers_are_the_quotients()
    {
        if (Vector512.IsHardwareAccelerated) Quotients<Lanes512<int>>();
        if (Vector256.IsHardwareAccelerated) Quotients<Lanes256<int>>();
        Quotients<Lanes128<int>>();

        static void Quotients<TVector>()
            where TVector : struct, ILanes<TVector, int>
        {
            const int Cells = 32, Most = Cells * ushort.MaxValue;
            Geometry window = new(1, Axis.Unit, Axis.Unit, Axis.Global(Cells), 1);
            Random random = new(5);
            short* means = stackalloc short[TVector.Count];
            int* sums = stackalloc int[TVector.Count];
            for (int i = 0; i < 6000; i++)
            {
                int divisor = i < 3000 ? i + 32 : (int)Math.Pow(2, 5 + 20 * random.NextDouble());
                Total<short, int> total = new(true, divisor, window, ordered: false);
                TVector scale = TVector.Create(total.Scale(divisor));
                for (int quotient = -short.MaxValue, step = 1 + random.Next(3000); quotient <= short.MaxValue; quotient += step)
                {
                    for (int rest = -1; rest <= 1; rest++)
                    {
                        long sum = (long)quotient * divisor + rest;
                        if (Math.Abs(sum) > Most) continue;
                        total.Finish(TVector.Create((int)sum), scale, means);
                        if (means[0] != sum / divisor) Assert.Fail($"{sum} over {divisor} is {means[0]} at {TVector.Count} lanes, not {sum / divisor}");
                    }
                }
            }
            for (int count = 1; count <= Cells; count++)
            {
                Total<short, int> total = new(true, 0, window with { Width = Axis.Global(count) }, ordered: false);
                TVector scale = TVector.Create(total.Scale(count));
                for (int first = short.MinValue * count; first <= short.MaxValue * count; first += TVector.Count)
                {
                    for (int i = 0; i < TVector.Count; i++) sums[i] = Math.Min(first + i, short.MaxValue * count);
                    total.Finish(TVector.Load(sums), scale, means);
                    for (int i = 0; i < TVector.Count; i++)
                        if (means[i] != sums[i] / count) Assert.Fail($"{sums[i]} over {count} is {means[i]} at {TVector.Count} lanes, not {sums[i] / count}");
                }
            }
            // Sums that float does not hold, by the most cells there may be and fewer, each lane another.
            for (int i = 0; i < 3000; i++)
            {
                int count = i == 0 ? ushort.MaxValue : random.Next(513, ushort.MaxValue);
                WideTotal<short> total = new(true, 0, window with { Width = Axis.Global(count) });
                for (int lane = 0; lane < TVector.Count; lane++) sums[lane] = Math.Clamp(random.Next(short.MinValue, short.MaxValue + 1) * count + random.Next(-1, 2), short.MinValue * count, short.MaxValue * count);
                total.Finish(TVector.Load(sums), TVector.Create(total.Scale(count)), means);
                for (int lane = 0; lane < TVector.Count; lane++)
                    if (means[lane] != sums[lane] / count) Assert.Fail($"{sums[lane]} over {count} is {means[lane]} at {TVector.Count} lanes, not {sums[lane] / count}");
            }
        }
    }

    /// <summary>Every sum that so many cells can have, by every count, one for all and lane by lane.</summary>
    private static void Means<T, TLane, TVector>(int least, int most)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TVector : struct, ILanes<TVector, TLane>
    {
        T* uniform = stackalloc T[TVector.Count], each = stackalloc T[TVector.Count], split = stackalloc T[2 * TVector.Count];
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
                total.FinishSplit(TVector.Load(sums), TVector.Load(sums), scale, split);
                for (int i = 0; i < TVector.Count; i++)
                {
                    T mean = T.CreateChecked(int.CreateChecked(sums[i]) / count);
                    if (uniform[i] != mean || each[i] != mean || split[2 * i] != mean || split[2 * i + 1] != mean)
                        Assert.Fail($"{sums[i]} over {count} is {uniform[i]} and {each[i]} at {TVector.Count} lanes, not {mean}");
                }
            }
        }
    }

    [Fact]
    public void Sums_of_cells_of_16_bits_come_back_as_the_nearest_that_there_is()
    {
        if (Vector512.IsHardwareAccelerated) Nearest<short, Lanes512<int>>();
        if (Vector256.IsHardwareAccelerated) Nearest<short, Lanes256<int>>();
        Nearest<short, Lanes128<int>>();
        if (Vector512.IsHardwareAccelerated) Nearest<ushort, Lanes512<int>>();
        if (Vector256.IsHardwareAccelerated) Nearest<ushort, Lanes256<int>>();
        Nearest<ushort, Lanes128<int>>();
    }

    /// <summary>Even and odd lanes that hold a cell's least and most and what lies beyond, split again where they are cells.</summary>
    private static void Nearest<T, TVector>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TVector : struct, ILanes<TVector, int>
    {
        int* lanes = stackalloc int[2 * TVector.Count], again = stackalloc int[2 * TVector.Count];
        T* cells = stackalloc T[2 * TVector.Count];
        for (int middle = -70_000; middle <= 70_000; middle += TVector.Count)
        {
            for (int i = 0; i < 2 * TVector.Count; i++) lanes[i] = middle + i;
            TVector.NarrowSplit(TVector.Load(lanes), TVector.Load(lanes + TVector.Count), cells);
            TVector.Split(cells, out TVector even, out TVector odd);
            even.Store(again);
            odd.Store(again + TVector.Count);
            for (int i = 0; i < 2 * TVector.Count; i++)
            {
                T expected = T.CreateSaturating(lanes[i]), cell = cells[2 * (i % TVector.Count) + i / TVector.Count];
                if (cell != expected || again[i] != int.CreateChecked(expected))
                    Assert.Fail($"{lanes[i]} is {cell} and {again[i]} at {TVector.Count} lanes, not {expected}");
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
            if (typeof(T) == typeof(BFloat16)) Beside<T, TVector>(given, to, values.Length);
        }
        for (int i = 0; i < cells.Length; i++)
            if (!Same(widen(cells[i]), wide[i])) Assert.Fail($"{cells[i]} widened to {wide[i]} at {TVector.Count} lanes");
        for (int i = 0; i < values.Length; i++)
            if (!Same(widen(narrow(values[i])), widen(narrowed[i]))) Assert.Fail($"{values[i]:R} narrowed to {narrowed[i]} at {TVector.Count} lanes, not {narrow(values[i])}");
    }

    /// <summary>The same numbers at even and at odd places.</summary>
    private static void Beside<T, TVector>(float* given, T* narrowed, int count)
        where T : unmanaged
        where TVector : struct, ILanes<TVector, float>
    {
        ushort* beside = stackalloc ushort[2 * TVector.Count], alone = (ushort*)narrowed;
        for (int i = 0; i + TVector.Count <= count; i += TVector.Count)
        {
            TVector.NarrowSplit(TVector.Load(given + i), TVector.Load(given + i), (T*)beside);
            for (int lane = 0; lane < TVector.Count; lane++)
                if (beside[2 * lane] != alone[i + lane] || beside[2 * lane + 1] != alone[i + lane])
                    Assert.Fail($"{given[i + lane]:R} narrowed to another beside one at {TVector.Count} lanes");
        }
    }

    private static bool Same(float expected, float actual) =>
        float.IsNaN(expected) ? float.IsNaN(actual) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual);
}
