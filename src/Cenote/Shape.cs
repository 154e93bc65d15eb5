using System.Globalization;

namespace Cenote;

/// <summary>The lengths of a tensor's axes, as text.</summary>
public static class Shape
{
    /// <summary>As Python prints a shape: <c>(1, 1, 257, 188)</c>, and <c>(48000,)</c> for a single axis.</summary>
    public static string Format(ReadOnlySpan<nint> lengths)
    {
        string[] texts = new string[lengths.Length];
        for (int axis = 0; axis < lengths.Length; axis++) texts[axis] = lengths[axis].ToString(CultureInfo.InvariantCulture);
        return texts.Length == 1 ? $"({texts[0]},)" : $"({string.Join(", ", texts)})";
    }
}
