using System.Numerics.Tensors;

namespace Cenote.Tests;

/// <summary>Small cases by hand: what the semantics say, vector by vector.</summary>
public class PoolVectors
{
    private static float[] Flat(Tensor<float> tensor) => tensor.ToArray();

    private static Tensor<float> Line(params float[] values) => Tensor.Create(values, [1, 1, values.Length]);


    [Fact]
    public void Average_in_ceil_mode_never_counts_what_hangs_over() =>
        Assert.Equal([1.5f, 3.5f, 5f], Flat(Pool.Avg(Line(1, 2, 3, 4, 5), new Window(2) { CeilMode = true })));

    [Fact]
    public void Average_counts_padding_on_both_sides() =>
        Assert.Equal([0f, 1.5f, 3.5f, 2.5f, 0f], Flat(Pool.Avg(Line(1, 2, 3, 4, 5), new Window(2) { Padding = Padding.PerSide(2, 3) })));

    [Fact]
    public void Average_without_padding_in_ceil_mode() =>
        Assert.Equal([2f, 4f, 5.5f], Flat(Pool.Avg(Line(1, 2, 3, 4, 5, 6), new Window(3) { Stride = 2, CeilMode = true }, countPadding: false)));

    [Fact]
    public void Average_of_a_padded_plane_in_ceil_mode()
    {
        Tensor<float> x = Tensor.Create(Enumerable.Range(1, 16).Select(i => (float)i).ToArray(), [1, 1, 4, 4]);
        float[] y = Flat(Pool.Avg2d(x, 3, stride: 2, padding: 1, ceilMode: true));
        Assert.Equal([14 / 9f, 30 / 9f, 2f, 57 / 9f, 11f, 6f, 4.5f, 7.5f, 4f], y);
    }

    [Fact]
    public void Max_with_dilation_and_padding()
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.MaxWithIndices(Line(1, 9, 2, 8, 3, 7, 4, 6, 5), new Window(2) { Padding = 1, Dilation = 2, Stride = 1 });
        Assert.Equal([9f, 2, 9, 3, 8, 4, 7, 5, 6], Flat(values));
        Assert.Equal([1L, 2, 1, 4, 3, 6, 5, 8, 7], indices.ToArray());
    }

    [Fact]
    public void A_window_without_a_cell_is_minus_infinity_at_minus_1()
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.MaxWithIndices(Line(1), new Window(2) { Padding = 1, Dilation = 2 });
        Assert.Equal([float.NegativeInfinity], Flat(values));
        Assert.Equal([-1L], indices.ToArray());
        Assert.Equal([float.PositiveInfinity], Flat(Pool.Min(Line(1), new Window(2) { Padding = 1, Dilation = 2 })));
        Assert.Equal([0f], Flat(Pool.Avg(Line(1), new Window(2) { Padding = 1, Dilation = 2 }, countPadding: false)));
        Assert.Equal([sbyte.MinValue], Pool.Max(Tensor.Create(new sbyte[] { 1 }, [1, 1, 1]), new Window(2) { Padding = 1, Dilation = 2 }).ToArray());
    }

    [Fact]
    public void Max_propagates_nan_and_selects_the_last_one()
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.MaxWithIndices(Line(1, float.NaN, 3, float.NaN, 5, 6), new Window(5) { Stride = 1 });
        Assert.Equal([float.NaN, float.NaN], Flat(values));
        Assert.Equal([3L, 3], indices.ToArray());
        Assert.Equal([float.NaN, float.NaN], Flat(Pool.Max(Line(1, float.NaN, 3, float.NaN, 5, 6), new Window(5) { Stride = 1 })));
        Assert.Equal([float.NaN], Flat(Pool.Min(Line(1, float.NaN), new Window(2))));
    }

    [Fact]
    public void The_first_of_equal_maxima_wins_even_at_minus_infinity()
    {
        Assert.Equal([1L], Pool.MaxWithIndices(Line(1, 7, 7, 7), new Window(4)).Indices.ToArray());
        Assert.Equal([0L], Pool.MaxWithIndices(Line(float.NegativeInfinity, float.NegativeInfinity), new Window(2)).Indices.ToArray());
        Assert.Equal([2L], Pool.MinWithIndices(Line(4, 7, 3, 3), new Window(4)).Indices.ToArray());
    }

    [Fact]
    public void Indices_are_of_the_plane_whatever_the_layout()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 3 * 4 * 2).Select(i => (float)i)];
        (_, Tensor<long> indices) = Pool.MaxWithIndices(Tensor.Create(values, [2, 3, 4, 2]), new Window((3, 2)) { Layout = Layout.ChannelsLast });
        Assert.Equal([9L, 9, 11, 11, 9, 9, 11, 11], indices.ToArray());
    }

    [Fact]
    public void Integers_truncate_toward_zero_and_add_up_without_overflow()
    {
        Assert.Equal([-1, 1], Pool.Avg(Tensor.Create(new[] { -1, -2, 1, 2 }, [1, 1, 4]), new Window(2)).ToArray());
        Assert.Equal([(byte)255], Pool.Avg(Tensor.Create(Enumerable.Repeat((byte)255, 1000).ToArray(), [1, 1, 1000]), Window.Global).ToArray());
        Assert.Equal([(byte)255], Pool.Sum(Tensor.Create(new byte[] { 200, 100 }, [1, 1, 2]), Window.Global).ToArray());
    }

    [Fact]
    public void Half_adds_up_in_float()
    {
        Tensor<Half> x = Tensor.Create(Enumerable.Repeat((Half)60000, 64).ToArray(), [1, 1, 8, 8]);
        Assert.Equal([(Half)60000], Pool.GlobalAvg(x).ToArray());
        Assert.Equal([(Half)60000], Pool.Avg2d(Tensor.Create(Enumerable.Repeat((Half)60000, 4).ToArray(), [1, 2, 2]), 2).ToArray());
    }

    [Fact]
    public void A_global_mean_of_a_million_floats_is_right()
    {
        float[] values = new float[1 << 20];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        for (int i = 0; i < values.Length; i++) values[i] = 1000 + (BitConverter.SingleToInt32Bits(values[i]) & 0xffff) / 65536f;
        Assert.Equal((float)values.Average(v => (double)v), Flat(Pool.GlobalAvg(Tensor.Create(values, [1, 1, 1024, 1024])))[0]);
    }

    [Fact]
    public void A_small_average_is_added_row_by_row_left_to_right()
    {
        float[] v = [1e8f, 1, -1e8f, 1];
        Assert.Equal((((v[0] + v[1]) + v[2]) + v[3]) / 4, Flat(Pool.Avg2d(Tensor.Create(v, [1, 2, 2]), 2))[0]);
        Assert.NotEqual(((v[0] + v[2]) + (v[1] + v[3])) / 4, Flat(Pool.Avg2d(Tensor.Create(v, [1, 2, 2]), 2))[0]);
    }

    [Fact]
    public void A_divisor_replaces_the_count() =>
        Assert.Equal([3f / -2, 7f / -2], Flat(Pool.Avg(Line(1, 2, 3, 4), new Window(2), divisor: -2)));

    [Fact]
    public void Norms()
    {
        Assert.Equal([5f], Flat(Pool.Lp(Line(3, -4), new Window(2))));
        Assert.Equal([7f], Flat(Pool.Lp(Line(3, -4), new Window(2), p: 1)));
        Assert.Equal([4f], Flat(Pool.Lp(Line(3, -4), new Window(2), p: double.PositiveInfinity)));
        Assert.Equal([0f], Flat(Pool.Lp(Line(0, 0), new Window(2))));
        Assert.Equal([float.NaN], Flat(Pool.Lp(Line(float.NaN, 1), new Window(2))));
        Assert.Equal([float.PositiveInfinity], Flat(Pool.Lp(Line(float.NegativeInfinity, float.PositiveInfinity, 1), new Window(3))));
        Assert.Equal(Math.Sqrt(2) * 1e300, Pool.Lp(Tensor.Create(new[] { 1e300, -1e300 }, [1, 1, 2]), new Window(2)).ToArray()[0], 1e285);
        Assert.Equal(5e-310, Pool.Lp(Tensor.Create(new[] { 3e-310, 4e-310 }, [1, 1, 2]), new Window(2)).ToArray()[0], 1e-320);
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Lp(Line(1, 2), new Window(2), p: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Lp(Line(1, 2), new Window(2), p: double.NaN));
    }

    [Fact]
    public void A_reducer_of_your_own()
    {
        Assert.Equal([5f], Flat(Pool.Reduce(Line(3, -4), new Window(2), new Norm<float>(p: 2))));
        Assert.Equal([2f, 12f], Flat(Pool.Reduce(Line(1, 2, 3, 4), new Window(2), new Product())));
    }

    [Fact]
    public void Global_with_and_without_its_axes()
    {
        Tensor<float> x = Tensor.Create(Enumerable.Range(0, 24).Select(i => (float)i).ToArray(), [2, 3, 2, 2]);
        Assert.Equal([2, 3, 1, 1], Pool.GlobalMax(x).Lengths);
        Assert.Equal([2, 3], Pool.GlobalMax(x, keepDims: false).Lengths);
        Assert.Equal([3f, 7, 11, 15, 19, 23], Flat(Pool.GlobalMax(x, keepDims: false)));
        Assert.Equal([2, 2], Pool.GlobalAvg(x, keepDims: false, layout: Layout.ChannelsLast).Lengths);
        Assert.Equal([5f, 6, 17, 18], Flat(Pool.GlobalAvg(x, keepDims: false, layout: Layout.ChannelsLast)));
        Assert.Equal([1], Pool.GlobalMax(Tensor.Create(new float[4], [2, 2]), rank: 2, keepDims: false).Lengths);
    }

    [Fact]
    public void Adaptive_windows()
    {
        Assert.Equal([2f, 4f, 5f], Flat(Pool.Max(Line(1, 2, 3, 4, 5), Window.Adaptive(3))).AsSpan().ToArray());
        Assert.Equal([1.5f, 3f, 4.5f], Flat(Pool.Avg(Line(1, 2, 3, 4, 5), Window.Adaptive(3))));
        Assert.Equal([1f, 1.5f, 2f], Flat(Pool.Avg(Line(1, 2), Window.Adaptive(3))));
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_result()
    {
        Assert.Equal([0, 3, 2, 2], Pool.Max(Tensor.Create(Array.Empty<float>(), [0, 3, 4, 4]), new Window(2)).Lengths);
        Assert.Equal([0, 3, 2, 2], Pool.Avg(Tensor.Create(Array.Empty<float>(), [0, 3, 4, 4]), new Window(2)).Lengths);
        Assert.Equal([0, 3, 2, 2], Pool.MaxWithIndices(Tensor.Create(Array.Empty<float>(), [0, 3, 4, 4]), new Window(2)).Indices.Lengths);
    }

    [Fact]
    public void Strided_tensors_are_read_and_written_right()
    {
        Tensor<float> plane = Tensor.Create(Enumerable.Range(0, 16).Select(i => (float)i).ToArray(), [4, 4]);
        Tensor<float> turned = Tensor.PermuteDimensions(plane, [1, 0]);
        Assert.Equal([5f, 13, 7, 15], Flat(Pool.Max(turned, new Window((2, 2)))));
        Tensor<float> wide = Tensor.Create(new float[8], [2, 4]);
        TensorSpan<float> into = wide.AsTensorSpan().Slice([0..2, 1..3]);
        Pool.Max<float>(plane, new Window((2, 2)), into);
        Assert.Equal([0f, 5, 7, 0, 0, 13, 15, 0], Flat(wide));
    }

    private readonly struct Product : IReducer<Product, float, float>
    {
        public float Identity => 1;

        public bool CountsPadding => false;

        public float Lift(float value) => value;

        public float Combine(float left, float right) => left * right;

        public float Finish(float accumulator, long count) => accumulator;
    }
}
