using System.Numerics.Tensors;

namespace Cenote.Tests.Reducers;

/// <summary>Means and picks by hand.</summary>
public class MeanVectors
{
    private static readonly Window Two = new(2);

    private static Tensor<float> Line(params float[] values) => Tensor.Create(values, [1, 1, values.Length]);

    [Fact]
    public void Generalized_means()
    {
        Assert.Equal([2.5f], Pool.GeM(Line(1, 4), Two, p: 1).ToArray());
        Assert.Equal([MathF.Sqrt(12.5f)], Pool.GeM(Line(3, 4), Two, p: 2).ToArray());
        Assert.Equal([2.5f], Pool.GeM(Line(-7, 4), Two, p: 1, eps: 1).ToArray());
        Assert.Equal([1e-6f], Pool.GeM(Line(-7, 0), Two).ToArray());
        Assert.Equal([3e38f], Pool.GeM(Line(3e38f, 3e38f), Two, p: 100).ToArray().Select(value => value / 1f), (a, b) => Math.Abs(a / b - 1) < 1e-6);
        Assert.Equal([float.NaN], Pool.GeM(Line(float.NaN, 4), Two).ToArray());
        Assert.Equal("p is 0; it must be above 0 (Parameter 'p')", Assert.Throws<ArgumentOutOfRangeException>(() => new GeMPool(Two, p: 0)).Message);
        Assert.Contains("eps is 0", Assert.Throws<ArgumentOutOfRangeException>(() => Pool.GeM(Line(1, 2), Two, eps: 0)).Message);
    }

    [Fact]
    public void Whole_numbers_of_64_bits_do_not_wrap()
    {
        Assert.Equal([long.MaxValue - 1], Pool.Avg(Tensor.Create([long.MaxValue, long.MaxValue - 2], [1, 1, 2]), Two).ToArray());
        Assert.Equal([long.MinValue], Pool.Sum(Tensor.Create([long.MinValue, -1], [1, 1, 2]), Two).ToArray());
        Assert.Equal([ulong.MaxValue], Pool.Avg(Tensor.Create([ulong.MaxValue, ulong.MaxValue], [1, 1, 2]), Two).ToArray());
        Assert.Equal([ulong.MaxValue], Pool.Sum(Tensor.Create([ulong.MaxValue, 7UL], [1, 1, 2]), Two).ToArray());
    }

    // In double such means come to 2.9999999999999996.
    [Fact]
    public void Whole_numbers_are_not_cut_for_what_rounding_lacks()
    {
        Assert.Equal([3], Pool.Mixed(Line(3, 3, 3), Window.Global, 0.3).ToArray());
        Assert.Equal([7], Pool.StochasticMean(Line(7, 7, 7), Window.Global).ToArray());
        Assert.Equal([3], Pool.Soft(Line([.. Enumerable.Repeat(3, 17)]), Window.Global).ToArray());
        Assert.Equal([48], Pool.Lp(Line(1, 47), Window.Global, 1).ToArray());
        Assert.Equal([4], Pool.GeM(Line(1, 1, 10), Window.Global, 1).ToArray());
        Assert.Equal([4, 3, -3], Pool.Lp(Line(3, 3, 1, 3, -3, -1), new Window(2), 2).ToArray().Select((norm, i) => i == 2 ? -norm : norm));
        Assert.All(Pool.Blur(Tensor.Create(Enumerable.Repeat((byte)251, 120).ToArray(), [1, 1, 120]), new Window(57)).ToArray(), cell => Assert.Equal(251, cell));
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            int[] cells = [.. Enumerable.Range(0, 2 + seed % 7).Select(_ => random.Next(-50, 50))];
            int sum = cells.Sum();
            Assert.Equal(sum / cells.Length, Pool.Statistics(Tensor.Create(cells, [1, cells.Length])).ToArray()[0]);
        }

        static Tensor<int> Line(params int[] cells) => Tensor.Create(cells, [1, 1, cells.Length]);
    }

    [Fact]
    public void Whole_numbers_that_the_kernels_do_not_know_are_added_up_all_the_same()
    {
        Assert.Equal([nint.MaxValue], Pool.Avg(Tensor.Create([nint.MaxValue, nint.MaxValue], [1, 1, 2]), Two).ToArray());
        Assert.Equal([nint.MaxValue], Pool.Sum(Tensor.Create([nint.MaxValue, (nint)1], [1, 1, 2]), Two).ToArray());
        Assert.Equal([nuint.MaxValue], Pool.Avg(Tensor.Create([nuint.MaxValue, nuint.MaxValue], [1, 1, 2]), Two).ToArray());
        Assert.Equal(['\uEA60'], Pool.Avg(Tensor.Create(['\uEA60', '\uEA60'], [1, 1, 2]), Two).ToArray());
        Assert.Equal(['\0'], Pool.Avg(Tensor.Create(['\u0001', '\u0002'], [1, 1, 2]), Two, divisor: 65536).ToArray());
        nint large = unchecked((nint)((1L << 53) + 1));
        Assert.Equal([large], Pool.AvgBackward(Tensor.Create([large], [1, 1, 1]), [1, 1, 1], Window.Global).ToArray());
    }

    [Fact]
    public void A_reducer_made_of_nothing_has_its_defaults()
    {
        Assert.Equal([5f], Pool.Reduce(Line(3, 4), Two, new Norm<float>()).ToArray());
        Assert.Equal([3.5f], Pool.Reduce(Line(3, 4), Two, new Mean<float, double>()).ToArray());
        Assert.Equal([1.5f, 2], Pool.Reduce(Line(3, 4), Two with { Padding = 1 }, new Mean<float, double>()).ToArray());
        Assert.Equal([3.75f], Pool.Reduce(Line(3, 4), Two, new Mixed<float>()).ToArray());
        Assert.Equal(Pool.GeM(Line(3, 4), Two).ToArray(), Pool.Reduce(Line(3, 4), Two, new GeneralizedMean<float>()).ToArray());
        // No constructor runs.
        Assert.Equal([5f], Pool.Reduce(Line(3, 4), Two, default(Norm<float>)).ToArray());
        Assert.Equal([1.5f, 2], Pool.Reduce(Line(3, 4), Two with { Padding = 1 }, default(Mean<float, double>)).ToArray());
        Assert.Equal(Pool.GeM(Line(-3, 4), Two).ToArray(), Pool.Reduce(Line(-3, 4), Two, default(GeneralizedMean<float>)).ToArray());
    }

    [Fact]
    public void Soft_means_do_not_overflow()
    {
        // e^ln(3) weighs three times e^0.
        Assert.Equal([MathF.Log(3) * 3 / 4], Pool.Soft(Line(0, MathF.Log(3)), Two).ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal([10000f], Pool.Soft(Line(10000, -10000), Two).ToArray());
        Assert.Equal([float.PositiveInfinity, -5f, float.NegativeInfinity], Pool.Soft(
            Line(float.PositiveInfinity, float.PositiveInfinity, float.NegativeInfinity, -5, float.NegativeInfinity, float.NegativeInfinity), Two).ToArray());
    }

    [Fact]
    public void Mixtures()
    {
        Assert.Equal([3.25f], Pool.Mixed(Line(1, 4), Two, ratio: 0.5).ToArray());
        Assert.Equal([3], Pool.Mixed(Tensor.Create([1, 4], [1, 1, 2]), Two).ToArray());
        Assert.Equal([0.25f, 0.75f], Pool.MixedBackward(Line(1), Line(1, 4), Two).ToArray());
        Assert.Equal([0.5f, 0.5f], Pool.MixedBackward(Line(1), Line(4, 4), Two).ToArray());
        Assert.Contains("ratio is 2; it must be from 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => new MixedPool(Two, 2)).Message);
    }

    [Fact]
    public void Medians_take_the_lower_middle()
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.MedianWithIndices(Line(4, 1, 3, 2, 5, 5), new Window(4) { Stride = 2 });
        Assert.Equal([2f, 3f], values.ToArray());
        Assert.Equal([3L, 2], indices.ToArray());
        Assert.Equal([0f, 0, 0, 7], Pool.MaxBackward(Line(7), Tensor.Create([3L], [1, 1, 1]), [1, 1, 4], new Window(4)).ToArray());
        Assert.Equal([float.NaN], Pool.Median(Line(1, float.NaN, 2), new Window(3)).ToArray());
    }

    [Fact]
    public void What_is_drawn_follows_the_values()
    {
        // A million windows of the cells 1, 3, 0 and -5: a quarter and three quarters, to five standard deviations.
        const int windows = 1 << 20;
        float[] cells = [.. Enumerable.Range(0, 4 * windows).Select(i => (i % 4) switch { 0 => 1f, 1 => 3f, 2 => 0f, _ => -5f })];
        Tensor<float> x = Tensor.Create(cells, [1, 1, cells.Length]);
        float[] drawn = Pool.Stochastic(x, new Window(4), seed: 5).ToArray();
        Assert.Equal(windows, drawn.Count(value => value is 1 or 3));
        Assert.Equal(0.75, drawn.Count(value => value == 3) / (double)windows, 5 * Math.Sqrt(0.25 * 0.75 / windows));
        Assert.Equal(drawn, Pool.Stochastic(x, new Window(4), seed: 5).ToArray());
        Assert.NotEqual(drawn, Pool.Stochastic(x, new Window(4), seed: 6).ToArray());
        Assert.Equal([2.5f], Pool.StochasticMean(Line(1, 3, 0, -5), new Window(4)).ToArray());
    }

    [Fact]
    public void What_is_drawn_gets_the_gradient()
    {
        StochasticPool layer = new(new Window(3) { Stride = 1 }, seed: 3);
        Tensor<float> x = Line(1, 2, 3, 4, 5, 6, 7, 8);
        long[] drawn = layer.ForwardWithIndices(x).Indices.ToArray();
        float[] gradient = layer.Backward(Line(1, 10, 100, 1e3f, 1e4f, 1e5f)).ToArray();
        Assert.Equal(Enumerable.Range(0, 8).Select(cell => drawn.Select((at, i) => at == cell ? MathF.Pow(10, i) : 0).Sum()), gradient);
        Assert.Contains(drawn.Zip(drawn.Skip(1)), pair => pair.First != pair.Second);
    }

    [Fact]
    public void A_draw_depends_on_the_position_of_its_output_alone()
    {
        float[] cells = [.. Enumerable.Range(1, 64).Select(i => (float)i)];
        Tensor<float> first = Tensor.Create(cells[..32], [1, 2, 4, 4]), both = Tensor.Create(cells, [2, 2, 4, 4]);
        Assert.Equal(Pool.Stochastic(first, Two, seed: 9).ToArray(), Pool.Stochastic(both, Two, seed: 9).ToArray()[..8]);
    }

    [Fact]
    public void Layers_print_and_explain_themselves()
    {
        Tensor<float> x = Line(1, 3, 0, -5);
        Assert.Equal("GeMPool(p=3, eps=1E-06, kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)", new GeMPool(Two).ToString());
        Assert.Equal("GlobalGeMPool(p=3, eps=1E-06)", new GeMPool(Window.Global).ToString());
        Assert.Equal("StochasticPool(seed=4, kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)", new StochasticPool(Two, 4).ToString());
        Assert.Equal("((max(1, 1E-06)^1 + max(3, 1E-06)^1) / 2)^(1/1) = 2", new GeMPool(Two, p: 1).Explain(x, 0).Compute);
        Assert.Equal("(e^1 * 1 + e^3 * 3) / (e^1 + e^3) = 2.761594", new SoftPool(Two).Explain(x, 0).Compute);
        Assert.Equal("0.25 * max(1, 3) + 0.75 * (1 + 3) / 2 = 2.25", new MixedPool(Two, 0.25).Explain(x, 0).Compute);
        Assert.Equal("median(0, -5) = -5", new MedianPool(Two).Explain(x, 1).Compute);
        Assert.Equal("draw(0, -5) = 0", new StochasticPool(Two).Explain(x, 1).Compute);
        Assert.Equal("(1^2 + 3^2) / (1 + 3) = 2.5", new StochasticMeanPool(new Window(4)).Explain(x, 0).Compute);
        Assert.Equal("max(0, -5) = 0", new StochasticMeanPool(Two).Explain(x, 1).Compute);
    }
}
