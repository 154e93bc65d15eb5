namespace Cenote.Plotting;

/// <summary>
/// A table of 256 colours for values from low to high, and the rule that finds a value's entry. The tables are matplotlib's of the same
/// names. The picture, its colour bar and the terminal preview all ask <see cref="ColorOf"/>.
/// </summary>
public sealed class Colormap
{
    private readonly Rgb[] _entries;

    private Colormap(string name, string table, Rgb missing)
    {
        Name = name;
        Missing = missing;
        _entries = Array.ConvertAll(Convert.FromHexString(table).Chunk(3).ToArray(), rgb => new Rgb(rgb[0], rgb[1], rgb[2]));
    }

    private static Rgb MiddleGray => new(0xb0, 0xb0, 0xb0);

    /// <summary>Black through purple and orange to pale yellow; even steps to the eye. The default: what spectrograms are usually drawn in.</summary>
    public static Colormap Inferno { get; } = new("inferno", ColormapTables.Inferno, MiddleGray);

    /// <summary>Black through purple and pink to pale yellow; even steps to the eye.</summary>
    public static Colormap Magma { get; } = new("magma", ColormapTables.Magma, MiddleGray);

    /// <summary>Blue through purple and orange to yellow; even steps to the eye.</summary>
    public static Colormap Plasma { get; } = new("plasma", ColormapTables.Plasma, MiddleGray);

    /// <summary>Dark blue through green to yellow; even steps to the eye, also to the colour-blind.</summary>
    public static Colormap Viridis { get; } = new("viridis", ColormapTables.Viridis, MiddleGray);

    /// <summary>Black to white.</summary>
    public static Colormap Gray { get; } = new("gray", ColormapTables.Gray, new Rgb(0xd6, 0x27, 0x28));

    /// <summary>Every colour map, the default first.</summary>
    public static IReadOnlyList<Colormap> All { get; } = [Inferno, Magma, Plasma, Viridis, Gray];

    /// <summary>The name in lower case, as <see cref="Named"/> takes it.</summary>
    public string Name { get; }

    /// <summary>The 256 colours, lowest value first.</summary>
    public ReadOnlySpan<Rgb> Entries => _entries;

    /// <summary>The colour of NaN, which is none of the entries: a middle gray (#b0b0b0), and a red (#d62728) in <see cref="Gray"/>.</summary>
    public Rgb Missing { get; }

    /// <summary>The colour map of a name.</summary>
    /// <param name="name">One of inferno, magma, plasma, viridis, gray; in any case.</param>
    /// <exception cref="ArgumentException">There is no such colour map.</exception>
    public static Colormap Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(map => map.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"name must be one of {string.Join(", ", All.Select(map => map.Name))} (was '{name}')");
    }

    /// <summary>
    /// The entry of a value: <c>min(255, (int)((value - min) / (max - min) * 256))</c>, every step in float32, as matplotlib computes it.
    /// </summary>
    /// <param name="value">The value. Below the range, and at negative infinity, it takes entry 0; above, and at positive infinity, entry 255.</param>
    /// <param name="min">The low end of the range; finite.</param>
    /// <param name="max">The high end of the range; finite. Where it equals <paramref name="min"/> every finite value takes entry 0.</param>
    /// <returns>0 to 255, and -1 for NaN, which has no entry.</returns>
    public static int IndexOf(float value, float min, float max)
    {
        if (float.IsNaN(value))
        {
            return -1;
        }

        if (float.IsPositiveInfinity(value))
        {
            return 255;
        }

        if (min == max || value <= min)
        {
            return 0;
        }

        if (value >= max)
        {
            return 255;
        }

        // Halved where the range itself is beyond float32.
        float range = max - min;
        float fraction = float.IsInfinity(range) ? (value / 2 - min / 2) / (max / 2 - min / 2) : (value - min) / range;
        return Math.Min(255, (int)(fraction * 256));
    }

    /// <summary>The colour of a value: the entry at <see cref="IndexOf"/>, or <see cref="Missing"/> for NaN.</summary>
    /// <param name="value">The value.</param>
    /// <param name="min">The low end of the range; finite.</param>
    /// <param name="max">The high end of the range; finite.</param>
    public Rgb ColorOf(float value, float min, float max) => IndexOf(value, min, max) is >= 0 and var index ? _entries[index] : Missing;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
