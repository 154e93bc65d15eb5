namespace Cenote.Plotting;

/// <summary>One drawing of a heat map on a sheet, its upper left corner at (x, y).</summary>
internal readonly struct HeatmapDrawing(Heatmap map, ISheet sheet, int x, int y)
{
    private readonly PlotLayout _layout = map.Layout;
    private readonly HeatmapSpec _spec = map.Spec;
    private readonly int _left = x + map.Layout.PlotX;
    private readonly int _top = y + map.Layout.PlotY;

    private int Bottom => _top + _layout.PlotHeight;

    internal void Draw()
    {
        sheet.Image(_spec.Interpolation == Interpolation.Nearest ? Cells() : Smoothed(), _left, _top);
        Frame(_left, _layout.PlotWidth);
        foreach (Tick tick in _layout.XTicks)
        {
            sheet.Line(_left + tick.Offset - _layout.LineWidth / 2, Bottom + _layout.LineWidth, _layout.LineWidth, _layout.TickLength);
            sheet.Text(tick.Label, _left + tick.Offset + 0.5f, y + _layout.TickLabelY, _spec.FontSize, Anchor.Middle, upwards: false);
        }

        foreach (Tick tick in _layout.YTicks)
        {
            int row = _spec.Origin == Origin.Upper ? _top + tick.Offset : Bottom - 1 - tick.Offset;
            int end = _left - _layout.LineWidth - _layout.TickLength;
            sheet.Line(end, row - _layout.LineWidth / 2, _layout.TickLength, _layout.LineWidth);
            sheet.Text(tick.Label, end - _layout.TickGap, row + 0.5f + _layout.HalfCap, _spec.FontSize, Anchor.End, upwards: false);
        }

        ColorBar();
        Labels();
    }

    private void ColorBar()
    {
        int left = x + _layout.BarX;
        var bar = new PixelBlock(_layout.BarWidth, _layout.PlotHeight);
        for (int i = 0; i < bar.Height; i++)
        {
            // A range of one value has one colour; a range of none, the colour of none.
            float share = (bar.Height - 1 - i + 0.5f) / bar.Height;
            Rgb color = map.Min < map.Max ? _spec.Colormap.ColorOf(share, 0, 1) : map.ColorOf(map.Min);
            bar.Row(i).Fill(PixelBlock.Pixel(color));
        }

        sheet.Image(bar, left, _top);
        Frame(left, _layout.BarWidth);
        int right = left + _layout.BarWidth + _layout.LineWidth;
        foreach (Tick tick in _layout.BarTicks)
        {
            int row = Bottom - 1 - tick.Offset;
            sheet.Line(right, row - _layout.LineWidth / 2, _layout.TickLength, _layout.LineWidth);
            sheet.Text(
                tick.Label, right + _layout.TickLength + _layout.TickGap, row + 0.5f + _layout.HalfCap, _spec.FontSize, Anchor.Start, upwards: false);
        }
    }

    private void Labels()
    {
        float middle = _layout.PlotX + _layout.PlotWidth / 2f;
        if (_spec.Title is { } title)
        {
            float centre = _layout.Centre(middle, Lettering.Width(title, _layout.TitleSize), _layout.Width);
            sheet.Text(title, x + centre, y + _layout.TitleY, _layout.TitleSize, Anchor.Middle, upwards: false);
        }

        if (_spec.XLabel is { } xLabel)
        {
            float centre = _layout.Centre(middle, Lettering.Width(xLabel, _spec.FontSize), _layout.Width);
            sheet.Text(xLabel, x + centre, y + _layout.XLabelY, _spec.FontSize, Anchor.Middle, upwards: false);
        }

        if (_spec.YLabel is { } yLabel)
        {
            float centre = _layout.Centre(_layout.PlotY + _layout.PlotHeight / 2f, Lettering.Width(yLabel, _spec.FontSize), _layout.Height);
            sheet.Text(yLabel, x + _layout.YLabelX, y + centre, _spec.FontSize, Anchor.Middle, upwards: true);
        }
    }

    /// <summary>Four lines around an area as high as the plot, none of them on it.</summary>
    private void Frame(int left, int width)
    {
        int line = _layout.LineWidth;
        sheet.Line(left - line, _top - line, width + 2 * line, line);
        sheet.Line(left - line, Bottom, width + 2 * line, line);
        sheet.Line(left - line, _top, line, _layout.PlotHeight);
        sheet.Line(left + width, _top, line, _layout.PlotHeight);
    }

    private PixelBlock Cells()
    {
        var block = new PixelBlock(_layout.PlotWidth, _layout.PlotHeight);
        for (int row = 0; row < _spec.Rows; row++)
        {
            ReadOnlySpan<float> values = _spec.Row(map.RowFromTop(row));
            Span<uint> pixels = block.Row(row * _layout.CellHeight);
            for (int column = 0; column < values.Length; column++)
            {
                pixels.Slice(column * _layout.CellWidth, _layout.CellWidth).Fill(PixelBlock.Pixel(map.ColorOf(values[column])));
            }

            for (int copy = 1; copy < _layout.CellHeight; copy++)
            {
                pixels.CopyTo(block.Row(row * _layout.CellHeight + copy));
            }
        }

        return block;
    }

    private PixelBlock Smoothed()
    {
        var block = new PixelBlock(_layout.PlotWidth, _layout.PlotHeight);
        for (int py = 0; py < block.Height; py++)
        {
            (int upper, int lower, float down) = Between(py, _layout.CellHeight, _spec.Rows);
            ReadOnlySpan<float> above = _spec.Row(map.RowFromTop(upper)), below = _spec.Row(map.RowFromTop(lower));
            ReadOnlySpan<float> own = _spec.Row(map.RowFromTop(py / _layout.CellHeight));
            Span<uint> pixels = block.Row(py);
            for (int px = 0; px < pixels.Length; px++)
            {
                (int left, int right, float across) = Between(px, _layout.CellWidth, _spec.Columns);
                float value = float.Lerp(float.Lerp(above[left], above[right], across), float.Lerp(below[left], below[right], across), down);
                pixels[px] = PixelBlock.Pixel(map.ColorOf(float.IsFinite(value) ? value : own[px / _layout.CellWidth]));
            }
        }

        return block;
    }

    /// <summary>The two cells whose centres a pixel's centre lies between, and how far it is from the first to the second, 0 to 1.</summary>
    private static (int First, int Second, float Share) Between(int pixel, int cell, int count)
    {
        float position = Math.Clamp((pixel + 0.5f) / cell - 0.5f, 0, count - 1);
        int first = (int)position;
        return (first, Math.Min(first + 1, count - 1), position - first);
    }
}
