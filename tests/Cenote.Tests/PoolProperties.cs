using System.Numerics.Tensors;
using CsCheck;

namespace Cenote.Tests;

/// <summary>Random windows of every rank and both layouts against <see cref="Reference"/>; CsCheck prints the seed of a failure.</summary>
public class PoolProperties
{
    private const int Cases = 4000;

    internal static readonly Gen<Reference.Problem> GenProblem =
        from rank in Gen.Int[1, 3]
        from lengths in Gen.Int[1, rank == 1 ? 40 : rank == 2 ? 12 : 6].Array[rank]
        from kernel in Gen.Int[1, rank == 3 ? 3 : 5].Array[rank]
        from stride in Gen.Int[1, 4].Array[rank]
        from dilation in Gen.Int[1, 3].Array[rank]
        from before in Gen.Int[0, 3].Array[rank]
        from after in Gen.Int[0, 3].Array[rank]
        from ceil in Gen.Bool
        from outer in Gen.Int[1, 3]
        from inner in Gen.Int[1, 3]
        from seed in Gen.Int
        let made = new Reference.Problem(lengths, kernel, stride, dilation, before, after, ceil, outer, inner, seed)
        where Enumerable.Range(0, rank).All(axis => Reference.OutputLength(made, axis) >= 1)
        select made;

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(4, 3, 2)]
    public void Long_rows_of_pixels_equal_those_of_planes(int kernel, int stride, int padding)
    {
        const int Length = 40_001, Channels = 3;
        Window window = new(kernel) { Stride = stride, Padding = padding }, last = window with { Layout = Layout.ChannelsLast };
        byte[] pixels = new byte[Length * Channels], planes = new byte[Length * Channels];
        new Random(1).NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i++) planes[i % Channels * Length + i / Channels] = pixels[i];
        Tensor<byte> x = Tensor.Create(pixels, [1, Length, Channels]), y = Tensor.Create(planes, [1, Channels, Length]);
        Equal(Pool.Max(y, window), Pool.Max(x, last));
        Equal(Pool.Avg(y, window), Pool.Avg(x, last));

        static void Equal(Tensor<byte> planes, Tensor<byte> pixels)
        {
            byte[] expected = planes.ToArray(), actual = pixels.ToArray();
            Assert.Equal(expected, actual.Select((_, i) => actual[i % (expected.Length / Channels) * Channels + i / (expected.Length / Channels)]));
        }
    }

    [Fact]
    public void Max_and_its_indices_equal_the_definition() => Check((c, window, x, seen) =>
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.MaxWithIndices(x, window);
        float[] expected = [.. seen.Select(one => (float)one.Values.Aggregate(double.NegativeInfinity, Math.Max))];
        Equal(expected, values);
        Equal(expected, Pool.Max(x, window));
        long[] positions = [.. seen.Select(one => one.Values.Exists(double.IsNaN)
            ? one.Indices[one.Values.FindLastIndex(double.IsNaN)]
            : one.Values.Count == 0 ? -1 : one.Indices[one.Values.IndexOf(one.Values.Max())])];
        Assert.Equal(positions, indices.ToArray());
    });

    [Fact]
    public void Min_equals_the_definition() => Check((c, window, x, seen) =>
        Equal([.. seen.Select(one => (float)one.Values.Aggregate(double.PositiveInfinity, Math.Min))], Pool.Min(x, window)));

    [Fact]
    public void Average_and_sum_equal_the_definition() => Check((c, window, x, seen) =>
    {
        Close([.. seen.Select(one => one.Values.Count == 0 ? 0 : one.Values.Sum() / one.CountPadding)], Pool.Avg(x, window));
        Close([.. seen.Select(one => one.Values.Count == 0 ? 0 : one.Values.Sum() / one.CountValid)], Pool.Avg(x, window, countPadding: false));
        Close([.. seen.Select(one => one.Values.Sum() / 7)], Pool.Avg(x, window, divisor: 7));
        // Signs cancel: the rounding of a sum goes with the size of its terms, not with its own.
        Close([.. seen.Select(one => one.Values.Sum())], Pool.Sum(x, window), [.. seen.Select(one => one.Values.Sum(Math.Abs))]);
    });

    [Fact]
    public void Norm_equals_the_definition() => Check((c, window, x, seen) =>
        Close([.. seen.Select(one => Math.Pow(one.Values.Sum(value => Math.Pow(Math.Abs(value), 3)), 1 / 3.0))], Pool.Lp(x, window, p: 3)));

    [Fact]
    public void A_small_float_average_is_that_of_pytorch_to_the_last_bit() => Check((c, window, x, seen) =>
    {
        if (c.Kernel.Aggregate(1, (a, b) => a * b) > 9) return;
        float[] expected = [.. seen.Select(one => one.Values.Count == 0 ? 0 : one.Values.Aggregate(0f, (sum, value) => sum + (float)value) / one.CountPadding)];
        Equal(expected, Pool.Avg(x, window));
    });

    [Fact]
    public void Every_type_agrees_with_double() => Check((c, window, x, seen) =>
    {
        // Small whole numbers: exact in every type, so that equality is the test.
        double[] values = [.. x.ToArray().Select(value => double.IsFinite(value) ? Math.Round(value * 3) : 0)];
        Tensor<double> wide = Tensor.Create(values, x.Lengths);
        double[] max = Pool.Max(wide, window).ToArray(), mean = Pool.Avg(wide, window).ToArray();
        Agree<Half>();
        Agree<float>();
        Agree<sbyte>();
        Agree<short>();
        Agree<int>();
        Agree<long>();

        void Agree<T>()
            where T : unmanaged, System.Numerics.INumber<T>
        {
            Tensor<T> narrow = Tensor.Create(values.Select(T.CreateChecked).ToArray(), x.Lengths);
            Assert.Equal(max.Select(T.CreateSaturating), Pool.Max(narrow, window).ToArray());
            Assert.Equal(mean.Select(T.CreateSaturating), Pool.Avg(narrow, window).ToArray());
        }
    });

    [Fact]
    public void Adaptive_windows_equal_the_definition() => (
        from length in Gen.Int[1, 40]
        from output in Gen.Int[1, 50]
        from seed in Gen.Int
        select (length, output, seed)).Sample(c =>
    {
        float[] values = Values(c.length, c.seed);
        float[] max = new float[c.output], mean = new float[c.output];
        for (int o = 0; o < c.output; o++)
        {
            int start = (int)Math.Floor((decimal)o * c.length / c.output), end = (int)Math.Ceiling((decimal)(o + 1) * c.length / c.output);
            max[o] = values[start..end].Aggregate(float.NegativeInfinity, MathF.Max);
            mean[o] = (float)(values[start..end].Sum(value => (double)value) / (end - start));
        }
        Tensor<float> x = Tensor.Create(values, [1, 1, c.length]);
        Equal(max, Pool.Max(x, Window.Adaptive(c.output)));
        Close([.. mean.Select(value => (double)value)], Pool.Avg(x, Window.Adaptive(c.output)));
    }, iter: Cases);

    internal static void Check(Action<Reference.Problem, Window, Tensor<float>, List<Reference.Seen>> assert) => GenProblem.Sample(c =>
    {
        (nint[] shape, Window window) = Asked(c);
        float[] values = Values((int)shape.Aggregate((nint)1, (a, b) => a * b), c.Seed);
        assert(c, window, Tensor.Create(values, shape), Reference.Walk(c, i => values[i]));
    }, iter: Cases);

    /// <summary>A problem as the library is asked it: channels last where there are any.</summary>
    internal static (nint[] Shape, Window Window) Asked(Reference.Problem c)
    {
        bool last = c.Inner > 1;
        nint[] shape = [c.Outer, .. c.Lengths.Select(length => (nint)length)];
        return (last ? [.. shape, c.Inner] : shape, new(Sizes(c.Kernel))
        {
            Stride = Sizes(c.Stride), Dilation = Sizes(c.Dilation), Padding = Padding.PerSide(Sizes(c.Before), Sizes(c.After)),
            CeilMode = c.Ceil, Rank = c.Lengths.Length, Layout = last ? Layout.ChannelsLast : Layout.ChannelsFirst,
        });
    }

    /// <summary>Numbers of both signs with ties, now and then a NaN or an infinity.</summary>
    internal static float[] Values(int count, int seed)
    {
        Random random = new(seed);
        bool special = random.Next(4) == 0;
        return [.. Enumerable.Range(0, count).Select(_ => special && random.Next(20) == 0
            ? random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity }
            : random.Next(3) == 0 ? random.Next(-3, 3) : random.NextSingle() * 10 - 5)];
    }

    private static Sizes Sizes(int[] sizes) => Cenote.Sizes.Of([.. sizes.Select(size => (int?)size)]);

    internal static void Equal(float[] expected, Tensor<float> actual) => Assert.Equal(expected, actual.ToArray());

    /// <summary>Equal but for the rounding of a mean of floats of size 5, or of anything by its size.</summary>
    internal static void Close(double[] expected, Tensor<float> actual, double[]? sizes = null)
    {
        float[] values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double size = Math.Max(1, sizes?[i] ?? Math.Abs(expected[i]));
            if (!expected[i].Equals(values[i]) && !(double.IsFinite(size) && Math.Abs(expected[i] - values[i]) <= 4e-6 * size))
                Assert.Fail($"output {i} is {values[i]:R}, not {expected[i]:R}");
        }
    }
}
