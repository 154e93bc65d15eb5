using Cenote.Plotting;

namespace Cenote.Tests.Plotting;

public class TerminalPreviewTests
{
    [Fact]
    public void Two_rows_of_cells_are_one_line_of_half_blocks()
    {
        var map = Heatmap.Of(HeatmapTests.Matrix([0, 1, 1, float.NaN], 2, 2), width: 300, height: 300);
        Assert.Equal(
            "\e[38;2;252;254;164m\e[48;2;0;0;3m▀\e[38;2;176;176;176m\e[48;2;252;254;164m▀\e[0m\n", map.ToTerminal(width: 3)[..map.ToTerminal(3).IndexOf("0 \e", StringComparison.Ordinal)]);
    }

    [Fact]
    public void The_range_stands_beneath_in_the_bars_format()
    {
        string last = Heatmap.Of(HeatmapTests.Matrix([-60, 20], 1, 2), colorbarFormat: "+0 dB;-0 dB").ToTerminal().Split('\n')[^2];
        Assert.StartsWith("-60 dB ", last);
        Assert.EndsWith(" +20 dB", last);
    }

    [Fact]
    public void Exponents_are_those_of_the_bar() =>
        Assert.StartsWith("3.08e-5 ", Heatmap.Of(HeatmapTests.Matrix([3.08e-5f, 1], 1, 2)).ToTerminal().Split('\n')[^2]);

    [Theory]
    [InlineData(257, 188, 80)]
    [InlineData(4, 4, 80)]
    [InlineData(100, 1, 40)]
    [InlineData(1, 100, 40)]
    [InlineData(5, 7, 1)]
    public void Lines_are_no_longer_than_asked(int rows, int columns, int width)
    {
        string[] lines = Heatmap.Of(HeatmapTests.Matrix(HeatmapTests.Values(rows, columns), rows, columns)).ToTerminal(width).Split('\n')[..^2];
        Assert.InRange(lines.Length, 1, Math.Max(1, width / 2));
        Assert.All(lines, line => Assert.InRange(line.Count(c => c == '▀'), columns <= width ? width / 2 : width, width));
    }

    [Fact]
    public void A_small_map_is_enlarged_by_whole_cells()
    {
        string line = Heatmap.Of(HeatmapTests.Matrix([0, 1, 0], 1, 3)).ToTerminal(width: 11).Split('\n')[0];
        Assert.Equal(9, line.Count(c => c == '▀'));
        Assert.Equal(3, line.Split("\e[38;2;252;254;164m").Length - 1);
    }

    [Fact]
    public void A_title_cannot_steer_the_terminal() =>
        Assert.StartsWith("a [2Jb\n", Heatmap.Of(HeatmapTests.Matrix([0, 1], 1, 2), "a\e[2Jb").ToTerminal());

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void A_width_out_of_range_is_refused(int width) => Assert.Equal(
        $"width must be 1 to 1000 characters (was {width})",
        Assert.Throws<ArgumentException>(() => Heatmap.Of(HeatmapTests.Matrix([0, 1], 1, 2)).ToTerminal(width)).Message);
}
