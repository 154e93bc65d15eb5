using System.Numerics.Tensors;

namespace Cenote.Tests.Kernels;

/// <summary>Whatever the operator, forward and backward: threads change nothing, a call can be canceled, and progress rises to 1.</summary>
public class EveryOperatorTests
{
    private static readonly Window s_window = new((3, 3)) { Stride = 2, Padding = 1 };
    private static readonly FractionalWindow s_fractional = new((2, 2), (40, 31));
    private static readonly Tensor<float> s_x = RandomTensor.Of([3, 16, 97, 61], 1), s_g = RandomTensor.Of([3, 16, 49, 31], 2), s_sequence = RandomTensor.Of([4, 32, 3000], 3);
    private static readonly Tensor<float> s_boxes = Tensor.Create(
        [.. Enumerable.Range(0, 60).SelectMany(k => new float[] { k % 3, k % 20, k % 13, 25 + k % 30, 40 + k % 50 })], [60, 5]);

    private static readonly Dictionary<string, Func<PoolOptions, Array[]>> s_operators = new()
    {
        ["max"] = options => One(Pool.Max(s_x, s_window, options)),
        ["median"] = options => Both(Pool.MedianWithIndices(s_x, s_window, options)),
        ["stochastic"] = options => Both(Pool.StochasticWithIndices(s_x, s_window, 7, options)),
        ["fractional max"] = options => Both(Pool.FractionalMaxWithIndices(s_x, s_fractional, s_fractional.Samples(s_x.Lengths, 5), options)),
        ["blur"] = options => One(Pool.Blur(s_x, new((3, 3)), options)),
        ["roi_pool"] = options => Both(Pool.RoiPoolWithIndices(s_x, s_boxes, (7, 5), options: options)),
        ["roi_align"] = options => One(Pool.RoiAlign(s_x, s_boxes, (7, 5), options: options)),
        ["roi_align max"] = options => One(Pool.RoiAlign(s_x, s_boxes, (7, 5), mode: RoiAlignMode.Max, options: options)),
        ["pyramid"] = options => One(Pool.SpatialPyramid(s_x, [1, 2, 4], options: options)),
        ["statistics"] = options => One(Pool.Statistics(s_sequence, [3000, 17, 2999, 1], options: options)),
        ["unpool"] = options => One(Pool.MaxUnpool(s_g, Winners, s_window, options: options)),
        ["max backward"] = options => One(Pool.MaxBackward(s_g, Winners, s_x.Lengths, s_window, options)),
        ["avg backward"] = options => One(Pool.AvgBackward(s_g, s_x.Lengths, s_window, countPadding: false, options: options)),
        ["Lp backward"] = options => One(Pool.LpBackward(s_g, s_x, s_window, 3, options)),
        ["GeM backward"] = options => One(Pool.GeMBackward(s_g, s_x, s_window, options: options)),
        ["soft backward"] = options => One(Pool.SoftBackward(s_g, s_x, s_window, options)),
        ["mixed backward"] = options => One(Pool.MixedBackward(s_g, s_x, s_window, options: options)),
        ["stochastic mean backward"] = options => One(Pool.StochasticMeanBackward(s_g, s_x, s_window, options)),
        ["fractional max backward"] = options => One(Pool.FractionalMaxBackward(
            RandomTensor.Of([3, 16, 40, 31], 4), Pool.FractionalMaxWithIndices(s_x, s_fractional, s_fractional.Samples(s_x.Lengths, 5)).Indices, s_x.Lengths, s_fractional, options)),
        ["blur backward"] = options => One(Pool.BlurBackward(s_g, s_x.Lengths, new((3, 3)), options)),
        ["roi_pool backward"] = options => One(Pool.RoiPoolBackward(
            RandomTensor.Of([60, 16, 7, 5], 6), Pool.RoiPoolWithIndices(s_x, s_boxes, (7, 5)).Indices, s_boxes, s_x.Lengths, options)),
        ["roi_align backward"] = options => One(Pool.RoiAlignBackward(RandomTensor.Of([60, 16, 7, 5], 6), s_x, s_boxes, options: options)),
        ["pyramid backward"] = options => One(Pool.SpatialPyramidBackward(RandomTensor.Of([3, 16 * 21], 8), s_x, [1, 2, 4], options: options)),
        ["statistics backward"] = options => One(Pool.StatisticsBackward(RandomTensor.Of([4, 64], 9), s_sequence, [3000, 17, 2999, 1], options: options)),
        ["unpool backward"] = options => One(Pool.MaxUnpoolBackward(s_x, Winners, s_window, options)),
    };

    public static TheoryData<string> Operators => [.. s_operators.Keys];

    private static Tensor<long> Winners => Pool.MaxWithIndices(s_x, s_window).Indices;

    [Theory]
    [MemberData(nameof(Operators))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        Array[] one = s_operators[name](new() { Threads = 1 });
        foreach (int threads in new[] { 2, 3, 8 })
        {
            Array[] theirs = s_operators[name](new() { Threads = threads });
            for (int i = 0; i < one.Length; i++) Assert.Equal(one[i], theirs[i]);
        }
    }

    [Fact]
    public void A_given_destination_allocates_nothing()
    {
        PoolOptions options = new() { Threads = 2 };
        Tensor<float> y = Tensor.CreateFromShape<float>(s_g.Lengths), x = Tensor.CreateFromShape<float>(s_x.Lengths), moments = Tensor.CreateFromShape<float>([4, 64]);
        Tensor<float> steps = Tensor.CreateFromShape<float>(s_sequence.Lengths), some = Tensor.CreateFromShape<float>([3, 16, 40, 31]);
        Tensor<double> samples = s_fractional.Samples(s_x.Lengths, 5);
        Tensor<long> places = Tensor.CreateFromShape<long>(y.Lengths), somePlaces = Tensor.CreateFromShape<long>(some.Lengths), winners = Winners;
        long[] lengths = [3000, 17, 2999, 1];
        Nothing("min", () => Pool.Min<float>(s_x, s_window, y, options));
        Nothing("sum", () => Pool.Sum<float>(s_x, s_window, y, options));
        Nothing("Lp", () => Pool.Lp<float>(s_x, s_window, y, 3, options));
        Nothing("GeM", () => Pool.GeM<float>(s_x, s_window, y, options: options));
        Nothing("soft", () => Pool.Soft<float>(s_x, s_window, y, options));
        Nothing("mixed", () => Pool.Mixed<float>(s_x, s_window, y, options: options));
        Nothing("stochastic mean", () => Pool.StochasticMean<float>(s_x, s_window, y, options));
        Nothing("median", () => Pool.MedianWithIndices<float>(s_x, s_window, y, places, options));
        Nothing("stochastic", () => Pool.StochasticWithIndices<float>(s_x, s_window, 7, y, places, options));
        Shapes("fractional max", () => Pool.FractionalMaxWithIndices<float>(s_x, s_fractional, samples, some, somePlaces, options));
        Shapes("statistics", () => Pool.Statistics<float>(s_sequence, moments, lengths, options: options));
        Shapes("unpool", () => Pool.MaxUnpool<float>(s_g, winners, s_window, x, options));
        Nothing("max backward", () => Pool.MaxBackward<float>(s_g, winners, s_window, x, options));
        Nothing("avg backward", () => Pool.AvgBackward<float>(s_g, s_window, x, options: options));
        Nothing("Lp backward", () => Pool.LpBackward<float>(s_g, s_x, s_window, x, 3, options));
        Nothing("GeM backward", () => Pool.GeMBackward<float>(s_g, s_x, s_window, x, options: options));
        Nothing("soft backward", () => Pool.SoftBackward<float>(s_g, s_x, s_window, x, options));
        Nothing("mixed backward", () => Pool.MixedBackward<float>(s_g, s_x, s_window, x, options: options));
        Nothing("stochastic mean backward", () => Pool.StochasticMeanBackward<float>(s_g, s_x, s_window, x, options));
        Shapes("statistics backward", () => Pool.StatisticsBackward<float>(moments, s_sequence, steps, lengths, options: options));
        Shapes("unpool backward", () => Pool.MaxUnpoolBackward<float>(s_x, winners, s_window, y, options));

        static void Nothing(string name, Action call) => AtMost(0, name, call);

        // Those that are compared with what is given.
        static void Shapes(string name, Action call) => AtMost(200, name, call);

        static void AtMost(long most, string name, Action call)
        {
            long bytes = Allocation.Least(call);
            if (bytes > most) Assert.Fail($"{name} allocates {bytes} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void A_call_can_be_canceled(string name)
    {
        using CancellationTokenSource canceled = new();
        canceled.Cancel();
        foreach (int threads in new[] { 1, 2 })
            Assert.Throws<OperationCanceledException>(() => s_operators[name](new() { Threads = threads, Cancellation = canceled.Token }));
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Progress_rises_to_1(string name)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            List<double> reported = [];
            s_operators[name](new() { Threads = threads, Progress = new Recorder(reported) });
            Assert.Equal(1, reported[^1]);
            Assert.Equal(reported.Order(), reported);
            Assert.All(reported, part => Assert.InRange(part, double.Epsilon, 1));
        }
    }

    private static Array[] One(Tensor<float> result) => [result.ToArray()];

    private static Array[] Both((Tensor<float> Values, Tensor<long> Indices) result) => [result.Values.ToArray(), result.Indices.ToArray()];

    private sealed class Recorder(List<double> reported) : IProgress<double>
    {
        public void Report(double value) => reported.Add(value);
    }
}
