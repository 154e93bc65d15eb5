namespace Cenote.Plotting;

/// <summary>
/// Where everything of a heat map stands, in whole pixels from the upper left corner of the picture. The cells come first: they take the
/// largest whole-pixel size that fits, the axes wrap around them, and what is left over goes evenly to both sides.
/// </summary>
internal sealed class PlotLayout
{
    // A plot of 4 to 3 about this large, as matplotlib's default figure.
    private const int DefaultPlotWidth = 640;
    private const int DefaultPlotHeight = 480;

    // A default cell is at most so many times longer than wide: a single row is drawn as a band and not as a wall.
    private const int LongestCell = 8;

    // The height of DejaVu Sans' capitals and digits in ems. Its letters reach from 0.76 above the baseline to 0.24 below.
    private const float CapHeight = 0.73f;

    private readonly float _em;
    private readonly int _margin;

    /// <summary>Lays out a heat map.</summary>
    /// <param name="spec">The heat map.</param>
    /// <param name="plotWidth">The width that its plot shares with others when it asks for none of its own, null to choose one.</param>
    /// <param name="plotHeight">The height likewise.</param>
    internal PlotLayout(HeatmapSpec spec, int? plotWidth = null, int? plotHeight = null)
    {
        _em = spec.FontSize;
        LineWidth = Math.Max(1, Ems(1f / 14));
        TickLength = Math.Max(3, Ems(0.3f));
        TickGap = Ems(0.3f);
        TitleSize = 1.2f * _em;
        _margin = Ems(0.8f);

        int cellWidth = Math.Max(1, plotWidth / spec.Columns ?? (int)Math.Round((double)DefaultPlotWidth / spec.Columns));
        int cellHeight = Math.Max(1, plotHeight / spec.Rows ?? (int)Math.Round((double)DefaultPlotHeight / spec.Rows));
        CellWidth = plotWidth is null ? Math.Min(cellWidth, LongestCell * cellHeight) : cellWidth;
        CellHeight = plotHeight is null ? Math.Min(cellHeight, LongestCell * cellWidth) : cellHeight;

        // Down the picture first: the labels of the colour bar, and so its width, depend on its height.
        int top = _margin + (spec.Title is null ? 0 : Ems(1.2f) + Ems(0.4f)) + LineWidth;
        int bottom = LineWidth + TickLength + TickGap + Ems(CapHeight) + (spec.XLabel is null ? 0 : Ems(0.5f) + Ems(1)) + _margin;
        int longest = spec.YLabel is null ? 0 : Lettering.Width(spec.YLabel, _em) + 2 * _margin;
        (Height, CellHeight) = Fit("height", "row", spec.Height, spec.Rows, CellHeight, top + bottom, longest);
        PlotHeight = spec.Rows * CellHeight;
        PlotY = top + (Height - top - bottom - PlotHeight) / 2;
        YTicks = Ticks.OfCells(spec.Rows, CellHeight, Ems(3));
        BarTicks = Ticks.OfValues(spec.Min, spec.Max, PlotHeight, Ems(3), Ems(1), spec.ColorbarFormat);

        BarWidth = Ems(1.3f);
        int barGap = Ems(1.5f);
        int ticks = LineWidth + TickLength + TickGap;
        int left = _margin + (spec.YLabel is null ? 0 : Ems(1) + Ems(0.5f)) + Widest(YTicks) + ticks;
        int right = LineWidth + barGap + LineWidth + BarWidth + (BarTicks.Length == 0 ? LineWidth : ticks + Widest(BarTicks)) + _margin;
        longest = Math.Max(
            spec.Title is null ? 0 : Lettering.Width(spec.Title, TitleSize), spec.XLabel is null ? 0 : Lettering.Width(spec.XLabel, _em)) + 2 * _margin;
        (Width, CellWidth) = Fit("width", "column", spec.Width, spec.Columns, CellWidth, left + right, longest);
        PlotWidth = spec.Columns * CellWidth;
        PlotX = left + (Width - left - right - PlotWidth) / 2;
        BarX = PlotX + PlotWidth + LineWidth + barGap + LineWidth;
        int lastLabel = Lettering.Width((spec.Columns - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), _em);
        XTicks = Ticks.OfCells(spec.Columns, CellWidth, lastLabel + Ems(2));

        TitleY = PlotY - LineWidth - Ems(0.65f);
        TickLabelY = PlotY + PlotHeight + ticks + CapHeight * _em;
        XLabelY = PlotY + PlotHeight + ticks + Ems(CapHeight) + Ems(0.5f) + Ems(0.76f);
        YLabelX = PlotX - left + _margin + Ems(0.76f);
    }

    internal int Width { get; }
    internal int Height { get; }
    internal int CellWidth { get; }
    internal int CellHeight { get; }
    internal int PlotX { get; }
    internal int PlotY { get; }
    internal int PlotWidth { get; }
    internal int PlotHeight { get; }
    internal int BarX { get; }
    internal int BarWidth { get; }
    internal int LineWidth { get; }
    internal int TickLength { get; }
    internal int TickGap { get; }
    internal float TitleSize { get; }
    internal float TitleY { get; }
    internal float TickLabelY { get; }
    internal float XLabelY { get; }
    internal float YLabelX { get; }
    internal Tick[] XTicks { get; }
    internal Tick[] YTicks { get; }
    internal Tick[] BarTicks { get; }

    /// <summary>From the middle of a label to its baseline.</summary>
    internal float HalfCap => CapHeight * _em / 2;

    /// <summary>The middle of a text centred on a stretch, moved only as far as it must be to stay inside the picture.</summary>
    internal float Centre(float middle, int textLength, int pictureLength)
    {
        float nearest = _margin + textLength / 2f;
        return Math.Clamp(middle, nearest, pictureLength - nearest);
    }

    private static (int Length, int Cell) Fit(string name, string of, int? asked, int cells, int cell, int margins, int longestText)
    {
        int least = Math.Max(margins + cells, longestText);
        if (asked < least)
        {
            throw new ArgumentException(
                $"{name} must be at least {least} pixels to give each {of} a whole pixel ({cells} of them) and its labels room (was {asked})");
        }

        return asked is { } length ? (length, (length - margins) / cells) : (Math.Max(margins + cells * cell, longestText), cell);
    }

    private int Ems(float count) => (int)MathF.Round(count * _em);

    private int Widest(Tick[] ticks) => ticks.Max(tick => Lettering.Width(tick.Label, _em));
}
