using System.Numerics;
using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>A cell drawn with a probability in proportion to its value; the first of the largest where none is above 0 or their sum is infinite.</summary>
internal readonly struct StochasticPick<T>(long seed) : IPick<T>
    where T : unmanaged, INumber<T>
{
    public int Among(ReadOnlySpan<T> cells, Span<T> scratch, long output)
    {
        double sum = 0;
        foreach (T cell in cells) sum += Weight(cell);
        if (sum == 0 || double.IsInfinity(sum)) return Largest(cells);
        double left = CounterRandom.Uniform(seed, output) * sum;
        // The first at which nothing is left: counted, since where that is no processor foresees.
        int drawn = 0;
        foreach (T cell in cells)
        {
            left -= Weight(cell);
            drawn += left < 0 ? 0 : 1;
        }
        // What was added up in one order and taken off in the other may leave a rounding error.
        return drawn < cells.Length ? drawn : Largest(cells);
    }

    private static int Largest(ReadOnlySpan<T> cells)
    {
        int largest = 0;
        for (int i = 1; i < cells.Length; i++)
            if (cells[i] > cells[largest]) largest = i;
        return largest;
    }

    private static double Weight(T cell) => Math.Max(double.CreateTruncating(cell), 0);
}
