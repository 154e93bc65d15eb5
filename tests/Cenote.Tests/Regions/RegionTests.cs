using System.Numerics.Tensors;
using CsCheck;
using Cenote.Tests.Gradients;

namespace Cenote.Tests.Regions;

/// <summary>Regions of interest by hand, against the definition sample by sample, and their gradients against central differences.</summary>
public class RegionTests
{
    private const int Height = 6, Width = 7;

    private static readonly Tensor<float> Plane = Tensor.Create(Enumerable.Range(0, 16).Select(i => (float)i).ToArray(), [1, 1, 4, 4]);

    private static Tensor<float> Box(params float[] corners) => Tensor.Create([0, .. corners], [1, 5]);

    [Fact]
    public void A_box_of_roi_pool_includes_its_corners()
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.RoiPoolWithIndices(Plane, Box(0, 0, 3, 3), 2);
        Assert.Equal([5f, 7, 13, 15], values.ToArray());
        Assert.Equal([5L, 7, 13, 15], indices.ToArray());
        // Three cells to two bins: the middle row and column are in both.
        Assert.Equal([5f, 6, 9, 10], Pool.RoiPool(Plane, Box(0, 0, 2, 2), 2).ToArray());
        // 2.5 rounds away from zero, in cells of the map.
        Assert.Equal([15f], Pool.RoiPool(Plane, Box(5, 5, 5, 5), 1, spatialScale: 0.5).ToArray());
        // A box turned inside out is one cell.
        Assert.Equal([10f], Pool.RoiPool(Plane, Box(2, 2, 0, 0), 1).ToArray());
    }

    [Fact]
    public void A_bin_outside_the_map_is_0_at_minus_1()
    {
        (Tensor<float> values, Tensor<long> indices) = Pool.RoiPoolWithIndices(Plane, Box(3, 3, 6, 4), (1, 2));
        Assert.Equal([15f, 0], values.ToArray());
        Assert.Equal([15L, -1], indices.ToArray());
        Assert.Equal([0f, 0], Pool.RoiAlign(Plane, Box(9, 9, 12, 12), (1, 2)).ToArray());
    }

    [Fact]
    public void Roi_align_interpolates()
    {
        // One sample in the middle of the box.
        Assert.Equal([(5 + 6 + 9 + 10) / 4f], Pool.RoiAlign(Plane, Box(1, 1, 2, 2), 1, samplingRatio: 1).ToArray());
        Assert.Equal([5f], Pool.RoiAlign(Plane, Box(1, 1, 2, 2), 1, samplingRatio: 1, aligned: true).ToArray());
        // Unaligned boxes are at least one cell long; aligned ones may have no sample at all.
        Assert.Equal([2.5f], Pool.RoiAlign(Plane, Box(0, 0, 0, 0), 1).ToArray());
        Assert.Equal([0f], Pool.RoiAlign(Plane, Box(1, 1, 1, 1), 1, aligned: true).ToArray());
        // As many samples as a bin has cells, rounded up: at 0.75, 2.25 along each axis.
        Assert.Equal([7.5f], Pool.RoiAlign(Plane, Box(0, 0, 3, 3), 1).ToArray());
        // ONNX's maximum is that of the weighted neighbours.
        Assert.Equal([10 / 4f], Pool.RoiAlign(Plane, Box(1, 1, 2, 2), 1, samplingRatio: 1, mode: RoiAlignMode.Max).ToArray());
        Assert.Equal([float.NaN], Pool.RoiAlign(Tensor.Create([1, float.NaN, 2, 3], [1, 1, 2, 2]), Box(0, 0, 1, 1), 1, mode: RoiAlignMode.Max).ToArray());
    }

    [Fact]
    public void Roi_align_equals_the_definition_sample_by_sample() => GenBoxes.Sample(c =>
    {
        foreach (bool aligned in new[] { false, true })
        foreach (int ratio in new[] { -1, 1, 3 })
        foreach (RoiAlignMode mode in new[] { RoiAlignMode.Average, RoiAlignMode.Max })
        {
            double[] actual = Pool.RoiAlign(c.Map, c.Boxes, (2, 3), 0.5, ratio, aligned, mode).ToArray();
            List<double> expected = [];
            for (int k = 0; k < c.Boxes.Lengths[0]; k++)
            for (int channel = 0; channel < 2; channel++)
            for (int py = 0; py < 2; py++)
            for (int px = 0; px < 3; px++)
            {
                double offset = aligned ? 0.5 : 0;
                double x1 = c.Boxes[k, 1] * 0.5 - offset, y1 = c.Boxes[k, 2] * 0.5 - offset, x2 = c.Boxes[k, 3] * 0.5 - offset, y2 = c.Boxes[k, 4] * 0.5 - offset;
                double w = aligned ? x2 - x1 : Math.Max(x2 - x1, 1), h = aligned ? y2 - y1 : Math.Max(y2 - y1, 1);
                int gridX = ratio > 0 ? ratio : (int)Math.Ceiling(w / 3), gridY = ratio > 0 ? ratio : (int)Math.Ceiling(h / 2);
                List<double> interpolated = [], neighbours = [];
                for (int iy = 0; iy < gridY; iy++)
                for (int ix = 0; ix < gridX; ix++)
                {
                    double[] four = Sample(c.Map, (int)c.Boxes[k, 0], channel, y1 + py * (h / 2) + (iy + 0.5) * (h / 2) / gridY, x1 + px * (w / 3) + (ix + 0.5) * (w / 3) / gridX);
                    interpolated.Add(four.Sum());
                    neighbours.AddRange(four);
                }
                expected.Add(interpolated.Count == 0 ? 0 : mode == RoiAlignMode.Average ? interpolated.Average() : neighbours.Max());
            }
            Assert.Equal(expected.Count, actual.Length);
            for (int i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-9);
        }

        // The four neighbours of a place, each times its weight.
        static double[] Sample(Tensor<double> map, int n, int channel, double y, double x)
        {
            if (y < -1 || y > Height || x < -1 || x > Width) return [0];
            (y, x) = (Math.Clamp(y, 0, Height - 1), Math.Clamp(x, 0, Width - 1));
            int top = (int)y, left = (int)x, bottom = Math.Min(top + 1, Height - 1), right = Math.Min(left + 1, Width - 1);
            double down = y - top, along = x - left;
            return
            [
                map[n, channel, top, left] * (1 - down) * (1 - along), map[n, channel, top, right] * (1 - down) * along,
                map[n, channel, bottom, left] * down * (1 - along), map[n, channel, bottom, right] * down * along,
            ];
        }
    }, iter: 300);

    [Fact]
    public void Roi_pool_equals_the_definition_cell_by_cell() => GenBoxes.Sample(c =>
    {
        (Tensor<double> values, Tensor<long> indices) = Pool.RoiPoolWithIndices(c.Map, c.Boxes, (2, 3), 0.5);
        for (int k = 0; k < c.Boxes.Lengths[0]; k++)
        {
            int[] x = Edges(c.Boxes[k, 1], c.Boxes[k, 3], 3), y = Edges(c.Boxes[k, 2], c.Boxes[k, 4], 2);
            for (int channel = 0; channel < 2; channel++)
            for (int py = 0; py < 2; py++)
            for (int px = 0; px < 3; px++)
            {
                var cells = (
                    from row in Enumerable.Range(y[2 * py], Math.Max(0, y[2 * py + 1] - y[2 * py]))
                    from column in Enumerable.Range(x[2 * px], Math.Max(0, x[2 * px + 1] - x[2 * px]))
                    where row is >= 0 and < Height && column is >= 0 and < Width
                    select (Index: row * Width + column, Value: c.Map[(int)c.Boxes[k, 0], channel, row, column])).ToList();
                (int index, double value) = cells.Count == 0 ? (-1, 0) : cells.MaxBy(cell => cell.Value);
                Assert.Equal((value, (long)index), (values[k, channel, py, px], indices[k, channel, py, px]));
            }
        }

        static int[] Edges(double from, double to, int bins)
        {
            int start = Round(from / 2), length = Math.Max(1, Round(to / 2) - start + 1);
            return [.. Enumerable.Range(0, bins).SelectMany(p => (int[])[start + (int)Math.Floor(p * (length / (double)bins)), start + (int)Math.Ceiling((p + 1) * (length / (double)bins))])];
        }

        static int Round(double value) => (int)(value + Math.CopySign(0.5, value));
    }, iter: 1000);

    [Fact]
    public void Gradients_agree_with_central_differences() => GenBoxes.Sample(c =>
    {
        Agree(new RoIPool((2, 3), 0.5));
        Agree(new RoIAlign((2, 3), 0.5, -1));
        Agree(new RoIAlign((2, 3), 0.5, 2, aligned: true));
        Agree(new RoIAlign((2, 3), 0.5, 2, aligned: true, RoiAlignMode.Max));

        void Agree(RegionLayer layer)
        {
            Tensor<double> y = layer.Forward(c.Map, c.Boxes);
            double[] cells = c.Map.ToArray(), g = GradientProperties.Distinct((int)y.FlattenedLength, c.Seed + 1);
            double[] gradient = layer.Backward(Tensor.Create(g, y.Lengths)).ToArray();
            for (int i = 0; i < cells.Length; i += 11)
            {
                double at = Loss(i, 0), above = (Loss(i, 1e-5) - at) / 1e-5, below = (at - Loss(i, -1e-5)) / 1e-5;
                // Two weighted neighbours of one size make a kink, which has no derivative; everywhere else these maps are linear.
                if (Math.Abs(above - below) > 1e-3) continue;
                double expected = (above + below) / 2;
                if (!(Math.Abs(expected - gradient[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected)))) Assert.Fail($"{layer}: gradient {i} is {gradient[i]:R}, not {expected:R}");
            }

            double Loss(int cell, double by)
            {
                double[] moved = [.. cells];
                moved[cell] += by;
                return layer.Forward(Tensor.Create(moved, c.Map.Lengths), c.Boxes).ToArray().Zip(g, (value, weight) => value * weight).Sum();
            }
        }
    }, iter: 200);

    [Fact]
    public void Layers_print_as_in_torchvision()
    {
        Assert.Equal("RoIPool(output_size=(7, 5), spatial_scale=0.0625)", new RoIPool((7, 5), 1 / 16.0).ToString());
        Assert.Equal("RoIAlign(output_size=7, spatial_scale=1.0, sampling_ratio=2, aligned=True)", new RoIAlign(7, 1, 2, aligned: true).ToString());
        Assert.Equal("RoIAlign has seen no input since its last Backward; each Backward must follow a Forward of its own",
            Assert.Throws<InvalidOperationException>(() => new RoIAlign(1, 1, 1).Backward(Plane)).Message);
    }

    [Fact]
    public void No_boxes_give_an_empty_result() =>
        Assert.Equal([0, 1, 2, 2], Pool.RoiAlign(Plane, Tensor.Create(Array.Empty<float>(), [0, 5]), 2).Lengths);

    [Fact]
    public void What_is_no_box_is_named()
    {
        Assert.Contains("boxes has shape (1, 4); it must be (K, 5): batch index, x1, y1, x2, y2", Refused(Tensor.Create(new float[4], [1, 4])));
        Assert.Contains("boxes[0] has batch index 1; it must be a whole number from 0 to 0", Refused(Tensor.Create([1f, 0, 0, 1, 1], [1, 5])));
        Assert.Contains("boxes[0] has batch index 0.5", Refused(Tensor.Create([0.5f, 0, 0, 1, 1], [1, 5])));
        Assert.Contains("boxes[0] has a corner at NaN; times the scale it must be finite and within 32 bits", Refused(Box(0, float.NaN, 1, 1)));
        Assert.Contains("boxes[0] has a corner at 1E+10", Refused(Box(0, 0, 1e10f, 1)));
        Assert.Contains("spatialScale is 0; it must be above 0", Assert.Throws<ArgumentException>(() => Pool.RoiPool(Plane, Box(0, 0, 1, 1), 1, 0)).Message);
        Assert.Contains("input has shape (4, 4); it must be (N, C, H, W)", Assert.Throws<ArgumentException>(
            () => Pool.RoiPool(Tensor.Create(new float[16], [4, 4]), Box(0, 0, 1, 1), 1)).Message);
        Assert.Contains("outputSize is 0; it must be at least 1", Assert.Throws<ArgumentException>(() => Pool.RoiPool(Plane, Box(0, 0, 1, 1), 0)).Message);

        static string Refused(Tensor<float> boxes)
        {
            string message = Assert.Throws<ArgumentException>(() => Pool.RoiAlign(Plane, boxes, 2)).Message;
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Pool.RoiPool(Plane, boxes, 2)).Message);
            return message;
        }
    }

    private sealed record Case(Tensor<double> Map, Tensor<double> Boxes, int Seed);

    /// <summary>Maps without ties, and boxes of both signs, some outside and some inside out.</summary>
    private static readonly Gen<Case> GenBoxes =
        from boxes in Gen.Double[-4, 20].Array[4].Array[1, 3]
        from seed in Gen.Int
        select new Case(
            Tensor.Create(GradientProperties.Distinct(2 * 2 * Height * Width, seed), [2, 2, Height, Width]),
            Tensor.Create([.. boxes.SelectMany((box, k) => (double[])[(seed >>> k) & 1, .. box])], [boxes.Length, 5]),
            seed);
}
