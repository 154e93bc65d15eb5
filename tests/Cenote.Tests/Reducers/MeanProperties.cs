using System.Numerics.Tensors;
using Cenote.Tests.Gradients;
using static Cenote.Tests.PoolProperties;

namespace Cenote.Tests.Reducers;

/// <summary>The means and picks beyond the frameworks against their definitions, and their gradients against central differences.</summary>
public class MeanProperties
{
    [Fact]
    public void A_generalized_mean_equals_the_definition() => Check((c, window, x, seen) =>
    {
        Close([.. seen.Select(one => Of(one.Values, 2.5, 0.25))], Pool.GeM(x, window, p: 2.5, eps: 0.25));
        Close([.. seen.Select(one => one.Values.Count == 0 ? 0 : Math.Max(Largest(one.Values), 0.25))], Pool.GeM(x, window, double.PositiveInfinity, 0.25));

        static double Of(List<double> cells, double p, double eps) =>
            cells.Count == 0 ? 0 : Math.Pow(cells.Average(cell => Math.Pow(Math.Max(cell, eps), p)), 1 / p);
    });

    [Fact]
    public void A_soft_mean_equals_the_definition() => Check((c, window, x, seen) => Close([.. seen.Select(one => Of(one.Values))], Pool.Soft(x, window)));

    [Fact]
    public void A_mixture_equals_the_definition() => Check((c, window, x, seen) =>
    {
        Close([.. seen.Select(one => one.Values.Count == 0 ? 0 : 0.25 * Largest(one.Values) + 0.75 * one.Values.Average())], Pool.Mixed(x, window, ratio: 0.25));
        Close([.. seen.Select(one => one.Values.Count == 0 ? 0 : Largest(one.Values))], Pool.Mixed(x, window, ratio: 1));
        Close([.. seen.Select(one => one.Values.Count == 0 ? 0 : one.Values.Average())], Pool.Mixed(x, window, ratio: 0));
    });

    [Fact]
    public void A_stochastic_mean_equals_the_definition() => Check((c, window, x, seen) => Close(
        [.. seen.Select(one =>
        {
            if (one.Values.Count == 0) return 0;
            double largest = Largest(one.Values), sum = one.Values.Sum(cell => Math.Max(cell, 0));
            return largest <= 0 || double.IsInfinity(largest) ? largest : one.Values.Sum(cell => Math.Max(cell, 0) * Math.Max(cell, 0)) / sum;
        })],
        Pool.StochasticMean(x, window)));

    [Fact]
    public void A_median_and_its_index_equal_the_definition() => Check((c, window, x, seen) =>
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.MedianWithIndices(x, window);
        float[] expected = [.. seen.Select(one => one.Values.Count == 0 ? 0
            : one.Values.Exists(double.IsNaN) ? float.NaN : (float)one.Values.Order().ElementAt((one.Values.Count - 1) / 2))];
        Equal(expected, values);
        Equal(expected, Pool.Median(x, window));
        Assert.Equal(
            seen.Select((one, i) => one.Values.Count == 0 ? -1
                : one.Indices[float.IsNaN(expected[i]) ? one.Values.FindLastIndex(double.IsNaN) : one.Values.IndexOf(expected[i])]),
            indices.ToArray());
    });

    [Fact]
    public void A_draw_takes_a_cell_that_may_be_drawn() => Check((c, window, x, seen) =>
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.StochasticWithIndices(x, window, c.Seed);
        (float[] drawn, long[] at) = (values.ToArray(), indices.ToArray());
        for (int i = 0; i < drawn.Length; i++)
        {
            if (seen[i].Values.Count == 0)
            {
                Assert.Equal((0f, -1L), (drawn[i], at[i]));
                continue;
            }
            Assert.Equal((float)seen[i].Values[seen[i].Indices.IndexOf(at[i])], drawn[i]);
            double largest = Largest(seen[i].Values);
            if (double.IsNaN(largest) || double.IsInfinity(largest) || largest <= 0) Assert.Equal(largest, drawn[i]);
            else Assert.True(drawn[i] > 0);
        }
        Assert.Equal(drawn, Pool.Stochastic(x, window, c.Seed).ToArray());
    });

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(double.PositiveInfinity)]
    public void Gradient_of_a_generalized_mean(double p) => GradientProperties.Check((window, _) => new GeMPool(window, p, eps: 0.3));

    [Fact]
    public void Gradient_of_a_soft_mean() => GradientProperties.Check((window, _) => new SoftPool(window));

    [Fact]
    public void Gradient_of_a_mixture() => GradientProperties.Check((window, layer) => new MixedPool(window, layer % 11 / 10.0));

    [Fact]
    public void Gradient_of_a_stochastic_mean() => GradientProperties.Check((window, _) => new StochasticMeanPool(window));

    [Fact]
    public void Gradient_of_a_median() => GradientProperties.Check((window, _) => new MedianPool(window));

    private static double Of(List<double> cells)
    {
        if (cells.Count == 0) return 0;
        double peak = Largest(cells);
        if (!double.IsFinite(peak)) return peak;
        double[] weights = [.. cells.Select(cell => Math.Exp(cell - peak))];
        return cells.Zip(weights, (cell, weight) => weight == 0 ? 0 : cell * weight).Sum() / weights.Sum();
    }

    private static double Largest(List<double> cells) => cells.Aggregate(double.NegativeInfinity, Math.Max);
}
