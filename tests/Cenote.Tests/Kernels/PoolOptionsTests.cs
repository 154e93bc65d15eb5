using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>Threads, memory and the choice of a kernel: how a call is carried out.</summary>
public class PoolOptionsTests
{
    private static readonly Window s_window = new((3, 3)) { Stride = 2, Padding = 1 };

    public static TheoryData<Window> Windows =>
    [
        new Window((2, 2)), s_window, new Window((3, 3)) { Stride = 1, Padding = 1 }, new Window((5, 5)) { Stride = 1, Padding = 2 },
        new Window((13, 13)) { Stride = 1, Padding = 6 }, Window.Global, Window.Adaptive((7, 7)), s_window with { Layout = Layout.ChannelsLast },
        new Window((3, 2)) { Stride = (3, 1), Dilation = 2 },
    ];

    [Theory]
    [MemberData(nameof(Windows))]
    public void Any_number_of_threads_gives_the_same_bits(Window window)
    {
        Tensor<float> x = RandomTensor.Of([3, 16, 97, 61]);
        (Tensor<float> values, Tensor<long> indices) = Pool.MaxWithIndices(x, window, new() { Threads = 1 });
        foreach (int threads in new[] { 2, 3, 5 })
        {
            PoolOptions options = new() { Threads = threads };
            Assert.Equal(Pool.Max(x, window, new() { Threads = 1 }).ToArray(), Pool.Max(x, window, options).ToArray());
            Assert.Equal(Pool.Avg(x, window, options: new() { Threads = 1 }).ToArray(), Pool.Avg(x, window, options: options).ToArray());
            (Tensor<float> theirs, Tensor<long> places) = Pool.MaxWithIndices(x, window, options);
            Assert.Equal(values.ToArray(), theirs.ToArray());
            Assert.Equal(indices.ToArray(), places.ToArray());
        }
    }

    // In double nothing is rounded away that the order of additions changes.
    [Theory]
    [MemberData(nameof(Windows))]
    public void Any_number_of_threads_adds_doubles_in_one_order(Window window)
    {
        nint[] shape = [3, 16, 97, 61];
        Tensor<double> x = Doubles(shape), g = Doubles(window.OutputShape(shape));
        double[] means = Means(1), gradients = Gradients(1);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            Assert.Equal(means, Means(threads));
            Assert.Equal(gradients, Gradients(threads));
        }

        double[] Means(int threads) => Pool.Avg(x, window, options: new() { Threads = threads }).ToArray();

        double[] Gradients(int threads) => Pool.AvgBackward(g, shape, window, options: new() { Threads = threads }).ToArray();

        static Tensor<double> Doubles(nint[] shape) => Tensor.Create([.. RandomTensor.Of(shape).Select(value => value / 7.0)], shape);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void A_tensor_past_the_caches_gives_what_its_planes_give(int kernel, int padding)
    {
        Window window = new((kernel, kernel)) { Stride = 2, Padding = padding };
        Tensor<float> x = RandomTensor.Of([24, 375, 381]);
        foreach (int threads in new[] { 1, 2 })
        {
            float[] max = [.. Pool.Max(x, window, new() { Threads = threads })], avg = [.. Pool.Avg(x, window, options: new() { Threads = threads })];
            for (int plane = 0; plane < 24; plane++)
            {
                Tensor<float> one = Tensor.Create<float>(x.ToArray()[(plane * 375 * 381)..((plane + 1) * 375 * 381)], [1, 375, 381]);
                int cells = max.Length / 24;
                Assert.Equal([.. Pool.Max(one, window)], max[(plane * cells)..((plane + 1) * cells)]);
                Assert.Equal([.. Pool.Avg(one, window)], avg[(plane * cells)..((plane + 1) * cells)]);
            }
        }
    }

    [Theory]
    [InlineData(Layout.ChannelsFirst, 0)]
    [InlineData(Layout.ChannelsFirst, 1)]
    [InlineData(Layout.ChannelsLast, 0)]
    [InlineData(Layout.ChannelsLast, 1)]
    public unsafe void Indices_past_the_caches_are_those_of_each_image(Layout layout, int beyond)
    {
        const int Images = 6, Cells = 64 * 96 * 97;
        Window window = new((2, 2)) { Layout = layout };
        Tensor<float> x = RandomTensor.Of(layout == Layout.ChannelsFirst ? [Images, 64, 96, 97] : [Images, 96, 97, 64]);
        float[] cells = [.. x];
        cells[5 * Cells / 2] = float.NaN;
        x = Tensor.Create(cells, x.Lengths);
        nint[] shape = window.OutputShape(x.Lengths);
        nint count = shape.Aggregate((nint)1, (a, b) => a * b);
        // Where a line of the caches begins, and beyond it.
        float* values = (float*)NativeMemory.AlignedAlloc((nuint)(count + beyond) * sizeof(float), 64);
        long* indices = (long*)NativeMemory.AlignedAlloc((nuint)(count + beyond) * sizeof(long), 64);
        foreach (int threads in new[] { 1, 2 })
        {
            Pool.Select<float, Max<float>>(x, window, default, new TensorSpan<float>(values + beyond, count, shape), new TensorSpan<long>(indices + beyond, count, shape), new() { Threads = threads });
            for (int image = 0, outputs = (int)count / Images; image < Images; image++)
            {
                Tensor<float> one = Tensor.Create(cells[(image * Cells)..((image + 1) * Cells)], [1, .. x.Lengths[1..]]);
                (Tensor<float> expected, Tensor<long> places) = Pool.MaxWithIndices(one, window);
                Assert.Equal([.. expected], new Span<float>(values + beyond + image * outputs, outputs).ToArray());
                Assert.Equal([.. places], new Span<long>(indices + beyond + image * outputs, outputs).ToArray());
            }
        }
        NativeMemory.AlignedFree(values);
        NativeMemory.AlignedFree(indices);
    }

    [Fact]
    public void Shapes_in_turn_allocate_nothing()
    {
        Window window = new(3) { Stride = 2, Padding = 1 };
        Tensor<float>[] inputs = [.. Enumerable.Range(20, 5).Select(length => RandomTensor.Of([1, 2, length, length]))];
        Tensor<float>[] outputs = [.. inputs.Select(x => Tensor.CreateFromShape<float>(window.OutputShape(x.Lengths)))];
        Assert.Equal(0, Allocation.Least(Call));

        void Call()
        {
            for (int i = 0; i < inputs.Length; i++) Pool.Max<float>(inputs[i], window, outputs[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_given_destination_allocates_nothing(Window window)
    {
        Tensor<float> x = RandomTensor.Of([2, 16, 97, 61]);
        Tensor<float> y = Tensor.CreateFromShape<float>(window.OutputShape(x.Lengths));
        PoolOptions options = new() { Threads = 2 };
        Assert.Equal(0, Allocation.Least(Call));

        void Call()
        {
            Pool.Max<float>(x, window, y, options);
            Pool.Avg<float>(x, window, y, options: options);
        }
    }

    [Fact]
    public void Threads_under_1_are_refused() =>
        Assert.Contains("threads is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new PoolOptions { Threads = 0 }).Message, StringComparison.Ordinal);

    [Fact]
    public void Callers_on_many_threads_do_not_meet()
    {
        Tensor<float> x = RandomTensor.Of([3, 16, 97, 61]);
        float[] expected = Pool.Max(x, s_window).ToArray();
        Parallel.For(0, 64, _ => Assert.Equal(expected, Pool.Max(x, s_window, new() { Threads = 2 }).ToArray()));
    }

    [Fact]
    public void A_plan_names_its_kernel_and_says_why()
    {
        PoolPlan plan = Pool.Plan<float>([8, 64, 112, 112], new Window((2, 2)));
        // What carries the sums, of which as many as it holds exactly.
        Assert.Equal([sizeof(int), sizeof(double)], [Lane<short>(65535), Lane<short>(65536)]);
        Assert.Equal([sizeof(int), sizeof(double)], [Lane<ushort>(32767), Lane<ushort>(32768)]);
        Assert.Equal([sizeof(short), sizeof(short), sizeof(int), sizeof(int), sizeof(double)], [Lane<byte>(128), Lane<byte>(257), Lane<byte>(186), Lane<byte>(258), Lane<byte>(1 << 23)]);
        Assert.Equal([sizeof(double), 0], [Lane<int>(1 << 22), Lane<int>((1 << 22) + 1)]);
        Assert.Equal(System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? "StrideTwo" : "WalkRows", plan.Kernel);
        Assert.EndsWith(".", plan.Reason, StringComparison.Ordinal);
        string places = System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? "Positions Positions Tile" : "WalkCells WalkCells WalkCells";
        Assert.Equal(places, string.Join(' ',
            Pool.Plan<float>([8, 64, 112, 112], new Window((2, 2)), indices: true).Kernel,
            Pool.Plan<Half>([8, 64, 112, 112], new Window((2, 2)), indices: true).Kernel,
            Pool.Plan<float>([8, 64, 112, 112], new Window((13, 13)) { Stride = 1 }, indices: true).Kernel));
        Assert.Equal(Math.Min(256, plan.RegisterBits), Pool.Plan<float>([8, 14, 14, 8], new Window((2, 2)) { Layout = Layout.ChannelsLast }).RegisterBits);
        Assert.Equal(
            System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? "ShortRows" : "WalkRows", Pool.Plan<byte>([8, 64, 7, 7], new Window((3, 3)) { Stride = 1, Padding = 1 }).Kernel);
        Assert.Equal("WalkCells", Pool.Plan<long>([8, 64, 112, 112], new Window((2, 2)), average: true).Kernel);

        static int Lane<T>(long taps)
            where T : unmanaged => KnownFolds.LaneBytes<T>(new(1, Axis.Unit, Axis.Unit, Axis.Global(taps), 1), average: true, ordered: false);
    }

    // Few of the taps are inside, so that they are added in order, and many are laid out.
    [Theory]
    [InlineData(2, 56, 13, 1)]
    [InlineData(3, 3, 7, 7)]
    public void An_average_over_much_padding_goes_by_the_register(int height, int width, int tall, int wide)
    {
        Window window = new((tall, wide)) { Stride = 1, Padding = (tall / 2, wide / 2) };
        Assert.NotEqual("CellByCell", Pool.Plan<float>([4, 16, height, width], window, average: true).Kernel);
    }
}
