namespace Cenote.Plotting;

/// <summary>What pictures are drawn on: the three things a plot is made of. Positions are whole pixels from the upper left corner.</summary>
internal interface ISheet
{
    /// <summary>Fills a rectangle with black: a frame's edge or a tick.</summary>
    void Line(int x, int y, int width, int height);

    /// <summary>Puts a block of pixels, pixel for pixel.</summary>
    void Image(PixelBlock block, int x, int y);

    /// <summary>Writes black text whose baseline passes through (x, y), which is its start, middle or end.</summary>
    void Text(string text, float x, float y, float size, Anchor anchor, bool upwards);
}
