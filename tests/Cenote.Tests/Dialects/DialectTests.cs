using System.Numerics.Tensors;

namespace Cenote.Tests.Dialects;

public class DialectTests
{
    [Fact]
    public void Torch_refuses_padding_beyond_half_the_effective_kernel()
    {
        Assert.Equal(1, Torch.Window(2, padding: 1).Padding.Before[0]);
        Assert.Equal(2, Torch.Window(3, padding: 2, dilation: 2).Padding.Before[0]);
        Assert.Contains("padding is 2", Assert.Throws<ArgumentException>(() => Torch.Window(3, padding: 2)).Message);
        Assert.Throws<ArgumentException>(() => Torch.Window((3, 2), padding: (1, 2)));
        Assert.Equal(2, new Window(3) { Padding = 2 }.Padding.Before[0]);
    }

    [Fact]
    public void Keras_is_channels_last_and_takes_words_alone()
    {
        Assert.Equal([8, 56, 56, 64], Keras.Window(2).OutputShape([8, 112, 112, 64]));
        Assert.Equal([1, 3, 3, 1], Keras.Window(2, padding: Padding.Same).OutputShape([1, 5, 5, 1]));
        Assert.Throws<ArgumentException>(() => Keras.Window(2, padding: 1));
    }

    [Fact]
    public void Onnx_strides_by_1() => Assert.Equal([1, 1, 31, 31], Onnx.Window((2, 2)).OutputShape([1, 1, 32, 32]));

    [Fact]
    public void A_dialect_takes_as_many_axes_as_its_framework()
    {
        Assert.Equal([3, 2, 2], Torch.Window((2, 2)).OutputShape([3, 4, 4]));
        Assert.Equal([1, 3, 2, 2], Torch.AdaptiveWindow((2, 2)).OutputShape([1, 3, 4, 4]));
        Refused("input has 5 axes; PyTorch takes 3 or 4 for a 2-D window", Torch.Window((2, 2)), 1, 1, 3, 4, 4);
        Refused("input has 2 axes; PyTorch takes 3 or 4 for a 2-D window", Torch.AdaptiveWindow((2, 2)), 4, 4);
        Refused("input has 3 axes; Keras takes 4 for a 2-D window", Keras.Window((2, 2)), 4, 4, 3);
        Refused("input has 3 axes; Keras takes 4 for a 2-D window", Keras.AdaptiveWindow((2, 2)), 4, 4, 3);
        Refused("input has 3 axes; ONNX takes 4 for a 2-D window", Onnx.Window((2, 2)), 3, 4, 4);
        Refused("input has 3 axes; ONNX takes 4 for a 2-D window", Onnx.GlobalWindow(rank: 2), 3, 4, 4);

        static void Refused(string expected, Window window, params nint[] shape) =>
            Assert.Equal(expected, Assert.Throws<ArgumentException>(() => window.OutputShape(shape)).Message);
    }

    [Fact]
    public void Torch_refuses_lists_of_different_lengths() =>
        Assert.StartsWith("kernelSize (3, 3) has 2 numbers; a 3-D window takes one number or 3", Assert.Throws<ArgumentException>(() => Torch.Window((3, 3), padding: (1, 1, 1))).Message);

    [Fact]
    public void Keras_and_Onnx_leave_padding_out_of_averages()
    {
        Tensor<float> ones = Tensor.Create([1f, 1, 1], [1, 3, 1]), onnx = Tensor.Create([1f, 1, 1], [1, 1, 3]);
        Window same = Keras.Window(2, padding: Padding.Same, rank: 1), padded = Onnx.Window(3, padding: 1);
        Assert.Equal([1f, 1], Pool.Avg(ones, same).ToArray());
        Assert.Equal([1f, 1], new AvgPool(same).Forward(ones).ToArray());
        Assert.Equal([1f, 1, 1], Pool.Avg(onnx, padded).ToArray());
        Assert.Equal([2 / 3f, 1, 2 / 3f], Pool.Avg(onnx, padded, countPadding: true).ToArray());
        Assert.Equal([2 / 3f, 1, 2 / 3f], Pool.Avg(onnx, Torch.Window(3, stride: 1, padding: 1)).ToArray());
        Assert.Equal([5 / 6f, 4 / 3f, 5 / 6f], Pool.AvgBackward(onnx, onnx.Lengths, padded).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(Padding.Same, Onnx.AutoPad("SAME_UPPER", Onnx.Pads(0, 0, 0, 0)));
    }

    [Fact]
    public void Onnx_indices_are_checked()
    {
        Window two = new(2);
        nint[] shape = [1, 1, 4, 4];
        Tensor<long> indices = Pool.MaxWithIndices(Tensor.Create(Enumerable.Range(0, 16).Select(i => (float)i).ToArray(), shape), two).Indices;
        Assert.Contains("indices has shape (1, 1, 5); it must be (1, 1, 2, 2)", Message(() => Onnx.WholeTensorIndices(Tensor.Create(new long[5], [1, 1, 5]), two, shape)));
        Assert.Contains("indices holds 99 for output 0", Message(() => Onnx.WholeTensorIndices(Tensor.Create([99L, 0, 0, 0], [1, 1, 2, 2]), two, shape)));
        Assert.Contains("channels last", Message(() => Onnx.WholeTensorIndices(indices, two with { Layout = Layout.ChannelsLast }, [1, 4, 4, 1])));
        Assert.Contains("outputShape has shape (4,)", Message(() => Onnx.PlaneIndices(indices, two, [4])));
        Assert.Equal(indices.ToArray(), Onnx.PlaneIndices(Onnx.WholeTensorIndices(indices, two, shape), two, shape).ToArray());

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    [Fact]
    public void Keras_drops_the_axes_of_global_pooling()
    {
        Tensor<float> x = Tensor.Create(Enumerable.Range(0, 12).Select(i => (float)i).ToArray(), [1, 2, 2, 3]);
        Tensor<float> y = Pool.Max(x, Keras.GlobalWindow());
        Assert.Equal([1, 3], y.Lengths);
        Assert.Equal([9f, 10, 11], y.ToArray());
        Assert.Equal([1, 1, 1, 3], Keras.GlobalWindow(keepDims: true).OutputShape(x.Lengths));
        Assert.Equal([1], (Window.Global with { Rank = 2, KeepDims = false }).OutputShape([4, 4]));
        MaxPool layer = new(Keras.GlobalWindow());
        Assert.Equal(y.ToArray(), layer.Forward(x).ToArray());
        Assert.Equal([0f, 0, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9], layer.Backward(Tensor.Create([7f, 8, 9], [1, 3])).ToArray());
        Assert.Equal("max(0, 3, 6, 9) = 9", layer.Explain(x, 0, 0).Compute);
    }

    // Values and gradients of PyTorch's lp_pool1d(x, p, 2, 2, ceil_mode=True), the sum of its output going backward.
    [Theory]
    [InlineData(1, new[] { 0, -1, 8.0 }, new[] { 0, 0, 1, 1, 2.0 })]
    [InlineData(2, new[] { 1.4142135623730951, 3.605551275463989, 5.656854249492381 }, new[] { 0.7071067811865475, -0.7071067811865475, 0.5547001962252291, -0.8320502943378437, 1.414213562373095 })]
    [InlineData(3, new[] { 0, double.NaN, 5.039684199579492 }, new[] { 0, 0, double.NaN, double.NaN, 1.2599210498948725 })]
    public void Torch_takes_no_absolute_value_in_a_power_average(double p, double[] output, double[] gradient)
    {
        LPPool layer = Torch.LPPool(p, Torch.Window(2, ceilMode: true, rank: 1));
        Tensor<double> y = layer.Forward(Tensor.Create([1.0, -1, 2, -3, 4], [1, 1, 5]));
        Assert.Equal(output, y.ToArray(), Near);
        Assert.Equal(gradient, layer.Backward(Tensor.Create([1.0, 1, 1], [1, 1, 3])).ToArray(), Near);
        Assert.StartsWith("LPPool1d(norm_type=", layer.ToString());

        static bool Near(double a, double b) => a.Equals(b) || Math.Abs(a - b) < 1e-14;
    }

    [Fact]
    public void Torch_refuses_a_power_average_that_it_does_not_have()
    {
        Assert.Contains("padding is 1; PyTorch's LPPool takes none", Refused(() => Torch.LPPool(2, new(2) { Padding = 1 })));
        Assert.Contains("dilation is 2; PyTorch's LPPool takes none", Refused(() => Torch.LPPool(2, new(2) { Dilation = 2 })));
        Assert.Contains("norm is Infinity; PyTorch's LPPool takes one above 0 and finite", Refused(() => Torch.LPPool(double.PositiveInfinity, new(2))));
        Assert.Contains("window does not slide", Refused(() => Torch.LPPool(2, Window.Global)));
    }

    [Fact]
    public void Onnx_pads_begin_first_on_every_axis()
    {
        Assert.Equal(Padding.PerSide((0, 1), (2, 3)), Onnx.Pads(0, 1, 2, 3));
        Assert.Equal(Padding.PerSide(1, 2), Onnx.Pads(1, 2));
        Assert.Contains("pads has 3 numbers", Refused(() => Onnx.Pads(1, 2, 3)));
        Assert.Contains("padding is (0, -1)", Refused(() => Onnx.Pads(0, -1, 2, 3)));
    }

    [Fact]
    public void Onnx_auto_pad_is_a_word()
    {
        Assert.Equal(Padding.Same, Onnx.AutoPad("SAME_UPPER"));
        Assert.Equal(Padding.SameLower, Onnx.AutoPad("SAME_LOWER"));
        Assert.Equal(Padding.Valid, Onnx.AutoPad("VALID"));
        Assert.Equal(2, Onnx.AutoPad("NOTSET", 2).Before[0]);
        Assert.Contains("auto_pad is SAME; it must be NOTSET", Refused(() => Onnx.AutoPad("SAME")));
        Assert.Contains("auto_pad is VALID beside pads", Refused(() => Onnx.AutoPad("VALID", 1)));
    }

    [Fact]
    public void Onnx_counts_indices_over_the_whole_tensor()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 3 * 4).Select(i => (float)(i * 7 % 24))];
        Tensor<float> x = Tensor.Create(values, [1, 2, 3, 4]);
        Window window = Onnx.Window((2, 3));
        (Tensor<float> max, Tensor<long> plane) = Pool.MaxWithIndices(x, window);
        Tensor<long> whole = Onnx.WholeTensorIndices(plane, window, x.Lengths);
        Assert.Equal(max.ToArray(), whole.ToArray().Select(index => values[index]));
        Assert.Equal(plane.ToArray(), Onnx.PlaneIndices(whole, window, x.Lengths).ToArray());
        Assert.Contains("indices holds 5 for input 4; it must be inside its plane of the whole tensor, 12 to 23, or -1",
            Refused(() => Onnx.PlaneIndices(Tensor.Create([-1L, 0, 0, 0, 5, 12, 12, 12], [1, 2, 2, 2]), window, x.Lengths)));
        // Column by column: the cell at (h, w) of channel c is c * 12 + w * 3 + h.
        Assert.Equal(
            plane.ToArray().Select((index, i) => i / 4 * 12 + index % 4 * 3 + index / 4), Onnx.WholeTensorIndices(plane, window, x.Lengths, columnMajor: true).ToArray());
    }

    private static string Refused(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;

    [Fact]
    public void What_comes_to_nothing_is_not_refused()
    {
        Assert.Equal([1, 2, 2, 1], Keras.Window(2, padding: 0).OutputShape([1, 4, 4, 1]));
        Assert.Equal([1, 1, 2, 2], Torch.LPPool(3, Torch.Window((2, 2), padding: (0, 0), dilation: (1, 1))).OutputShape([1, 1, 4, 4]));
        Assert.Throws<ArgumentException>(() => Torch.LPPool(3, Torch.Window((2, 2), padding: (0, 1))));
    }
}
