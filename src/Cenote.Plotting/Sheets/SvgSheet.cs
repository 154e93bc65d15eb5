using System.Globalization;
using System.Text;
using System.Xml;
using SkiaSharp;

namespace Cenote.Plotting;

/// <summary>
/// A sheet of SVG. Skia's own SVG canvas would do without this type, but it writes text glyph by glyph and leaves images to be smoothed.
/// </summary>
internal sealed class SvgSheet : ISheet, IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly XmlWriter _svg;

    internal SvgSheet(int width, int height)
    {
        _svg = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" });
        _svg.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attribute("width", width);
        Attribute("height", height);
        _svg.WriteAttributeString("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}"));
        _svg.WriteAttributeString("font-family", Lettering.Families);
        Rectangle(0, 0, width, height, "#ffffff");
    }

    public void Line(int x, int y, int width, int height) => Rectangle(x, y, width, height, "#000000");

    public void Image(PixelBlock block, int x, int y)
    {
        using SKImage image = block.ToImage();
        using SKPixmap pixels = image.PeekPixels();
        _svg.WriteStartElement("image");
        Attribute("x", x);
        Attribute("y", y);
        Attribute("width", block.Width);
        Attribute("height", block.Height);
        _svg.WriteAttributeString("style", "image-rendering:pixelated");
        _svg.WriteAttributeString("href", "data:image/png;base64," + Convert.ToBase64String(PixelBlock.Png(pixels)));
        _svg.WriteEndElement();
    }

    public void Text(string text, float x, float y, float size, Anchor anchor, bool upwards)
    {
        _svg.WriteStartElement("text");
        if (upwards)
        {
            _svg.WriteAttributeString("transform", string.Create(CultureInfo.InvariantCulture, $"translate({x:0.##} {y:0.##}) rotate(-90)"));
        }
        else
        {
            Attribute("x", x);
            Attribute("y", y);
        }

        Attribute("font-size", size);
        _svg.WriteAttributeString("text-anchor", anchor switch { Anchor.Start => "start", Anchor.Middle => "middle", _ => "end" });
        _svg.WriteString(text);
        _svg.WriteEndElement();
    }

    internal string ToSvg()
    {
        _svg.WriteEndElement();
        _svg.Flush();
        return _text.Append('\n').ToString();
    }

    public void Dispose() => _svg.Dispose();

    private void Rectangle(int x, int y, int width, int height, string fill)
    {
        _svg.WriteStartElement("rect");
        Attribute("x", x);
        Attribute("y", y);
        Attribute("width", width);
        Attribute("height", height);
        _svg.WriteAttributeString("fill", fill);
        _svg.WriteEndElement();
    }

    private void Attribute(string name, float value) => _svg.WriteAttributeString(name, value.ToString("0.##", CultureInfo.InvariantCulture));
}
