using System.Numerics;

namespace Cenote.Kernels;

/// <summary>The middle cell in order of size, the lower of the two where their number is even; the first of equal ones.</summary>
internal readonly struct MedianPick<T> : IPick<T>
    where T : unmanaged, INumber<T>
{
    // So few are sooner sorted; and so often cells may fall into uneven parts.
    private const int Few = 16, MostRounds = 64;

    public int Among(ReadOnlySpan<T> cells, Span<T> scratch, long output)
    {
        cells.CopyTo(scratch);
        int at = (cells.Length - 1) / 2;
        // Hoare's FIND: what is certainly above or below is left out.
        for (int round = 0; scratch.Length > Few && round < MostRounds; round++)
        {
            T pivot = Middle(scratch[0], scratch[scratch.Length / 2], scratch[^1]);
            int low = 0, high = scratch.Length - 1;
            while (low <= high)
            {
                while (scratch[low] < pivot) low++;
                while (scratch[high] > pivot) high--;
                if (low > high) break;
                (scratch[low], scratch[high]) = (scratch[high], scratch[low]);
                low++;
                high--;
            }
            // What lies between is the pivot.
            if (at > high && at < low) return cells.IndexOf(pivot);
            scratch = at <= high ? scratch[..(high + 1)] : scratch[low..];
            if (at >= low) at -= low;
        }
        scratch.Sort();
        return cells.IndexOf(scratch[at]);
    }

    private static T Middle(T a, T b, T c) => T.Max(T.Min(a, b), T.Min(T.Max(a, b), c));
}
