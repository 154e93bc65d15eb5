namespace Cenote.Audio;

/// <summary>
/// The taper that weighs the samples of a frame: a sum of cosines over the frame, periodic as scipy.signal.get_window gives it for spectra
/// (the sample behind the last one would be the first again).
/// </summary>
public sealed class WindowFunction
{
    private readonly double[] _cosines;

    private WindowFunction(string name, params double[] cosines)
    {
        Name = name;
        _cosines = cosines;
    }

    /// <summary><c>0.5 - 0.5 cos(2 pi n / N)</c>: librosa's default, and a good one, for its leakage falls off fast.</summary>
    public static WindowFunction Hann { get; } = new("hann", 0.5, -0.5);

    /// <summary><c>0.54 - 0.46 cos(2 pi n / N)</c>: a lower first side lobe than Hann's, and higher ones far away.</summary>
    public static WindowFunction Hamming { get; } = new("hamming", 0.54, -0.46);

    /// <summary><c>0.42 - 0.5 cos(2 pi n / N) + 0.08 cos(4 pi n / N)</c>: less leakage than Hann's for a wider main lobe.</summary>
    public static WindowFunction Blackman { get; } = new("blackman", 0.42, -0.5, 0.08);

    /// <summary>1 throughout: no taper.</summary>
    public static WindowFunction Boxcar { get; } = new("boxcar", 1);

    /// <summary>Every window there is, in the order of the documentation.</summary>
    public static IReadOnlyList<WindowFunction> All { get; } = [Hann, Hamming, Blackman, Boxcar];

    /// <summary>scipy's name for it, in lower case.</summary>
    public string Name { get; }

    /// <summary>The window of a name.</summary>
    /// <param name="name">scipy's name: hann, hamming, blackman or boxcar. Case does not matter.</param>
    /// <returns>One of <see cref="All"/>.</returns>
    /// <exception cref="ArgumentException">There is no window of that name; the message lists those there are.</exception>
    public static WindowFunction Parse(string name) =>
        All.FirstOrDefault(window => window.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"The window must be one of {string.Join(", ", All)}; it is '{name}'.", nameof(name));

    /// <summary>The weights of one frame, in float64.</summary>
    /// <param name="length">How many, 1 or more.</param>
    /// <returns>As many numbers, between 0 and 1 but for rounding; of one, 1.</returns>
    /// <exception cref="ArgumentException"><paramref name="length"/> is under 1.</exception>
    public double[] Weights(int length)
    {
        Require.Positive(length);
        if (length == 1)
        {
            // scipy's exception: by the formula a single sample would be weighed by the window's edge, which is 0 or next to it.
            return [1];
        }

        double[] weights = new double[length];
        for (int n = 0; n < length; n++)
        {
            for (int order = 0; order < _cosines.Length; order++)
            {
                weights[n] += _cosines[order] * Math.Cos(2 * Math.PI * order * n / length);
            }
        }

        return weights;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
