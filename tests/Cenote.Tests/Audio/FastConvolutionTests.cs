using Cenote.Audio;

namespace Cenote.Tests.Audio;

public class FastConvolutionTests
{
    // Shorter than a block, about one batch, several; and inputs that end before the last output's taps do.
    [Theory]
    [InlineData(1, 20, 5, 1)]
    [InlineData(1, 389, 30_000, 30_000)]
    [InlineData(2, 196, 40_000, 50_001)]
    [InlineData(3, 1024, 9_000, 100)]
    public void A_convolution_is_the_sum_that_defines_it(int filters, int taps, int inputLength, int outputLength)
    {
        Random random = new(1);
        double[][] rows = [.. Enumerable.Range(0, filters).Select(_ => Enumerable.Range(0, taps).Select(_ => random.NextDouble() - 0.5).ToArray())];
        float[] input = [.. Enumerable.Range(0, inputLength).Select(_ => random.NextSingle() - 0.5f)];
        float[] outputs = new float[outputLength];

        new FastConvolution(rows).Run(input, outputs);

        for (int i = 0; i < outputLength; i++)
        {
            double[] row = rows[i % filters];
            double sum = 0;
            for (int t = 0; t < taps && (i / filters) + t < inputLength; t++)
            {
                sum += row[t] * input[(i / filters) + t];
            }

            Assert.Equal(sum, outputs[i], 1e-5);
        }
    }
}
