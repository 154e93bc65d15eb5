using System.Numerics.Tensors;
using CsCheck;

namespace Cenote.Tests;

/// <summary>Fractional max pooling against PyTorch 1.13's numbers, its definition, and central differences.</summary>
public class FractionalTests
{
    private static readonly float[] Cells = [.. Enumerable.Range(0, 126).Select(i => (float)(i * 37 % 101))];

    [Fact]
    public void As_pytorch_in_2d_where_the_width_has_the_first_sample()
    {
        Tensor<float> x = Tensor.Create(Cells, [1, 2, 7, 9]);
        Tensor<double> samples = Tensor.Create([0.1, 0.9, 0.55, 0.3], [1, 2, 2]);
        (Tensor<float> values, Tensor<long> indices) = Pool.FractionalMaxWithIndices(x, new((2, 3), outputSize: (4, 5)), samples);
        long[] expected =
        [
            2, 2, 5, 5, 8, 19, 30, 30, 24, 35, 38, 30, 30, 32, 35, 46, 57, 49, 60, 60,
            2, 13, 5, 16, 16, 27, 21, 32, 24, 35, 27, 40, 32, 43, 35, 46, 57, 57, 51, 62,
        ];
        Assert.Equal(expected, indices.ToArray());
        Assert.Equal(expected.Select((index, i) => Cells[i / 20 * 63 + index]), values.ToArray());
        Assert.Equal(values.ToArray(), new FractionalMaxPool2d((2, 3), (4, 5), samples: samples).Forward(x).ToArray());
    }

    [Fact]
    public void Windows_are_equal_by_what_was_asked()
    {
        FractionalWindow half = new(2, outputRatio: [0.5, 0.25]);
        Assert.Equal(new FractionalWindow(2, outputRatio: [0.5, 0.25]), half);
        Assert.Equal(new FractionalWindow(2, outputRatio: [0.5, 0.25]).GetHashCode(), half.GetHashCode());
        Assert.NotEqual(new FractionalWindow(2, outputRatio: [0.5, 0.75]), half);
        Assert.NotEqual(new FractionalWindow(2, outputSize: 3), half);
        Assert.Equal("FractionalWindow(kernel_size=2, output_ratio=(0.5, 0.25))", half.ToString());
        Assert.Equal("FractionalWindow(kernel_size=(2, 3), output_size=3)", new FractionalWindow((2, 3), outputSize: 3).ToString());
    }

    [Fact]
    public void As_pytorch_in_3d_where_samples_go_by_the_axes()
    {
        Tensor<double> x = Tensor.Create([.. Cells.Take(120).Select(cell => (double)cell)], [1, 1, 4, 5, 6]);
        (_, Tensor<long> indices) = Pool.FractionalMaxWithIndices(x, new((2, 1, 2), outputSize: (2, 3, 4)), Tensor.Create([0.1, 0.9, 0.5], [1, 1, 3]));
        Assert.Equal([30L, 2, 4, 5, 13, 15, 16, 16, 24, 27, 27, 29, 60, 62, 64, 65, 73, 75, 76, 76, 84, 87, 87, 89], indices.ToArray());
    }

    [Fact]
    public void Floats_step_in_float_as_in_pytorch_and_doubles_in_double()
    {
        FractionalWindow window = new(1, outputSize: 23, rank: 1);
        Tensor<double> sample = Tensor.Create([0.75], [1, 1, 1]);
        Assert.Equal(15L, Pool.FractionalMaxWithIndices(Tensor.Create(new float[25], [1, 1, 25]), window, sample).Indices[0, 0, 13]);
        Assert.Equal(14L, Pool.FractionalMaxWithIndices(Tensor.Create(new double[25], [1, 1, 25]), window, sample).Indices[0, 0, 13]);
    }

    [Fact]
    public void Every_output_is_the_maximum_of_a_window_of_its_own() => (
        from lengths in Gen.Int[1, 9].Array[1, 3]
        from kernel in Gen.Int[1, 4]
        from last in Gen.Bool
        from seed in Gen.Int
        where lengths.All(length => length >= kernel)
        select (lengths, kernel, last, seed)).Sample(c =>
    {
        Random random = new(c.seed);
        int rank = c.lengths.Length, channels = 2;
        int[] outputs = [.. c.lengths.Select(length => random.Next(1, length - c.kernel + 2))];
        nint[] axes = [.. c.lengths.Select(length => (nint)length)];
        nint[] shape = c.last ? [3, .. axes, channels] : [3, channels, .. axes];
        double[] values = Gradients.GradientProperties.Distinct((int)shape.Aggregate((nint)1, (a, b) => a * b), c.seed);
        FractionalWindow window = new(c.kernel, Sizes.Of([.. outputs.Select(output => (int?)output)]), rank: rank, layout: c.last ? Layout.ChannelsLast : Layout.ChannelsFirst);
        Tensor<double> x = Tensor.Create(values, shape), samples = window.Samples(shape, c.seed);
        double[] u = samples.ToArray(), y = Pool.FractionalMaxWithIndices(x, window, samples).Values.ToArray();
        nint[] at = new nint[shape.Length];
        nint[] outputShape = window.OutputShape(shape);
        for (int i = 0; i < y.Length; i++)
        {
            for (int axis = shape.Length - 1, rest = i; axis >= 0; axis--) (at[axis], rest) = (rest % outputShape[axis], (int)(rest / outputShape[axis]));
            nint plane = at[0] * channels + at[c.last ? rank + 1 : 1];
            IEnumerable<nint[]> cells = [[.. at]];
            for (int a = 0; a < rank; a++)
            {
                int axis = a + (c.last ? 1 : 2), sample = rank == 2 ? 1 - a : a;
                double alpha = outputs[a] > 1 ? (c.lengths[a] - c.kernel) / (double)(outputs[a] - 1) : 0, shift = u[plane * rank + sample];
                nint start = at[axis] == outputs[a] - 1 ? c.lengths[a] - c.kernel : (nint)((at[axis] + shift) * alpha) - (nint)(shift * alpha);
                cells = [.. cells.SelectMany(cell => Enumerable.Range(0, c.kernel).Select(j => cell.Select((place, k) => k == axis ? start + j : place).ToArray()))];
            }
            Assert.Equal(cells.Max(cell => x[cell]), y[i]);
        }
        Layer layer = new FractionalMaxPool(window, seed: c.seed);
        Assert.Equal(y, layer.Forward(x).ToArray());
        // Each cell gets the gradients of the outputs that it is: ones add up to the number of outputs.
        double[] gradient = layer.Backward(Tensor.Create([.. y.Select(_ => 1.0)], outputShape)).ToArray();
        Assert.Equal(values.Select(value => (double)y.Count(output => output == value)), gradient);
    }, iter: 500);

    [Fact]
    public void As_many_windows_as_there_is_room_for_are_those_that_move_by_one() => (
        from height in Gen.Int[1, 40]
        from width in Gen.Int[1, 90]
        from kernel in Gen.Int[1, 4]
        from last in Gen.Bool
        from seed in Gen.Int
        where height >= kernel && width >= kernel
        select (height, width, kernel, last, seed)).Sample(c =>
    {
        Check<float>(float.NaN, -0f);
        Check<double>(double.NaN, -0d);
        Check<Half>(Half.NaN, (Half)(-0f));
        Check<byte>(7, 0);
        Check<long>(long.MaxValue, -1);
        Check<decimal>(0.5m, 2.25m);

        void Check<T>(T odd, T zero)
            where T : unmanaged, System.Numerics.INumber<T>
        {
            Random random = new(c.seed);
            Layout layout = c.last ? Layout.ChannelsLast : Layout.ChannelsFirst;
            nint[] shape = c.last ? [2, c.height, c.width, 3] : [2, 3, c.height, c.width];
            T[] cells = [.. Enumerable.Range(0, 6 * c.height * c.width).Select(_ => random.Next(12) switch { 0 => odd, 1 => zero, int digit => T.CreateTruncating(digit / 3) })];
            Tensor<T> x = Tensor.Create(cells, shape);
            FractionalWindow window = new((c.kernel, c.kernel), (c.height - c.kernel + 1, c.width - c.kernel + 1), layout: layout);
            (Tensor<T> values, Tensor<long> indices) = Pool.FractionalMaxWithIndices(x, window, window.Samples(shape, c.seed));
            long[] places = Pool.MaxWithIndices(x, new((c.kernel, c.kernel)) { Stride = 1, Layout = layout }).Indices.ToArray();
            Assert.Equal(places, indices.ToArray());
            int plane = c.height * c.width, outputs = places.Length / 6;
            IEnumerable<T> winners = places.Select((place, i) => cells[c.last ? (i / (3 * outputs) * plane + place) * 3 + i % 3 : i / outputs * plane + place]);
            // The cell itself, as its text tells -0 from 0.
            Assert.Equal(winners.Select(cell => cell.ToString()), values.Select(cell => cell.ToString()));
        }
    }, iter: 100);

    [Fact]
    public void A_ratio_gives_the_output_size()
    {
        Assert.Equal([1, 1, 3, 4], new FractionalMaxPool2d(2, outputRatio: [0.5]).OutputShape([1, 1, 7, 9]));
        Assert.Equal([1, 4, 6, 2], new FractionalMaxPool3d(2, outputRatio: [0.8, 0.9, 0.3]).OutputShape([1, 5, 7, 9]));
        Assert.Equal([0, 1, 3, 4], new FractionalMaxPool2d(2, outputRatio: [0.5]).Forward(Tensor.Create(Array.Empty<float>(), [0, 1, 7, 9])).Lengths);
        Assert.Equal("FractionalMaxPool2d()", new FractionalMaxPool2d(3, outputSize: 2).ToString());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor<float> x = Tensor.Create(Cells, [1, 2, 7, 9]);
        Assert.Contains("outputSize and outputRatio are both missing", Refused(() => new FractionalMaxPool2d(2)));
        Assert.Contains("outputSize and outputRatio are both given", Refused(() => new FractionalMaxPool2d(2, 3, [0.5])));
        Assert.Contains("outputRatio is 1; it must be over 0 and under 1", Refused(() => new FractionalMaxPool2d(2, outputRatio: [1])));
        Assert.Contains("outputRatio has 2 numbers; a 3-D window takes one number or 3", Refused(() => new FractionalMaxPool3d(2, outputRatio: [0.5, 0.5]).OutputShape([1, 4, 4, 4])));
        Assert.Contains("axis 2 of length 7 cannot give 7 outputs of kernel 2; it must be from 1 to 6", Refused(() => new FractionalMaxPool2d(2, 7).Forward(x)));
        Assert.Contains("samples has shape (1, 2, 1); it must be (1, 2, 2)", Refused(() => new FractionalMaxPool2d(2, 3, samples: Tensor.Create([0.0, 0], [1, 2, 1])).Forward(x)));
        Assert.Contains("input of FractionalMaxPool3d has shape (1, 2, 7); it must be (N, C, D, H, W) or (C, D, H, W)",
            Refused(() => new FractionalMaxPool3d(1, 1).ForwardWithIndices(Tensor.Create(new float[14], [1, 2, 7]))));
        Assert.Contains("samples holds 1;", Refused(() => new FractionalMaxPool2d(2, 3, samples: Tensor.Create([0.0, 0, 1, 0], [1, 2, 2])).Forward(x)));
        Assert.Contains("indices holds 63; it must be a cell of the plane of 63 cells, or -1", Refused(() => Pool.FractionalMaxBackward(
            Tensor.Create(new float[2], [1, 2, 1, 1]), Tensor.Create([0L, 63], [1, 2, 1, 1]), x.Lengths, new FractionalWindow(2, 1))));

        static string Refused(Func<object> action) => Assert.ThrowsAny<ArgumentException>(action).Message;
    }
}
