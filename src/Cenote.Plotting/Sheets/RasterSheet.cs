using SkiaSharp;

namespace Cenote.Plotting;

/// <summary>A sheet of pixels.</summary>
internal sealed class RasterSheet : ISheet, IDisposable
{
    private readonly SKSurface _surface;
    private readonly SKPaint _ink = new() { Color = SKColors.Black, IsAntialias = true };

    internal RasterSheet(int width, int height)
    {
        _surface = SKSurface.Create(PixelBlock.Info(width, height))
            ?? throw new InvalidOperationException($"no memory for a picture of {width} x {height} pixels");
        _surface.Canvas.Clear(SKColors.White);
    }

    public void Line(int x, int y, int width, int height) => _surface.Canvas.DrawRect(x, y, width, height, _ink);

    public void Image(PixelBlock block, int x, int y)
    {
        using SKImage image = block.ToImage();
        _surface.Canvas.DrawImage(image, x, y, SKSamplingOptions.Default);
    }

    public void Text(string text, float x, float y, float size, Anchor anchor, bool upwards)
    {
        using SKFont font = Lettering.Font(size);
        SKTextAlign align = anchor switch { Anchor.Start => SKTextAlign.Left, Anchor.Middle => SKTextAlign.Center, _ => SKTextAlign.Right };
        SKCanvas canvas = _surface.Canvas;
        canvas.Save();
        canvas.Translate(x, y);
        canvas.RotateDegrees(upwards ? -90 : 0);
        canvas.DrawText(text, 0, 0, align, font, _ink);
        canvas.Restore();
    }

    internal byte[] ToPng()
    {
        using SKPixmap pixels = _surface.PeekPixels();
        return PixelBlock.Png(pixels);
    }

    public void Dispose()
    {
        _ink.Dispose();
        _surface.Dispose();
    }
}
