using System.Xml;
using SkiaSharp;

namespace Cenote.Plotting;

/// <summary>The one font of the pictures, carried in the assembly, so that they look the same on a machine without fonts.</summary>
internal static class Lettering
{
    internal const string Families = "DejaVu Sans, Verdana, sans-serif";

    private static readonly SKTypeface s_typeface = Load();

    // Not hinted: glyphs keep their shape and widths at every size.
    internal static SKFont Font(float size) =>
        new(s_typeface, size) { Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };

    /// <summary>The width of a text in whole pixels, rounded up.</summary>
    internal static int Width(string text, float size)
    {
        using SKFont font = Font(size);
        return (int)MathF.Ceiling(font.MeasureText(text));
    }

    /// <summary>The text as it is drawn: on one line, without what XML cannot hold.</summary>
    internal static string? Clean(string? text) =>
        string.IsNullOrWhiteSpace(text)
            ? null
            : string.Concat(text.EnumerateRunes().Select(rune =>
                System.Text.Rune.IsControl(rune) || (rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value)) ? " " : rune.ToString()));

    private static SKTypeface Load()
    {
        using Stream font = typeof(Lettering).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(font);
    }
}
