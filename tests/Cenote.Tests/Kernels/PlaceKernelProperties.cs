using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>The kernels of maxima and minima with their places.</summary>
public unsafe class PlaceKernelProperties : KernelProperties
{
    [Fact]
    public void Places_equal_the_walk()
    {
        Registers.Need();
        Compared<float, int, Extreme<float, int, FirstLargest>, Extreme<float, int, FirstSmallest>>(Reals(x => (float)x));
        Compared<double, long, Extreme<double, long, FirstLargest>, Extreme<double, long, FirstSmallest>>(Reals(x => x));
        Compared<Half, short, Extreme<Half, short, FirstLargest>, Extreme<Half, short, FirstSmallest>>(Reals(x => (Half)x));
        Compared<BFloat16, short, Extreme<BFloat16, short, FirstLargest>, Extreme<BFloat16, short, FirstSmallest>>(Reals(x => (BFloat16)x));
        // Few NaNs or none, so that what is compared as it is stands.
        Compared<float, int, Extreme<float, int, FirstLargest>, Extreme<float, int, FirstSmallest>>(random => random.Next(-3, 4) * 0.5f);
        Compared<float, int, Extreme<float, int, FirstLargest>, Extreme<float, int, FirstSmallest>>(random => random.Next(4) == 0 ? random.Next(3) - 1.5f : random.Next(9) == 0 ? float.PositiveInfinity : float.NegativeInfinity);
        Compared<double, long, Extreme<double, long, FirstLargest>, Extreme<double, long, FirstSmallest>>(random => random.Next(-3, 4) * 0.5);
        Compared<float, int, Extreme<float, int, FirstLargest>, Extreme<float, int, FirstSmallest>>(random => random.Next(400) == 0 ? float.NaN : random.Next(-3, 4) * 0.5f);
        ComparedWholes<sbyte, short>();
        ComparedWholes<byte, short>();
        ComparedWholes<short, short>();
        ComparedWholes<ushort, short>();
        ComparedWholes<int, int>();
        ComparedWholes<uint, int>();
        ComparedWholes<long, long>();
        ComparedWholes<ulong, long>();
    }

    [Fact]
    public void Places_in_one_integer_with_the_cell_equal_the_walk()
    {
        Registers.Need();
        Placed<float, Max<float>, Largest>(Reals(x => (float)x));
        Placed<float, Min<float>, Smallest>(Reals(x => (float)x));
        Placed<Half, Max<Half>, Largest>(Reals(x => (Half)x));
        Placed<Half, Min<Half>, Smallest>(Reals(x => (Half)x));
        Placed<BFloat16, Max<BFloat16>, Largest>(Reals(x => (BFloat16)x));
        Placed<BFloat16, Min<BFloat16>, Smallest>(Reals(x => (BFloat16)x));
        Placed<sbyte, Max<sbyte>, Largest>(Wholes<sbyte>());
        Placed<byte, Max<byte>, Largest>(Wholes<byte>());
        Placed<byte, Min<byte>, Smallest>(Wholes<byte>());
        Placed<short, Min<short>, Smallest>(Wholes<short>());
        Placed<ushort, Max<ushort>, Largest>(Wholes<ushort>());
        Placed<int, Max<int>, Largest>(Wholes<int>());
        Placed<uint, Min<uint>, Smallest>(Wholes<uint>());
    }

    [Fact]
    public void Places_of_cells_of_64_bits_equal_the_walk()
    {
        // Near each other, so that the low half of a cell decides.
        Selected<double, Max<double>>(random => random.Next(3) == 0 ? Reals(x => x)(random) : BitConverter.Int64BitsToDouble(0x4000_0000_0000_0000 + random.Next(3)));
        Selected<double, Min<double>>(random => random.Next(3) == 0 ? Reals(x => x)(random) : -BitConverter.Int64BitsToDouble(0x4000_0000_0000_0000 + random.Next(3)));
        Selected<double, Max<double>>(random => BitConverter.Int64BitsToDouble(random.NextInt64() ^ random.NextInt64() << 1));
        Selected<long, Max<long>>(random => random.Next(2) == 0 ? random.Next(-3, 3) : Wholes<long>()(random));
        Selected<long, Min<long>>(random => random.Next(2) == 0 ? random.Next(-3, 3) : Wholes<long>()(random));
        Selected<ulong, Max<ulong>>(random => (ulong)random.Next(0, 9));
        Selected<ulong, Min<ulong>>(random => random.Next(2) == 0 ? (ulong)random.Next(0, 9) : Wholes<ulong>()(random));
    }

    /// <summary>The whole call, as the planner does it.</summary>
    private static void Selected<T, TSelector>(Func<Random, T> cell)
        where T : unmanaged, INumber<T>
        where TSelector : struct, ISelector<T> => Sample<T>(cell, (geometry, input) => Places<T, TSelector>("Select", geometry, input, (values, places) =>
            Planner.Select<T, TSelector>(geometry, input, values, places, default, null)));

    /// <summary>All kinds, and then mostly the least, so that windows hold nothing else.</summary>
    private static void ComparedWholes<T, TLane>()
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    {
        Compared<T, TLane, Whole<T, TLane, Largest>, Whole<T, TLane, Smallest>>(Wholes<T>());
        Compared<T, TLane, Whole<T, TLane, Largest>, Whole<T, TLane, Smallest>>(random => random.Next(9) == 0 ? Wholes<T>()(random) : random.Next(9) == 0 ? T.MaxValue : T.MinValue);
    }

    private static void Compared<T, TLane, TLargest, TSmallest>(Func<Random, T> cell)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
        where TLargest : struct, IRank<T, TLane>
        where TSmallest : struct, IRank<T, TLane> => Sample<T>(cell, (geometry, input) =>
    {
        KernelName name = geometry.Inner == 1 ? KernelName.Positions
            : Planner.Fits(KernelName.PixelPositions, geometry, sizeof(TLane), ordered: true, placed: true) ? KernelName.PixelPositions : KernelName.ChannelPositions;
        int bytes = Planner.Fits(name, geometry, sizeof(TLane), ordered: true, placed: true) ? Planner.RegisterBytes(name, geometry, sizeof(TLane)) : 0;
        if (bytes == 0) return;
        if (Registers.Test(64, bytes)) Both<Lanes512<TLane>>();
        if (Registers.Test(32, bytes)) Both<Lanes256<TLane>>();
        if (Registers.Test(16, bytes)) Both<Lanes128<TLane>>();

        void Both<TVector>()
            where TVector : unmanaged, ILanes<TVector, TLane>
        {
            Places<T, Max<T>>($"{name} at {TVector.Count} lanes", geometry, input, (values, places) => Run<TLargest>(values, places));
            Places<T, Min<T>>($"{name} at {TVector.Count} lanes", geometry, input, (values, places) => Run<TSmallest>(values, places));

            void Run<TRank>(T* values, long* places)
                where TRank : struct, IRank<T, TLane>
            {
                Pass<T, TLane, TRank> pass = new(geometry, input, values, default);
                if (name == KernelName.ChannelPositions) InTwo(new ChannelPositions<T, TLane, TRank, TVector>(pass, places));
                else if (name == KernelName.PixelPositions) InTwo(new PixelPositions<T, TLane, TRank, TVector>(pass.Geometry, input, values, places));
                else InTwo(new Positions<T, TLane, TRank, TVector>(pass, places));
            }
        }

        // As two threads would.
        static void InTwo<TKernel>(in TKernel kernel)
            where TKernel : struct, IKernel
        {
            TKernel mine = kernel;
            mine.Run(mine.Units / 2, mine.Units);
            mine.Run(0, mine.Units / 2);
        }
    });

    private static void Placed<T, TSelector, TOrder>(Func<Random, T> cell)
        where T : unmanaged, INumber<T>
        where TSelector : struct, ISelector<T>
        where TOrder : struct, IOrder => Sample<T>(cell, (geometry, input) =>
    {
        foreach (KernelName kernel in Enum.GetValues<KernelName>())
        {
            if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.Positions or KernelName.ChannelPositions or KernelName.PixelPositions) continue;
            int bytes = kernel is KernelName.WholePlane ? Planner.RegisterBytes(kernel, geometry, sizeof(long)) : int.MaxValue;
            if (Registers.Test(64, bytes) && Fits(64)) One<Lanes512<long>>(kernel);
            if (Registers.Test(32, bytes) && Fits(32)) One<Lanes256<long>>(kernel);
            if (Registers.Test(16, bytes) && Fits(16)) One<Lanes128<long>>(kernel);

            bool Fits(int registerBytes) => Planner.Fits(kernel, geometry, sizeof(long), ordered: false, placed: true, registerBytes);
        }

        void One<TVector>(KernelName kernel)
            where TVector : struct, ILanes<TVector, long> => Places<T, TSelector>($"{kernel} at {TVector.Count} lanes", geometry, input, (values, places) =>
                Planner.With<T, long, Place<T, TOrder>, TVector, OnCrew>(kernel, new(geometry, input, values, new(geometry, input, values, places)), new(new() { Threads = 1 })));
    });

    private delegate void Into<T>(T* values, long* places)
        where T : unmanaged;

    private static void Places<T, TSelector>(string where, in Geometry geometry, T* input, Into<T> run)
        where T : unmanaged, INumber<T>
        where TSelector : struct, ISelector<T>
    {
        const int Guard = 70;
        long outputs = geometry.Outer * geometry.OutputPlane * geometry.Inner;
        T mark = T.CreateTruncating(77);
        T[] values = new T[outputs + 2 * Guard], expectedValues = new T[outputs];
        long[] places = new long[outputs + 2 * Guard], expectedPlaces = new long[outputs];
        Array.Fill(values, mark);
        Array.Fill(places, 77);
        fixed (T* to = values, expected = expectedValues)
        fixed (long* at = places, expectedAt = expectedPlaces)
        {
            CellWalk.Run(geometry, input, new SelectCell<T, TSelector>(default, expected, expectedAt));
            run(to + Guard, at + Guard);
        }
        for (int i = 0; i < values.Length; i++)
        {
            int output = i - Guard;
            if (output < 0 || output >= outputs)
            {
                if (values[i] != mark || places[i] != 77) Assert.Fail($"{where} wrote at {output} of {outputs}");
            }
            else if (places[i] != expectedPlaces[output] || !(expectedValues[output] == values[i] || (T.IsNaN(expectedValues[output]) && T.IsNaN(values[i]))))
            {
                Assert.Fail($"{where}: output {output} is {values[i]} at {places[i]}, not {expectedValues[output]} at {expectedPlaces[output]}");
            }
        }
    }
}
