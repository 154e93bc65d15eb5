using System.Text;

namespace Cenote.Plotting;

/// <summary>
/// Something drawn: of a fixed size in pixels, saved as PNG or SVG. Equal pictures give equal bytes. A file appears whole or not at all: it is
/// written beside its place, then renamed over what was there.
/// </summary>
public abstract class Picture
{
    // 1 GiB of memory.
    private const long MostPixels = 1 << 28;

    private protected Picture(int width, int height)
    {
        if ((long)width * height > MostPixels)
        {
            throw new ArgumentException($"a picture must have at most {MostPixels} pixels (was {width} x {height})");
        }

        Width = width;
        Height = height;
    }

    /// <summary>The width of the whole picture in pixels.</summary>
    public int Width { get; }

    /// <summary>The height of the whole picture in pixels.</summary>
    public int Height { get; }

    /// <summary>Saves the picture in the format of the file name's extension.</summary>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>, in any case. Its folder must exist.</param>
    /// <exception cref="ArgumentException">The extension is neither.</exception>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".PNG":
                SavePng(path);
                break;
            case ".SVG":
                SaveSvg(path);
                break;
            default:
                throw new ArgumentException($"path must end in .png or .svg (was '{path}')");
        }
    }

    /// <summary>Saves the picture as PNG: 8-bit RGB, lossless.</summary>
    /// <param name="path">The file, whatever its extension. Its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public void SavePng(string path) => WholeFile.Write(path, ToPng());

    /// <summary>Writes the picture as PNG.</summary>
    /// <param name="stream">Where to; left open.</param>
    public void SavePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToPng());
    }

    /// <summary>Saves the picture as SVG 1.1 in UTF-8: text as text, the cells as a lossless image of whole pixels.</summary>
    /// <param name="path">The file, whatever its extension. Its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public void SaveSvg(string path) => WholeFile.Write(path, Encoding.UTF8.GetBytes(ToSvg()));

    /// <summary>Writes the picture as SVG in UTF-8.</summary>
    /// <param name="stream">Where to; left open.</param>
    public void SaveSvg(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Encoding.UTF8.GetBytes(ToSvg()));
    }

    /// <summary>The picture as the bytes of a PNG file.</summary>
    public byte[] ToPng()
    {
        using var sheet = new RasterSheet(Width, Height);
        Draw(sheet, 0, 0);
        return sheet.ToPng();
    }

    /// <summary>The picture as SVG: one <c>svg</c> element without an XML declaration, so that it also stands inside a page.</summary>
    public string ToSvg()
    {
        using var sheet = new SvgSheet(Width, Height);
        Draw(sheet, 0, 0);
        return sheet.ToSvg();
    }

    /// <summary>Draws the picture with its upper left corner at (x, y).</summary>
    internal abstract void Draw(ISheet sheet, int x, int y);
}
