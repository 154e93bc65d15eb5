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
        int largest = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            sum += Weight(cells[i]);
            if (cells[i] > cells[largest]) largest = i;
        }
        if (sum == 0 || double.IsInfinity(sum)) return largest;
        double left = CounterRandom.Uniform(seed, output) * sum;
        for (int i = 0; i < cells.Length; i++)
        {
            left -= Weight(cells[i]);
            if (left < 0) return i;
        }
        // What was added up in one order and taken off in the other may leave a rounding error.
        return largest;
    }

    private static double Weight(T cell) => Math.Max(double.CreateTruncating(cell), 0);
}
