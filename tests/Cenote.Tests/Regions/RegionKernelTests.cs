using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Tests.Regions;

/// <summary>Regions of many channels, of every type of cell, and of cells that are not finite.</summary>
public class RegionKernelTests
{
    private const int Images = 2, Height = 13, Width = 17, Boxes = 9;

    // More than a register has lanes, and no multiple of it.
    private const int Channels = 19;

    private static readonly Tensor<float> s_boxes = NewBoxes();

    [Theory]
    [InlineData(7, 7)]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    public void Every_type_finds_the_first_of_equal_cells(int rows, int columns)
    {
        Random random = new(1);
        long[] cells = [.. Enumerable.Range(0, Images * Channels * Height * Width).Select(_ => (long)random.Next(4))];
        // Cells of 64 bits are walked one by one.
        (Tensor<long> values, Tensor<long> indices) = Pool.RoiPoolWithIndices(Tensor.Create(cells, [Images, Channels, Height, Width]), s_boxes, (rows, columns));
        Assert.Contains(-1L, indices.ToArray());
        Same<float>();
        Same<double>();
        Same<Half>();
        Same<BFloat16>();
        Same<byte>();
        Same<short>();
        Same<int>();
        Same<ulong>();

        void Same<T>()
            where T : unmanaged, INumber<T>
        {
            (Tensor<T> actual, Tensor<long> places) = Pool.RoiPoolWithIndices(Tensor.Create([.. cells.Select(T.CreateChecked)], [Images, Channels, Height, Width]), s_boxes, (rows, columns));
            Assert.Equal(values.ToArray(), actual.ToArray().Select(long.CreateChecked));
            Assert.Equal(indices.ToArray(), places.ToArray());
        }
    }

    [Theory]
    [InlineData(RoiAlignMode.Average, 0)]
    [InlineData(RoiAlignMode.Average, 3)]
    [InlineData(RoiAlignMode.Max, 2)]
    public void A_channel_does_not_depend_on_its_neighbours(RoiAlignMode mode, int ratio)
    {
        Alone<float>();
        Alone<double>();
        Alone<Half>();

        void Alone<T>()
            where T : unmanaged, INumber<T>
        {
            Tensor<T> map = Random<T>([Images, Channels, Height, Width], 3), gradient = Random<T>([Boxes, Channels, 5, 7], 4);
            T[] all = Pool.RoiAlign(map, s_boxes, (5, 7), samplingRatio: ratio, mode: mode).ToArray();
            T[] back = Pool.RoiAlignBackward(gradient, map, s_boxes, samplingRatio: ratio, mode: mode).ToArray();
            for (int channel = 0; channel < Channels; channel++)
            {
                Tensor<T> one = Channel(map, channel);
                Assert.Equal(Channel(Tensor.Create(all, gradient.Lengths), channel).ToArray(), Pool.RoiAlign(one, s_boxes, (5, 7), samplingRatio: ratio, mode: mode).ToArray());
                Assert.Equal(Channel(Tensor.Create(back, map.Lengths), channel).ToArray(), Pool.RoiAlignBackward(Channel(gradient, channel), one, s_boxes, samplingRatio: ratio, mode: mode).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(RoiAlignMode.Average)]
    [InlineData(RoiAlignMode.Max)]
    public void Cells_that_are_not_finite_meet_their_weights(RoiAlignMode mode)
    {
        Tensor<float> map = NotFinite();
        // Whole numbers, so that samples lie on cells and their neighbours weigh 0.
        Tensor<float> boxes = Tensor.Create([0f, 0, 0, 8, 6, 1, 2, 3, 16, 12, 0, -3, 2, 25, 9, 1, 4, 4, 4, 4], [4, 5]);
        float[] actual = Pool.RoiAlign(map, boxes, (3, 2), samplingRatio: 2, mode: mode).ToArray();
        int output = 0;
        for (int k = 0; k < boxes.Lengths[0]; k++)
        for (int channel = 0; channel < Channels; channel++)
        for (int p = 0; p < 3; p++)
        for (int q = 0; q < 2; q++)
        {
            float h = Math.Max(boxes[k, 4] - boxes[k, 2], 1) / 3, w = Math.Max(boxes[k, 3] - boxes[k, 1], 1) / 2;
            List<double> cells = [];
            for (int i = 0; i < 4; i++)
            {
                float y = boxes[k, 2] + p * h + (i / 2 + 0.5f) * h / 2, x = boxes[k, 1] + q * w + (i % 2 + 0.5f) * w / 2;
                if (y < -1 || y > Height || x < -1 || x > Width)
                {
                    cells.Add(0);
                    continue;
                }
                int top = (int)Math.Clamp(y, 0, Height - 1), left = (int)Math.Clamp(x, 0, Width - 1), bottom = Math.Min(top + 1, Height - 1), right = Math.Min(left + 1, Width - 1);
                double down = top == Height - 1 ? 0 : Math.Max(y, 0) - top, along = left == Width - 1 ? 0 : Math.Max(x, 0) - left;
                int image = (int)boxes[k, 0];
                cells.AddRange([
                    (1 - down) * (1 - along) * map[image, channel, top, left], (1 - down) * along * map[image, channel, top, right],
                    down * (1 - along) * map[image, channel, bottom, left], down * along * map[image, channel, bottom, right]]);
            }
            double expected = mode == RoiAlignMode.Average ? cells.Sum() / 4 : cells.Any(double.IsNaN) ? double.NaN : cells.Max();
            Assert.Equal(expected, actual[output++], 1e-5);
        }
    }

    [Fact]
    public void The_last_NaN_wins_and_infinities_are_cells()
    {
        Tensor<float> map = NotFinite();
        (Tensor<float> values, Tensor<long> indices) = Pool.RoiPoolWithIndices(map, Tensor.Create([1f, 0, 0, Width - 1, Height - 1], [1, 5]), 2);
        for (int channel = 0; channel < Channels; channel++)
        for (int bin = 0; bin < 4; bin++)
        {
            var cells = (
                from y in Enumerable.Range(bin / 2 * (Height / 2), Height / 2 + 1)
                from x in Enumerable.Range(bin % 2 * (Width / 2), Width / 2 + 1)
                select (Value: map[1, channel, y, x], Index: (long)(y * Width + x))).ToList();
            (float value, long index) = cells.Any(cell => float.IsNaN(cell.Value)) ? cells.Last(cell => float.IsNaN(cell.Value)) : cells.MaxBy(cell => cell.Value);
            Assert.Equal((value, index), (values[0, channel, bin / 2, bin % 2], indices[0, channel, bin / 2, bin % 2]));
        }
        Tensor<float> least = Tensor.Create(Enumerable.Repeat(float.NegativeInfinity, 6).ToArray(), [1, 1, 2, 3]);
        Assert.Equal([1L], Pool.RoiPoolWithIndices(least, Tensor.Create([0f, 1, 0, 2, 1], [1, 5]), 1).Indices.ToArray());
    }

    /// <summary>Of one, few or no numbers in a plane that are not finite, by channel.</summary>
    private static Tensor<float> NotFinite()
    {
        Tensor<float> map = Random<float>([Images, Channels, Height, Width], 5);
        Random random = new(6);
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        for (int channel = 0; channel < 11; channel++)
        for (int i = 0; i <= channel; i++) map[random.Next(Images), channel, random.Next(Height), random.Next(Width)] = odd[channel % 4 < 3 ? channel % 4 : random.Next(3)];
        return map;
    }

    private static Tensor<T> Channel<T>(Tensor<T> all, int channel)
        where T : unmanaged
    {
        int plane = (int)(all.Lengths[2] * all.Lengths[3]);
        T[] cells = [.. all.ToArray().Chunk(plane).Where((_, i) => i % Channels == channel).SelectMany(cells => cells)];
        return Tensor.Create(cells, [all.Lengths[0], 1, all.Lengths[2], all.Lengths[3]]);
    }

    private static Tensor<T> Random<T>(nint[] shape, int seed)
        where T : unmanaged, INumber<T>
    {
        Random random = new(seed);
        Tensor<T> cells = Tensor.CreateFromShape<T>(shape);
        foreach (ref T cell in cells.AsTensorSpan()) cell = T.CreateTruncating(random.NextDouble() * 2 - 1);
        return cells;
    }

    /// <summary>Of any size, some partly outside, one wholly, one inside out.</summary>
    private static Tensor<float> NewBoxes()
    {
        Random random = new(7);
        float[] boxes = [.. Enumerable.Range(0, Boxes).SelectMany(k =>
        {
            float x = random.Next(-4, Width), y = random.Next(-4, Height);
            return (float[])[k % Images, x, y, x + random.Next(-2, Width), y + random.NextSingle() * Height];
        })];
        (boxes[1], boxes[2], boxes[3], boxes[4]) = (Width + 3, Height + 3, Width + 9, Height + 9);
        return Tensor.Create(boxes, [Boxes, 5]);
    }
}
