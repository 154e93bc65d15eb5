using Cenote.Plotting;

namespace Cenote.Tests.Plotting;

public class FigureTests
{
    [Fact]
    public void Panels_of_their_own_size_stand_side_by_side_unchanged()
    {
        Heatmap[] maps =
        [
            Heatmap.Of(HeatmapTests.Matrix(HeatmapTests.Values(4, 5), 4, 5), "One", width: 400, height: 300),
            Heatmap.Of(HeatmapTests.Matrix(HeatmapTests.Values(6, 3), 6, 3), "Two", width: 350, height: 300, colormap: Colormap.Viridis),
        ];
        PlotLayout[] layouts = [.. maps.Select(map => map.Layout)];
        var figure = Figure.SideBySide(maps);
        int level = layouts.Max(layout => layout.PlotY);
        Assert.Equal(750, figure.Width);
        Assert.Equal(300 + level - layouts.Min(layout => layout.PlotY), figure.Height);
        var whole = new Pixels(figure);
        int left = 0;
        foreach (Heatmap map in maps)
        {
            var panel = new Pixels(map);
            int down = level - map.Layout.PlotY;
            for (int y = 0; y < panel.Height; y++)
            {
                for (int x = 0; x < panel.Width; x++)
                {
                    Assert.Equal(panel[x, y], whole[left + x, down + y]);
                }
            }

            left += map.Width;
        }
    }

    [Fact]
    public void Panels_without_a_size_share_one()
    {
        // A spectrogram and what pooling by two makes of it.
        Heatmap[] maps =
        [
            Heatmap.Of(HeatmapTests.Matrix(HeatmapTests.Values(257, 188), 257, 188)),
            Heatmap.Of(HeatmapTests.Matrix(HeatmapTests.Values(128, 94), 128, 94)),
        ];
        var whole = new Pixels(Figure.SideBySide(maps));
        int[] plots = [.. maps.Select(map => map.Fitted(564, 514)).Select(map => map.Width)];
        Assert.Equal(plots.Sum(), whole.Width);
        Assert.Equal(maps[0].Height, whole.Height);
        Assert.Equal((188 * 3, 94 * 6), (maps[0].Fitted(564, 514).Layout.PlotWidth, maps[1].Fitted(564, 514).Layout.PlotWidth));
        Assert.Equal((257 * 2, 128 * 4), (maps[0].Fitted(564, 514).Layout.PlotHeight, maps[1].Fitted(564, 514).Layout.PlotHeight));
    }

    [Fact]
    public void Plots_are_level_though_one_has_no_title()
    {
        var figure = Figure.SideBySide(
            Heatmap.Of(HeatmapTests.Matrix([1, 2], 1, 2), "Title"), Heatmap.Of(HeatmapTests.Matrix([1, 2], 1, 2)));
        var pixels = new Pixels(figure);
        int Top(int from, int to) => Enumerable.Range(0, pixels.Height).First(
            y => Enumerable.Range(from, to - from).Count(x => pixels[x, y] == Pixels.Black) > 100);
        Assert.Equal(Top(0, pixels.Width / 2), Top(pixels.Width / 2, pixels.Width));
    }

    [Fact]
    public void The_svg_has_every_panel()
    {
        Heatmap map = Heatmap.Of(HeatmapTests.Matrix([1, 2], 1, 2), "Panel");
        Assert.Equal(3, Figure.SideBySide(map, map, map).ToSvg().Split(">Panel<").Length - 1);
    }

    [Fact]
    public void No_panels_are_refused() =>
        Assert.Equal("panels must not be empty (was 0 heat maps)", Assert.Throws<ArgumentException>(() => Figure.SideBySide()).Message);
}
