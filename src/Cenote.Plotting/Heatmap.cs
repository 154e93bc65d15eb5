using System.Numerics.Tensors;

namespace Cenote.Plotting;

/// <summary>
/// A matrix drawn as coloured cells, with axes that count its rows and columns and a colour bar. Every cell covers a rectangle of whole pixels,
/// all of one size, so that no value is dropped or blended with its neighbours.
/// </summary>
public sealed class Heatmap : Picture
{
    private readonly HeatmapSpec _spec;

    private Heatmap(HeatmapSpec spec, PlotLayout layout)
        : base(layout.Width, layout.Height)
    {
        _spec = spec;
        Layout = layout;
    }

    /// <summary>The number of rows of cells.</summary>
    public int Rows => _spec.Rows;

    /// <summary>The number of columns of cells.</summary>
    public int Columns => _spec.Columns;

    /// <summary>The value at the low end of the colours; NaN where no value is finite.</summary>
    public float Min => _spec.Min;

    /// <summary>The value at the high end of the colours; NaN where no value is finite.</summary>
    public float Max => _spec.Max;

    internal PlotLayout Layout { get; }

    internal HeatmapSpec Spec => _spec;

    /// <summary>Draws a matrix.</summary>
    /// <param name="values">
    /// (rows, columns), with any number of axes of 1 before them, as (1, 1, 257, 188). Copied. NaN has a colour of its own
    /// (<see cref="Colormap.Missing"/>) and no part in the range; infinities have no part in the range and take its end colours.
    /// </param>
    /// <param name="title">Written above; by default nothing. Titles and labels are one line each; the font knows Latin, Greek and Cyrillic.</param>
    /// <param name="colormap">The colours; by default <see cref="Colormap.Inferno"/>, which spectrograms are usually drawn in.</param>
    /// <param name="xLabel">Written below, for the columns; by default nothing.</param>
    /// <param name="yLabel">Written at the left, upwards, for the rows; by default nothing.</param>
    /// <param name="colorbarFormat">
    /// A .NET numeric format for the colour bar's labels, such as <c>"+0 dB;-0 dB"</c>; by default as many decimals as they need.
    /// </param>
    /// <param name="min">The value of the lowest colour, finite; lower values take that colour. By default the least finite value.</param>
    /// <param name="max">The value of the highest colour, finite, above <paramref name="min"/>. By default the greatest finite value.</param>
    /// <param name="width">
    /// The width of the whole picture in pixels. Cells take the largest whole-pixel size that fits, and the margins take the rest.
    /// By default what the cells need for a plot of about 640 pixels, and as wide as the matrix where that has more columns.
    /// </param>
    /// <param name="height">The height likewise; by default for a plot of about 480 pixels.</param>
    /// <param name="origin">Where row 0 stands; by default at the bottom.</param>
    /// <param name="interpolation">By default none: each cell in its own colour.</param>
    /// <param name="fontSize">The size of the labels in pixels, 6 to 200; lines grow with it. By default 14, matplotlib's 10 points at 100 dots an inch.</param>
    /// <remarks>A matrix of one value takes entry 0 of the colours; one of no finite value has a colour bar without labels.</remarks>
    /// <exception cref="ArgumentException">
    /// The tensor is empty or no matrix, the range is empty or not finite, the format is none, or the size leaves some cell without a pixel
    /// (the message then tells the smallest that works) or is beyond 2^28 pixels.
    /// </exception>
    public static Heatmap Of(
        Tensor<float> values,
        string? title = null,
        Colormap? colormap = null,
        string? xLabel = null,
        string? yLabel = null,
        string? colorbarFormat = null,
        float? min = null,
        float? max = null,
        int? width = null,
        int? height = null,
        Origin origin = Origin.Lower,
        Interpolation interpolation = Interpolation.Nearest,
        float fontSize = 14)
    {
        ArgumentNullException.ThrowIfNull(values);
        (int rows, int columns) = Shape(values.Lengths);
        var flat = new float[values.FlattenedLength];
        values.FlattenTo(flat);
        (float low, float high) = Range(flat, min, max);
        Check(colorbarFormat);
        Check(Enum.IsDefined(origin), "origin must be Lower or Upper", origin);
        Check(Enum.IsDefined(interpolation), "interpolation must be Nearest or Bilinear", interpolation);
        Check(fontSize is >= 6 and <= 200, "fontSize must be 6 to 200 pixels", fontSize);

        var spec = new HeatmapSpec
        {
            Values = flat,
            Rows = rows,
            Columns = columns,
            Min = low,
            Max = high,
            Colormap = colormap ?? Colormap.Inferno,
            Title = Lettering.Clean(title),
            XLabel = Lettering.Clean(xLabel),
            YLabel = Lettering.Clean(yLabel),
            ColorbarFormat = colorbarFormat,
            Width = width,
            Height = height,
            Origin = origin,
            Interpolation = interpolation,
            FontSize = fontSize,
        };
        return new Heatmap(spec, new PlotLayout(spec));
    }

    /// <summary>
    /// A preview for a terminal of 24-bit colours: the title, the cells, and the range beneath. Each character is an upper half block, two cells
    /// high. It is a preview: a map larger than it is sampled, one cell for each half character, and the others are not seen.
    /// </summary>
    /// <param name="width">The most characters a line, 1 to 1000; by default 80, the usual terminal. The height follows the picture's shape.</param>
    /// <returns>Lines ending in <c>\n</c>, with ANSI escape sequences.</returns>
    /// <exception cref="ArgumentException"><paramref name="width"/> is none of these.</exception>
    public string ToTerminal(int width = 80)
    {
        Check(width is >= 1 and <= 1000, "width must be 1 to 1000 characters", width);
        return TerminalPreview.Of(this, width);
    }

    /// <summary>The same heat map with cells as large as fit such a plot, along each axis whose size was not asked for.</summary>
    internal Heatmap Fitted(int plotWidth, int plotHeight) =>
        new(_spec, new PlotLayout(_spec, _spec.Width is null ? plotWidth : null, _spec.Height is null ? plotHeight : null));

    /// <summary>A heat map of another shape, all else alike: its size is asked for, it has no cells to draw.</summary>
    /// <exception cref="ArgumentException">It is no matrix, or the picture would be too large.</exception>
    internal Heatmap Outline(ReadOnlySpan<nint> shape)
    {
        (int rows, int columns) = Shape(shape);
        HeatmapSpec spec = _spec with { Values = [], Rows = rows, Columns = columns };
        return new(spec, new PlotLayout(spec));
    }

    /// <summary>The row of cells a picture shows at a height, counted from the top.</summary>
    internal int RowFromTop(int row) => _spec.Origin == Origin.Upper ? row : Rows - 1 - row;

    internal Rgb ColorOf(float value) => _spec.Colormap.ColorOf(value, Min, Max);

    internal override void Draw(ISheet sheet, int x, int y) => new HeatmapDrawing(this, sheet, x, y).Draw();

    private static (int Rows, int Columns) Shape(ReadOnlySpan<nint> lengths)
    {
        string shape = $"({string.Join(", ", lengths.ToArray())})";
        Check(lengths.Length >= 2 && !lengths[..^2].ContainsAnyExcept(1), "values must be a matrix, (rows, columns), with no axes but of 1 before it", shape);
        Check(!lengths.Contains(0), "values must not be empty", shape);
        return ((int)lengths[^2], (int)lengths[^1]);
    }

    private static (float Min, float Max) Range(float[] values, float? min, float? max)
    {
        Check(min is null || float.IsFinite(min.Value), "min must be finite", min);
        Check(max is null || float.IsFinite(max.Value), "max must be finite", max);
        float least = float.PositiveInfinity, greatest = float.NegativeInfinity;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                least = Math.Min(least, value);
                greatest = Math.Max(greatest, value);
            }
        }

        bool any = least <= greatest;
        float low = min ?? (any ? least : max ?? float.NaN);
        float high = max ?? (any ? greatest : min ?? float.NaN);
        Check(!(low > high) && (low != high || least >= greatest), FormattableString.Invariant($"min must be below max, which is {high}"), low);
        return (low, high);
    }

    private static void Check(string? colorbarFormat)
    {
        try
        {
            _ = 0d.ToString(colorbarFormat, System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new ArgumentException($"colorbarFormat must be a .NET numeric format, such as \"+0 dB;-0 dB\" (was \"{colorbarFormat}\")");
        }
    }

    private static void Check<T>(bool holds, string rule, T was)
    {
        if (!holds)
        {
            throw new ArgumentException(FormattableString.Invariant($"{rule} (was {was})"));
        }
    }
}
