using System.Globalization;
using System.Text;

namespace Cenote.Plotting;

/// <summary>A heat map as text: upper half blocks, the cell above in the ink's colour, the one below in the paper's.</summary>
internal static class TerminalPreview
{
    private const string Plain = "\e[0m";

    internal static string Of(Heatmap map, int width)
    {
        // A small map is enlarged by whole cells. Half a character is about square, and no preview is higher than it is wide.
        int columns = width >= map.Columns ? width / map.Columns * map.Columns : width;
        int rows = Math.Clamp((int)Math.Round((double)columns * map.Layout.PlotHeight / map.Layout.PlotWidth), 1, Math.Max(2, columns));
        rows = rows >= map.Rows ? rows / map.Rows * map.Rows : rows;

        var text = new StringBuilder();
        if (map.Spec.Title is { } title)
        {
            text.Append(title).Append('\n');
        }

        for (int row = 0; row < rows; row += 2)
        {
            for (int column = 0; column < columns; column++)
            {
                text.Append(Ink(Color(row, column)));
                text.Append(row + 1 < rows ? Paper(Color(row + 1, column)) : "").Append('▀');
            }

            text.Append(Plain).Append('\n');
        }

        if (!float.IsNaN(map.Min))
        {
            text.Append(Label(map.Min)).Append(' ');
            const int Steps = 16;
            for (int step = 0; step < Steps && map.Min < map.Max; step++)
            {
                text.Append(Ink(map.Spec.Colormap.ColorOf(step, 0, Steps - 1))).Append('█');
            }

            text.Append(Plain).Append(' ').Append(Label(map.Max)).Append('\n');
        }

        return text.ToString();

        string Label(float value) => value.ToString(map.Spec.ColorbarFormat ?? Ticks.Significant(value, 4), CultureInfo.InvariantCulture);

        Rgb Color(int row, int column) =>
            map.ColorOf(map.Spec.Row(map.RowFromTop(Cell(row, rows, map.Rows)))[Cell(column, columns, map.Columns)]);
    }

    /// <summary>The cell under the centre of a sample.</summary>
    private static int Cell(int sample, int samples, int cells) => (int)((2L * sample + 1) * cells / (2L * samples));

    private static string Ink(Rgb color) => $"\e[38;2;{color.Red};{color.Green};{color.Blue}m";

    private static string Paper(Rgb color) => $"\e[48;2;{color.Red};{color.Green};{color.Blue}m";
}
