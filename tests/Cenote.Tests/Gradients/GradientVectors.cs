using System.Buffers;
using System.Numerics.Tensors;

namespace Cenote.Tests.Gradients;

/// <summary>Small gradients by hand, and what is refused.</summary>
public class GradientVectors
{
    private static Tensor<float> Line(params float[] values) => Tensor.Create(values, [1, 1, values.Length]);

    [Fact]
    public void An_average_gives_back_the_gradient_over_its_divisor()
    {
        Assert.Equal([0.5f, 0.5f, 1, 1, 3], Pool.AvgBackward(Line(1, 2, 3), [1, 1, 5], new Window(2) { CeilMode = true }).ToArray());
        Assert.Equal([1f, 1, 2, 2, 0], Pool.SumBackward(Line(1, 2), [1, 1, 5], new Window(2)).ToArray());
    }

    [Fact]
    public void A_maximum_that_wins_twice_gets_both_gradients()
    {
        Window window = new(2) { Padding = 1, Dilation = 2, Stride = 1 };
        Tensor<float> x = Line(1, 9, 2, 8, 3, 7, 4, 6, 5);
        Tensor<long> indices = Pool.MaxWithIndices(x, window).Indices;
        Assert.Equal([0f, 101, 10, 10000, 1000, 1000000, 100000, 100000000, 10000000],
            Pool.MaxBackward(Line(1, 10, 100, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f), indices, x.Lengths, window).ToArray());
    }

    [Fact]
    public void A_window_without_a_cell_gives_nothing() =>
        Assert.Equal([0f], Pool.MaxBackward(Line(5), Tensor.Create([-1L], [1, 1, 1]), [1, 1, 1], new Window(2) { Padding = 1, Dilation = 2 }).ToArray());

    [Fact]
    public void A_norm_is_flat_at_zero_and_does_not_overflow()
    {
        Assert.Equal([0f, 0f], Pool.LpBackward(Line(1), Line(0, 0), new Window(2), p: 1).ToArray());
        Assert.Equal([0.6f, -0.8f], Pool.LpBackward(Line(1), Line(3, -4), new Window(2)).ToArray());
        Assert.Equal([0.6f, -0.8f], Pool.LpBackward(Line(1), Line(1.5e38f, -2e38f), new Window(2)).ToArray().Select(value => float.Round(value, 6)));
        Assert.Equal([(Half)0.5f, (Half)0, (Half)(-0.5f)], Pool.LpBackward(
            Tensor.Create([(Half)1], [1, 1, 1]), Tensor.Create([(Half)7, (Half)3, (Half)(-7)], [1, 1, 3]), new Window(3), double.PositiveInfinity).ToArray());
    }

    [Fact]
    public void Integers_truncate_toward_zero_and_saturate()
    {
        Assert.Equal([1, 1], Pool.AvgBackward(Tensor.Create([3], [1, 1, 1]), [1, 1, 2], new Window(2)).ToArray());
        Assert.Equal([(sbyte)127, (sbyte)127, (sbyte)127],
            Pool.SumBackward(Tensor.Create([(sbyte)100, (sbyte)100, (sbyte)100], [1, 1, 3]), [1, 1, 3], new Window(3) { Stride = 1, Padding = 1 }).ToArray());
    }

    [Fact]
    public void Whole_numbers_are_cut_when_all_have_been_added_up()
    {
        // Seven times a seventh, which added up in double is less than one, inside; at the ends windows of four to seven cells.
        Window window = new(7) { Stride = 1, Padding = 3 };
        int[] expected = [0, 0, 1, .. Enumerable.Repeat(1, 14), 1, 0, 0];
        Assert.Equal(expected, Pool.AvgBackward(Tensor.Create([.. Enumerable.Repeat(1, 20)], [1, 1, 20]), [1, 1, 20], window, countPadding: false).ToArray());
        Assert.Equal(expected.Select(cell => (byte)cell), Pool.AvgBackward(Tensor.Create([.. Enumerable.Repeat((byte)1, 20)], [1, 1, 20]), [1, 1, 20], window, countPadding: false).ToArray());
    }

    [Theory]
    [InlineData(63, 100)]
    [InlineData(4001, 5000)]
    public void Whole_numbers_that_too_many_divisors_divide_are_within_one(int kernel, int length)
    {
        int[] gradients = [.. Enumerable.Range(0, length).Select(i => i * 7919 % 2003 - 1000)];
        int[] actual = Pool.AvgBackward(Tensor.Create(gradients, [1, 1, length]), [1, 1, length], new Window(kernel) { Stride = 1, Padding = kernel / 2 }, countPadding: false).ToArray();
        int Least(int i) => Math.Max(0, i - kernel / 2);
        int Behind(int i) => Math.Min(length, i + kernel / 2 + 1);
        double[] shares = [.. gradients.Select((gradient, i) => gradient / (double)(Behind(i) - Least(i)))];
        for (int i = 0; i < length; i++) Assert.InRange(actual[i] - shares[Least(i)..Behind(i)].Sum(), -1.0001, 1.0001);
    }

    [Fact]
    public void Whole_numbers_of_64_bits_are_exact()
    {
        const long Large = (1L << 60) + 1;
        Tensor<long> g = Tensor.Create([Large, 2, Large], [1, 1, 3]);
        Window window = new(2) { Stride = 1 };
        Assert.Equal([Large, Large + 2, Large + 2, Large], Pool.SumBackward(g, [1, 1, 4], window).ToArray());
        Assert.Equal([0, Large + 2, 0, Large], Pool.MaxBackward(g, Tensor.Create([1L, 1, 3], [1, 1, 3]), [1, 1, 4], window).ToArray());
        Assert.Equal([Large / 2, (Large + 2) / 2, (Large + 2) / 2, Large / 2], Pool.AvgBackward(g, [1, 1, 4], window).ToArray());
    }

    [Fact]
    public void A_given_destination_may_have_gaps_and_may_not_overlap()
    {
        Tensor<float> x = Tensor.Create([.. GradientProperties.Distinct(2 * 3 * 6 * 5, 1).Select(value => (float)value)], [2, 3, 6, 5]);
        Tensor<float> boxes = Tensor.Create([0f, 1, 0, 4, 5, 1, 0, 1, 3, 3], [2, 5]), g = Of(2, 3, 2, 2), bins = Of(2, 3 * 5);
        Tensor<float> line = Tensor.Create([.. GradientProperties.Distinct(2 * 3 * 7, 2).Select(value => (float)value)], [2, 3, 7]), ofLine = Of(2, 6);
        Window window = new((3, 3)) { Stride = 3 };
        Tensor<float> given = Of([.. window.OutputShape(x.Lengths)]);
        Tensor<long> winners = Pool.RoiPoolWithIndices(x, boxes, 2).Indices;
        Check(Pool.GeMBackward(given, x, window), into => Pool.GeMBackward<float>(given, x, window, into));
        Check(Pool.SoftBackward(given, x, window), into => Pool.SoftBackward<float>(given, x, window, into));
        Check(Pool.MixedBackward(given, x, window), into => Pool.MixedBackward<float>(given, x, window, into));
        Check(Pool.StochasticMeanBackward(given, x, window), into => Pool.StochasticMeanBackward<float>(given, x, window, into));
        Check(Pool.RoiPoolBackward(g, winners, boxes, x.Lengths), into => Pool.RoiPoolBackward<float, float>(g, winners, boxes, into));
        Check(Pool.RoiAlignBackward(g, x, boxes), into => Pool.RoiAlignBackward<float, float>(g, x, boxes, into));
        Check(Pool.SpatialPyramidBackward(bins, x, [1, 2]), into => Pool.SpatialPyramidBackward<float>(bins, x, [1, 2], into));
        Check(Pool.StatisticsBackward(ofLine, line, [7, 2]), into => Pool.StatisticsBackward<float>(ofLine, line, into, [7, 2]));
        Assert.Contains("into overlaps input", Refused(() => Pool.RoiAlignBackward<float, float>(g, x, boxes, x)));

        static Tensor<float> Of(params nint[] shape) =>
            Tensor.Create([.. GradientProperties.Distinct((int)shape.Aggregate((nint)1, (a, b) => a * b), 3).Select(value => (float)value)], shape);

        static void Check(Tensor<float> expected, Action<Tensor<float>> run)
        {
            // The last axis of a wider tensor, of which every other cell is left alone.
            nint[] shape = expected.Lengths.ToArray();
            Tensor<float> wide = Tensor.CreateFromShape<float>([.. shape[..^1], shape[^1] + 2]);
            run(wide.Slice([.. shape[..^1].Select(length => new NRange(0, length)), new NRange(1, shape[^1] + 1)]));
            Assert.Equal(expected.ToArray(), wide.Slice([.. shape[..^1].Select(length => new NRange(0, length)), new NRange(1, shape[^1] + 1)]).ToArray());
            Assert.Equal(0, wide.ToArray()[^1]);
        }
    }

    [Fact]
    public void Strided_tensors_are_read_and_written_right()
    {
        Tensor<float> turned = Tensor.PermuteDimensions(Tensor.Create([1f, 2, 3, 4], [2, 2]), [1, 0]), wide = Tensor.Create(new float[24], [4, 6]);
        Pool.AvgBackward<float>(turned, new Window((2, 2)), wide.AsTensorSpan().Slice([0..4, 1..5]), divisor: 1);
        Assert.Equal([0f, 1, 1, 3, 3, 0], wide.ToArray()[6..12]);
        Assert.Equal([0f, 2, 2, 4, 4, 0], wide.ToArray()[18..]);
    }

    [Fact]
    public void An_empty_batch_has_an_empty_gradient() =>
        Assert.Equal([0, 3, 4, 4], Pool.AvgBackward(Tensor.Create(Array.Empty<float>(), [0, 3, 2, 2]), [0, 3, 4, 4], new Window(2)).Lengths);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Contains("gradOutput has shape (1, 1, 3); it must be (1, 1, 2)", Refused(() => Pool.AvgBackward(Line(1, 2, 3), [1, 1, 5], new Window(2))));
        Assert.Contains("indices has shape (2,); it must be (1, 1, 2)",
            Refused(() => Pool.MaxBackward(Line(1, 2), Tensor.Create([1L, 2], [2]), [1, 1, 4], new Window(2))));
        Assert.Contains("indices holds 4 for output 1; it must be a cell of that window in the plane of 4 cells, or -1", Indexed(0, 4));
        Assert.Contains("indices holds 1 for output 1", Indexed(0, 1));
        Assert.Contains("indices holds -2 for output 0", Indexed(-2, 2));
        Assert.Contains("divisor is 0", Refused(() => Pool.AvgBackward(Line(1, 2), [1, 1, 4], new Window(2), divisor: 0)));
        float[] shared = new float[6];
        Assert.Contains("into overlaps gradOutput", Refused(() => Pool.AvgBackward(
            new ReadOnlyTensorSpan<float>(shared.AsSpan(0, 2), [1, 1, 2]), new Window(2), new TensorSpan<float>(shared.AsSpan(1, 4), [1, 1, 4]))));

        static string Indexed(params long[] indices) =>
            Refused(() => Pool.MaxBackward(Line(1, 2), Tensor.Create(indices, [1, 1, 2]), [1, 1, 4], new Window(2)));
    }

    [Fact]
    public void Long_gradients_of_windows_that_differ_are_exact()
    {
        Window five = new(5) { Stride = 1, Padding = 2 }, two = new(2) { Stride = 1, Padding = Padding.PerSide(1, 0) };
        int[] gradients = [2, 39, 35, 1, 1];
        Assert.Equal(
            Pool.AvgBackward(Tensor.Create(gradients, [1, 5]), [1, 5], five, countPadding: false).ToArray().Select(cell => (long)cell),
            Pool.AvgBackward(Tensor.Create([.. gradients.Select(cell => (long)cell)], [1, 5]), [1, 5], five, countPadding: false).ToArray());
        Assert.Equal((1L << 60) + 1, Pool.AvgBackward(Tensor.Create([(1L << 60) + 1, 0L], [1, 2]), [1, 2], two, countPadding: false).ToArray()[0]);
        Assert.Equal(ulong.MaxValue, Pool.AvgBackward(Tensor.Create([ulong.MaxValue, 0UL], [1, 2]), [1, 2], two, countPadding: false).ToArray()[0]);
    }

    [Fact]
    public void Destinations_are_memory_of_their_own()
    {
        long[] room = new long[64];
        float[] cells = new float[64];
        Assert.Contains("into overlaps the input", Refused(() => Pool.SpatialPyramid<float>(Floats(0, 1, 1, 4, 4), [1, 2], FloatsInto(0, 1, 5))));
        Assert.Contains("into overlaps indices", Refused(() => Pool.MaxUnpool<long>(Longs(32, 1, 1, 4), Longs(0, 1, 1, 4), new Window(2), LongsInto(0, 1, 1, 8))));
        Assert.Contains("into overlaps indices", Refused(() => Pool.MaxBackward<long>(Longs(32, 1, 1, 4), Longs(0, 1, 1, 4), new Window(2), LongsInto(2, 1, 1, 8))));
        Assert.Contains("indices overlaps values", Refused(() => Pool.MaxWithIndices<long>(Longs(32, 1, 1, 8), new Window(2), LongsInto(0, 1, 1, 4), LongsInto(3, 1, 1, 4))));
        Assert.Contains("indices overlaps values", Refused(() => Pool.MedianWithIndices<long>(Longs(32, 1, 1, 8), new Window(2), LongsInto(0, 1, 1, 4), LongsInto(0, 1, 1, 4))));
        FractionalWindow three = new(2, outputSize: 3);
        Assert.Contains("indices overlaps the input", Refused(() => Pool.FractionalMaxWithIndices<long>(
            Longs(0, 1, 1, 8), three, three.Samples([1, 1, 8], 1), LongsInto(32, 1, 1, 3), LongsInto(2, 1, 1, 3))));

        ReadOnlyTensorSpan<float> Floats(int start, params ReadOnlySpan<nint> shape) => new(cells.AsSpan(start, Count(shape)), shape);
        TensorSpan<float> FloatsInto(int start, params ReadOnlySpan<nint> shape) => new(cells.AsSpan(start, Count(shape)), shape);
        ReadOnlyTensorSpan<long> Longs(int start, params ReadOnlySpan<nint> shape) => new(room.AsSpan(start, Count(shape)), shape);
        TensorSpan<long> LongsInto(int start, params ReadOnlySpan<nint> shape) => new(room.AsSpan(start, Count(shape)), shape);
        static int Count(ReadOnlySpan<nint> shape)
        {
            nint count = 1;
            foreach (nint length in shape) count *= length;
            return (int)count;
        }
    }

    [Fact]
    public void Shapes_that_no_tensor_has_are_refused_in_a_sentence()
    {
        Assert.Contains("no axis can be -2 long", Refused(() => Pool.AvgBackward(Line(1), [1, -2], new Window(1))));
        Assert.Contains("fit a new tensor", Refused(() => Pool.AvgBackward(Line(1), [nint.MaxValue / 2, nint.MaxValue / 2, nint.MaxValue / 2], new Window(1))));
        Assert.Contains("more bins than fit", Refused(() => Pool.SpatialPyramid(Tensor.Create(new float[4], [1, 1, 2, 2]), [int.MaxValue, int.MaxValue, int.MaxValue])));
        Assert.Contains("twice its channels", Refused(() => new StatisticsPooling().OutputShape([1, nint.MaxValue, 2])));
        Assert.Contains("fit a new tensor", Refused(() => new FractionalWindow(2, outputSize: 3).Samples([1 << 20, 1 << 20, 6, 6], 1)));
        Assert.DoesNotContain("\n", Refused(() => _ = ((Sizes)(1, 2))[2]));
        Assert.Contains("mode is 9", Refused(() => Pool.RoiAlign(Tensor.Create(new float[4], [1, 1, 2, 2]), Tensor.Create(new float[5], [1, 5]), 1, mode: (RoiAlignMode)9)));
    }

    [Fact]
    public void A_layer_goes_backward_after_it_went_forward()
    {
        MaxPool2d pool = new(2);
        Assert.Equal(
            "MaxPool2d has seen no input since its last Backward; each Backward must follow a Forward of its own",
            Assert.Throws<InvalidOperationException>(() => pool.Backward(Tensor.Create(new float[1], [1, 1, 1]))).Message);
        pool.ForwardWithIndices(Tensor.Create([1f, 4, 2, 3], [1, 2, 2]));
        Assert.Equal([0f, 5, 0, 0], pool.Backward(Tensor.Create([5f], [1, 1, 1])).ToArray());
        Assert.Throws<InvalidOperationException>(() => pool.Backward(Tensor.Create([5f], [1, 1, 1])));
        pool.Forward(Tensor.Create([1f, 4, 2, 3], [1, 2, 2]));
        Assert.Contains("gradOutput has shape (1, 2, 2); it must be (1, 1, 1)", Refused(() => pool.Backward(Tensor.Create(new float[4], [1, 2, 2]))));
        Assert.Contains("gradOutput holds Double; it must hold Single", Refused(() => pool.Backward(Tensor.Create(new double[1], [1, 1, 1]))));
        // What was refused is not lost.
        Assert.Equal([0f, 5, 0, 0], pool.Backward(Tensor.Create([5f], [1, 1, 1])).ToArray());
        Assert.Equal("Same has no gradient", Assert.Throws<NotSupportedException>(() => new Same().Backward(Line(1))).Message);
    }

    private static string Refused(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private sealed class Same : Layer
    {
        public override nint[] OutputShape(ReadOnlySpan<nint> inputShape) => inputShape.ToArray();

        public override Tensor<T> Forward<T>(Tensor<T> input) => input;
    }
}
