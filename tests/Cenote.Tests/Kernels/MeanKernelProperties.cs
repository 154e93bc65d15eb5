using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>The kernels of means.</summary>
public unsafe class MeanKernelProperties : KernelProperties
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(true, -3)]
    public void Means_equal_the_walk(bool countPadding, int divisor)
    {
        Registers.Need();
        int? given = divisor == 0 ? null : divisor;
        Check<float, float, float, Mean<float, float>, Total<float, float>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: true), Reals(x => (float)x), ordered: true);
        Check<float, double, double, Mean<float, double>, Total<float, double>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: false), Reals(x => (float)x));
        Check<double, double, double, Mean<double, double>, Total<double, double>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: true), Reals(x => x), ordered: true);
        Check<Half, float, float, Mean<Half, float>, Total<Half, float>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: false), Reals(x => (Half)x));
        Check<Half, float, float, Mean<Half, float>, HalfTotal>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: false), Reals(x => double.IsFinite(x) ? (Half)(20 * x) : (Half)5), mostTaps: HalfTotal.MostTaps);
        Check<BFloat16, float, float, Mean<BFloat16, float>, Total<BFloat16, float>>(
            new(countPadding, given), g => new(countPadding, divisor, g, ordered: false), Reals(x => (BFloat16)x));
        Check<byte, long, int, Mean<byte, long>, Total<byte, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<byte>());
        Check<sbyte, long, int, Mean<sbyte, long>, Total<sbyte, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<sbyte>());
        Check<short, long, int, Mean<short, long>, Total<short, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<short>(), mostTaps: 512);
        Check<ushort, long, int, Mean<ushort, long>, Total<ushort, int>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<ushort>(), mostTaps: 256);
        Check<short, long, int, Mean<short, long>, WideTotal<short>>(new(countPadding, given), g => new(countPadding, divisor, g), Wholes<short>(), mostTaps: 65535);
        Check<ushort, long, int, Mean<ushort, long>, WideTotal<ushort>>(new(countPadding, given), g => new(countPadding, divisor, g), Wholes<ushort>(), mostTaps: 32767);
        Check<byte, long, ushort, Mean<byte, long>, Total<byte, ushort>>(
            new(countPadding, given), g => new(countPadding, divisor, g, false), random => (byte)(random.Next(3) == 0 ? byte.MaxValue : random.Next(256)), fits: g => KnownFolds.IsFew<byte>(g, countPadding, divisor));
        if (given is null)
            Check<sbyte, long, short, Mean<sbyte, long>, Total<sbyte, short>>(new(countPadding), g => new(countPadding, 0, g, false), Wholes<sbyte>(), fits: g => KnownFolds.IsFew<sbyte>(g, countPadding, 0));
        Check<byte, long, double, Mean<byte, long>, Total<byte, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<byte>());
        Check<sbyte, long, double, Mean<sbyte, long>, Total<sbyte, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<sbyte>());
        Check<ushort, long, double, Mean<ushort, long>, Total<ushort, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<ushort>());
        Check<short, long, double, Mean<short, long>, Total<short, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<short>());
        Check<uint, long, double, Mean<uint, long>, Total<uint, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<uint>());
        Check<int, long, double, Mean<int, long>, Total<int, double>>(new(countPadding, given), g => new(countPadding, divisor, g, false), Wholes<int>());
    }

    [Fact]
    public void Norms_of_order_2_equal_the_walk()
    {
        Registers.Need();
        Check<float, ScaledSum, double, Norm<float>, RootOfSquares<float, double>>(new(2), _ => default, Reals(x => (float)x));
        // Of so many that no sum of squares is rounded.
        Check<Half, ScaledSum, float, Norm<Half>, RootOfSquares<Half, float>>(new(2), _ => default, Reals(x => (Half)x), mostTaps: 64);
        Check<byte, ScaledSum, int, Norm<byte>, RootOfSquares<byte, int>>(new(2), _ => default, Wholes<byte>(), mostTaps: 33_000);
        Check<byte, ScaledSum, int, Norm<byte>, RootOfSquares<byte, int>>(new(2), _ => default, random => (byte)random.Next(90));
        Check<sbyte, ScaledSum, int, Norm<sbyte>, RootOfSquares<sbyte, int>>(new(2), _ => default, Wholes<sbyte>(), mostTaps: 33_000);
        Check<short, ScaledSum, double, Norm<short>, RootOfSquares<short, double>>(new(2), _ => default, Wholes<short>());
        Check<ushort, ScaledSum, double, Norm<ushort>, RootOfSquares<ushort, double>>(new(2), _ => default, random => (ushort)random.Next(20000));
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
                Planner.Fold<Half, float, Mean<Half, float>>(geometry, input, here, mean, ordered: false, null);
            }
            for (int i = 0; i < actual.Length; i++)
                if (!Same(expected[i], actual[i])) Assert.Fail($"output {i} is {actual[i]}, not {expected[i]}");
        });
    }
}
