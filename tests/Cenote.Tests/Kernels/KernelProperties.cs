using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;
using CsCheck;

namespace Cenote.Tests.Kernels;

/// <summary>Every kernel that fits a random window, at the registers of <see cref="Registers"/>, against the walks cell by cell.</summary>
public unsafe class KernelProperties
{
    private const int Cases = 300;

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
        from tapToTap in Gen.Bool
        from before in Gen.Int[0, 2]
        from after in Gen.Int[0, 2]
        from ceil in Gen.Bool
        let axis = Axis.Sliding(length, 3, stride, tapToTap ? stride : 1, before, after, ceil)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // Longer than a few taps, one apart, padded so that the output is about as long as the input.
    private static readonly Gen<Axis?> GenLong =
        from length in GenLength
        from kernel in Gen.Frequency((3, Gen.Int[4, 16]), (1, Gen.Int[17, 70]))
        from before in Gen.Int[0, 1]
        from after in Gen.Int[0, 1]
        let axis = Axis.Sliding(length, kernel, 1, 1, before * (kernel / 2), after * ((kernel - 1) / 2), ceil: false)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // Some apart along long rows, so that many groups of windows lie wholly inside and each tap is of one phase of the stride.
    private static readonly Gen<Axis?> GenApart =
        from length in Gen.Int[60, 400]
        from kernel in Gen.Int[1, 12]
        from stride in Gen.Int[3, 5]
        from dilation in Gen.Int[1, 3]
        from before in Gen.Int[0, 6]
        from after in Gen.Int[0, 6]
        select (Axis?)Axis.Sliding(length, kernel, stride, dilation, before, after, ceil: false);

    private static readonly Gen<Axis?> GenAxis = Gen.Frequency(
        (6, GenSliding), (2, GenTwo), (4, GenThree), (3, GenLong), (2, GenApart),
        (1, GenLength.Select(length => (Axis?)Axis.Global(length))),
        (2, Gen.Select(GenLength, Gen.Int[1, 20], (length, output) => (Axis?)Axis.Adaptive(length, output))));

    // A depth of one cell is not always none: its window may reach into padding.
    private static readonly Gen<Axis?> GenSlice =
        from kernel in Gen.Int[1, 3]
        from before in Gen.Int[0, 2]
        from after in Gen.Int[0, 2]
        let axis = Axis.Sliding(1, kernel, 1, 1, before, after, ceil: false)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // Small planes as wide and high as their output.
    private static readonly Gen<Geometry> s_genShortRows =
        from width in Gen.Int[1, 34]
        from height in Gen.Int[1, 12]
        from outer in Gen.Int[1, 60]
        where outer * width * height < 8000
        select new Geometry(outer, Axis.Unit, Axis.Sliding(height, 3, 1, 1, 1, 1, false), Axis.Sliding(width, 3, 1, 1, 1, 1, false), 1);

    // Many small planes, any window.
    private static readonly Gen<Geometry> s_genPlanes =
        from width in GenAxis
        from height in GenAxis
        from outer in Gen.Int[8, 150]
        where width is not null && height is not null
        let made = new Geometry(outer, Axis.Unit, height.Value, width.Value, 1)
        where made.InputPlane < 600 && made.Outer * made.OutputPlane * Math.Min(made.MostTaps, 2000) < 2_000_000
        select made;

    private static readonly Gen<Geometry> s_genAny =
        from rank in Gen.Frequency((2, Gen.Const(1)), (4, Gen.Const(2)), (2, Gen.Const(3)))
        from same in Gen.Bool
        from width in GenAxis
        from height in GenAxis
        from depth in Gen.Frequency((3, GenSliding), (1, GenSlice))
        from outer in Gen.Frequency((3, Gen.Int[1, 3]), (1, Gen.Int[4, 40]))
        from inner in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 70]), (1, Gen.Int[64, 140]), (1, Gen.Int[1, 4].Select(registers => 32 * registers)))
        where width is not null && height is not null && depth is not null
        let made = new Geometry(outer, rank == 3 ? depth.Value : Axis.Unit, rank == 1 ? Axis.Unit : same ? width.Value : height.Value, width.Value, inner)
        where made.Outer * made.InputPlane * made.Inner < 60_000 && made.Outer * made.OutputPlane * made.Inner * Math.Min(made.MostTaps, 2000) < 4_000_000
        select made;

    // Windows of few taps over channels that fill registers.
    private static readonly Gen<Geometry> s_genChannels =
        from width in Gen.Int[3, 12]
        from height in Gen.Int[3, 12]
        from outer in Gen.Int[1, 2]
        from kernel in Gen.Int[2, 3]
        from stride in Gen.Int[1, 2]
        from before in Gen.Int[0, 1]
        from registers in Gen.Int[1, 4]
        select new Geometry(outer, Axis.Unit, Axis.Sliding(height, kernel, stride, 1, before, before, false), Axis.Sliding(width, kernel, stride, 1, before, before, false), 32 * registers);

    internal static readonly Gen<Geometry> GenGeometry = Gen.Frequency((8, s_genAny), (1, s_genShortRows), (1, s_genChannels), (1, s_genPlanes));

    [Fact]
    public void Maxima_equal_the_walk_bit_for_bit()
    {
        Check<float, float, int, Max<float>, Extreme<float, int, Largest>>(default, _ => default, Reals(x => (float)x));
        Check<double, double, long, Max<double>, Extreme<double, long, Largest>>(default, _ => default, Reals(x => x));
        Check<Half, Half, short, Max<Half>, Extreme<Half, short, Largest>>(default, _ => default, Reals(x => (Half)x));
        Check<BFloat16, BFloat16, short, Max<BFloat16>, Extreme<BFloat16, short, Largest>>(default, _ => default, Reals(x => (BFloat16)x));
        Check<byte, byte, byte, Max<byte>, Integer<byte, Largest>>(default, _ => default, Wholes<byte>());
        Check<short, short, short, Max<short>, Integer<short, Largest>>(default, _ => default, Wholes<short>());
        Check<ulong, ulong, ulong, Max<ulong>, Integer<ulong, Largest>>(default, _ => default, Wholes<ulong>());
    }

    [Fact]
    public void Numbers_equal_the_walk_bit_for_bit()
    {
        if (!Number<float, Largest>.IsSupported) return;
        Check<float, float, float, Max<float>, Number<float, Largest>>(default, _ => default, Reals(x => double.IsNaN(x) ? 5 : (float)x));
        Check<float, float, float, Min<float>, Number<float, Smallest>>(default, _ => default, Reals(x => double.IsNaN(x) ? 5 : (float)x));
        Check<double, double, double, Max<double>, Number<double, Largest>>(default, _ => default, Reals(x => double.IsNaN(x) ? 5 : x));
    }

    [Fact]
    public void The_kernel_that_is_chosen_costs_least_of_those_that_fit() => GenGeometry.Sample(
        asked =>
        {
            Geometry geometry = asked.AsSliding();
            foreach (int laneBytes in new[] { 1, 2, 4, 8 })
            foreach (bool ordered in new[] { false, true })
            {
                KernelName chosen = Planner.Choose(geometry, laneBytes, ordered);
                Assert.True(Planner.Fits(chosen, geometry, laneBytes, ordered), $"{chosen} does not fit");
                double least = Cost(chosen);
                // Some are taken wherever they fit.
                if (double.IsPositiveInfinity(least) && chosen != KernelName.CellByCell) continue;
                foreach (KernelName kernel in Enum.GetValues<KernelName>())
                {
                    if (kernel is KernelName.Positions || !Planner.Fits(kernel, geometry, laneBytes, ordered)) continue;
                    double cost = Cost(kernel);
                    // Not a number is neither.
                    Assert.True(cost > 0 && cost >= least, $"{kernel} costs {cost}, {chosen} {least}");
                }

                double Cost(KernelName kernel) => KernelCost.Of(kernel, geometry, laneBytes, Planner.Lanes(laneBytes), ordered, placed: false);
            }
        }, iter: Cases, threads: 1);

    // Random cells with many NaNs hide one that is missed; a lone one shows it.
    [Fact]
    public void A_lone_NaN_that_a_window_holds_is_seen()
    {
        if (!Number<float, Largest>.IsSupported) return;
        Sample(random => random.NextSingle(), (Geometry geometry, float* input) =>
        {
            // As random as the first cell is, so that a seed brings it back; often at the beginning of a row.
            long at = (long)(input[0] * (double)(geometry.Outer * geometry.InputPlane * geometry.Inner)), place = at / geometry.Inner;
            if (at % 3 == 0) (at, place) = (at - place % geometry.Width.InputLength * geometry.Inner, place - place % geometry.Width.InputLength);
            long column = place % geometry.Width.InputLength, row = place / geometry.Width.InputLength % geometry.Height.InputLength;
            long slice = place / (geometry.Width.InputLength * geometry.Height.InputLength) % geometry.Depth.InputLength;
            long holders = geometry.Width.Outputs(column).Count * geometry.Height.Outputs(row).Count * geometry.Depth.Outputs(slice).Count;
            input[at] = float.NaN;
            float[] output = new float[geometry.Outer * geometry.OutputPlane * geometry.Inner];
            foreach (KernelName kernel in Enum.GetValues<KernelName>())
            {
                if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.Positions or KernelName.ChannelPositions) continue;
                int bytes = kernel is KernelName.WholePlane ? Planner.RegisterBytes(kernel, geometry, sizeof(float)) : int.MaxValue;
                if (Registers.Test<float>(64, bytes) && Fits(64)) One<Lanes512<float>>(kernel);
                if (Registers.Test<float>(32, bytes) && Fits(32)) One<Lanes256<float>>(kernel);
                if (Fits(16)) One<Lanes128<float>>(kernel);

                bool Fits(int registerBytes) => Planner.Fits(kernel, geometry, sizeof(float), ordered: false, placed: false, registerBytes);
            }

            void One<TVector>(KernelName kernel)
                where TVector : struct, ILanes<TVector, float>
            {
                Checked stands = new(new());
                fixed (float* to = output) Planner.With<float, float, Number<float, Largest>, TVector, Checked>(kernel, new(geometry, input, to, default), stands);
                if (stands.Answer.Value && output.Count(float.IsNaN) != holders) Assert.Fail($"{kernel} at {TVector.Count} lanes missed the NaN at cell {at}");
            }
        });
    }

    [Fact]
    public void Minima_equal_the_walk_bit_for_bit()
    {
        Check<float, float, int, Min<float>, Extreme<float, int, Smallest>>(default, _ => default, Reals(x => (float)x));
        Check<BFloat16, BFloat16, short, Min<BFloat16>, Extreme<BFloat16, short, Smallest>>(default, _ => default, Reals(x => (BFloat16)x));
        Check<sbyte, sbyte, sbyte, Min<sbyte>, Integer<sbyte, Smallest>>(default, _ => default, Wholes<sbyte>());
        Check<uint, uint, uint, Min<uint>, Integer<uint, Smallest>>(default, _ => default, Wholes<uint>());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
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
        Check<Half, float, float, Mean<Half, float>, HalfTotal>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: true), Reals(x => double.IsFinite(x) ? (Half)(20 * x) : (Half)5), ordered: true);
        Check<BFloat16, float, float, Mean<BFloat16, float>, Total<BFloat16, float>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: true), Reals(x => (BFloat16)x), ordered: true);
        Check<byte, long, int, Mean<byte, long>, Total<byte, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<byte>());
        Check<sbyte, long, int, Mean<sbyte, long>, Total<sbyte, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<sbyte>());
        Check<short, long, int, Mean<short, long>, Total<short, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<short>(), mostTaps: 512);
        Check<ushort, long, int, Mean<ushort, long>, Total<ushort, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<ushort>(), mostTaps: 256);
        if (given is null)
        {
            Check<byte, long, ushort, Mean<byte, long>, Total<byte, ushort>>(new(countPadding), g => new(countPadding, 0, g, false), Wholes<byte>(), fits: g => KnownFolds.IsFew(g));
            Check<sbyte, long, short, Mean<sbyte, long>, Total<sbyte, short>>(new(countPadding), g => new(countPadding, 0, g, false), Wholes<sbyte>(), fits: g => KnownFolds.IsFew(g));
        }
        Check<byte, long, double, Mean<byte, long>, Total<byte, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<byte>());
        Check<sbyte, long, double, Mean<sbyte, long>, Total<sbyte, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<sbyte>());
        Check<ushort, long, double, Mean<ushort, long>, Total<ushort, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<ushort>());
        Check<short, long, double, Mean<short, long>, Total<short, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<short>());
        Check<uint, long, double, Mean<uint, long>, Total<uint, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<uint>());
        Check<int, long, double, Mean<int, long>, Total<int, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<int>());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Whole_calls_over_halves_equal_the_walk(bool countPadding, int divisor)
    {
        // A few that are not finite among many that are, or large sums: what has been watched is done again.
        Func<Random, Half> any = Reals(x => (Half)x);
        Sample<Half>(random => random.Next(50) == 0 ? any(random) : (Half)(random.Next(-512, 512) * (random.Next(30) == 0 ? 64.0 : 1.0 / 64)), (geometry, input) =>
        {
            Mean<Half, float> mean = new(countPadding, divisor == 0 ? null : divisor);
            Half[] expected = new Half[geometry.Outer * geometry.OutputPlane * geometry.Inner], actual = new Half[expected.Length];
            fixed (Half* to = expected, here = actual)
            {
                CellWalk.Run(geometry, input, new FoldCell<Half, float, Mean<Half, float>>(mean, to));
                Planner.Fold<Half, float, Mean<Half, float>>(geometry, input, here, mean, geometry.MostTaps <= 9, null);
            }
            for (int i = 0; i < actual.Length; i++)
                if (!Same(expected[i], actual[i])) Assert.Fail($"output {i} is {actual[i]}, not {expected[i]}");
        });
    }

    [Fact]
    public void Places_equal_the_walk()
    {
        Compared<float, int, Extreme<float, int, FirstLargest>, Extreme<float, int, FirstSmallest>>(Reals(x => (float)x));
        Compared<double, long, Extreme<double, long, FirstLargest>, Extreme<double, long, FirstSmallest>>(Reals(x => x));
        Compared<Half, short, Extreme<Half, short, FirstLargest>, Extreme<Half, short, FirstSmallest>>(Reals(x => (Half)x));
        Compared<BFloat16, short, Extreme<BFloat16, short, FirstLargest>, Extreme<BFloat16, short, FirstSmallest>>(Reals(x => (BFloat16)x));
        // Few NaNs, so that what is compared as it is stands.
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

    [Theory]
    [InlineData(9, 4)]
    [InlineData(7, 4)]
    [InlineData(17, 1)]
    [InlineData(5, 1)]
    public void A_stride_as_long_as_a_part_of_the_window_changes_nothing(int kernel, int stride)
    {
        Random random = new(kernel);
        float[] cells = new float[2 * 48 * 29];
        for (int i = 0; i < cells.Length; i++) cells[i] = random.Next(1000);
        Window window = new((kernel, 3)) { Stride = (stride, 1), Padding = (1, 0) };
        float[] actual = Pool.Max(System.Numerics.Tensors.Tensor.Create(cells, [2, 1, 48, 29]), window).ToArray();
        Axis height = window.Axes([2, 1, 48, 29])[0];
        int output = 0;
        for (int plane = 0; plane < 2; plane++)
        for (int oh = 0; oh < height.OutputLength; oh++)
        for (int ow = 0; ow < 27; ow++, output++)
        {
            float expected = float.NegativeInfinity;
            for (int h = Math.Max(0, oh * stride - 1); h < Math.Min(48, oh * stride - 1 + kernel); h++)
                for (int w = ow; w < ow + 3; w++) expected = Math.Max(expected, cells[(plane * 48 + h) * 29 + w]);
            if (actual[output] != expected) Assert.Fail($"output {output} is {actual[output]}, not {expected}");
        }
        Assert.Equal(output, actual.Length);
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
        KernelName name = geometry.Inner > 1 ? KernelName.ChannelPositions : KernelName.Positions;
        int bytes = Planner.Fits(name, geometry, sizeof(TLane), ordered: true, placed: true) ? Planner.RegisterBytes(name, geometry, sizeof(TLane)) : 0;
        if (bytes == 0) return;
        bool last = name == KernelName.ChannelPositions;
        if (Registers.Test<T>(64, bytes)) Both<Lanes512<TLane>>();
        if (Registers.Test<T>(32, bytes)) Both<Lanes256<TLane>>();
        if (Registers.Test<T>(16, bytes)) Both<Lanes128<TLane>>();

        void Both<TVector>()
            where TVector : unmanaged, ILanes<TVector, TLane>
        {
            Places<T, Max<T>>($"{name} at {TVector.Count} lanes", geometry, input, (values, places) => Run<TLargest>(values, places));
            Places<T, Min<T>>($"{name} at {TVector.Count} lanes", geometry, input, (values, places) => Run<TSmallest>(values, places));

            void Run<TRank>(T* values, long* places)
                where TRank : struct, IRank<T, TLane>
            {
                Pass<T, TLane, TRank> pass = new(geometry, input, values, default);
                if (last) InTwo(new ChannelPositions<T, TLane, TRank, TVector>(pass, places));
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
            if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.Positions or KernelName.ChannelPositions) continue;
            int bytes = kernel is KernelName.WholePlane ? Planner.RegisterBytes(kernel, geometry, sizeof(long)) : int.MaxValue;
            if (Registers.Test<T>(64, bytes) && Fits(64)) One<Lanes512<long>>(kernel);
            if (Registers.Test<T>(32, bytes) && Fits(32)) One<Lanes256<long>>(kernel);
            if (Registers.Test<T>(16, bytes) && Fits(16)) One<Lanes128<long>>(kernel);

            bool Fits(int registerBytes) => Planner.Fits(kernel, geometry, sizeof(long), ordered: false, placed: true, registerBytes);
        }

        void One<TVector>(KernelName kernel)
            where TVector : struct, ILanes<TVector, long> => Places<T, TSelector>($"{kernel} at {TVector.Count} lanes", geometry, input, (values, places) =>
                Planner.With<T, long, Place<T, TOrder>, TVector, OnCrew>(kernel, new(geometry, input, values, new(geometry, input, values, places)), new(new() { Threads = 1 })));
    });

    /// <summary>Runs a kernel and keeps whether what it made stands.</summary>
    private readonly struct Checked(StrongBox<bool> answer) : IKernelUse
    {
        public StrongBox<bool> Answer { get; } = answer;

        public void Take<TKernel>(in TKernel kernel)
            where TKernel : struct, ICheckedKernel
        {
            TKernel mine = kernel;
            Answer.Value = mine.TryRun(0, mine.Units);
        }
    }

    private delegate void Over<T>(Geometry geometry, T* input)
        where T : unmanaged;

    private delegate void Into<T>(T* values, long* places)
        where T : unmanaged;

    /// <summary>Random cells that end where memory ends, under random windows.</summary>
    private static void Sample<T>(Func<Random, T> cell, Over<T> over)
        where T : unmanaged => Gen.Select(GenGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            Random random = new(seed);
            T[] cells = new T[geometry.Outer * geometry.InputPlane * geometry.Inner];
            for (int i = 0; i < cells.Length; i++) cells[i] = cell(random);
            using GuardedMemory guarded = new(MemoryMarshal.AsBytes(cells.AsSpan()));
            over(geometry, (T*)guarded.Start);
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

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

    private static void Check<T, TAccumulator, TLane, TReducer, TFold>(
        TReducer reducer, Func<Geometry, TFold> fold, Func<Random, T> cell, bool ordered = false, long mostTaps = long.MaxValue,
        Func<Geometry, bool>? fits = null)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TLane : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
        where TFold : struct, IFold<T, TLane> => Gen.Select(GenGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            if (geometry.MostTaps > (ordered ? 9 : mostTaps) || fits?.Invoke(geometry) == false) return;
            Random random = new(seed);
            T[] cells = new T[geometry.Outer * geometry.InputPlane * geometry.Inner];
            for (int i = 0; i < cells.Length; i++) cells[i] = cell(random);
            T[] expected = new T[geometry.Outer * geometry.OutputPlane * geometry.Inner];
            bool streams = random.Next(2) == 0;
            using GuardedMemory guarded = new(MemoryMarshal.AsBytes(cells.AsSpan()));
            T* input = (T*)guarded.Start;
            fixed (T* to = expected)
                if (ordered) CellWalk.Run(asked, input, new FoldCell<T, TAccumulator, TReducer>(reducer, to));
                else SeparableWalk.Run<T, TAccumulator, TReducer>(asked, input, to, reducer);
            foreach (KernelName kernel in Enum.GetValues<KernelName>())
            {
                if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.Positions or KernelName.ChannelPositions) continue;
                // A plane is at least a register long.
                int bytes = kernel is KernelName.WholePlane ? Planner.RegisterBytes(kernel, geometry, sizeof(TLane)) : int.MaxValue;
                if (Registers.Test<T>(64, bytes) && Fits(64)) Compare<T, TLane, TFold, Lanes512<TLane>>(kernel, geometry, input, fold(geometry), expected, streams);
                if (Registers.Test<T>(32, bytes) && Fits(32)) Compare<T, TLane, TFold, Lanes256<TLane>>(kernel, geometry, input, fold(geometry), expected, streams);
                if (Registers.Test<T>(16, bytes) && Fits(16)) Compare<T, TLane, TFold, Lanes128<TLane>>(kernel, geometry, input, fold(geometry), expected, streams);

                bool Fits(int registerBytes) => Planner.Fits(kernel, geometry, sizeof(TLane), ordered, placed: false, registerBytes);
            }
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    /// <summary>Runs one kernel into cells between two guards, in two parts as two threads would.</summary>
    private static void Compare<T, TLane, TFold, TVector>(KernelName kernel, in Geometry geometry, T* input, TFold fold, T[] expected, bool streams)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
        where TVector : struct, ILanes<TVector, TLane>
    {
        const int Guard = 70;
        T mark = T.CreateTruncating(77);
        T[] output = new T[expected.Length + 2 * Guard + Streaming.Line];
        Array.Fill(output, mark);
        int first = Guard;
        fixed (T* to = output)
        {
            // Whole lines are written otherwise than parts of them.
            while (geometry.Outer % 2 == 0 && (nint)(to + first) % Streaming.Line != 0) first++;
            Planner.With<T, TLane, TFold, TVector, OnCrew>(kernel, new(geometry, input, to + first, fold) { Streams = streams }, new(new() { Threads = 1 }));
        }
        string where = $"{kernel} at {TVector.Count} lanes of {typeof(TLane).Name}{(streams ? ", around the caches" : "")}";
        for (int i = 0; i < output.Length; i++)
        {
            int at = i - first;
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
