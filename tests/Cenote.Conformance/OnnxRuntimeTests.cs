using System.Numerics;
using System.Numerics.Tensors;
using CsCheck;

namespace Cenote.Conformance;

/// <summary>Random nodes against ONNX Runtime; what differs on purpose is left out here and stated in <see cref="DifferenceTests"/>.</summary>
public class OnnxRuntimeTests
{
    private const int Cases = 1000;

    private static readonly Gen<Problem> Problems =
        from rank in Gen.Int[1, 3]
        from batch in Gen.Int[1, 2]
        from channels in Gen.Int[1, 3]
        from autoPad in Gen.Int[0, 5].Select(i => i switch { 0 => "VALID", 1 => "SAME_UPPER", 2 => "SAME_LOWER", _ => "NOTSET" })
        from kernel in Gen.Int[1, 4].Array[rank]
        from strides in Gen.Int[1, 4].Array[rank]
        from dilations in Gen.Int[1, autoPad.StartsWith("SAME", StringComparison.Ordinal) ? 1 : 3].Array[rank]
        from drawn in Gen.Int[0, 3].Array[2 * rank]
        let pads = drawn.Select((pad, i) => pad % kernel[i % rank]).ToArray()
        from longer in Gen.Int[0, rank == 3 ? 5 : 11].Array[rank]
        let lengths = longer.Select((more, i) => more + (autoPad switch
        {
            "NOTSET" => Math.Max(1, dilations[i] * (kernel[i] - 1) + 1 - pads[i] - pads[i + rank]),
            "VALID" => dilations[i] * (kernel[i] - 1) + 1,
            _ => 1,
        }))
        from ceil in Gen.Bool
        from flag in Gen.Int[0, 1]
        from seed in Gen.Int[0, int.MaxValue]
        let made = new Problem([batch, channels, .. lengths], kernel, strides, dilations, pads, autoPad, ceil, flag, seed)
        where Legal(made)
        select made;

    [Fact]
    public void MaxPool_of_floats() => Max<float>();

    [Fact]
    public void MaxPool_of_doubles() => Max<double>();

    [Fact]
    public void MaxPool_of_signed_bytes() => Max<sbyte>();

    [Fact]
    public void MaxPool_of_bytes() => Max<byte>();

    [Fact]
    public void MaxPool_of_halves() => Max<Half>();

    [Fact]
    public void AveragePool()
    {
        Fold<float>(1e-6, Mean, Node);
        Fold<Half>(1e-3, Mean, Node);

        static Tensor<T> Mean<T>(Problem c, Tensor<T> x)
            where T : unmanaged, INumber<T> => Pool.Avg(x, c.Window, countPadding: c.Flag == 1);

        static OnnxNode Node(Problem c) => new("AveragePool", c.Attributes(("count_include_pad", c.Flag)));
    }

    [Fact]
    public void LpPool()
    {
        Fold<float>(1e-6, Norm, Node);
        Fold<Half>(1e-3, Norm, Node);

        static Tensor<T> Norm<T>(Problem c, Tensor<T> x)
            where T : unmanaged, INumber<T> => Pool.Lp(x, c.Window, 1 + c.Flag);

        static OnnxNode Node(Problem c) => new("LpPool", c.Attributes(("p", 1 + c.Flag)));
    }

    [Fact]
    public void GlobalMaxPool() => Fold<float>(0, (_, x) => Pool.Max(x, Window.Global), _ => new("GlobalMaxPool"));

    [Fact]
    public void GlobalAveragePool() => Fold<float>(Additions, (_, x) => Pool.Avg(x, Window.Global), _ => new("GlobalAveragePool"));

    [Fact]
    public void GlobalLpPool() => Fold<float>(Additions, (c, x) => Pool.Lp(x, Window.Global, 1 + c.Flag), c => new("GlobalLpPool", ("p", 1 + c.Flag)));

    [Fact]
    public void MaxUnpool() => Problems.Where(c => c.AutoPad == "NOTSET").Sample(c =>
    {
        float[] x = c.Values<float>();
        (Tensor<float> values, Tensor<long> indices) = Pool.MaxWithIndices(Tensor.Create(x, c.NativeShape), c.Window);
        Tensor<long> whole = Onnx.WholeTensorIndices(indices, c.Window, c.NativeShape);
        Sizes size = Sizes.Of([.. c.Shape[2..].Select(length => (int?)length)]);
        long[] natural = [.. Enumerable.Range(0, c.Rank).Select(i => (long)(values.Lengths[i + 2] - 1) * c.Strides[i] + c.Kernel[i] - c.Pads[i] - c.Pads[i + c.Rank])];
        // ONNX Runtime takes no -1, knows no dilation, and wants the size that it would choose to be one even where another is given.
        if (indices.ToArray().Contains(-1) || c.Dilations.Any(dilation => dilation > 1) || c.Ceil || natural.Any(length => length < 1)) return;
        float[] actual = Pool.MaxUnpool(values, Onnx.PlaneIndices(whole, c.Window, c.NativeShape), c.Window, size).ToArray();
        OnnxNode node = new("MaxUnpool", ("kernel_shape", c.Kernel), ("strides", c.Strides), ("pads", c.Pads));
        long[] pooled = [.. values.Lengths.ToArray().Select(length => (long)length)];
        (Array expected, long[] shape) = node.Run(1, (values.ToArray(), pooled), (whole.ToArray(), pooled), (c.LongShape, [c.Shape.Length]))[0];
        Assert.Equal(c.LongShape, shape);
        Assert.Equal((float[])expected, actual);
        if (!natural.SequenceEqual(c.LongShape.Skip(2))) return;
        Assert.Equal(c.NativeShape, c.Window.UnpooledShape(values.Lengths));
        Assert.Equal((float[])node.Run(1, (values.ToArray(), pooled), (whole.ToArray(), pooled))[0].Values, actual);
    }, iter: Cases, threads: 1);

    [Fact]
    public void An_empty_batch() => Assert.Equal(
        new OnnxNode("MaxPool", ("kernel_shape", new[] { 2 })).Run(1, (Array.Empty<float>(), [0, 1, 4]))[0].Shape,
        Onnx.Window(2).OutputShape([0, 1, 4]).Select(length => (long)length));

    // The runtime adds the cells of a plane in float, which may round each of the sums by 2^-24 of it; and a last one for the root or the quotient.
    private static double Additions(Problem c) => (1 + c.Shape[2..].Aggregate((a, b) => a * b)) * Math.ScaleB(1, -24);

    private static void Fold<T>(double tolerance, Func<Problem, Tensor<T>, Tensor<T>> pool, Func<Problem, OnnxNode> node)
        where T : unmanaged, INumber<T> => Fold(_ => tolerance, pool, node);

    private static void Fold<T>(Func<Problem, double> tolerance, Func<Problem, Tensor<T>, Tensor<T>> pool, Func<Problem, OnnxNode> node)
        where T : unmanaged, INumber<T> => Problems.Sample(c =>
    {
        T[] x = c.Values<T>();
        Tensor<T> actual = pool(c, Tensor.Create(x, c.NativeShape));
        (Array values, long[] shape) = node(c).Run(1, (x, c.LongShape))[0];
        Assert.Equal(shape, actual.Lengths.ToArray().Select(length => (long)length));
        // Relative to the cells, up to 100, which may cancel each other.
        Assert.Equal(((T[])values).Select(double.CreateChecked), actual.ToArray().Select(double.CreateChecked), (a, b) => Math.Abs(a - b) <= tolerance(c) * Math.Max(100, Math.Abs(a)));
    }, iter: Cases, threads: 1);

    private static void Max<T>()
        where T : unmanaged, INumber<T> => Problems.Sample(c =>
    {
        (Tensor<T> values, Tensor<long> indices) = Pool.MaxWithIndices(Tensor.Create(c.Values<T>(), c.NativeShape), c.Window);
        List<(Array Values, long[] Shape)> expected = new OnnxNode("MaxPool", c.Attributes(("storage_order", c.Flag))).Run(2, (c.Values<T>(), c.LongShape));
        Assert.Equal(expected[0].Shape, values.Lengths.ToArray().Select(length => (long)length));
        long[] places = Onnx.WholeTensorIndices(indices, c.Window, c.NativeShape, c.Flag == 1).ToArray();
        Assert.Equal(Taken((T[])expected[0].Values), Taken(values.ToArray()));
        Assert.Equal(Taken((long[])expected[1].Values), Taken(places));

        IEnumerable<TCell> Taken<TCell>(TCell[] cells) => cells.Where((_, i) => places[i] >= 0);
    }, iter: Cases, threads: 1);

    // The runtime refuses a negative padding.
    private static bool Legal(Problem c) =>
        !c.AutoPad.StartsWith("SAME", StringComparison.Ordinal) ||
        Enumerable.Range(0, c.Rank).All(i => (c.Shape[i + 2] - 1) / c.Strides[i] * c.Strides[i] + c.Kernel[i] >= c.Shape[i + 2]);
}
