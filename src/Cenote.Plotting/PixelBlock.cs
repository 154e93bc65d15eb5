using System.Runtime.InteropServices;
using SkiaSharp;

namespace Cenote.Plotting;

/// <summary>A rectangle of pixels, row after row from the top.</summary>
internal sealed class PixelBlock(int width, int height)
{
    private readonly uint[] _pixels = new uint[width * height];

    internal int Width => width;

    internal int Height => height;

    internal Span<uint> Row(int y) => _pixels.AsSpan(y * width, width);

    /// <summary>The pixel of a colour: red in the first byte, opaque in the last.</summary>
    internal static uint Pixel(Rgb color) => color.Red | (uint)color.Green << 8 | (uint)color.Blue << 16 | 0xff000000;

    internal static SKImageInfo Info(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);

    /// <summary>Pixels as the bytes of a PNG file.</summary>
    internal static byte[] Png(SKPixmap pixels)
    {
        using SKData png = pixels.Encode(SKPngEncoderOptions.Default) ?? throw new InvalidOperationException("no memory to encode a picture");
        return png.ToArray();
    }

    internal SKImage ToImage() => SKImage.FromPixelCopy(Info(width, height), MemoryMarshal.AsBytes(_pixels.AsSpan()));
}
