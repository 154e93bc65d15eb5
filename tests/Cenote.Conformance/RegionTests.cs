using System.Numerics.Tensors;
using CsCheck;
using Microsoft.ML.OnnxRuntime;

namespace Cenote.Conformance;

/// <summary>Random maps and boxes against ONNX Runtime.</summary>
public class RegionTests
{
    private const int Cases = 1000, Batch = 2, Channels = 2, Height = 7, Width = 9;

    private static readonly Gen<(float[] Corners, int Seed, int Ratio, bool Aligned, float Scale, int Rows, int Columns)> Problems =
        from corners in Gen.Float[-6, 40].Array[4].Array[1, 3]
        from seed in Gen.Int[0, int.MaxValue]
        from ratio in Gen.Int[0, 3]
        from aligned in Gen.Bool
        from scale in Gen.Int[0, 2].Select(i => i switch { 0 => 1f, 1 => 0.25f, _ => 0.3f })
        from rows in Gen.Int[1, 4]
        from columns in Gen.Int[1, 4]
        select (corners.SelectMany(box => box).ToArray(), seed, ratio, aligned, scale, rows, columns);

    // A session is told where it warns; that max mode has changed is told by the environment.
    static RegionTests() => OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;

    [Theory]
    [InlineData("avg")]
    [InlineData("max")]
    public void RoiAlign(string mode) => Problems.Sample(c =>
    {
        // See the test below.
        if (c.Aligned && c.Ratio == 0 && c.Corners.Chunk(4).Any(box => box[2] < box[0] || box[3] < box[1])) return;
        (float[] map, float[] boxes) = (Map(c.Seed), Boxes(c.Corners, c.Seed));
        float[] actual = Pool.RoiAlign(
            Tensor.Create(map, [Batch, Channels, Height, Width]), Tensor.Create(boxes, [boxes.Length / 5, 5]), (c.Rows, c.Columns), c.Scale, c.Ratio,
            c.Aligned, mode == "max" ? RoiAlignMode.Max : RoiAlignMode.Average).ToArray();
        OnnxNode node = new(
            "RoiAlign", ("output_height", c.Rows), ("output_width", c.Columns), ("sampling_ratio", c.Ratio), ("spatial_scale", c.Scale), ("mode", mode),
            ("coordinate_transformation_mode", c.Aligned ? "half_pixel" : "output_half_pixel"));
        long[] batches = [.. boxes.Chunk(5).Select(box => (long)box[0])];
        float[] expected = (float[])node.Run(1, (map, [Batch, Channels, Height, Width]), (c.Corners, [batches.Length, 4]), (batches, [batches.Length]))[0].Values;
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= 1e-4);
    }, iter: Cases, threads: 1);

    [Fact]
    public void MaxRoiPool() => Problems.Sample(c =>
    {
        (float[] map, float[] boxes) = (Map(c.Seed), Boxes(c.Corners, c.Seed));
        float[] actual = Pool.RoiPool(
            Tensor.Create(map, [Batch, Channels, Height, Width]), Tensor.Create(boxes, [boxes.Length / 5, 5]), (c.Rows, c.Columns), c.Scale).ToArray();
        OnnxNode node = new("MaxRoiPool", ("pooled_shape", new[] { c.Rows, c.Columns }), ("spatial_scale", c.Scale));
        Assert.Equal((float[])node.Run(1, (map, [Batch, Channels, Height, Width]), (boxes, [boxes.Length / 5, 5]))[0].Values, actual);
    }, iter: Cases, threads: 1);

    [Fact]
    public void An_aligned_box_turned_inside_out_along_one_axis_stops_onnx_runtime_and_has_no_sample_here()
    {
        OnnxNode node = new("RoiAlign", ("output_height", 2), ("output_width", 2));
        Assert.Throws<OnnxRuntimeException>(() => node.Run(1, (Map(1), [Batch, Channels, Height, Width]), (new[] { 4f, 1, 1, 4 }, [1, 4]), (new long[] { 0 }, [1])));
        Assert.All(
            Pool.RoiAlign(Tensor.Create(Map(1), [Batch, Channels, Height, Width]), Tensor.Create([0f, 4, 1, 1, 4], [1, 5]), 2, aligned: true).ToArray(),
            value => Assert.Equal(0, value));
    }

    private static float[] Map(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Batch * Channels * Height * Width).Select(_ => random.NextSingle() * 20 - 10)];
    }

    private static float[] Boxes(float[] corners, int seed) => [.. corners.Chunk(4).SelectMany((box, k) => (float[])[(seed >>> k) & 1, .. box])];
}
