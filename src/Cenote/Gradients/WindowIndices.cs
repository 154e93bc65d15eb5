namespace Cenote.Gradients;

/// <summary>Indices of winners against the windows they are said to have won.</summary>
internal static unsafe class WindowIndices
{
    /// <summary>Refuses an index that is no cell of its window; -1 is none.</summary>
    /// <exception cref="ArgumentException">There is such an index.</exception>
    public static void Check(in Geometry geometry, long* indices)
    {
        (long outer, Axis depth, Axis height, Axis width, long inner) = geometry;
        long position = 0, plane = geometry.InputPlane;
        for (long o = 0; o < outer; o++)
        for (long od = 0; od < depth.OutputLength; od++)
        for (long oh = 0; oh < height.OutputLength; oh++)
        for (long ow = 0; ow < width.OutputLength; ow++)
        {
            TapRange d = depth.Taps(od), h = height.Taps(oh), w = width.Taps(ow);
            for (long channel = 0; channel < inner; channel++, position++)
                if (indices[position] != -1 && !IsCell(geometry, indices[position], d, h, w))
                    throw new ArgumentException(
                        $"indices holds {indices[position]} for output {position}; it must be a cell of that window in the plane of {plane} cells, or -1", nameof(indices));
        }
    }

    /// <summary>Whether each index of a row is a cell of its window, or -1.</summary>
    public static bool AreCells(in Geometry geometry, long* row, in TapRange depth, in TapRange height)
    {
        for (long ow = 0; ow < geometry.Width.OutputLength; ow++)
        {
            TapRange width = geometry.Width.Taps(ow);
            for (long channel = 0; channel < geometry.Inner; channel++, row++)
                if (*row != -1 && !IsCell(geometry, *row, depth, height, width)) return false;
        }
        return true;
    }

    /// <summary>Whether an index is one of a window's cells: row by row, which is cheaper than taking the index apart.</summary>
    public static bool IsCell(in Geometry geometry, long index, in TapRange depth, in TapRange height, in TapRange width)
    {
        for (long i = 0; i < depth.Count; i++)
        for (long j = 0; j < height.Count; j++)
            if (width.Contains(index - ((depth.First + i * depth.Step) * geometry.Height.InputLength + height.First + j * height.Step) * geometry.Width.InputLength)) return true;
        return false;
    }
}
