using Cenote.Plotting;
using SkiaSharp;

namespace Cenote.Tests.Plotting;

/// <summary>A picture's PNG, decoded.</summary>
internal sealed class Pixels
{
    private readonly SKColor[] _pixels;

    internal Pixels(Picture picture)
        : this(picture.ToPng())
    {
    }

    internal Pixels(byte[] png)
    {
        using SKBitmap bitmap = SKBitmap.Decode(png);
        (Width, Height, _pixels) = (bitmap.Width, bitmap.Height, bitmap.Pixels);
    }

    internal static Rgb White => new(255, 255, 255);

    internal static Rgb Black => new(0, 0, 0);

    internal int Width { get; }

    internal int Height { get; }

    internal Rgb this[int x, int y] => _pixels[y * Width + x] is { Alpha: 255 } pixel
        ? new Rgb(pixel.Red, pixel.Green, pixel.Blue)
        : throw new InvalidDataException($"pixel ({x}, {y}) is not opaque");

    /// <summary>The colours in a rectangle, each once.</summary>
    internal HashSet<Rgb> Colors(int x, int y, int width, int height) =>
        [.. Enumerable.Range(y, height).SelectMany(row => Enumerable.Range(x, width).Select(column => this[column, row]))];
}
