using System.Numerics.Tensors;
using CsCheck;

namespace Cenote.Tests;

public class UnpoolTests
{
    private static readonly Tensor<float> Input = Tensor.Create([1f, 2, 3, 4], [1, 1, 2, 2]);

    [Fact]
    public void The_last_of_equal_indices_wins()
    {
        Tensor<long> indices = Tensor.Create([5L, 5, 5, 3], [1, 1, 2, 2]);
        MaxUnpool2d unpool = new(2);
        Assert.Equal([0f, 0, 0, 4, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], unpool.Forward(Input, indices).ToArray());
        float[] g = [.. Enumerable.Range(0, 16).Select(i => (float)i)];
        Assert.Equal([0f, 0, 5, 3], unpool.Backward(Tensor.Create(g, [1, 1, 4, 4])).ToArray());
    }

    [Fact]
    public void Minus_1_is_skipped()
    {
        Tensor<long> indices = Tensor.Create([-1L, 1], [1, 1, 2]);
        Assert.Equal([0f, 2, 0, 0], Pool.MaxUnpool(Tensor.Create([1f, 2], [1, 1, 2]), indices, new Window(2)).ToArray());
        Assert.Equal([0f, 8], Pool.MaxUnpoolBackward(Tensor.Create([7f, 8, 9, 9], [1, 1, 4]), indices, new Window(2)).ToArray());
    }

    [Theory]
    [InlineData(5, 5, null)]
    [InlineData(3, 3, null)]
    [InlineData(5, 3, null)]
    [InlineData(6, 4, "outputSize is 6 on axis 2; it must be more than 2 and less than 6")]
    [InlineData(4, 2, "outputSize is 2 on axis 3; it must be more than 2 and less than 6")]
    [InlineData(0, 4, "outputSize is (0, 4); it must be at least 1 on every axis")]
    public void A_size_is_less_than_a_stride_from_the_default(int height, int width, string? message)
    {
        if (message is null) Assert.Equal([1, 1, height, width], new MaxUnpool2d(2).OutputShape([1, 1, 2, 2], (height, width)));
        else Assert.Contains(message, Refused(() => new MaxUnpool2d(2).OutputShape([1, 1, 2, 2], (height, width))));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Contains(
            "indices holds 23 for input 1; it must be inside the output plane of 16 cells, 0 to 15, or -1", Refused(() => Unpool(0, 23, 2, 3)));
        Assert.Contains("indices holds -2 for input 3", Refused(() => Unpool(0, 1, 2, -2)));
        Assert.Contains("indices has shape (4,); it must be (1, 1, 2, 2)", Refused(() => Pool.MaxUnpool(Input, Tensor.Create([0L, 1, 2, 3], [4]), new Window(2))));
        Assert.Contains("window is adaptive; unpooling needs a kernel", Refused(() => Window.Adaptive(2).UnpooledShape([1, 1, 2])));
        Assert.Contains("window is padded by the rule same", Refused(() => new Window(2) { Padding = Padding.Same }.UnpooledShape([1, 1, 2])));
        Assert.Contains("unpools to 0; it must be at least 1", Refused(() => new Window(2) { Padding = 1 }.UnpooledShape([1, 1, 1])));
        Assert.Contains("does not fit 64 bits", Refused(() => new Window(2).UnpooledShape([1, 1, nint.MaxValue])));
        Assert.Contains("input of MaxUnpool2d has shape (2, 2)", Refused(() => new MaxUnpool2d(2).OutputShape([2, 2])));
        Assert.Contains("gradOutput has shape (1, 1, 4); it must be (1, 1, 4, 4)",
            Refused(() => Pool.MaxUnpoolBackward(Tensor.Create(new float[4], [1, 1, 4]), Tensor.Create(new long[4], [1, 1, 2, 2]), new Window(2))));
        Assert.Contains("each Backward must follow a Forward of its own", Assert.Throws<InvalidOperationException>(() => new MaxUnpool1d(2).Backward(Input)).Message);

        static Tensor<float> Unpool(params long[] indices) => Pool.MaxUnpool(Input, Tensor.Create(indices, [1, 1, 2, 2]), new Window(2));
    }

    [Fact]
    public void Cells_go_where_their_indices_say() => (
        from height in Gen.Int[1, 9]
        from width in Gen.Int[1, 40]
        from kernel in Gen.Int[1, 3]
        from stride in Gen.Int[1, 4]
        from more in Gen.Int[0, 3]
        from last in Gen.Bool
        from strays in Gen.Int[0, 2]
        from seed in Gen.Int
        where more < stride
        select (height, width, kernel, stride, more, last, strays, seed)).Sample(c =>
    {
        Check(random => (byte)random.Next(256));
        Check(random => (short)random.Next());
        Check(random => random.NextSingle());
        Check(random => random.NextDouble());
        Check(random => new Guid(random.Next(), 0, 0, new byte[8]));

        void Check<T>(Func<Random, T> cell)
            where T : unmanaged
        {
            Random random = new(c.seed);
            Window window = new((c.kernel, c.kernel)) { Stride = c.stride, Layout = c.last ? Layout.ChannelsLast : Layout.ChannelsFirst };
            nint[] pooled = c.last ? [2, c.height, c.width, 3] : [2, 3, c.height, c.width];
            int h = (c.height - 1) * c.stride + c.kernel, w = (c.width - 1) * c.stride + c.kernel + c.more, plane = c.height * c.width;
            T[] cells = [.. Enumerable.Range(0, 6 * plane).Select(_ => cell(random))], expected = new T[6 * h * w];
            long[] indices = new long[cells.Length];
            for (int i = 0; i < cells.Length; i++)
            {
                // Of its own window, or of none at all.
                int place = c.last ? i / 3 % plane : i % plane;
                indices[i] = (place / c.width * c.stride + random.Next(c.kernel)) * w + place % c.width * c.stride + random.Next(c.kernel);
                if (c.strays == 1 && random.Next(20) == 0) indices[i] = -1;
                if (c.strays == 2 && random.Next(20) == 0) indices[i] = random.Next(h * w);
                if (indices[i] >= 0) expected[c.last ? (i / 3 / plane * h * w + indices[i]) * 3 + i % 3 : i / plane * h * w + indices[i]] = cells[i];
            }
            Assert.Equal(expected, Pool.MaxUnpool(Tensor.Create(cells, pooled), Tensor.Create(indices, pooled), window, (h, w)).ToArray());
        }
    }, iter: 300);

    [Fact]
    public void Layers_print_as_in_torch()
    {
        Assert.Equal("MaxUnpool1d(kernel_size=(2,), stride=(3,), padding=(0,))", new MaxUnpool1d(2, stride: 3).ToString());
        Assert.Equal("MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))", new MaxUnpool2d(2).ToString());
        Assert.Equal("MaxUnpool3d(kernel_size=(1, 2, 3), stride=(1, 2, 3), padding=(1, 1, 1))", new MaxUnpool3d((1, 2, 3), padding: 1).ToString());
    }

    [Fact]
    public void A_pooling_unpools_to_its_winners() => PoolProperties.GenProblem.Sample(c =>
    {
        (nint[] shape, Window window) = PoolProperties.Asked(c);
        Random random = new(c.Seed);
        Tensor<float> x = Tensor.Create([.. Enumerable.Range(0, (int)shape.Aggregate((nint)1, (a, b) => a * b)).Select(_ => random.NextSingle() + 1)], shape);
        (Tensor<float> values, Tensor<long> indices) = Pool.MaxWithIndices(x, window);
        Tensor<float> unpooled;
        try
        {
            unpooled = Pool.MaxUnpool(values, indices, window, Sizes.Of([.. c.Lengths.Select(length => (int?)length)]));
        }
        catch (ArgumentException exception) when (exception.Message.Contains("outputSize is", StringComparison.Ordinal))
        {
            // A ceil mode that drops its last window leaves more than a stride over.
            Assert.True(c.Ceil);
            return;
        }
        // Every winner and nothing else, as a gradient of ones finds them.
        float[] won = Pool.MaxBackward(Tensor.Create([.. values.ToArray().Select(_ => 1f)], values.Lengths), indices, shape, window).ToArray();
        Assert.Equal(x.ToArray().Zip(won, (value, wins) => wins > 0 ? value : 0), unpooled.ToArray());
        // Of several windows that one cell won, one alone gets its place's gradient.
        float[] back = Pool.MaxUnpoolBackward(unpooled, indices, window).ToArray();
        Assert.Equal(back.Sum(), unpooled.ToArray().Sum(), 1e-3f);
        Assert.All(back.Zip(values.ToArray()), pair => Assert.True(pair.First == 0 || pair.First == pair.Second));
    }, iter: 1000);

    private static string Refused(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
}
