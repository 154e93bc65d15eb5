using Cenote.Audio;

namespace Cenote.Tests.Audio;

public class WindowFunctionTests
{
    // scipy.signal.get_window(name, 4), (name, 5) and (name, 1).
    [Theory]
    [InlineData("hann", new[] { 0, 0.5, 1, 0.5 })]
    [InlineData("Hann", new[] { 0, 0.3454915028125263, 0.9045084971874737, 0.9045084971874737, 0.3454915028125263 })]
    [InlineData("hamming", new[] { 0.08, 0.54, 1, 0.54 })]
    [InlineData("blackman", new[] { 0, 0.34, 1, 0.34 })]
    [InlineData("boxcar", new double[] { 1, 1, 1, 1 })]
    [InlineData("hann", new double[] { 1 })]
    [InlineData("hamming", new double[] { 1 })]
    [InlineData("blackman", new double[] { 1 })]
    [InlineData("boxcar", new double[] { 1 })]
    public void Weights_are_those_of_scipy(string name, double[] expected)
    {
        double[] weights = WindowFunction.Parse(name).Weights(expected.Length);

        Assert.Equal(expected.Length, weights.Length);
        for (int n = 0; n < expected.Length; n++)
        {
            Assert.Equal(expected[n], weights[n], 1e-15);
        }
    }

    [Fact]
    public void An_unknown_name_is_told_the_names_there_are()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => WindowFunction.Parse("henning"));

        Assert.Contains("hann, hamming, blackman, boxcar", error.Message, StringComparison.Ordinal);
        Assert.Contains("henning", error.Message, StringComparison.Ordinal);
    }
}
