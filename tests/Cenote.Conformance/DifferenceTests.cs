using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Cenote.Conformance;

/// <summary>Where Cenote and ONNX Runtime differ on purpose, each stated: a test fails here once either side changes.</summary>
public class DifferenceTests
{
    private static readonly Tensor<float> Line = Tensor.Create([1f, 2, 3, 4], [1, 1, 4]);

    [Fact]
    public void A_maximum_propagates_nan_where_the_runtime_drops_it()
    {
        float[] x = [1, float.NaN, 3, 1, 2, float.NaN];
        Assert.Equal([float.NaN, float.NaN], Pool.Max(Tensor.Create(x, [1, 1, 6]), new Window(3)).ToArray());
        Assert.Equal([3f, 2], Run("MaxPool", x, ("kernel_shape", new[] { 3 }), ("strides", new[] { 3 })));
        Assert.Equal([float.NaN], Pool.GlobalMax(Tensor.Create(x, [1, 1, 6])).ToArray());
        Assert.Equal([3f], Run("GlobalMaxPool", x));
    }

    [Fact]
    public void A_window_without_a_cell_is_minus_infinity_where_the_runtime_has_the_least_float()
    {
        Assert.Equal([float.NegativeInfinity], Pool.Max(Tensor.Create([7f], [1, 1, 1]), Onnx.Window(2, padding: 1, dilations: 2)).ToArray());
        Assert.Equal([float.MinValue], Run("MaxPool", [7], ("kernel_shape", new[] { 2 }), ("pads", new[] { 1, 1 }), ("dilations", new[] { 2 })));
    }

    // ONNX and Keras count the dilation into what same must pad; the runtime's output is then shorter than ceil(L / s).
    [Fact]
    public void Same_padding_covers_a_dilated_kernel_where_the_runtime_covers_the_kernel()
    {
        Assert.Equal([2f, 3, 4, 3], Pool.Max(Line, Onnx.Window(2, padding: Padding.Same, dilations: 2)).ToArray());
        Assert.Equal([3f, 4, 3], Run("MaxPool", [1, 2, 3, 4], ("kernel_shape", new[] { 2 }), ("auto_pad", "SAME_UPPER"), ("dilations", new[] { 2 })));
    }

    // TensorFlow's rule is max(0, …); the runtime crops for averages and fails for maxima.
    [Fact]
    public void Same_padding_is_never_negative_where_the_runtime_crops_or_fails()
    {
        (string, object)[] node = [("kernel_shape", new[] { 2 }), ("auto_pad", "SAME_UPPER"), ("strides", new[] { 4 })];
        Assert.Equal([1.5f], Pool.Avg(Line, Onnx.Window(2, 4, Padding.Same)).ToArray());
        Assert.Equal([2.5f], Run("AveragePool", [1, 2, 3, 4], node));
        Assert.Equal([2f], Pool.Max(Line, Onnx.Window(2, 4, Padding.Same)).ToArray());
        Assert.Contains("padding values must be non-negative", Assert.Throws<OnnxRuntimeException>(() => Run("MaxPool", [1, 2, 3, 4], node)).Message);
    }

    [Fact]
    public void Padding_may_reach_the_kernel_where_the_runtime_refuses_it()
    {
        Assert.Equal([float.NegativeInfinity, 1, 2, 3, 4, 4, float.NegativeInfinity], Pool.Max(Line, Onnx.Window(2, padding: 2)).ToArray());
        Assert.Throws<OnnxRuntimeException>(() => Run("MaxPool", [1, 2, 3, 4], ("kernel_shape", new[] { 2 }), ("pads", new[] { 2, 2 })));
    }

    [Fact]
    public void A_sum_of_powers_does_not_overflow_where_the_runtime_does()
    {
        Assert.Equal(2.828427e38f, Pool.Lp(Tensor.Create([2e38f, 2e38f], [1, 1, 2]), Onnx.Window(2)).ToArray()[0], 1e33f);
        Assert.Equal([float.PositiveInfinity], Run("LpPool", [2e38f, 2e38f], ("kernel_shape", new[] { 2 })));
    }

    [Fact]
    public void Unpooling_skips_minus_1_where_the_runtime_refuses_it()
    {
        Assert.Equal([0f, 1, 0, 0], Pool.MaxUnpool(Tensor.Create([1f, 2], [1, 1, 2]), Tensor.Create([1L, -1], [1, 1, 2]), new Window(2)).ToArray());
        Assert.Throws<OnnxRuntimeException>(() => Unpool([1, 1, 2], [1, -1]));
    }

    [Fact]
    public void Unpooling_stays_in_its_plane_where_the_runtime_writes_into_another()
    {
        Assert.Throws<ArgumentException>(() => Onnx.PlaneIndices(Tensor.Create([3L, 0], [1, 2, 1]), Onnx.Window(2, 2), [1, 2, 2]));
        Assert.Equal([2f, 0, 0, 1], Unpool([1, 2, 1], [3, 0]));
    }

    [Fact]
    public void Unpooling_takes_a_size_within_a_stride_where_the_runtime_takes_any()
    {
        Assert.Contains("outputSize is 9", Assert.Throws<ArgumentException>(() => new Window(2).UnpooledShape([1, 1, 2], 9)).Message);
        Assert.Equal([0f, 1, 0, 0, 0, 0, 0, 0, 2], Unpool([1, 1, 2], [1, 8], 1, 1, 9));
    }

    [Fact]
    public void Doubles_are_averaged_where_the_runtime_has_no_kernel_for_them()
    {
        Assert.Equal(1.5, Pool.Avg(Tensor.Create([1.0, 2], [1, 1, 2]), Onnx.Window(2))[0, 0, 0]);
        foreach (string op in new[] { "AveragePool", "LpPool" })
            Assert.Throws<OnnxRuntimeException>(() => new OnnxNode(op, ("kernel_shape", new[] { 2 })).Run(1, (new[] { 1.0, 2 }, [1, 1, 2])));
    }

    private static float[] Run(string op, float[] x, params (string, object)[] attributes) =>
        (float[])new OnnxNode(op, attributes).Run(1, (x, [1, 1, x.Length]))[0].Values;

    private static float[] Unpool(long[] shape, long[] indices, params long[] size)
    {
        OnnxNode node = new("MaxUnpool", ("kernel_shape", new[] { 2 }), ("strides", new[] { 2 }));
        (Array, long[])[] inputs = [(new[] { 1f, 2 }, shape), (indices, shape)];
        return (float[])node.Run(1, size.Length > 0 ? [.. inputs, (size, [size.Length])] : inputs)[0].Values;
    }
}
