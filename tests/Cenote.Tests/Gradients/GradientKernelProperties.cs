using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Cenote.Gradients;
using Cenote.Kernels;
using Cenote.Tests.Kernels;
using CsCheck;

namespace Cenote.Tests.Gradients;

/// <summary>Every kernel of a gradient that fits a random window, at the registers of <see cref="Registers"/>, against the walk cell by cell.</summary>
public unsafe class GradientKernelProperties
{
    private const int Cases = 150;

    // Windows side by side, of which the others are too few; some hang over, some see padding alone, some rows are many registers long.
    private static readonly Gen<Geometry> s_genSideBySide =
        from width in Gen.Frequency((3, GenSide(1, 90)), (1, GenSide(90, 400)))
        from height in GenSide(1, 12)
        from depth in Gen.Frequency((3, Gen.Const<Axis?>(Axis.Unit)), (1, GenSide(1, 5)))
        from outer in Gen.Int[1, 4]
        from inner in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 40]))
        where width is not null && height is not null && depth is not null
        select new Geometry(outer, depth.Value, height.Value, width.Value, inner);

    // Short windows a few apart along rows of a few registers; any number of outputs reach a cell.
    private static readonly Gen<Geometry> s_genNear =
        from width in GenNear(8, 140)
        from height in GenNear(1, 12)
        from depth in Gen.Frequency((3, Gen.Const<Axis?>(Axis.Unit)), (1, GenNear(1, 5)))
        from outer in Gen.Int[1, 4]
        from inner in Gen.Frequency((3, Gen.Const(1)), (1, Gen.Int[2, 80]))
        where width is not null && height is not null && depth is not null
        select new Geometry(outer, depth.Value, height.Value, width.Value, inner);

    // Rows, or pixels, of whole lines of memory, so that registers may go around the caches by themselves.
    private static readonly Gen<Geometry> s_genLines =
        from inner in Gen.Frequency((2, Gen.Const(1)), (1, Gen.Const(16)), (1, Gen.Const(32)))
        from length in Gen.Int[2, 9]
        from kernel in Gen.Int[1, 4]
        from apart in Gen.Int[-1, 2]
        from height in GenSide(1, 12)
        from outer in Gen.Int[1, 3]
        let stride = Math.Max(1, kernel + apart)
        where height is not null
        select new Geometry(outer, Axis.Unit, height.Value, Axis.Sliding(inner == 1 ? 16 * length : length + 4, kernel, stride, 1, 0, 0, false), inner);

    // Taps as far apart as windows, or by half of that, so that only every so-manyth cell is tapped.
    private static readonly Gen<Geometry> s_genSpaced =
        from width in GenSpaced(8, 140)
        from height in Gen.Frequency((1, GenSpaced(1, 12)), (1, GenNear(1, 12)))
        from outer in Gen.Int[1, 4]
        where width is not null && height is not null
        select new Geometry(outer, Axis.Unit, height.Value, width.Value, 1);

    private static readonly Gen<Geometry> s_genGeometry = Gen.Frequency((4, KernelProperties.GenGeometry), (2, s_genSideBySide), (2, s_genNear), (1, s_genLines), (1, s_genSpaced));

    private static Gen<Axis?> GenSpaced(int least, int most) =>
        from kernel in Gen.Int[2, 4]
        from dilation in Gen.Int[2, 3]
        from times in Gen.Int[1, 2]
        from length in Gen.Int[least, most]
        from before in Gen.Int[0, 3]
        from after in Gen.Int[0, 3]
        select length + before + after < (kernel - 1) * dilation + 1 ? null : (Axis?)Axis.Sliding(length, kernel, dilation * times, dilation, before, after, ceil: false);

    private static Gen<Axis?> GenNear(int least, int most) =>
        from kernel in Gen.Frequency((2, Gen.Int[1, 3]), (1, Gen.Int[1, 6]))
        from stride in Gen.Frequency((1, Gen.Const(2)), (1, Gen.Int[1, 5]))
        from dilation in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 3]))
        from length in Gen.Int[least, most]
        from before in Gen.Int[0, 3]
        from after in Gen.Int[0, 3]
        from ceil in Gen.Bool
        select length + before + after < (kernel - 1) * dilation + 1 ? null : (Axis?)Axis.Sliding(length, kernel, stride, dilation, before, after, ceil);

    private static Gen<Axis?> GenSide(int least, int most) =>
        from kernel in Gen.Frequency((3, Gen.Const(2)), (1, Gen.Int[1, 5]))
        from apart in Gen.Frequency((8, Gen.Const(0)), (2, Gen.Int[1, 2]), (1, Gen.Int[10, 70]))
        from dilation in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 3]))
        from length in Gen.Int[least, most]
        from before in Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 3]))
        from after in Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 6]))
        from ceil in Gen.Bool
        let span = (kernel - 1) * dilation + 1
        select length + before + after < span ? null : (Axis?)Axis.Sliding(length, kernel, span + apart, dilation, before, after, ceil);

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 4)]
    [InlineData(true, -3)]
    public void Of_means_equal_the_walk(bool countPadding, int divisor)
    {
        CheckMean<float, float, double>(countPadding, divisor, KernelProperties.Reals(x => (float)x), 1e-6);
        CheckMean<float, float, float>(countPadding, divisor, KernelProperties.Reals(x => (float)x), 1e-6);
        CheckMean<double, double, double>(countPadding, divisor, KernelProperties.Reals(x => x), 1e-14);
        CheckMean<Half, float, float>(countPadding, divisor, KernelProperties.Reals(x => (Half)x), 2e-3);
        // Nothing but numbers, which go another way, most of them so small that they are denormal: where quotients are added up one may be rounded to another.
        CheckMean<Half, float, float>(countPadding, divisor, random => (Half)(random.Next(-512, 512) * Math.ScaleB(1, random.Next(2) == 0 ? -24 : -20)), 1);
        CheckMean<BFloat16, float, float>(countPadding, divisor, KernelProperties.Reals(x => (BFloat16)(float)x), 2e-2);
        CheckMean<byte, int, int>(countPadding, divisor, KernelProperties.Wholes<byte>(), 0);
        CheckMean<byte, ushort, ushort>(countPadding, divisor, KernelProperties.Wholes<byte>(), 0);
        CheckMean<sbyte, short, short>(countPadding, divisor, random => (sbyte)random.Next(-sbyte.MaxValue, sbyte.MaxValue), 0);
        CheckMean<short, int, int>(countPadding, divisor, random => (short)random.Next(-short.MaxValue, short.MaxValue), 0);
        CheckMean<int, double, double>(countPadding, divisor, random => random.Next(-int.MaxValue, int.MaxValue), 0);
        CheckMean<uint, double, double>(countPadding, divisor, KernelProperties.Wholes<uint>(), 0);
    }

    // Of rows that are reached by gradients in no order, since windows have gaps.
    [Fact]
    public void Infinite_halves_are_met_wherever_they_stand() => CheckMean<Half, float, float>(
        countPadding: true, divisor: 4, random => random.Next(20) == 0 ? Half.PositiveInfinity : (Half)random.Next(-8, 8), 2e-3,
        new Geometry(2, Axis.Unit, Axis.Sliding(4, 3, 2, 3, 3, 2, ceil: false), Axis.Sliding(140, 2, 5, 3, 2, 3, ceil: false), 1));

    [Fact]
    public void Of_winners_equal_the_walk()
    {
        CheckWinners<float, float, uint, uint>(KernelProperties.Reals(x => (float)x));
        CheckWinners<double, double, ulong, ulong>(KernelProperties.Reals(x => x));
        CheckWinners<Half, float, ushort, uint>(KernelProperties.Reals(x => (Half)x));
        CheckWinners<BFloat16, float, ushort, uint>(KernelProperties.Reals(x => (BFloat16)(float)x));
        CheckWinners<byte, double, byte, uint>(KernelProperties.Wholes<byte>());
        CheckWinners<sbyte, double, byte, uint>(KernelProperties.Wholes<sbyte>());
        CheckWinners<short, double, ushort, uint>(KernelProperties.Wholes<short>());
        CheckWinners<ushort, double, ushort, uint>(KernelProperties.Wholes<ushort>());
        CheckWinners<int, double, uint, uint>(KernelProperties.Wholes<int>());
        CheckWinners<uint, double, uint, uint>(KernelProperties.Wholes<uint>());
        CheckWinners<long, Int128, ulong, ulong>(KernelProperties.Wholes<long>());
    }

    [Fact]
    public void Sums_of_halves_are_rounded_as_one_is_and_leave_zeros()
    {
        // All that a half can be beside what decides which way it is rounded: ties, halves that are not normal, the largest one, infinity, NaN.
        float[] others = [0, float.Epsilon, 1, -2048, 0.00006103515625f, (float)Half.Epsilon, -(float)Half.Epsilon, 3 * (float)Half.Epsilon, 8, 15.9921875f, 16, -16, 65504, -65504, 1e6f, float.NegativeInfinity];
        float[] sums = new float[1 << 16], zeros = new float[sums.Length];
        Half[] rounded = new Half[sums.Length];
        foreach (float other in others.Select(other => (float)(Half)other))
        {
            for (int bits = 0; bits < sums.Length; bits++) sums[bits] = (float)BitConverter.UInt16BitsToHalf((ushort)bits) + other;
            Half[] expected = [.. sums.Select(sum => (Half)sum)];
            fixed (float* from = sums)
            fixed (Half* to = rounded) Sums<Half, float>.Round(from, to, sums.Length);
            for (int bits = 0; bits < sums.Length; bits++)
                Assert.True(rounded[bits] == expected[bits] || (Half.IsNaN(rounded[bits]) && Half.IsNaN(expected[bits])), $"{bits:x4} + {other} is {rounded[bits]}, not {expected[bits]}");
            Assert.Equal(zeros, sums);
        }
    }

    [Fact]
    public void Winners_outside_of_their_windows_are_refused() => Gen.Select(s_genGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            Random random = new(seed);
            long[] indices = Indices(geometry, random), wrong = [-2, -geometry.Width.InputLength, -1, 1, 2, geometry.Width.InputLength, geometry.InputPlane, 1L << 32, long.MinValue];
            long at = random.NextInt64(indices.Length);
            indices[at] += wrong[random.Next(wrong.Length)];
            float[] gradients = new float[indices.Length], gradInput = new float[geometry.Outer * geometry.InputPlane * geometry.Inner];
            fixed (float* from = gradients, to = gradInput)
            fixed (long* places = indices)
            {
                string? expected = null;
                try
                {
                    WindowIndices.Check(geometry, places);
                }
                catch (ArgumentException refused)
                {
                    expected = refused.Message;
                }
                foreach ((string name, IKernel kernel) in Winning<float, float, uint, uint>(geometry, from, places, to))
                    if (expected is null) kernel.Run(0, kernel.Units);
                    else Assert.Equal($"{name}: {expected}", $"{name}: {Record.Exception(() => kernel.Run(0, kernel.Units))?.Message}");
            }
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    [Fact]
    public void A_winner_of_a_window_over_padding_alone_is_refused()
    {
        Axis axis = Axis.Sliding(11, 2, 2, 1, 0, 6, false);
        Geometry geometry = new(1, Axis.Unit, axis, axis, 1);
        float[] gradients = new float[64], gradInput = new float[121];
        for (int output = 6; output < 64; output++)
        {
            if (output % 8 < 6 && output / 8 < 6) continue;
            long[] indices = [.. Enumerable.Repeat(-1L, 64)];
            indices[output] = 1;
            fixed (float* from = gradients, to = gradInput)
            fixed (long* places = indices)
                foreach ((string name, IKernel kernel) in Winning<float, float, uint, uint>(geometry, from, places, to))
                    Assert.Contains($"holds 1 for output {output};", $"{name}: {Record.Exception(() => kernel.Run(0, kernel.Units))?.Message}");
        }
    }

    [Theory]
    [InlineData(1, 1_999_998, 1)]
    [InlineData(1, 2_000_002, 2)]
    [InlineData(1411, 1413, 1)]
    [InlineData(1408, 96, 15)]
    public void Winners_of_pairs_beyond_the_caches_equal_a_plain_loop(int height, int width, int planes)
    {
        Window window = height == 1 ? new(2) : new((2, 2));
        nint[] shape = height == 1 ? [1, planes, width] : [1, planes, height, width];
        Random random = new(width);
        float[] cells = [.. Enumerable.Range(0, planes * height * width).Select(_ => random.NextSingle())];
        (Tensor<float> gradients, Tensor<long> indices) = Pool.MaxWithIndices(Tensor.Create(cells, shape), window);
        float[] shares = gradients.ToArray(), expected = new float[cells.Length];
        long[] places = indices.ToArray();
        for (int i = 0; i < shares.Length; i++) expected[(long)i / (shares.Length / planes) * height * width + places[i]] = shares[i];
        // Wherever a line of the caches begins.
        float[] room = new float[cells.Length + 1];
        for (int start = 0; start <= 1; start++)
        {
            Tensor<float> gradInput = Tensor.Create(room, start, shape, []);
            foreach (int threads in (int[])[1, 2])
            {
                Array.Fill(room, 77);
                Pool.MaxBackward<float>(gradients, indices, window, gradInput, new() { Threads = threads });
                Assert.True(room.AsSpan(start, cells.Length).SequenceEqual(expected));
                Assert.Equal(77, room[start == 0 ? cells.Length : 0]);
            }
            long last = places[^1];
            places[^1] = 0;
            Assert.Throws<ArgumentException>(() => Pool.MaxBackward<float>(gradients, Tensor.Create(places, indices.Lengths), window, gradInput, new() { Threads = 1 }));
            places[^1] = last;
        }
    }

    [Fact]
    public void Outputs_that_reach_all_cells_are_those_of_each() => s_genGeometry.Sample(
        geometry =>
        {
            foreach (Axis axis in (Axis[])[geometry.Depth, geometry.Height, geometry.Width])
            {
                TapRange[] all = new TapRange[axis.InputLength];
                fixed (TapRange* outputs = all) axis.Outputs(outputs);
                for (int i = 0; i < all.Length; i++) Assert.Equal(axis.Outputs(i), all[i]);
            }
        }, iter: Cases, threads: 1);

    private static void CheckMean<T, TLane, TSum>(bool countPadding, int divisor, Func<Random, T> cell, double tolerance, Geometry? only = null)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TSum : unmanaged, INumber<TSum> => Gen.Select(only is { } one ? Gen.Const(one) : s_genGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            long uniform = divisor != 0 ? divisor : geometry.UniformCount(countPadding);
            if (sizeof(TSum) == sizeof(short) && !GradientPlanner.IsFew(geometry, uniform)) return;
            Divisors divisors = new(countPadding, uniform);
            bool isDisjoint = GradientPlanner.IsDisjoint(geometry);
            if (KnownFolds.IsWhole<T>() && uniform == 0 && !isDisjoint)
            {
                Int128 limit = (1L << (typeof(TSum) == typeof(int) ? 24 : 51)) / ((Int128)geometry.MostOutputs << (8 * sizeof(T)));
                if (Divisors.Whole(geometry, countPadding, (long)limit) is not { } whole) return;
                divisors = whole;
            }
            T[] gradients = Cells(geometry, new(seed), cell), sizes = [.. gradients.Select(T.Abs)];
            T[] expected = Walk(gradients), scale = Walk(sizes);
            using GuardedMemory from = new(MemoryMarshal.AsBytes(gradients.AsSpan())), to = new(new byte[expected.Length * sizeof(T)]);
            foreach ((string name, IKernel kernel) in Averaging<T, TLane, TSum>(geometry, (T*)from.Start, (T*)to.Start, divisors))
            {
                // Whole numbers that are divided one by one are not added up.
                if (KnownFolds.IsWhole<T>() && uniform == 0 && isDisjoint && !((name.StartsWith("shares", StringComparison.Ordinal) || name.StartsWith("planes gathered", StringComparison.Ordinal) || name.StartsWith("phases", StringComparison.Ordinal)))) continue;
                RunApart(kernel, (T*)to.Start, expected.Length);
                Compare(name);
            }
            if (uniform > 0 && GradientPlanner.TryReverse(geometry, out Geometry reversed))
            {
                Planner.Fold<T, TSum, Mean<T, TSum>>(reversed, (T*)from.Start, (T*)to.Start, new(false, (int)uniform), ordered: false, null);
                Compare("reversed");
            }
            if (uniform > 0 && GradientPlanner.TryStretch(geometry, out Geometry stretched) && StretchedMean<T, TSum>.Fits(stretched))
            {
                RunApart(new StretchedMean<T, TSum>(geometry, stretched, (T*)from.Start, (T*)to.Start, (int)uniform), (T*)to.Start, expected.Length);
                Compare("stretched");
            }
            if (uniform != 0 && LatticeMean<T, TLane, TSum>.TryFind(geometry, out Geometry lattice))
            {
                RunApart(new LatticeMean<T, TLane, TSum>(geometry, lattice, (T*)from.Start, (T*)to.Start, divisors), (T*)to.Start, expected.Length);
                Compare("lattice");
            }
            // Which goes by float where gradients are few.
            if (typeof(T) == typeof(float) && typeof(TSum) != typeof(float)) return;
            GradientPlanner.Mean(geometry, (T*)from.Start, (T*)to.Start, countPadding, divisor, null);
            Compare("planned");

            // A quotient that is added up has been rounded before: where windows differ, and of floats in float.
            void Compare(string name)
            {
                // Where sums are so small that they are rounded to zero.
                double least = typeof(T) == typeof(Half) ? (double)Half.Epsilon : 0;
                for (int i = 0; i < expected.Length; i++)
                {
                    T actual = ((T*)to.Start)[i];
                    if (expected[i] == actual || (T.IsNaN(expected[i]) && T.IsNaN(actual))) continue;
                    bool isExact = uniform != 0 && !(typeof(T) == typeof(float) && typeof(TSum) == typeof(float));
                    if (isExact || !(Math.Abs(double.CreateTruncating(expected[i] - actual)) <= tolerance * (Math.Abs(double.CreateTruncating(scale[i])) + least)))
                        Assert.Fail($"{name}: gradient {i} is {actual}, not {expected[i]}");
                }
            }

            T[] Walk(T[] given)
            {
                T[] gradInput = new T[geometry.Outer * geometry.InputPlane * geometry.Inner];
                fixed (T* source = given, target = gradInput)
                {
                    GatherWalk<T, TSum, MeanGradient<T, TSum>> walk = new(geometry, target, new(source, divisors));
                    walk.Run(0, walk.Units);
                }
                return gradInput;
            }
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    private static void CheckWinners<T, TSum, TBits, TLane>(Func<Random, T> cell)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TBits : unmanaged, INumber<TBits>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane> => Gen.Select(s_genGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            Random random = new(seed);
            long[] winners = Indices(geometry, random);
            T[] gradients = Cells(geometry, random, cell), expected = new T[geometry.Outer * geometry.InputPlane * geometry.Inner];
            using GuardedMemory from = new(MemoryMarshal.AsBytes(gradients.AsSpan())), to = new(new byte[expected.Length * sizeof(T)]);
            using GuardedMemory indices = new(MemoryMarshal.AsBytes(winners.AsSpan()));
            fixed (T* target = expected)
            {
                GatherWalk<T, TSum, SelectGradient<T, TSum>> walk = new(geometry, target, new(geometry, (T*)from.Start, (long*)indices.Start));
                walk.Run(0, walk.Units);
            }
            foreach ((string name, IKernel kernel) in Winning<T, TSum, TBits, TLane>(geometry, (T*)from.Start, (long*)indices.Start, (T*)to.Start))
            {
                RunApart(kernel, (T*)to.Start, expected.Length);
                for (int i = 0; i < expected.Length; i++)
                {
                    T actual = ((T*)to.Start)[i];
                    // Where nothing is added up, -0 stays.
                    if (expected[i] != actual && !(T.IsNaN(expected[i]) && T.IsNaN(actual))) Assert.Fail($"{name}: gradient {i} is {actual}, not {expected[i]}");
                }
            }
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    private static List<(string Name, IKernel Kernel)> Averaging<T, TLane, TSum>(Geometry geometry, T* from, T* to, Divisors divisors)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged, INumber<TLane>
        where TSum : unmanaged, INumber<TSum>
    {
        List<(string, IKernel)> kernels = [];
        (bool countPadding, long divisor) = (divisors.CountsPadding, divisors.Uniform);
        if (Registers.Test(64)) Add<Lanes512<TLane>, Lanes512<TSum>>();
        if (Registers.Test(32)) Add<Lanes256<TLane>, Lanes256<TSum>>();
        if (Registers.Test(16)) Add<Lanes128<TLane>, Lanes128<TSum>>();
        if (typeof(T) == typeof(Half) && divisor is > 0 and <= HalfTotal.MostTaps)
        {
            if (Registers.Test(64)) Halves<Lanes512<float>>();
            if (Registers.Test(32)) Halves<Lanes256<float>>();
            if (Registers.Test(16)) Halves<Lanes128<float>>();
        }
        if (GradientPlanner.IsDisjoint(geometry))
        {
            if (sizeof(T) == sizeof(byte)) Gathered<byte, byte>();
            if (sizeof(T) == sizeof(byte)) Gathered<byte, uint>();
            if (sizeof(T) == sizeof(ushort)) Gathered<ushort, ushort>();
            if (sizeof(T) == sizeof(ushort)) Gathered<ushort, uint>();
            if (sizeof(T) == sizeof(uint)) Gathered<uint, uint>();
            if (sizeof(T) == sizeof(ulong)) Gathered<ulong, ulong>();
        }
        return kernels;

        void Gathered<TBits, TPick>()
            where TBits : unmanaged
            where TPick : unmanaged, IBinaryInteger<TPick>
        {
            if (Registers.Test(64)) Gather<TBits, TPick, Lanes512<TLane>, Lanes512<TPick>>();
            if (Registers.Test(32)) Gather<TBits, TPick, Lanes256<TLane>, Lanes256<TPick>>();
            if (Registers.Test(16)) Gather<TBits, TPick, Lanes128<TLane>, Lanes128<TPick>>();
        }

        void Gather<TBits, TPick, TVector, TPicks>()
            where TBits : unmanaged
            where TPick : unmanaged, IBinaryInteger<TPick>
            where TVector : struct, ILanes<TVector, TLane>
            where TPicks : struct, ILanes<TPicks, TPick>
        {
            if (!ShareGather<T, TLane, Total<T, TLane>, TVector, TBits, TPick, TPicks>.Fits(geometry)) return;
            Total<T, TLane> total = new(countPadding, divisor, geometry, ordered: false);
            string name = $"shares gathered in lanes of {sizeof(TPick)} bytes at {TPicks.Count}";
            kernels.Add((name, new ShareGather<T, TLane, Total<T, TLane>, TVector, TBits, TPick, TPicks>(geometry, from, to, total, total)));
            if (total.UniformCount != 0) return;
            kernels.Add(($"{name}, corrected at the ends", new ShareGather<T, TLane, Total<T, TLane>, TVector, TBits, TPick, TPicks>(geometry, from, to, GradientPlanner.InsideTotal<T, TLane>(geometry, countPadding), total)));
        }

        void Add<TVector, TSums>()
            where TVector : struct, ILanes<TVector, TLane>
            where TSums : struct, ILanes<TSums, TSum>
        {
            string lanes = $"at {TVector.Count} lanes";
            foreach (RowStep step in Enum.GetValues<RowStep>())
                if (GradientCost.Fits(step, geometry, TSums.Count, sizeof(TSum))) kernels.Add(($"rows by {step} {lanes}", new RowSpread<T, TSum, TSums>(geometry, from, to, divisors, step)));
            Phases<T, TSum, Total<T, TSum>, TSums>(from, to, PhaseSpread<T, TSum, Total<T, TSum>, TSums>.Exact(geometry, divisors), $"phases {lanes}");
            if (PlaneSpread<T, TSum, TSums>.Fits(geometry)) kernels.Add(($"planes {lanes}", new PlaneSpread<T, TSum, TSums>(geometry, from, to, divisors)));
            if (!GradientPlanner.IsDisjoint(geometry)) return;
            MeanShare<T, TLane, TVector> share = new(geometry, from, to, new(countPadding, divisor, geometry, ordered: false));
            kernels.Add(($"shares {lanes}", new Disjoint<T, MeanShare<T, TLane, TVector>>(geometry, to, share, streams: false)));
            if (typeof(TSum) != typeof(TLane)) Phases<T, TLane, Total<T, TLane>, TVector>(from, to, PhaseSpread<T, TLane, Total<T, TLane>, TVector>.Exact(geometry, divisors), $"phases in cells {lanes}");
        }

        void Halves<TVector>()
            where TVector : struct, ILanes<TVector, float> =>
            Phases<Half, float, HalfTotal, TVector>((Half*)from, (Half*)to, new(countPadding, divisor, geometry, ordered: false), $"phases of scaled halves at {TVector.Count} lanes");

        void Phases<TCell, TLanes, TFold, TVector>(TCell* source, TCell* target, TFold fold, string name)
            where TCell : unmanaged, INumber<TCell>
            where TLanes : unmanaged, INumber<TLanes>
            where TFold : struct, IFold<TCell, TLanes>
            where TVector : struct, ILanes<TVector, TLanes>
        {
            if (PhaseSpread<TCell, TLanes, TFold, TVector>.Fits(geometry)) kernels.Add((name, new PhaseSpread<TCell, TLanes, TFold, TVector>(geometry, source, target, fold, divisors)));
        }
    }

    private static List<(string Name, IKernel Kernel)> Winning<T, TSum, TBits, TLane>(Geometry geometry, T* from, long* indices, T* to)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
        where TBits : unmanaged, INumber<TBits>
        where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    {
        List<(string, IKernel)> kernels = [];
        if (Registers.Test(64)) Add<Lanes512<TLane>>();
        if (Registers.Test(32)) Add<Lanes256<TLane>>();
        if (Registers.Test(16)) Add<Lanes128<TLane>>();
        if (Registers.Test(64) && GradientPlanner.IsDisjoint(geometry))
        {
            if (sizeof(TBits) == sizeof(uint)) PlanesPicked<uint, Lanes512<uint>>();
            else if (sizeof(TBits) < sizeof(uint)) PlanesPicked<ushort, Lanes512<ushort>>();
        }
        if (sizeof(TBits) < sizeof(uint))
        {
            if (Registers.Test(64)) Compared<Lanes512<ushort>>();
            if (Registers.Test(32)) Compared<Lanes256<ushort>>();
            if (Registers.Test(16)) Compared<Lanes128<ushort>>();
        }
        // What few cells are added up in.
        if (typeof(TSum) == typeof(float)) Few<float, uint>();
        else if (typeof(T) == typeof(double) || sizeof(T) == sizeof(int)) Few<double, ulong>();
        else if (sizeof(T) < sizeof(int)) Few<int, uint>();
        return kernels;

        void Few<TFew, TPlace>()
            where TFew : unmanaged, INumber<TFew>
            where TPlace : unmanaged, IBinaryInteger<TPlace>, IUnsignedNumber<TPlace>
        {
            if (Registers.Test(64)) RowsIn<TFew, TPlace, Lanes512<TFew>, Lanes512<TPlace>>();
            if (Registers.Test(32)) RowsIn<TFew, TPlace, Lanes256<TFew>, Lanes256<TPlace>>();
            if (Registers.Test(16)) RowsIn<TFew, TPlace, Lanes128<TFew>, Lanes128<TPlace>>();
            if (Registers.Test(64)) Channels<TFew, TPlace, Lanes512<TFew>, Lanes512<TPlace>>();
            if (Registers.Test(32)) Channels<TFew, TPlace, Lanes256<TFew>, Lanes256<TPlace>>();
            if (Registers.Test(16)) Channels<TFew, TPlace, Lanes128<TFew>, Lanes128<TPlace>>();
            if (Registers.Test(64)) Planes<TFew, Lanes512<uint>>();
            if (Registers.Test(32)) Planes<TFew, Lanes256<uint>>();
            if (Registers.Test(16)) Planes<TFew, Lanes128<uint>>();
        }

        void RowsIn<TFew, TPlace, TVector, TPlaces>()
            where TFew : unmanaged, INumber<TFew>
            where TPlace : unmanaged, IBinaryInteger<TPlace>, IUnsignedNumber<TPlace>
            where TVector : struct, ILanes<TVector, TFew>
            where TPlaces : struct, ILanes<TPlaces, TPlace>
        {
            if (!RowWinners<T, TFew, TPlace, TVector, TPlaces>.Fits(geometry)) return;
            kernels.Add(($"rows at {TVector.Count} lanes", new RowWinners<T, TFew, TPlace, TVector, TPlaces>(geometry, from, indices, to, 32 * 1024, streams: true)));
            kernels.Add(($"rows at {TVector.Count} lanes, in bands", new RowWinners<T, TFew, TPlace, TVector, TPlaces>(geometry, from, indices, to, 4096, streams: false)));
            kernels.Add(($"rows at {TVector.Count} lanes, in large units", new LargeUnits<RowWinners<T, TFew, TPlace, TVector, TPlaces>>(new(geometry, from, indices, to, 4096, streams: false), parts: 4)));
        }

        void Planes<TFew, TPlaces>()
            where TFew : unmanaged, INumber<TFew>
            where TPlaces : struct, ILanes<TPlaces, uint>
        {
            if (!PlaneScatter<T, TFew, uint, TPlaces>.Fits(geometry)) return;
            kernels.Add(($"planes in rows at {TPlaces.Count} lanes", new PlaneScatter<T, TFew, uint, TPlaces>(geometry, from, indices, to, isSmall: false)));
            if (PlaneScatter<T, TFew, uint, TPlaces>.IsSmall(geometry)) kernels.Add(($"planes at {TPlaces.Count} lanes", new PlaneScatter<T, TFew, uint, TPlaces>(geometry, from, indices, to, isSmall: true)));
        }

        void Channels<TFew, TPlace, TVector, TPlaces>()
            where TFew : unmanaged, INumber<TFew>
            where TPlace : unmanaged, IBinaryInteger<TPlace>, IUnsignedNumber<TPlace>
            where TVector : struct, ILanes<TVector, TFew>
            where TPlaces : struct, ILanes<TPlaces, TPlace>
        {
            if (!ChannelWinners<T, TFew, TPlace, TVector, TPlaces>.Fits(geometry)) return;
            kernels.Add(($"channels at {TVector.Count} lanes", new ChannelWinners<T, TFew, TPlace, TVector, TPlaces>(geometry, from, indices, to, streams: false)));
            kernels.Add(($"channels at {TVector.Count} lanes, streamed", new ChannelWinners<T, TFew, TPlace, TVector, TPlaces>(geometry, from, indices, to, streams: true)));
        }

        void Compared<TVector>()
            where TVector : struct, ILanes<TVector, ushort>
        {
            if (!GradientPlanner.IsDisjoint(geometry) || !WinnerShare<TBits, ushort, TVector>.Compares(geometry)) return;
            foreach (bool streams in (bool[])[false, true])
                kernels.Add(($"winners at {TVector.Count} lanes{(streams ? ", streamed" : "")}", new Disjoint<TBits, WinnerShare<TBits, ushort, TVector>>(geometry, (TBits*)to, new(geometry, (TBits*)from, indices, streams), streams)));
        }

        void PlanesPicked<TPlace, TVector>()
            where TPlace : unmanaged, IBinaryInteger<TPlace>, IUnsignedNumber<TPlace>
            where TVector : struct, ILanes<TVector, TPlace>
        {
            if (PickedPlane<TBits, TPlace, TVector, Lanes512<uint>>.Fits(geometry))
                kernels.Add(("planes picked", new PickedPlane<TBits, TPlace, TVector, Lanes512<uint>>(geometry, (TBits*)from, indices, (TBits*)to)));
        }

        void Add<TVector>()
            where TVector : struct, ILanes<TVector, TLane>
        {
            string lanes = $"at {TVector.Count} lanes";
            kernels.Add(($"scatter {lanes}", new IndexScatter<T, TSum, TLane, TVector>(geometry, from, indices, to, streams: false, 512 * 1024)));
            if (KnownFolds.IsWhole<T>() && sizeof(T) < sizeof(int)) kernels.Add(($"scatter {lanes} in int", new IndexScatter<T, int, TLane, TVector>(geometry, from, indices, to, streams: false, 512 * 1024)));
            kernels.Add(($"scatter {lanes}, streamed, in bands", new IndexScatter<T, TSum, TLane, TVector>(geometry, from, indices, to, streams: true, 1024)));
            if (!GradientPlanner.IsDisjoint(geometry)) return;
            foreach (bool streams in (bool[])[false, true])
            {
                WinnerShare<TBits, TLane, TVector> share = new(geometry, (TBits*)from, indices, streams);
                kernels.Add(($"winners {lanes}{(streams ? ", streamed" : "")}", new Disjoint<TBits, WinnerShare<TBits, TLane, TVector>>(geometry, (TBits*)to, share, streams)));
            }
            if (!PickedShare<TBits, TLane, TVector>.Fits(geometry)) return;
            PickedShare<TBits, TLane, TVector> picked = new(geometry, (TBits*)from, indices, streams: false);
            kernels.Add(($"picked {lanes}", new Disjoint<TBits, PickedShare<TBits, TLane, TVector>>(geometry, (TBits*)to, picked, streams: false)));
            kernels.Add(($"picked {lanes}, streamed", new Disjoint<TBits, PickedShare<TBits, TLane, TVector>>(geometry, (TBits*)to, picked, streams: true)));
            if (PickedShare<TBits, TLane, TVector>.HasLines(geometry, (TBits*)to))
                kernels.Add(($"picked {lanes}, in lines", new Disjoint<TBits, PickedShare<TBits, TLane, TVector>>(geometry, (TBits*)to, new(geometry, (TBits*)from, indices, streams: true), streams: false)));
        }
    }

    /// <summary>Runs a kernel over rubbish, in two parts as two threads would, the later part first.</summary>
    private static void RunApart<T>(IKernel kernel, T* to, int cells)
        where T : unmanaged, INumber<T>
    {
        new Span<T>(to, cells).Fill(T.CreateTruncating(77));
        kernel.Run(kernel.Units / 2, kernel.Units);
        kernel.Run(0, kernel.Units / 2);
    }

    private static T[] Cells<T>(in Geometry geometry, Random random, Func<Random, T> cell)
    {
        T[] cells = new T[geometry.Outer * geometry.OutputPlane * geometry.Inner];
        for (int i = 0; i < cells.Length; i++) cells[i] = cell(random);
        return cells;
    }

    /// <summary>A cell of every window, or none.</summary>
    private static long[] Indices(in Geometry geometry, Random random)
    {
        (long outer, Axis depth, Axis height, Axis width, long inner) = geometry;
        long[] indices = new long[outer * geometry.OutputPlane * inner];
        long next = 0;
        for (long o = 0; o < outer; o++)
        for (long od = 0; od < depth.OutputLength; od++)
        for (long oh = 0; oh < height.OutputLength; oh++)
        for (long ow = 0; ow < width.OutputLength; ow++)
        for (long channel = 0; channel < inner; channel++)
        {
            TapRange d = depth.Taps(od), h = height.Taps(oh), w = width.Taps(ow);
            indices[next++] = d.Count * h.Count * w.Count == 0 || random.Next(10) == 0
                ? -1 : (Any(d) * height.InputLength + Any(h)) * width.InputLength + Any(w);
        }
        return indices;

        long Any(in TapRange taps) => taps.First + random.NextInt64(taps.Count) * taps.Step;
    }
}
