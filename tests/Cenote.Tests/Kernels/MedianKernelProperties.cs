using System.Numerics;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>Medians by the register against the walk cell by cell, to the last bit.</summary>
public unsafe class MedianKernelProperties : KernelProperties
{
    [Fact]
    public void Medians_of_reals_equal_the_walk()
    {
        Registers.Need();
        All<float, int, Extreme<float, int, FirstLargest>>(Reals(x => (float)x));
        All<double, long, Extreme<double, long, FirstLargest>>(Reals(x => x));
        All<Half, short, Extreme<Half, short, FirstLargest>>(Reals(x => (Half)x));
        All<BFloat16, short, Extreme<BFloat16, short, FirstLargest>>(Reals(x => (BFloat16)x));
        // Any bits; NaNs next to the infinities; zeros of both signs.
        All<Half, short, Extreme<Half, short, FirstLargest>>(random => BitConverter.Int16BitsToHalf((short)random.Next()));
        All<float, int, Extreme<float, int, FirstLargest>>(random => random.Next(6) == 0 ? BitConverter.Int32BitsToSingle((random.Next(2) == 0 ? 0x7F800001 : -0x7FFFFF) + random.Next(2)) : 1);
        All<float, int, Extreme<float, int, FirstLargest>>(random => random.Next(4) switch { 0 => -0f, 1 => 0, 2 => random.Next(-1, 2), _ => float.PositiveInfinity });
    }

    [Fact]
    public void Medians_of_whole_numbers_equal_the_walk()
    {
        Registers.Need();
        Whole<sbyte, sbyte>();
        Whole<byte, sbyte>();
        Whole<byte, short>();
        Whole<short, short>();
        Whole<ushort, short>();
        Whole<int, int>();
        Whole<uint, int>();
        Whole<long, long>();
        Whole<ulong, long>();

        static void Whole<T, TLane>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
            where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
        {
            All<T, TLane, Whole<T, TLane, Largest>>(Wholes<T>());
            // Mostly what padding is taken for.
            All<T, TLane, Whole<T, TLane, Largest>>(random => random.Next(3) == 0 ? Wholes<T>()(random) : T.MaxValue);
        }
    }

    [Fact]
    public void The_walk_takes_the_middle_in_order_of_size()
    {
        Random random = new(1);
        for (int count = 1; count < 300; count++)
        {
            Check([.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-count / 2, count))]);
            Check([.. Enumerable.Range(0, count).Select(i => (double)i)]);
            Check([.. Enumerable.Range(0, count).Select(i => (double)-Math.Abs(i - count / 2))]);
            Check([.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? -0.0 : 0)]);
        }

        static void Check(double[] cells) => Assert.Equal(
            Array.IndexOf(cells, cells.Order().ElementAt((cells.Length - 1) / 2)), default(MedianPick<double>).Among(cells, new double[cells.Length], 0));
    }

    private static void All<T, TLane, TRank>(Func<Random, T> cell)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
        where TRank : struct, IRank<T, TLane> => Sample<T>(cell, (geometry, input) =>
    {
        const int Guard = 70;
        long outputs = geometry.Outer * geometry.OutputPlane * geometry.Inner;
        T[] expected = new T[outputs];
        long[] places = new long[outputs];
        fixed (T* to = expected)
        fixed (long* at = places)
            CellWalk.Run(geometry, input, new PickCell<T, MedianPick<T>>(default, geometry.MostTaps, to, at));
        if (Registers.Test(64)) One<Lanes512<TLane>>();
        if (Registers.Test(32)) One<Lanes256<TLane>>();
        if (Registers.Test(16)) One<Lanes128<TLane>>();

        void One<TVector>()
            where TVector : struct, ILanes<TVector, TLane>
        {
            if (!MedianLines<T, TLane, TRank, TVector>.Fits(geometry)) return;
            foreach (bool indexed in (bool[])[true, false])
            {
                T mark = T.CreateTruncating(77);
                T[] values = new T[outputs + 2 * Guard];
                long[] indices = new long[outputs + 2 * Guard];
                Array.Fill(values, mark);
                Array.Fill(indices, 77);
                fixed (T* to = values)
                fixed (long* at = indices)
                {
                    // As two threads would.
                    MedianLines<T, TLane, TRank, TVector> kernel = new(geometry, input, to + Guard, indexed ? at + Guard : null);
                    kernel.Run(kernel.Units / 2, kernel.Units);
                    kernel.Run(0, kernel.Units / 2);
                }
                string where = $"{TVector.Count} lanes of {typeof(TLane).Name}";
                for (int i = 0; i < values.Length; i++)
                {
                    int output = i - Guard;
                    bool inside = output >= 0 && output < outputs;
                    if (!(inside ? Bits(expected[output]) : Bits(mark)).SequenceEqual(Bits(values[i]))) Assert.Fail($"{where}: value {output} of {outputs} is {values[i]}, not {(inside ? expected[output] : "for it to write")}");
                    if (indices[i] != (inside && indexed ? places[output] : 77)) Assert.Fail($"{where}: index {output} of {outputs} is {indices[i]}, not {(inside && indexed ? places[output] : "for it to write")}");
                }
            }
        }

        static ReadOnlySpan<byte> Bits(in T cell) => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in cell));
    });
}
