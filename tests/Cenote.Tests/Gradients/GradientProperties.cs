using System.Numerics.Tensors;
using CsCheck;

namespace Cenote.Tests.Gradients;

/// <summary>Every gradient against central differences of the pooling itself, in double, over random windows of every rank and both layouts.</summary>
public class GradientProperties
{
    private const int Cases = 1000;

    [Fact]
    public void Of_an_average() => Check((window, layer) => new AvgPool(window, countPadding: layer % 2 == 0, divisor: layer % 3 == 0 ? -7 : null));

    [Fact]
    public void Of_a_sum() => Check((window, _) => new SumPool(window));

    [Fact]
    public void Of_a_maximum() => Check((window, _) => new MaxPool(window));

    [Fact]
    public void Of_a_minimum() => Check((window, _) => new MinPool(window));

    [Fact]
    public void Of_a_norm() => Check((window, layer) => new LPPool((layer % 5) switch { 0 => 1, 1 => 2, 2 => 3.5, 3 => 0.5, _ => double.PositiveInfinity }, window));

    [Fact]
    public void Of_one_layer_after_another() => Check((window, _) => new Sequential(
        new MaxPool(Window.Adaptive(3) with { Rank = window.Rank, Layout = window.Layout }),
        new AvgPool(new(2) { Stride = 1, Padding = 1, Rank = window.Rank, Layout = window.Layout }),
        new LPPool(3, new(2) { Stride = 1, Rank = window.Rank, Layout = window.Layout })));

    [Fact]
    public void Of_a_whole_plane() => Check((window, layer) => Windowed(Window.Global with { Rank = window.Rank, Layout = window.Layout }, layer));

    [Fact]
    public void Of_an_adaptive_window() => Check((window, layer) =>
        Windowed(Window.Adaptive(1 + layer % 13) with { Rank = window.Rank, Layout = window.Layout }, layer));

    [Fact]
    public void Of_winners_that_no_register_holds()
    {
        Window window = new(2) { Rank = 2 };
        Tensor<decimal> g = Tensor.Create([1.25m, -2m, decimal.MaxValue, 7m], [1, 1, 2, 2]);
        Tensor<long> winners = Tensor.Create([5L, 2, 8, 15], [1, 1, 2, 2]);
        decimal[] expected = new decimal[16];
        (expected[5], expected[2], expected[8], expected[15]) = (1.25m, -2m, decimal.MaxValue, 7m);
        Assert.Equal(expected, Pool.MaxBackward(g, winners, [1, 1, 4, 4], window).ToArray());
    }

    // Rows enough that threads are worth it.
    [Theory]
    [InlineData(3, 1, 1, Layout.ChannelsFirst)]
    [InlineData(3, 2, 1, Layout.ChannelsFirst)]
    [InlineData(5, 1, 2, Layout.ChannelsFirst)]
    [InlineData(3, 2, 1, Layout.ChannelsLast)]
    [InlineData(13, 1, 1, Layout.ChannelsLast)]
    public void Is_the_same_for_any_number_of_threads(int kernel, int stride, int dilation, Layout layout)
    {
        nint[] shape = layout == Layout.ChannelsLast ? [2, 301, 299, 3] : [2, 3, 301, 299];
        Window window = new(kernel) { Stride = stride, Dilation = dilation, Padding = 1, Rank = 2, Layout = layout };
        nint[] outputShape = window.OutputShape(shape);
        // Sevenths, whose sums depend on the order.
        Tensor<float> g = Tensor.Create([.. Distinct((int)outputShape.Aggregate((nint)1, (a, b) => a * b), 1).Select(value => (float)value / 7)], outputShape);
        Tensor<long> winners = Pool.MaxWithIndices(Tensor.Create([.. Distinct((int)shape.Aggregate((nint)1, (a, b) => a * b), 2).Select(value => (float)value)], shape), window).Indices;
        float[] one = Average(1), other = Max(1);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(one, Average(threads));
            Assert.Equal(other, Max(threads));
        }

        float[] Average(int threads) => Pool.AvgBackward(g, shape, window, options: new() { Threads = threads }).ToArray();

        float[] Max(int threads) => Pool.MaxBackward(g, winners, shape, window, new() { Threads = threads }).ToArray();
    }

    private static WindowLayer Windowed(Window window, int layer) => (layer % 4) switch
    {
        0 => new AvgPool(window),
        1 => new MaxPool(window),
        2 => new MinPool(window),
        _ => new LPPool(2, window),
    };

    internal static void Check(Func<Window, int, Layer> make) => PoolProperties.GenProblem.Sample(c =>
    {
        (nint[] shape, Window window) = PoolProperties.Asked(c);
        Agree(make(window, c.Seed & 0xffff), shape, c.Seed);
    }, iter: Cases);

    /// <summary>A layer's gradient against central differences, at some of the cells.</summary>
    internal static void Agree(Layer layer, nint[] shape, int seed)
    {
        double[] values = Distinct((int)shape.Aggregate((nint)1, (a, b) => a * b), seed);
        Tensor<double> x = Tensor.Create(values, shape);
        Tensor<double> y = layer.Forward(x);
        double[] g = Distinct((int)y.FlattenedLength, seed + 1);
        double[] gradient = layer.Backward(Tensor.Create(g, y.Lengths)).ToArray();
        Assert.Equal(values.Length, gradient.Length);
        for (int i = 0; i < values.Length; i += 1 + values.Length / 7)
        {
            double expected = (Loss(i, 1e-5) - Loss(i, -1e-5)) / 2e-5;
            if (!(Math.Abs(expected - gradient[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected)))) Assert.Fail($"{layer}: gradient {i} is {gradient[i]:R}, not {expected:R}");
        }

        // Windows without a cell are infinite, and no cell changes that.
        double Loss(int cell, double by)
        {
            double[] moved = [.. values];
            moved[cell] += by;
            return layer.Forward(Tensor.Create(moved, shape)).ToArray().Zip(g, (value, weight) => double.IsInfinity(value) ? 0 : value * weight).Sum();
        }
    }

    /// <summary>Numbers of both signs, in any order, further apart and further from 0 than a difference reaches.</summary>
    internal static double[] Distinct(int count, int seed)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? 1 : -1) * (0.5 + i * 2.0 / count))];
        new Random(seed).Shuffle(values);
        return values;
    }
}
