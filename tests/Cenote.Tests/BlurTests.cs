using System.Numerics.Tensors;
using CsCheck;
using Cenote.Tests.Gradients;

namespace Cenote.Tests;

/// <summary>Blur pooling by hand, against its definition, and its gradient.</summary>
public class BlurTests
{
    private static Tensor<float> Line(params float[] values) => Tensor.Create(values, [1, 1, values.Length]);

    [Fact]
    public void A_triangle_over_a_reflected_line()
    {
        // 2 1 2 3 4 5 4: (2 + 2 + 2) / 4 …
        Assert.Equal([1.5f, 3, 4.5f], Pool.Blur(Line(1, 2, 3, 4, 5), new Window(3)).ToArray());
        // The package's default: 4 taps, 1 before and 2 behind.
        Assert.Equal([(2 + 3 + 6 + 3) / 8f, (2 + 9 + 12 + 5) / 8f, (4 + 15 + 12 + 3) / 8f], Pool.Blur(Line(1, 2, 3, 4, 5), new Window(4)).ToArray());
        Assert.Equal([7f], Pool.Blur(Line(7), new Window(5)).ToArray());
    }

    [Fact]
    public void A_plane_is_blurred_along_both_axes()
    {
        Tensor<double> x = Tensor.Create([0.0, 0, 0, 0, 16, 0, 0, 0, 0], [1, 3, 3]);
        // At a border the neighbour is seen on both sides.
        Assert.Equal([4.0, 4, 4, 4, 4, 4, 4, 4, 4], Pool.Blur(x, new Window((3, 3)) { Stride = 1 }).ToArray());
        Assert.Equal([1.0, 2, 1, 2, 4, 2, 1, 2, 1], Pool.Blur(Tensor.Create([.. Enumerable.Range(0, 25).Select(i => i == 12 ? 16.0 : 0)], [1, 5, 5]),
            new Window((3, 3)) { Stride = 1, Padding = 0 }).ToArray());
    }

    [Fact]
    public void Equals_the_definition() => PoolProperties.GenProblem.Sample(c =>
    {
        (nint[] shape, Window window) = PoolProperties.Asked(c);
        float[] values = [.. GradientProperties.Distinct((int)shape.Aggregate((nint)1, (a, b) => a * b), c.Seed).Select(value => (float)value)];
        (int rank, int[] lengths) = (c.Lengths.Length, c.Lengths);
        double[] y = [.. Pool.Blur(Tensor.Create(values, shape), window).ToArray().Select(value => (double)value)];
        int[] outputs = [.. Enumerable.Range(0, rank).Select(axis => Reference.OutputLength(c, axis))];
        Assert.Equal(c.Outer * c.Inner * outputs.Aggregate(1, (a, b) => a * b), y.Length);
        for (int i = 0; i < y.Length; i += 1 + y.Length / 5)
        {
            int inner = i % c.Inner, rest = i / c.Inner;
            List<(int Index, double Weight)> cells = [(0, 1)];
            int[] at = new int[rank];
            for (int axis = rank - 1; axis >= 0; axis--) (at[axis], rest) = (rest % outputs[axis], rest / outputs[axis]);
            for (int axis = 0; axis < rank; axis++)
                cells = [.. cells.SelectMany(cell => Enumerable.Range(0, c.Kernel[axis]).Select(j => (
                    cell.Index * lengths[axis] + Bounce(at[axis] * c.Stride[axis] - c.Before[axis] + j * c.Dilation[axis], lengths[axis]),
                    cell.Weight * Choose(c.Kernel[axis] - 1, j) / Math.Pow(2, c.Kernel[axis] - 1))))];
            int plane = lengths.Aggregate(1, (a, b) => a * b);
            double expected = cells.Sum(cell => cell.Weight * values[(rest * plane + cell.Index) * c.Inner + inner]);
            Assert.Equal(expected, y[i], 1e-6);
        }
    }, iter: 1000);

    private static int Bounce(int position, int length)
    {
        if (length == 1) return 0;
        while (position < 0 || position >= length) position = position < 0 ? -position : 2 * (length - 1) - position;
        return position;
    }

    private static double Choose(int n, int k) => k == 0 ? 1 : Choose(n, k - 1) * (n - k + 1) / k;

    [Fact]
    public void Rows_of_many_registers_equal_the_definition() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 8], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 20], Gen.Int[0, 100000]).Where(c => (c.Item2 - 1) * c.Item4 < c.Item1).Sample((length, kernel, stride, dilation, channels, seed) =>
        {
            Check<float>(1e-7);
            Check<double>(1e-15);
            Check<Half>(1e-3);
            Check<byte>(1 / 256.0);

            void Check<T>(double bound)
                where T : unmanaged, System.Numerics.INumber<T>
            {
                Random random = new(seed);
                Window window = new(kernel) { Stride = stride, Dilation = dilation, Padding = (kernel - 1) * dilation, Layout = Layout.ChannelsLast };
                int outputs = (int)window.OutputShape([1, length, channels])[1], padding = (kernel - 1) * dilation;
                T[] cells = [.. Enumerable.Range(0, length * channels).Select(_ => T.CreateTruncating(random.Next(256)))];
                T[] blurred = Pool.Blur(Tensor.Create(cells, [1, length, channels]), window).ToArray();
                T[] gradients = [.. Enumerable.Range(0, outputs * channels).Select(_ => T.CreateTruncating(random.Next(5)))];
                double[] expected = new double[length * channels];
                for (int o = 0; o < outputs; o++)
                for (int channel = 0; channel < channels; channel++)
                {
                    double sum = 0;
                    for (int j = 0; j < kernel; j++)
                    {
                        int cell = Bounce(o * stride - padding + j * dilation, length) * channels + channel;
                        double weight = Choose(kernel - 1, j) / (1 << (kernel - 1));
                        sum += weight * double.CreateTruncating(cells[cell]);
                        expected[cell] += weight * double.CreateTruncating(gradients[o * channels + channel]);
                    }
                    Near(sum, blurred[o * channels + channel]);
                }
                T[] spread = Pool.BlurBackward(Tensor.Create(gradients, [1, outputs, channels]), [1, length, channels], window).ToArray();
                for (int i = 0; i < spread.Length; i++) Near(expected[i], spread[i]);

                void Near(double sum, T cell) => Assert.InRange(double.CreateTruncating(cell) - (bound == 1 / 256.0 ? Math.Truncate(sum) : sum), -256 * bound, 256 * bound);
            }
        }, iter: 300);

    [Fact]
    public void Has_a_gradient() => GradientProperties.Check((window, _) => new BlurPool(window));

    [Fact]
    public void Explains_the_reflected_cells()
    {
        BlurPool blur = new(new Window(3));
        Explanation explanation = blur.Explain(Line(1, 2, 3, 4, 5), 0);
        Assert.Equal(["2", "1", "2"], explanation.Region.Select(cell => cell.Value));
        Assert.Equal("(1 * 2 + 2 * 1 + 1 * 2) / 4 = 1.5", explanation.Compute);
        // Cell 1 is in window 0 twice, once as its own reflection, and in window 1.
        BackwardExplanation backward = blur.ExplainBackward(Line(1, 2, 3, 4, 5), gradOutput: null, 1);
        Assert.Equal([0L, 1], backward.Reach[0].Positions);
        Assert.Equal("0.75", backward.Gradient);
        Assert.Equal([0L], blur.ExplainBackward(Line(1, 2, 3, 4, 5), gradOutput: null, 0).Reach[0].Positions);
        Assert.Equal("BlurPool(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)", blur.ToString());
        Assert.Equal("BlurPool2d(kernel_size=(4, 3), stride=2, padding=(1, 1):(2, 1), dilation=1, ceil_mode=False)", new BlurPool(new Window((4, 3))).ToString());
        Assert.EndsWith("/ 32 = 1", new BlurPool(new Window((4, 3))).Explain(Tensor.Create(Enumerable.Repeat(1f, 20).ToArray(), [1, 4, 5]), 0, 0).Compute);
    }

    [Fact]
    public void A_window_without_a_kernel_is_refused()
    {
        Assert.Contains("window has no kernel", Assert.Throws<ArgumentException>(() => new BlurPool(Window.Global)).Message);
        Assert.Contains("kernel is 64; blurring takes at most 63", Assert.Throws<ArgumentException>(() => new BlurPool(new Window(64))).Message);
    }
}
