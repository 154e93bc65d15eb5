using System.Numerics.Tensors;

namespace Cenote.Tests.Layers;

public class LayerTests
{
    [Theory]
    [MemberData(nameof(Printed))]
    public void Layers_print_as_in_torch(Layer layer, string expected) => Assert.Equal(expected, layer.ToString());

    public static IEnumerable<TheoryDataRow<Layer, string>> Printed() =>
    [
        new(new MaxPool1d(2), "MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"),
        new(new MaxPool2d((3, 2), stride: (2, 1), padding: 1), "MaxPool2d(kernel_size=(3, 2), stride=(2, 1), padding=1, dilation=1, ceil_mode=False)"),
        new(new MaxPool3d(2, ceilMode: true), "MaxPool3d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=True)"),
        new(new AvgPool1d(3), "AvgPool1d(kernel_size=(3,), stride=(3,), padding=(0,))"),
        new(new AvgPool2d(2), "AvgPool2d(kernel_size=2, stride=2, padding=0)"),
        new(new AvgPool3d((1, 2, 3), 2), "AvgPool3d(kernel_size=(1, 2, 3), stride=2, padding=0)"),
        new(new AvgPool2d(2, ceilMode: true, countIncludePad: false), "AvgPool2d(kernel_size=2, stride=2, padding=0)"),
        new(
            new AvgPool(new(2) { Dilation = 2, CeilMode = true }, countPadding: false, divisor: 3),
            "AvgPool(kernel_size=2, stride=2, padding=0, dilation=2, ceil_mode=True, count_include_pad=False, divisor_override=3)"),
        new(new AvgPool(Window.Adaptive(7)), "AdaptiveAvgPool(output_size=7)"),
        new(new AvgPool(Window.Global), "GlobalAvgPool()"),
        new(new LPPool1d(2, 3), "LPPool1d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)"),
        new(new LPPool2d(2.5, (3, 2), stride: 1), "LPPool2d(norm_type=2.5, kernel_size=(3, 2), stride=1, ceil_mode=False)"),
        new(new AdaptiveAvgPool2d((7, null)), "AdaptiveAvgPool2d(output_size=(7, None))"),
        new(new AdaptiveMaxPool1d(5), "AdaptiveMaxPool1d(output_size=5)"),
        new(new AdaptiveAvgPool3d(7), "AdaptiveAvgPool3d(output_size=7)"),
        new(
            new Sequential(new MaxPool2d(2), new AvgPool2d(2)),
            "Sequential(\n  (0): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)\n  (1): AvgPool2d(kernel_size=2, stride=2, padding=0)\n)"),
    ];

    [Fact]
    public void What_is_null_is_named()
    {
        Tensor<float> x = Tensor.Create(new float[4], [1, 1, 2, 2]);
        Assert.Equal("input", Assert.Throws<ArgumentNullException>(() => Pool.Max<float>(null!, new Window(2))).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => Pool.Max(x, null!)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => Pool.Avg<float>(x, null!, x)).ParamName);
        Assert.Equal("indices", Assert.Throws<ArgumentNullException>(() => Pool.MaxUnpool(x, null!, new Window(2))).ParamName);
        Assert.Equal("boxes", Assert.Throws<ArgumentNullException>(() => Pool.RoiAlign<float, float>(x, null!, 2)).ParamName);
        Assert.Equal("reducer", Assert.Throws<ArgumentNullException>(() => Pool.Reduce<Mean<float, float>, float, float>(x, new Window(2), null!)).ParamName);
        Assert.Equal("input", Assert.Throws<ArgumentNullException>(() => new MaxPool2d(2).Forward<float>(null!)).ParamName);
        Assert.Equal("layers", Assert.Throws<ArgumentException>(() => new Sequential(new MaxPool2d(2), null!)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => new MaxPool(null!)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => new BlurPool(null!)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => new FractionalMaxPool(null!)).ParamName);
        Assert.Equal("input", Assert.Throws<ArgumentNullException>(() => new MaxPool2d(2).ForwardWithIndices<float>(null!)).ParamName);
        Assert.Equal("input", Assert.Throws<ArgumentNullException>(() => Pool.Median<float>(null!, new Window(2))).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => Pool.Blur(x, null!)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => Pool.Plan<float>([1, 1, 2, 2], null!)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => Pool.FractionalMax(x, null!, 1)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentNullException>(() => Torch.Lp(x, null!, 2)).ParamName);
        Assert.Equal("indices", Assert.Throws<ArgumentNullException>(() => Onnx.PlaneIndices(null!, new Window(2), [1, 1, 2, 2])).ParamName);
    }

    [Theory]
    [MemberData(nameof(Interrupted))]
    public void A_layer_is_carried_out_by_its_options(PoolingLayer layer, PoolingLayer stopped)
    {
        Tensor<float> x = Tensor.Create(Enumerable.Range(1, 64).Select(i => i * 37 % 64 / 64f).ToArray(), [1, 1, 8, 8]);
        Assert.Throws<OperationCanceledException>(() => stopped.Forward(x));
        Tensor<float> y = layer.Forward(x);
        Assert.Equal(x.Lengths, layer.Backward(y).Lengths);
    }

    public static IEnumerable<TheoryDataRow<PoolingLayer, PoolingLayer>> Interrupted()
    {
        PoolOptions stop = new() { Cancellation = new(canceled: true) };
        Window window = new(2);
        return
        [
            new(new MaxPool2d(2), new MaxPool2d(2) { Options = stop }), new(new MinPool(window), new MinPool(window) { Options = stop }),
            new(new AvgPool2d(2), new AvgPool2d(2) { Options = stop }), new(new SumPool(window), new SumPool(window) { Options = stop }),
            new(new AdaptiveMaxPool2d(3), new AdaptiveMaxPool2d(3) { Options = stop }), new(new AdaptiveAvgPool2d(3), new AdaptiveAvgPool2d(3) { Options = stop }),
            new(new LPPool2d(2, 2), new LPPool2d(2, 2) { Options = stop }), new(new GeMPool(window), new GeMPool(window) { Options = stop }),
            new(new SoftPool(window), new SoftPool(window) { Options = stop }), new(new MixedPool(window), new MixedPool(window) { Options = stop }),
            new(new BlurPool(window), new BlurPool(window) { Options = stop }), new(new MedianPool(window), new MedianPool(window) { Options = stop }),
            new(new StochasticPool(window, 1), new StochasticPool(window, 1) { Options = stop }), new(new StochasticMeanPool(window), new StochasticMeanPool(window) { Options = stop }),
            new(new FractionalMaxPool2d(2, 3), new FractionalMaxPool2d(2, 3) { Options = stop }), new(new SpatialPyramidPool([1, 2]), new SpatialPyramidPool([1, 2]) { Options = stop }),
        ];
    }

    [Fact]
    public void One_layer_in_several_places_goes_forward_alone()
    {
        Tensor<float> x = Tensor.Create(Enumerable.Range(0, 64).Select(i => (float)(i * 37 % 64)).ToArray(), [1, 1, 8, 8]);
        MaxPool2d one = new(2);
        Sequential same = new(one, one, one), apart = new(new MaxPool2d(2), new MaxPool2d(2), new MaxPool2d(2));
        Assert.Equal(apart.Forward(x).ToArray(), same.Forward(x).ToArray());
        Tensor<float> gradient = Tensor.Create([1f], [1, 1, 1, 1]);
        Assert.Equal(1, apart.Backward(gradient).ToArray().Sum());
        Assert.Contains("MaxPool2d has seen no input since its last Backward", Assert.Throws<InvalidOperationException>(() => same.Backward(gradient)).Message);
    }

    [Fact]
    public void A_mean_keeps_no_cells()
    {
        AvgPool2d pool = new(2);
        Assert.False(Forward(pool).TryGetTarget(out _));
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], pool.Backward(Tensor.Create([1f], [1, 1, 1, 1])).ToArray());

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference<Tensor<float>> Forward(AvgPool2d pool)
        {
            WeakReference<Tensor<float>> input = Go(pool);
            GC.Collect();
            return input;
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference<Tensor<float>> Go(AvgPool2d pool)
        {
            Tensor<float> input = Tensor.Create(new float[4], [1, 1, 2, 2]);
            pool.Forward(input);
            return new(input);
        }
    }

    [Fact]
    public void A_network_is_its_own()
    {
        List<Layer> layers = [new MaxPool2d(2), new Sequential(new AvgPool2d(2), new MaxPool2d(1))];
        Sequential network = new(layers);
        layers.Clear();
        Assert.Equal(2, network.Layers.Count);
        Summary summary = network.Summary(1, 3, 8, 8);
        Assert.Equal(["Input", "MaxPool2d", "AvgPool2d", "MaxPool2d"], summary.Rows.Select(row => row.Layer.Split('(')[0]));
        Assert.Equal([1, 3, 2, 2], summary.Rows[^1].OutputShape);
        Assert.Equal("layers", Assert.Throws<ArgumentNullException>(() => new Sequential((IReadOnlyList<Layer>)null!)).ParamName);
    }

    [Fact]
    public void A_layer_that_fits_no_input_is_not_made()
    {
        Assert.Contains("kernel (2, 2, 2) has 3 numbers; a 2-D window takes one number or 2", Refused(() => new MaxPool2d((2, 2, 2))));
        Assert.Contains("stride (1, 1, 1) has 3 numbers", Refused(() => new AvgPool2d(2, stride: (1, 1, 1))));
        Assert.Contains("padding (1, 1) has 2 numbers", Refused(() => new MaxPool1d(3, padding: (1, 1))));
        Assert.Contains("outputSize (1, 2, 3) has 3 numbers", Refused(() => new AdaptiveAvgPool2d((1, 2, 3))));
        Assert.Contains("outputSize is 0", Refused(() => new RoIAlign(0, 1, 2)));
        Assert.Contains("outputSize (1, 2, 3) has 3 numbers", Refused(() => new RoIPool((1, 2, 3), 1)));
        Assert.Contains("levels is 1, 0", Refused(() => new SpatialPyramidPool([1, 0])));
        Assert.Contains("levels is empty", Refused(() => new SpatialPyramidPool([])));
        Assert.Contains("lengths is 3, 0", Refused(() => new StatisticsPooling([3, 0])));

        static string Refused(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
    }

    [Fact]
    public void A_layer_gives_what_its_function_gives()
    {
        Tensor<float> x = Tensor.Create(Enumerable.Range(0, 60).Select(i => (float)(i * 7 % 11)).ToArray(), [1, 2, 5, 6]);
        Assert.Equal(Pool.Max2d(x, 3, 2, 1).ToArray(), new MaxPool2d(3, 2, 1).Forward(x).ToArray());
        Assert.Equal(Pool.Avg2d(x, 3, 2, 1, countPadding: false).ToArray(), new AvgPool2d(3, 2, 1, countIncludePad: false).Forward(x).ToArray());
        Assert.Equal(Pool.Lp(x, new Window(2)).ToArray(), new LPPool2d(2, 2).Forward(x).ToArray());
        Assert.Equal(Pool.Max(x, Window.Adaptive((2, 3))).ToArray(), new AdaptiveMaxPool2d((2, 3)).Forward(x).ToArray());
        Assert.Equal(Pool.MaxWithIndices(x, new Window(2)).Indices.ToArray(), new MaxPool2d(2).ForwardWithIndices(x).Indices.ToArray());
    }

    [Fact]
    public void Shapes_with_and_without_a_batch()
    {
        Assert.Equal([4, 32, 14, 14], new MaxPool2d(2).OutputShape([4, 32, 28, 28]));
        Assert.Equal([32, 14, 14], new MaxPool2d(2).OutputShape([32, 28, 28]));
        string message = Assert.Throws<ArgumentException>(() => new MaxPool2d(2).OutputShape([28, 28])).Message;
        Assert.Equal("input of MaxPool2d has shape (28, 28); it must be (N, C, H, W) or (C, H, W)", message);
        Assert.Throws<ArgumentException>(() => new AvgPool1d(2).OutputShape([1, 1, 8, 8]));
        Assert.Throws<ArgumentException>(() => new MaxPool2d(2).ForwardWithIndices(Tensor.Create(new float[4], [2, 2])));
    }

    [Fact]
    public void A_summary_counts_no_parameters()
    {
        Summary summary = new Sequential(new MaxPool2d(2), new AvgPool2d(2)).Summary(1, 1, 257, 188);
        Assert.Equal(0, summary.ParameterCount);
        Assert.Equal(
            """
            Layer                                                                       Output shape      Parameter shapes  Parameters
            --------------------------------------------------------------------------  ----------------  ----------------  ----------
            Input                                                                       (1, 1, 257, 188)  -                 0
            MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)  (1, 1, 128, 94)   -                 0
            AvgPool2d(kernel_size=2, stride=2, padding=0)                               (1, 1, 64, 47)    -                 0
            Total parameters: 0
            """,
            summary.ToString());
    }

    [Fact]
    public void A_layer_that_learned_something_is_counted()
    {
        Summary summary = new Sequential(new MaxPool2d(2), new Learned()).Summary(1, 1, 4, 4);
        Assert.Equal(13, summary.ParameterCount);
        Assert.Contains("(4, 3) (1,)", summary.ToString());
    }

    private sealed class Learned : Layer
    {
        public override IReadOnlyList<IReadOnlyList<nint>> ParameterShapes => [[4, 3], [1]];

        public override nint[] OutputShape(ReadOnlySpan<nint> inputShape) => inputShape.ToArray();

        public override Tensor<T> Forward<T>(Tensor<T> input) => input;
    }
}
