namespace Cenote.Plotting;

/// <summary>Several heat maps in one picture, each with its own axes and colour bar.</summary>
public sealed class Figure : Picture
{
    private readonly Heatmap[] _panels;

    private Figure(Heatmap[] panels, int width, int height)
        : base(width, height) => _panels = panels;

    /// <summary>
    /// Heat maps from left to right. Those that asked for no width (or height) of their own are given plots of
    /// about one size, as far as cells of whole pixels allow. The tops of the plots are level.
    /// </summary>
    /// <param name="panels">At least one.</param>
    /// <exception cref="ArgumentException">There is none, or the picture would be too large.</exception>
    public static Figure SideBySide(params Heatmap[] panels)
    {
        ArgumentNullException.ThrowIfNull(panels);
        foreach (Heatmap panel in panels) ArgumentNullException.ThrowIfNull(panel, nameof(panels));
        if (panels.Length == 0)
        {
            throw new ArgumentException("panels must not be empty (was 0 heat maps)");
        }

        int plotWidth = Shared([.. panels.Where(panel => panel.Spec.Width is null).Select(panel => (panel.Layout.PlotWidth, panel.Columns))]);
        int plotHeight = Shared([.. panels.Where(panel => panel.Spec.Height is null).Select(panel => (panel.Layout.PlotHeight, panel.Rows))]);
        Heatmap[] fitted = [.. panels.Select(panel => panel.Fitted(plotWidth, plotHeight))];
        int level = fitted.Max(panel => panel.Layout.PlotY);
        return new Figure(fitted, fitted.Sum(panel => panel.Width), fitted.Max(panel => level - panel.Layout.PlotY + panel.Height));
    }

    internal override void Draw(ISheet sheet, int x, int y)
    {
        int level = _panels.Max(panel => panel.Layout.PlotY);
        foreach (Heatmap panel in _panels)
        {
            panel.Draw(sheet, x, y + level - panel.Layout.PlotY);
            x += panel.Width;
        }
    }

    /// <summary>The length, of those that the plots have alone, that leaves them most alike once each is cut down to whole cells.</summary>
    private static int Shared((int Plot, int Cells)[] plots) =>
        plots.Length == 0
            ? 1
            : plots.Select(plot => plot.Plot)
                .OrderDescending()
                .MinBy(length => (double)plots.Max(plot => Cut(length, plot.Cells)) / plots.Min(plot => Cut(length, plot.Cells)));

    private static int Cut(int length, int cells) => Math.Max(1, length / cells) * cells;
}
