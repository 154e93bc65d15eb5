using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cenote.Kernels;
using CsCheck;

namespace Cenote.Tests.Kernels;

/// <summary>Every kernel that fits a random window, at every width of register there is, against the walks cell by cell.</summary>
public unsafe class KernelProperties
{
    private const int Cases = 500;

    private static readonly Gen<int> GenKernel = Gen.Frequency((6, Gen.Int[1, 4]), (2, Gen.Int[5, 9]), (1, Gen.Int[10, 40]));

    private static readonly Gen<int> GenLength = Gen.Frequency((4, Gen.Int[1, 12]), (3, Gen.Int[13, 40]), (2, Gen.Int[41, 150]));

    private static readonly Gen<Axis?> GenSliding =
        from length in GenLength
        from kernel in GenKernel
        from stride in Gen.Frequency((3, Gen.Const(1)), (3, Gen.Const(2)), (2, Gen.Int[3, 5]), (1, Gen.Int[6, 40]))
        from dilation in Gen.Frequency((5, Gen.Const(1)), (2, Gen.Int[2, 3]), (1, Gen.Int[4, 30]))
        from before in Gen.Frequency((4, Gen.Int[0, 1]), (2, Gen.Int[2, 6]), (1, Gen.Int[7, 40]))
        from after in Gen.Frequency((4, Gen.Int[0, 1]), (2, Gen.Int[2, 6]), (1, Gen.Int[7, 40]))
        from ceil in Gen.Bool
        let axis = Axis.Sliding(length, kernel, stride, dilation, before, after, ceil)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // The windows that have a kernel of their own, at any length.
    private static readonly Gen<Axis?> GenTwo = GenLength.Select(length => length >= 2 ? Axis.Sliding(length, 2, 2, 1, 0, 0, false) : (Axis?)null);

    private static readonly Gen<Axis?> GenThree =
        from length in GenLength
        from stride in Gen.Int[1, 2]
        from before in Gen.Int[0, 1]
        from after in Gen.Int[0, 1]
        from ceil in Gen.Bool
        select length >= 3 ? Axis.Sliding(length, 3, stride, 1, before, after, ceil) : (Axis?)null;

    private static readonly Gen<Axis?> GenAxis = Gen.Frequency(
        (6, GenSliding), (2, GenTwo), (4, GenThree),
        (1, GenLength.Select(length => (Axis?)Axis.Global(length))),
        (2, Gen.Select(GenLength, Gen.Int[1, 20], (length, output) => (Axis?)Axis.Adaptive(length, output))));

    internal static readonly Gen<Geometry> GenGeometry =
        from rank in Gen.Frequency((2, Gen.Const(1)), (4, Gen.Const(2)), (1, Gen.Const(3)))
        from same in Gen.Bool
        from width in GenAxis
        from height in GenAxis
        from depth in GenSliding
        from outer in Gen.Frequency((3, Gen.Int[1, 3]), (1, Gen.Int[4, 40]))
        from inner in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 70]))
        where width is not null && height is not null && depth is not null
        let made = new Geometry(outer, rank == 3 ? depth.Value : Axis.Unit, rank == 1 ? Axis.Unit : same ? width.Value : height.Value, width.Value, inner)
        where made.Outer * made.InputPlane * made.Inner < 60_000 && made.Outer * made.OutputPlane * made.Inner * Math.Min(made.MostTaps, 2000) < 4_000_000
        select made;

    [Fact]
    public void Maxima_equal_the_walk_bit_for_bit()
    {
        Check<float, float, int, Max<float>, Extreme<float, int, Largest>>(default, _ => default, Reals(x => (float)x));
        Check<double, double, long, Max<double>, Extreme<double, long, Largest>>(default, _ => default, Reals(x => x));
        Check<Half, Half, short, Max<Half>, Extreme<Half, short, Largest>>(default, _ => default, Reals(x => (Half)x));
        Check<byte, byte, byte, Max<byte>, Extreme<byte, byte, Largest>>(default, _ => default, Wholes<byte>());
        Check<short, short, short, Max<short>, Extreme<short, short, Largest>>(default, _ => default, Wholes<short>());
        Check<ulong, ulong, ulong, Max<ulong>, Extreme<ulong, ulong, Largest>>(default, _ => default, Wholes<ulong>());
    }

    [Fact]
    public void Minima_equal_the_walk_bit_for_bit()
    {
        Check<float, float, int, Min<float>, Extreme<float, int, Smallest>>(default, _ => default, Reals(x => (float)x));
        Check<sbyte, sbyte, sbyte, Min<sbyte>, Extreme<sbyte, sbyte, Smallest>>(default, _ => default, Wholes<sbyte>());
        Check<uint, uint, uint, Min<uint>, Extreme<uint, uint, Smallest>>(default, _ => default, Wholes<uint>());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 4)]
    [InlineData(true, -3)]
    public void Means_equal_the_walk(bool countPadding, int divisor)
    {
        int? given = divisor == 0 ? null : divisor;
        Check<float, float, float, Mean<float, float>, Total<float, float>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: true), Reals(x => (float)x), ordered: true);
        Check<float, double, double, Mean<float, double>, Total<float, double>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: false), Reals(x => (float)x));
        Check<double, double, double, Mean<double, double>, Total<double, double>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: true), Reals(x => x), ordered: true);
        Check<Half, float, float, Mean<Half, float>, Total<Half, float>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: true), Reals(x => (Half)x), ordered: true);
        Check<byte, long, int, Mean<byte, long>, Total<byte, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<byte>());
        Check<sbyte, long, int, Mean<sbyte, long>, Total<sbyte, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<sbyte>());
        Check<short, long, int, Mean<short, long>, Total<short, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<short>(), mostTaps: 512);
        Check<uint, long, long, Mean<uint, long>, Total<uint, long>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<uint>());
        Check<int, long, long, Mean<int, long>, Total<int, long>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<int>());
    }

    [Fact]
    public void Places_equal_the_walk() => Gen.Select(GenGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            if (!Positions<float, int, FirstLargest, Lanes128<int>>.Fits(geometry)) return;
            Random random = new(seed);
            float[] cells = new float[geometry.Outer * geometry.InputPlane];
            for (int i = 0; i < cells.Length; i++) cells[i] = Reals(x => (float)x)(random);
            using GuardedMemory guarded = new(MemoryMarshal.AsBytes(cells.AsSpan()));
            float* input = (float*)guarded.Start;
            if (Vector512.IsHardwareAccelerated) Places<Lanes512<int>>(geometry, input);
            if (Vector256.IsHardwareAccelerated) Places<Lanes256<int>>(geometry, input);
            Places<Lanes128<int>>(geometry, input);
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    private static void Places<TVector>(in Geometry geometry, float* input)
        where TVector : unmanaged, ILanes<TVector, int>
    {
        Places<FirstLargest, Max<float>, TVector>(geometry, input, default, float.PositiveInfinity);
        Places<FirstSmallest, Min<float>, TVector>(geometry, input, default, float.NegativeInfinity);
    }

    private static void Places<TOrder, TSelector, TVector>(in Geometry geometry, float* input, TSelector selector, float infinity)
        where TOrder : struct, IOrder
        where TSelector : struct, ISelector<float>
        where TVector : unmanaged, ILanes<TVector, int>
    {
        long outputs = geometry.Outer * geometry.OutputPlane;
        float[] values = new float[outputs], expectedValues = new float[outputs];
        long[] places = new long[outputs + 1], expectedPlaces = new long[outputs];
        places[outputs] = 77;
        fixed (float* to = values, expected = expectedValues)
        fixed (long* at = places, expectedAt = expectedPlaces)
        {
            CellWalk.Run(geometry, input, new SelectCell<float, TSelector>(selector, expected, expectedAt));
            Positions<float, int, TOrder, TVector> kernel = new(new(geometry, input, to, default), at, Extreme<float, int, TOrder>.Lift(infinity));
            kernel.Run(0, kernel.Units);
        }
        Assert.Equal(expectedPlaces, places[..^1]);
        Assert.Equal(77, places[^1]);
        for (int i = 0; i < values.Length; i++)
            if (!Same(Math.Abs(expectedValues[i]), Math.Abs(values[i]))) Assert.Fail($"output {i} is {values[i]}, not {expectedValues[i]}");
    }

    private static void Check<T, TAccumulator, TLane, TReducer, TFold>(
        TReducer reducer, Func<Geometry, TFold> fold, Func<Random, T> cell, bool ordered = false, long mostTaps = long.MaxValue)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TLane : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
        where TFold : struct, IFold<T, TLane> => Gen.Select(GenGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            if (geometry.MostTaps > (ordered ? 9 : mostTaps)) return;
            Random random = new(seed);
            T[] cells = new T[geometry.Outer * geometry.InputPlane * geometry.Inner];
            for (int i = 0; i < cells.Length; i++) cells[i] = cell(random);
            T[] expected = new T[geometry.Outer * geometry.OutputPlane * geometry.Inner];
            using GuardedMemory guarded = new(MemoryMarshal.AsBytes(cells.AsSpan()));
            T* input = (T*)guarded.Start;
            fixed (T* to = expected)
                if (ordered) CellWalk.Run(asked, input, new FoldCell<T, TAccumulator, TReducer>(reducer, to));
                else SeparableWalk.Run<T, TAccumulator, TReducer>(asked, input, to, reducer);
            foreach (KernelName kernel in Enum.GetValues<KernelName>())
            {
                if (kernel is KernelName.WalkCells or KernelName.WalkRows || !Planner.Fits(kernel, geometry, sizeof(TLane), ordered)) continue;
                if (Vector512.IsHardwareAccelerated) Compare<T, TLane, TFold, Lanes512<TLane>>(kernel, geometry, input, fold(geometry), expected);
                if (Vector256.IsHardwareAccelerated) Compare<T, TLane, TFold, Lanes256<TLane>>(kernel, geometry, input, fold(geometry), expected);
                Compare<T, TLane, TFold, Lanes128<TLane>>(kernel, geometry, input, fold(geometry), expected);
            }
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    /// <summary>Runs one kernel into cells between two guards, in two parts as two threads would.</summary>
    private static void Compare<T, TLane, TFold, TVector>(KernelName kernel, in Geometry geometry, T* input, TFold fold, T[] expected)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
        where TVector : struct, ILanes<TVector, TLane>
    {
        const int Guard = 70;
        T mark = T.CreateTruncating(77);
        T[] output = new T[expected.Length + 2 * Guard + 1];
        Array.Fill(output, mark);
        fixed (T* to = output) Planner.Run<T, TLane, TFold, TVector>(kernel, new(geometry, input, to + Guard, fold), new() { Threads = 1 });
        string where = $"{kernel} at {TVector.Count} lanes of {typeof(TLane).Name}";
        for (int i = 0; i < output.Length; i++)
        {
            int at = i - Guard;
            bool inside = at >= 0 && at < expected.Length;
            if (!inside && output[i] != mark) Assert.Fail($"{where} wrote at {at} of {expected.Length}");
            if (inside && !Same(expected[at], output[i])) Assert.Fail($"{where}: output {at} is {output[i]}, not {expected[at]}");
        }
    }

    /// <summary>The same bits, or both not a number; the sum of a larger window in another order may round once differently.</summary>
    private static bool Same<T>(T expected, T actual)
        where T : unmanaged, INumber<T>
    {
        if (T.IsNaN(expected)) return T.IsNaN(actual);
        return expected == actual && T.IsNegative(expected) == T.IsNegative(actual);
    }

    /// <summary>Numbers of both signs, with ties, zeros of both signs, infinities and not-a-numbers of both signs.</summary>
    internal static Func<Random, T> Reals<T>(Func<double, T> convert)
        where T : INumber<T> => random => random.Next(40) switch
    {
        0 => convert(double.NaN),
        1 => convert(-double.NaN),
        2 => convert(double.PositiveInfinity),
        3 => convert(double.NegativeInfinity),
        < 9 => convert(0.0),
        < 14 => convert(-0.0),
        < 24 => convert(random.Next(-3, 4)),
        // Few bits, so that a sum is exact in any order.
        _ => convert(random.Next(-512, 512) / 64.0),
    };

    internal static Func<Random, T> Wholes<T>()
        where T : IBinaryInteger<T>, IMinMaxValue<T> => random => random.Next(8) switch
    {
        0 => T.MinValue,
        1 => T.MaxValue,
        2 => T.Zero,
        _ => T.CreateTruncating(random.NextInt64()),
    };
}
