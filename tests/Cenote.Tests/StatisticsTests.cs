using System.Numerics.Tensors;
using CsCheck;
using Cenote.Tests.Gradients;

namespace Cenote.Tests;

/// <summary>Statistics pooling and spatial pyramids by hand, and their gradients.</summary>
public class StatisticsTests
{
    [Fact]
    public void Means_then_deviations()
    {
        Tensor<float> x = Tensor.Create([1f, 2, 3, 4, 2, 2, 2, 2], [1, 2, 4]);
        Assert.Equal([2.5f, 2, MathF.Sqrt(5 / 3f), 0], Pool.Statistics(x).ToArray());
        Assert.Equal([2.5f, 2, MathF.Sqrt(5 / 4f), 0], Pool.Statistics(x, unbiased: false).ToArray());
        Assert.Equal([1.5f, 2, MathF.Sqrt(0.5f), 0], Pool.Statistics(x, [2]).ToArray());
        Assert.Equal([1, 4], Pool.Statistics(x).Lengths);
        Assert.Equal([4], Pool.Statistics(Tensor.Create(new float[8], [2, 4])).Lengths);
        Assert.Equal([1f, 2, float.NaN, float.NaN], Pool.Statistics(x, [1]).ToArray());
    }

    [Fact]
    public void A_large_mean_does_not_drown_the_deviation()
    {
        double[] cells = [.. Enumerable.Range(0, 1000).Select(i => 1e9 + i % 2)];
        Assert.Equal(0.5, Pool.Statistics(Tensor.Create(cells, [1, 1, 1000]), unbiased: false).ToArray()[1], 1e-12);
        // Sums of squares of floats alone would give 0 or worse.
        Assert.Equal(0.5, Pool.Statistics(Tensor.Create(cells.Select(cell => (float)(cell - 1e9 + 4e6)).ToArray(), [1, 1, 1000]), unbiased: false).ToArray()[1], 1e-7);
    }

    [Fact]
    public void Has_a_gradient_that_stops_at_the_lengths() => (
        from sequences in Gen.Int[1, 3]
        from channels in Gen.Int[1, 3]
        from steps in Gen.Int[2, 9]
        from unbiased in Gen.Bool
        from seed in Gen.Int
        select (sequences, channels, steps, unbiased, seed)).Sample(c =>
    {
        Random random = new(c.seed);
        long[] lengths = [.. Enumerable.Range(0, c.sequences).Select(_ => random.NextInt64(2, c.steps + 1))];
        GradientProperties.Agree(new StatisticsPooling(lengths, c.unbiased), [c.sequences, c.channels, c.steps], c.seed);
        GradientProperties.Agree(new StatisticsPooling(unbiased: c.unbiased), [c.sequences, c.channels, c.steps], c.seed);
    }, iter: 300);

    [Fact]
    public void A_deviation_of_0_is_exactly_0_and_gives_nothing_back()
    {
        Tensor<double> equal = Tensor.Create(Enumerable.Repeat(0.1, 7).ToArray(), [1, 1, 7]);
        Assert.Equal([0.1, 0], Pool.Statistics(equal).ToArray());
        Assert.All(Pool.StatisticsBackward(Tensor.Create([0.0, 7], [1, 2]), equal).ToArray(), value => Assert.Equal(0, value));
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], Pool.StatisticsBackward(Tensor.Create([1f, 7], [1, 2]), Tensor.Create([3f, 3, 3, 3], [1, 1, 4])).ToArray());
    }

    [Fact]
    public void An_infinity_is_the_mean_wherever_it_stands()
    {
        Assert.Equal(double.PositiveInfinity, Mean(double.PositiveInfinity, 1));
        Assert.Equal(double.PositiveInfinity, Mean(1, double.PositiveInfinity, 2));
        Assert.Equal(double.NaN, Mean(double.PositiveInfinity, double.NegativeInfinity));
        Assert.Equal(0, Mean(double.MaxValue, -double.MaxValue));
        Assert.Equal(double.MaxValue, Mean(double.MaxValue, double.MaxValue));

        static double Mean(params double[] cells) => Pool.Statistics(Tensor.Create(cells, [1, cells.Length])).ToArray()[0];
    }

    [Fact]
    public void A_layer_takes_other_lengths_with_each_batch()
    {
        Tensor<float> x = Tensor.Create([1f, 2, 3, 9, 5, 6, 7, 8], [2, 1, 4]);
        StatisticsPooling pool = new();
        Assert.Equal(Pool.Statistics(x, [3, 4]).ToArray(), pool.Forward(x, [3, 4]).ToArray());
        Tensor<float> gradient = Tensor.Create([1f, 0, 1, 0], [2, 2]);
        Assert.Equal(Pool.StatisticsBackward(gradient, x, [3, 4]).ToArray(), pool.Backward(gradient).ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor<float> x = Tensor.Create(new float[8], [1, 2, 4]);
        Assert.Contains("lengths has 2 numbers; it must have 1", Assert.Throws<ArgumentException>(() => Pool.Statistics(x, [4, 4])).Message);
        Assert.Contains("lengths[0] is 5; it must be from 1 to 4", Assert.Throws<ArgumentException>(() => Pool.Statistics(x, [5])).Message);
        Assert.Contains("lengths[0] is 0", Assert.Throws<ArgumentException>(() => new StatisticsPooling().Forward(x, [0])).Message);
        Assert.Contains("input has shape (4,); it must be (N, C, T) or (C, T)", Assert.Throws<ArgumentException>(() => Pool.Statistics(Tensor.Create(new float[4], [4]))).Message);
        Assert.Contains("levels holds 0", Assert.Throws<ArgumentException>(() => Pool.SpatialPyramid(x, [1, 0])).Message);
        Assert.Contains("levels is empty", Assert.Throws<ArgumentException>(() => Pool.SpatialPyramid(x, [])).Message);
        Assert.Contains("input has shape (4, 4); it must have a channel axis", Assert.Throws<ArgumentException>(() => Pool.SpatialPyramid(Tensor.Create(new float[16], [4, 4]), [1], rank: 2)).Message);
    }

    [Fact]
    public void A_pyramid_is_a_vector_of_levels_for_each_channel()
    {
        Tensor<float> x = Tensor.Create(Enumerable.Range(0, 32).Select(i => (float)i).ToArray(), [1, 2, 4, 4]);
        SpatialPyramidPool pyramid = new([1, 2]);
        Assert.Equal([1, 10], pyramid.OutputShape(x.Lengths));
        Assert.Equal([15f, 5, 7, 13, 15, 31, 21, 23, 29, 31], pyramid.Forward(x).ToArray());
        Assert.Equal([3, 10], pyramid.OutputShape([3, 2, 9, 13]));
        Assert.Equal([2 * 36], new SpatialPyramidPool([1, 2, 3], rank: 3).OutputShape([2, 5, 6, 7]));
        Assert.Equal("SpatialPyramidPool(levels=[1, 2])", pyramid.ToString());
        Assert.Equal([0, 10], pyramid.Forward(Tensor.Create(Array.Empty<float>(), [0, 2, 4, 4])).Lengths);
    }

    [Fact]
    public void A_pyramid_has_a_gradient() => (
        from lengths in Gen.Int[1, 6].Array[1, 3]
        from levels in Gen.Int[1, 4].Array[1, 3]
        from seed in Gen.Int
        select (lengths, levels, seed)).Sample(
        c => GradientProperties.Agree(new SpatialPyramidPool(c.levels, c.lengths.Length), [2, 2, .. c.lengths.Select(length => (nint)length)], c.seed), iter: 300);
}
