using System.Numerics.Tensors;

namespace Cenote.Tests.Kernels;

/// <summary>One cell that is not a number, anywhere, by the whole call: it is in the windows that hold it and in no other.</summary>
public class NaNTests
{
    [Theory]
    [InlineData(5, 1, 2, 1, 20)]
    [InlineData(13, 1, 6, 1, 20)]
    [InlineData(7, 1, 0, 1, 17)]
    [InlineData(9, 1, 4, 1, 70)]
    [InlineData(31, 1, 15, 1, 67)]
    [InlineData(7, 3, 3, 1, 67)]
    [InlineData(3, 2, 1, 2, 35)]
    [InlineData(3, 2, 2, 2, 40)]
    [InlineData(2, 2, 0, 1, 19)]
    [InlineData(3, 2, 0, 1, 19)]
    [InlineData(3, 2, 0, 1, 71)]
    [InlineData(3, 2, 1, 1, 36)]
    [InlineData(3, 1, 1, 1, 19)]
    [InlineData(3, 1, 0, 1, 19)]
    [InlineData(4, 2, 1, 1, 19)]
    [InlineData(4, 4, 0, 1, 33)]
    [InlineData(2, 3, 1, 1, 33)]
    [InlineData(7, 7, 0, 1, 7)]
    [InlineData(6, 6, 0, 1, 6)]
    public void One_at_any_cell_is_in_the_windows_that_hold_it(int kernel, int stride, int padding, int dilation, int length)
    {
        Window window = new((kernel, kernel)) { Stride = stride, Padding = padding, Dilation = dilation };
        float[] cells = new float[2 * length * length];
        Random random = new(kernel);
        foreach (ref float cell in cells.AsSpan()) cell = random.NextSingle() - 0.5f;
        Axis axis = window.Axes([2, 1, length, length])[0];
        int outputs = (int)axis.OutputLength;
        float[] max = Pool.Max(Tensor.Create(cells, [2, 1, length, length]), window).ToArray(), avg = Pool.Avg(Tensor.Create(cells, [2, 1, length, length]), window).ToArray();
        // Few cells one by one: a first column that no register holds is easily missed.
        for (int at = 0; at < cells.Length; at += length < 20 ? 1 : 7)
        {
            float kept = cells[at];
            cells[at] = float.NaN;
            float[] maxima = Pool.Max(Tensor.Create(cells, [2, 1, length, length]), window).ToArray(), means = Pool.Avg(Tensor.Create(cells, [2, 1, length, length]), window).ToArray();
            cells[at] = kept;
            (int plane, int row, int column) = (at / (length * length), at / length % length, at % length);
            for (int i = 0; i < maxima.Length; i++)
            {
                (int p, int y, int x) = (i / (outputs * outputs), i / outputs % outputs, i % outputs);
                bool holds = p == plane && Taps(row, y) && Taps(column, x);
                if (float.IsNaN(maxima[i]) != holds || float.IsNaN(means[i]) != holds) Assert.Fail($"NaN at {at}: output {i} is {maxima[i]} and {means[i]}");
                if (!holds && (maxima[i] != max[i] || means[i] != avg[i])) Assert.Fail($"NaN at {at}: output {i} changed");
            }
        }

        bool Taps(int cell, int output)
        {
            int tap = cell - (output * stride - padding);
            return tap >= 0 && tap < kernel * dilation && tap % dilation == 0;
        }
    }

    [Theory]
    [InlineData(31, 15, 96)]
    [InlineData(13, 6, 20)]
    [InlineData(5, 2, 20)]
    [InlineData(70, 0, 300)]
    public void Large_means_are_within_two_units_of_the_true_one_on_any_threads(int kernel, int padding, int length)
    {
        float[] cells = new float[8 * length * length];
        Random random = new(length);
        foreach (ref float cell in cells.AsSpan()) cell = (random.NextSingle() - 0.5f) * MathF.Pow(2, random.Next(-10, 10));
        Window window = new((kernel, kernel)) { Stride = 1, Padding = padding };
        Tensor<float> input = Tensor.Create(cells, [8, 1, length, length]);
        float[] means = Pool.Avg(input, window, options: new() { Threads = 1 }).ToArray();
        Assert.Equal(means, Pool.Avg(input, window, options: new() { Threads = 2 }).ToArray());
        int outputs = (int)Math.Sqrt(means.Length / 8);
        for (int i = 0; i < means.Length; i += 37)
        {
            (int plane, int y, int x) = (i / (outputs * outputs), i / outputs % outputs, i % outputs);
            decimal sum = 0;
            for (int h = Math.Max(0, y - padding); h < Math.Min(length, y - padding + kernel); h++)
                for (int w = Math.Max(0, x - padding); w < Math.Min(length, x - padding + kernel); w++) sum += (decimal)(double)cells[(plane * length + h) * length + w];
            float expected = (float)(double)(sum / (kernel * kernel));
            Assert.InRange(means[i], MathF.BitDecrement(MathF.BitDecrement(expected)), MathF.BitIncrement(MathF.BitIncrement(expected)));
        }
    }
}
