using System.Numerics.Tensors;
using Cenote.Plotting;

namespace Cenote.Tests.Plotting;

public class HeatmapTests
{
    [Theory]
    [InlineData(1, 1, null, null)]
    [InlineData(3, 4, null, null)]
    [InlineData(13, 17, null, null)]
    [InlineData(13, 17, 301, 223)]
    [InlineData(13, 17, 800, 180)]
    [InlineData(1, 100, null, null)]
    [InlineData(100, 1, null, null)]
    [InlineData(60, 900, null, null)]
    public void Every_cell_is_one_rectangle_of_whole_pixels_in_its_colour(int rows, int columns, int? width, int? height)
    {
        float[] values = Values(rows, columns);
        float min = values.Where(float.IsFinite).Min(), max = values.Where(float.IsFinite).Max();
        foreach (Origin origin in Enum.GetValues<Origin>())
        {
            var map = Heatmap.Of(Matrix(values, rows, columns), "A title", width: width, height: height, origin: origin);
            var pixels = new Pixels(map);
            PlotLayout layout = map.Layout;
            for (int row = 0; row < rows; row++)
            {
                int fromTop = origin == Origin.Upper ? row : rows - 1 - row;
                for (int column = 0; column < columns; column++)
                {
                    HashSet<Rgb> colors = pixels.Colors(
                        layout.PlotX + column * layout.CellWidth, layout.PlotY + fromTop * layout.CellHeight, layout.CellWidth, layout.CellHeight);
                    Assert.Equal([Expected(values[row * columns + column], min, max)], colors);
                }
            }
        }
    }

    [Fact]
    public void Row_0_is_at_the_bottom()
    {
        var map = Heatmap.Of(Matrix([0, 0, 1, 1], 2, 2));
        var pixels = new Pixels(map);
        Assert.Equal(Colormap.Inferno.Entries[255], pixels[map.Layout.PlotX, map.Layout.PlotY]);
        Assert.Equal(Colormap.Inferno.Entries[0], pixels[map.Layout.PlotX, map.Layout.PlotY + map.Layout.PlotHeight - 1]);
    }

    [Fact]
    public void The_axes_stand_exactly_around_the_cells()
    {
        var map = Heatmap.Of(Matrix(Values(6, 5), 6, 5), colormap: Colormap.Viridis);
        var pixels = new Pixels(map);
        (int x, int y, int width, int height) = (map.Layout.PlotX, map.Layout.PlotY, map.Layout.PlotWidth, map.Layout.PlotHeight);
        Assert.Equal([Pixels.Black], pixels.Colors(x - 1, y - 1, width + 2, 1));
        Assert.Equal([Pixels.Black], pixels.Colors(x - 1, y + height, width + 2, 1));
        Assert.Equal([Pixels.Black], pixels.Colors(x - 1, y, 1, height));
        Assert.Equal([Pixels.Black], pixels.Colors(x + width, y, 1, height));
        Assert.Equal([Pixels.White], pixels.Colors(x + width + 1, y, 2, height));
        Assert.Equal([Pixels.White], pixels.Colors(x - 1, y - 2, width + 2, 1));
    }

    [Fact]
    public void Ticks_stand_at_the_centres_of_their_cells()
    {
        var map = Heatmap.Of(Matrix(Values(3, 3), 3, 3), width: 400, height: 300);
        var pixels = new Pixels(map);
        PlotLayout layout = map.Layout;
        for (int cell = 0; cell < 3; cell++)
        {
            int below = layout.PlotY + layout.PlotHeight + 2, centre = layout.PlotX + cell * layout.CellWidth + layout.CellWidth / 2;
            Assert.Equal([centre], Enumerable.Range(layout.PlotX + cell * layout.CellWidth, layout.CellWidth).Where(x => pixels[x, below] == Pixels.Black));
            int middle = layout.PlotY + layout.PlotHeight - 1 - (cell * layout.CellHeight + layout.CellHeight / 2);
            int top = layout.PlotY + (2 - cell) * layout.CellHeight;
            Assert.Equal([middle], Enumerable.Range(top, layout.CellHeight).Where(y => pixels[layout.PlotX - 3, y] == Pixels.Black));
        }
    }

    [Theory]
    [InlineData(640, 480)]
    [InlineData(641, 333)]
    [InlineData(1001, 1999)]
    public void The_picture_has_exactly_the_size_asked_for(int width, int height)
    {
        var pixels = new Pixels(Heatmap.Of(Matrix(Values(20, 30), 20, 30), "t", xLabel: "x", yLabel: "y", width: width, height: height));
        Assert.Equal((width, height), (pixels.Width, pixels.Height));
    }

    [Fact]
    public void Cells_are_the_largest_that_fit_and_the_margins_share_the_rest()
    {
        PlotLayout Sized(int width) => Heatmap.Of(Matrix(Values(20, 30), 20, 30), width: width).Layout;
        int exact = Enumerable.Range(500, 31).First(width => Sized(width + 1).CellWidth > Sized(width).CellWidth) + 1;
        for (int rest = 0; rest < 30; rest++)
        {
            Assert.Equal(Sized(exact).CellWidth, Sized(exact + rest).CellWidth);
            Assert.Equal(Sized(exact).PlotX + rest / 2, Sized(exact + rest).PlotX);
        }

        Assert.Equal(Sized(exact).CellWidth + 1, Sized(exact + 30).CellWidth);
    }

    [Theory]
    [InlineData("width", 257, 188)]
    [InlineData("height", 257, 188)]
    public void A_size_too_small_is_answered_with_the_smallest_that_works(string side, int rows, int columns)
    {
        Tensor<float> values = Matrix(Values(rows, columns), rows, columns);
        Heatmap Sized(int size) => Heatmap.Of(values, "Title", yLabel: "y", width: side == "width" ? size : null, height: side == "height" ? size : null);
        string message = Assert.Throws<ArgumentException>(() => Sized(100)).Message;
        Assert.Matches($"^{side} must be at least [0-9]+ pixels .* \\(was 100\\)$", message);
        int least = int.Parse(message.Split(' ')[5]);
        Assert.Equal(1, side == "width" ? Sized(least).Layout.CellWidth : Sized(least).Layout.CellHeight);
        Assert.Throws<ArgumentException>(() => Sized(least - 1));
    }

    [Theory]
    [InlineData(3, 4, 14f, "A title that is far wider than so small a plot could ever be, and then some more of it, and more", "y", null)]
    [InlineData(40, 1, 14f, "A title wider than its column", "rows", "0.000000")]
    [InlineData(1, 40, 14f, null, "A label longer than the one row is high", "+0 dB;-0 dB")]
    [InlineData(257, 188, 10f, "Ground, gypsum (jpq)", "Frequency Bins, gypsum", "+0 dB;-0 dB")]
    [InlineData(64, 1200, 33f, "Large letters", "y", null)]
    [InlineData(2, 2, 14f, null, null, null)]
    public void No_text_comes_near_the_edge(int rows, int columns, float fontSize, string? title, string? yLabel, string? format)
    {
        var map = Heatmap.Of(
            Matrix(Values(rows, columns), rows, columns), title, xLabel: title, yLabel: yLabel, colorbarFormat: format, fontSize: fontSize);
        var pixels = new Pixels(map);
        int margin = (int)(fontSize / 2) - 1;
        Assert.Equal([Pixels.White], pixels.Colors(0, 0, map.Width, margin));
        Assert.Equal([Pixels.White], pixels.Colors(0, map.Height - margin, map.Width, margin));
        Assert.Equal([Pixels.White], pixels.Colors(0, 0, margin, map.Height));
        Assert.Equal([Pixels.White], pixels.Colors(map.Width - margin, 0, margin, map.Height));
    }

    [Fact]
    public void Leading_axes_of_one_are_dropped()
    {
        float[] values = Values(5, 7);
        Assert.Equal(Heatmap.Of(Matrix(values, 5, 7)).ToPng(), Heatmap.Of(Tensor.Create(values, [1, 1, 5, 7])).ToPng());
    }

    [Fact]
    public void A_view_is_drawn_as_it_is_seen()
    {
        Tensor<float> turned = Tensor.PermuteDimensions(Matrix([1, 2, 3, 4, 5, 6], 2, 3), [1, 0]);
        Assert.Equal(Heatmap.Of(Matrix([1, 4, 2, 5, 3, 6], 3, 2)).ToPng(), Heatmap.Of(turned).ToPng());
    }

    [Fact]
    public void Values_are_copied()
    {
        Tensor<float> values = Matrix([1, 2, 3, 4], 2, 2);
        var map = Heatmap.Of(values);
        byte[] before = map.ToPng();
        values[0, 0] = 9;
        Assert.Equal(before, map.ToPng());
    }

    [Fact]
    public void Nan_and_infinities_have_no_part_in_the_range()
    {
        var map = Heatmap.Of(Matrix([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, 2, 3], 2, 3), origin: Origin.Upper);
        Assert.Equal((1f, 3f), (map.Min, map.Max));
        var pixels = new Pixels(map);
        Rgb Cell(int column) => pixels[map.Layout.PlotX + column * map.Layout.CellWidth, map.Layout.PlotY];
        Assert.Equal([Colormap.Inferno.Missing, Colormap.Inferno.Entries[255], Colormap.Inferno.Entries[0]], [Cell(0), Cell(1), Cell(2)]);
    }

    [Fact]
    public void A_map_of_nan_is_all_in_the_colour_of_nan_and_its_bar_has_no_labels()
    {
        var map = Heatmap.Of(Matrix([float.NaN, float.NaN], 1, 2));
        Assert.Equal((float.NaN, float.NaN), (map.Min, map.Max));
        Assert.Equal([Colormap.Inferno.Missing], new Pixels(map).Colors(map.Layout.PlotX, map.Layout.PlotY, map.Layout.PlotWidth, map.Layout.PlotHeight));
        Assert.Empty(map.Layout.BarTicks);
    }

    [Fact]
    public void A_constant_map_takes_entry_0_and_its_bar_names_the_value()
    {
        var map = Heatmap.Of(Matrix([-100, -100], 1, 2), colormap: Colormap.Viridis);
        Assert.Equal([Colormap.Viridis.Entries[0]], new Pixels(map).Colors(map.Layout.PlotX, map.Layout.PlotY, map.Layout.PlotWidth, map.Layout.PlotHeight));
        Assert.Equal("-100", Assert.Single(map.Layout.BarTicks).Label);
    }

    [Theory]
    [InlineData(1, 12000)]
    [InlineData(2, 12000)]
    [InlineData(300, 200)]
    [InlineData(1, 5)]
    public void Labels_of_the_bar_do_not_touch(int rows, int columns)
    {
        PlotLayout layout = Heatmap.Of(Matrix([.. Enumerable.Range(0, rows * columns).Select(i => i % 97f)], rows, columns)).Layout;
        Assert.NotEmpty(layout.BarTicks);
        Assert.All(layout.BarTicks.Zip(layout.BarTicks.Skip(1)), pair => Assert.True(pair.Second.Offset - pair.First.Offset > 2 * layout.HalfCap));
    }

    [Fact]
    public void A_range_asked_for_is_used()
    {
        var map = Heatmap.Of(Matrix([0, 5, 10, 20], 1, 4), min: 5, max: 10);
        var pixels = new Pixels(map);
        Rgb[] row = [.. Enumerable.Range(0, 4).Select(column => pixels[map.Layout.PlotX + column * map.Layout.CellWidth, map.Layout.PlotY])];
        ReadOnlySpan<Rgb> inferno = Colormap.Inferno.Entries;
        Assert.Equal([inferno[0], inferno[0], inferno[255], inferno[255]], row);
        Assert.Equal((5f, 10f), (map.Min, map.Max));
    }

    [Fact]
    public void The_colour_bar_shows_the_whole_table_from_the_bottom_up()
    {
        var map = Heatmap.Of(Matrix([0, 1], 1, 2), height: 600, colormap: Colormap.Magma);
        var pixels = new Pixels(map);
        PlotLayout layout = map.Layout;
        Rgb[] bar = [.. Enumerable.Range(0, layout.PlotHeight).Select(up => pixels[layout.BarX, layout.PlotY + layout.PlotHeight - 1 - up])];
        Assert.Equal(Colormap.Magma.Entries.ToArray(), bar.Distinct());
        Assert.Equal(bar.Distinct(), pixels.Colors(layout.BarX, layout.PlotY, layout.BarWidth, layout.PlotHeight).Reverse());
    }

    [Fact]
    public void Bilinear_keeps_the_values_at_the_centres_and_fills_between()
    {
        var map = Heatmap.Of(Matrix([0, 1], 1, 2), interpolation: Interpolation.Bilinear);
        PlotLayout layout = map.Layout;
        var pixels = new Pixels(map);
        Rgb[] row = [.. Enumerable.Range(layout.PlotX, layout.PlotWidth).Select(x => pixels[x, layout.PlotY])];
        Assert.Equal(Colormap.Inferno.Entries[0], row[layout.CellWidth / 2 - 1]);
        Assert.Equal(Colormap.Inferno.Entries[128], row[layout.CellWidth]);
        Assert.Equal(Colormap.Inferno.Entries[255], row[^1]);
        Assert.InRange(row.Distinct().Count(), 200, 256);
    }

    [Fact]
    public void Bilinear_does_not_spread_nan()
    {
        var map = Heatmap.Of(Matrix([0, float.NaN, 1], 1, 3), interpolation: Interpolation.Bilinear);
        var pixels = new Pixels(map);
        PlotLayout layout = map.Layout;
        for (int x = 0; x < layout.PlotWidth; x++)
        {
            Assert.Equal(x / layout.CellWidth == 1, pixels[layout.PlotX + x, layout.PlotY] == Colormap.Inferno.Missing);
        }
    }

    [Fact]
    public void Equal_maps_give_equal_bytes()
    {
        static Heatmap Map() => Heatmap.Of(Matrix(Values(9, 9), 9, 9), "Title", xLabel: "x", yLabel: "y", colorbarFormat: "+0 dB;-0 dB");
        Assert.Equal(Map().ToPng(), Map().ToPng());
        Assert.Equal(Map().ToSvg(), Map().ToSvg());
    }

    public static TheoryData<string, Func<Heatmap>> Mistakes { get; } = new()
    {
        { "values must be a matrix, (rows, columns), with no axes but of 1 before it (was (3))", () => Heatmap.Of(Tensor.Create(new float[3], [3])) },
        { "values must be a matrix, (rows, columns), with no axes but of 1 before it (was (2, 3, 4))", () => Heatmap.Of(Tensor.Create(new float[24], [2, 3, 4])) },
        { "values must not be empty (was (0, 188))", () => Heatmap.Of(Tensor.Create(Array.Empty<float>(), [0, 188])) },
        { "min must be finite (was NaN)", () => Heatmap.Of(Small, min: float.NaN) },
        { "max must be finite (was Infinity)", () => Heatmap.Of(Small, max: float.PositiveInfinity) },
        { "min must be below max, which is 4 (was 9)", () => Heatmap.Of(Small, min: 9) },
        { "min must be below max, which is 1 (was 2)", () => Heatmap.Of(Small, min: 2, max: 1) },
        { "min must be below max, which is 2 (was 2)", () => Heatmap.Of(Small, min: 2, max: 2) },
        { "colorbarFormat must be a .NET numeric format, such as \"+0 dB;-0 dB\" (was \"Q\")", () => Heatmap.Of(Small, colorbarFormat: "Q") },
        { "origin must be Lower or Upper (was 7)", () => Heatmap.Of(Small, origin: (Origin)7) },
        { "interpolation must be Nearest or Bilinear (was 7)", () => Heatmap.Of(Small, interpolation: (Interpolation)7) },
        { "fontSize must be 6 to 200 pixels (was NaN)", () => Heatmap.Of(Small, fontSize: float.NaN) },
        { "a picture must have at most 268435456 pixels (was 20000 x 20000)", () => Heatmap.Of(Small, width: 20000, height: 20000) },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_is_named_in_one_line(string message, Func<Heatmap> mistake) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(mistake).Message);

    private static Tensor<float> Small => Matrix([1, 2, 3, 4], 2, 2);

    internal static Tensor<float> Matrix(float[] values, int rows, int columns) => Tensor.Create(values, [rows, columns]);

    /// <summary>Values of a fixed seed, about one in ten of them NaN.</summary>
    internal static float[] Values(int rows, int columns)
    {
        var random = new Random(rows * 1009 + columns);
        return [.. Enumerable.Range(0, rows * columns).Select(i => i % 10 == 3 ? float.NaN : random.NextSingle() * 90 - 60)];
    }

    private static Rgb Expected(float value, float min, float max) =>
        float.IsNaN(value) ? new Rgb(0xb0, 0xb0, 0xb0)
            : min == max ? Colormap.Inferno.Entries[0]
            : Colormap.Inferno.Entries[Math.Min(255, (int)((value - min) / (max - min) * 256))];
}
