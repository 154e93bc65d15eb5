using System.Xml.Linq;
using Cenote.Plotting;

namespace Cenote.Tests.Plotting;

public class SvgTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Labels_are_text()
    {
        var map = Heatmap.Of(
            HeatmapTests.Matrix([-50, 0, 10, 30], 2, 2), "Max <Pooled> & \"more\"", xLabel: "Time Frames", yLabel: "Frequency Bins", colorbarFormat: "+0 dB;-0 dB");
        string[] texts = Texts(map);
        Assert.Contains("Max <Pooled> & \"more\"", texts);
        Assert.Contains("Time Frames", texts);
        Assert.Contains("Frequency Bins", texts);
        Assert.Equal(
            ["-50 dB", "-40 dB", "-30 dB", "-20 dB", "-10 dB", "+0 dB", "+10 dB", "+20 dB", "+30 dB"], texts.Where(text => text.EndsWith(" dB", StringComparison.Ordinal)));
        Assert.Equal(2, texts.Count(text => text == "1"));
    }

    [Fact]
    public void The_cells_are_the_same_pixels_as_in_the_png()
    {
        var map = Heatmap.Of(HeatmapTests.Matrix(HeatmapTests.Values(11, 6), 11, 6), "t");
        var png = new Pixels(map);
        XElement image = XDocument.Parse(map.ToSvg()).Descendants(s_svg + "image").First();
        var svg = new Pixels(Convert.FromBase64String(((string)image.Attribute("href")!).Split(',')[1]));
        (int x, int y) = ((int)image.Attribute("x")!, (int)image.Attribute("y")!);
        Assert.Equal((map.Layout.PlotX, map.Layout.PlotY), (x, y));
        Assert.Equal((map.Layout.PlotWidth, map.Layout.PlotHeight), (svg.Width, svg.Height));
        Assert.Equal((svg.Width, svg.Height), ((int)image.Attribute("width")!, (int)image.Attribute("height")!));
        for (int row = 0; row < svg.Height; row++)
        {
            for (int column = 0; column < svg.Width; column++)
            {
                Assert.Equal(png[x + column, y + row], svg[column, row]);
            }
        }
    }

    [Fact]
    public void Its_size_is_the_pictures()
    {
        XElement root = XDocument.Parse(Heatmap.Of(HeatmapTests.Matrix([1, 2], 1, 2), width: 500, height: 300).ToSvg()).Root!;
        Assert.Equal(("500", "300", "0 0 500 300"), ((string?)root.Attribute("width"), (string?)root.Attribute("height"), (string?)root.Attribute("viewBox")));
    }

    [Fact]
    public void Characters_that_xml_cannot_hold_become_spaces_and_lone_surrogates_a_mark() =>
        Assert.Contains("a b c \ufffd", Texts(Heatmap.Of(HeatmapTests.Matrix([1, 2], 1, 2), "a\u0000b\nc\uffff\ud800")));

    private static string[] Texts(Picture picture) => [.. XDocument.Parse(picture.ToSvg()).Descendants(s_svg + "text").Select(text => text.Value)];
}
