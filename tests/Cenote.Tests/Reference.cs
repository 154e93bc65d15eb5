namespace Cenote.Tests;

/// <summary>The definitions of the semantics, cell by cell, with none of the library's arithmetic: what the kernels are held against.</summary>
public static class Reference
{
    /// <summary>What one output sees: the values of its valid taps, their plane indices, and its two divisors.</summary>
    public sealed record Seen(List<double> Values, List<long> Indices, long CountPadding, long CountValid);

    public sealed record Problem(int[] Lengths, int[] Kernel, int[] Stride, int[] Dilation, int[] Before, int[] After, bool Ceil, int Outer, int Inner, int Seed);

    public static int OutputLength(Problem c, int axis)
    {
        int e = c.Dilation[axis] * (c.Kernel[axis] - 1) + 1, s = c.Stride[axis];
        int padded = c.Lengths[axis] + c.Before[axis] + c.After[axis];
        // A window counts while it fits, in ceil mode while less than a stride of it hangs over.
        int output = 0;
        while (output * s + e - padded < (c.Ceil ? s : 1)) output++;
        return c.Ceil && (output - 1) * s >= c.Lengths[axis] + c.Before[axis] ? output - 1 : output;
    }

    /// <summary>Visits every output of a case over values of shape [outer, axes…, inner] in row-major order.</summary>
    public static List<Seen> Walk(Problem c, Func<long, double> value)
    {
        int rank = c.Lengths.Length;
        int[] outputs = [.. Enumerable.Range(0, rank).Select(axis => OutputLength(c, axis))];
        List<Seen> all = [];
        for (int outer = 0; outer < c.Outer; outer++)
            foreach (int[] at in Positions(outputs))
                for (int inner = 0; inner < c.Inner; inner++)
                {
                    Seen seen = new([], [], 0, 0);
                    long counted = 0;
                    foreach (int[] j in Positions(c.Kernel))
                    {
                        bool valid = true, padded = true;
                        long index = 0;
                        for (int axis = 0; axis < rank; axis++)
                        {
                            long t = (long)at[axis] * c.Stride[axis] - c.Before[axis] + (long)j[axis] * c.Dilation[axis];
                            valid &= t >= 0 && t < c.Lengths[axis];
                            padded &= t < c.Lengths[axis] + c.After[axis];
                            index = index * c.Lengths[axis] + t;
                        }
                        if (padded) counted++;
                        if (!valid) continue;
                        long plane = c.Lengths.Aggregate(1L, (a, b) => a * b);
                        seen.Values.Add(value((outer * plane + index) * c.Inner + inner));
                        seen.Indices.Add(index);
                    }
                    all.Add(seen with { CountPadding = counted, CountValid = seen.Values.Count });
                }
        return all;
    }

    private static IEnumerable<int[]> Positions(int[] lengths)
    {
        int[] at = new int[lengths.Length];
        if (lengths.Any(length => length == 0)) yield break;
        while (true)
        {
            yield return [.. at];
            int axis = lengths.Length - 1;
            while (axis >= 0 && ++at[axis] == lengths[axis]) at[axis--] = 0;
            if (axis < 0) yield break;
        }
    }
}
