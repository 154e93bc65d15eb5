using System.Globalization;

namespace Cenote.Plotting;

/// <summary>Where axes are marked: at 1, 2 or 5 times a power of ten, as closely as asked and no closer.</summary>
internal static class Ticks
{
    /// <summary>Marks at the centres of cells.</summary>
    /// <param name="count">How many cells.</param>
    /// <param name="cell">The length of a cell in pixels.</param>
    /// <param name="spacing">The least distance between marks in pixels.</param>
    internal static Tick[] OfCells(int count, int cell, int spacing)
    {
        int step = (int)Steps(1).First(step => step.Size * cell >= spacing).Size;
        return [.. Enumerable.Range(0, (count - 1) / step + 1)
            .Select(k => new Tick(k * step * cell + cell / 2, (k * step).ToString(CultureInfo.InvariantCulture)))];
    }

    /// <summary>Marks of a colour bar: round values, or its ends where fewer than two of them fit, or its middle where there is room for one label.</summary>
    /// <param name="min">The value at the low end; NaN for no marks.</param>
    /// <param name="max">The value at the high end.</param>
    /// <param name="length">The length in pixels.</param>
    /// <param name="spacing">The least distance between marks in pixels.</param>
    /// <param name="room">What a label needs of the length in pixels.</param>
    /// <param name="format">A .NET numeric format; null writes as many decimals as the step has.</param>
    internal static Tick[] OfValues(float min, float max, int length, int spacing, int room, string? format)
    {
        if (float.IsNaN(min))
        {
            return [];
        }

        double range = (double)max - min;
        foreach (Step step in range > 0 ? Steps(range * spacing / length) : [])
        {
            long first = (long)Math.Ceiling(min / step.Size - 1e-9), last = (long)Math.Floor(max / step.Size + 1e-9);
            string numbers = format ?? PlainFormat(step, Math.Max(Math.Abs((double)min), Math.Abs((double)max)));
            List<Tick> ticks = [];
            for (long k = first; k <= last; k++)
            {
                double offset = (k * step.Size - min) / range * length;
                ticks.Add(new Tick(Math.Clamp((int)offset, 0, length - 1), Label(k * step.Size, numbers)));
            }

            if (ticks.Count < 2)
            {
                break;
            }

            // A format that rounds two marks to one label asks for wider steps.
            if (ticks.DistinctBy(tick => tick.Label).Count() == ticks.Count)
            {
                return [.. ticks];
            }
        }

        // No two round values have room or labels of their own: the ends, and the middle where there is but one value or room for one.
        Tick low = new(0, Label(min, format ?? Significant(min, 3))), high = new(length - 1, Label(max, format ?? Significant(max, 3)));
        double middle = ((double)min + max) / 2;
        return low.Label != high.Label && high.Offset >= room ? [low, high] : [new Tick(length / 2, Label(middle, format ?? Significant(middle, 7)))];
    }

    /// <summary>The format of so many significant digits at most, with exponents as they stand beside round values.</summary>
    internal static string Significant(double value, int digits) =>
        value.ToString($"G{digits}", CultureInfo.InvariantCulture).Contains('E', StringComparison.Ordinal) ? $"0.{new string('#', digits - 1)}e+0" : $"G{digits}";

    private static string Label(double value, string format) => Lettering.Clean(value.ToString(format, CultureInfo.InvariantCulture)) ?? "";

    private static string PlainFormat(Step step, double largest)
    {
        int digits = (int)Math.Floor(Math.Log10(largest)) - step.Exponent;
        return largest >= 1e7 || step.Exponent < -5 ? $"0.{new string('#', Math.Clamp(digits, 0, 15))}e+0" : $"F{Math.Max(0, -step.Exponent)}";
    }

    private static IEnumerable<Step> Steps(double least)
    {
        for (int exponent = (int)Math.Floor(Math.Log10(least)); ; exponent++)
        {
            foreach (int digit in (int[])[1, 2, 5])
            {
                var step = new Step(exponent < 0 ? digit / Math.Pow(10, -exponent) : digit * Math.Pow(10, exponent), exponent);
                if (step.Size >= least)
                {
                    yield return step;
                }
            }
        }
    }

    private readonly record struct Step(double Size, int Exponent);
}
