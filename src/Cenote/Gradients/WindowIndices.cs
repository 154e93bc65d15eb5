namespace Cenote.Gradients;

/// <summary>Indices of winners against the windows they are said to have won.</summary>
internal static unsafe class WindowIndices
{
    /// <summary>Refuses an index that is no cell of its window; -1 is none.</summary>
    /// <exception cref="ArgumentException">There is such an index.</exception>
    public static void Check(in Geometry geometry, long* indices)
    {
        (long outer, Axis depth, Axis height, Axis width, long inner) = geometry;
        long position = 0;
        for (long o = 0; o < outer; o++)
        for (long od = 0; od < depth.OutputLength; od++)
        for (long oh = 0; oh < height.OutputLength; oh++)
        for (long ow = 0; ow < width.OutputLength; ow++)
        {
            TapRange d = depth.Taps(od), h = height.Taps(oh), w = width.Taps(ow);
            for (long channel = 0; channel < inner; channel++, position++)
            {
                long index = indices[position];
                if (index == -1) continue;
                (long row, long iw) = Math.DivRem(index, width.InputLength);
                (long id, long ih) = Math.DivRem(row, height.InputLength);
                if (index < 0 || !d.Contains(id) || !h.Contains(ih) || !w.Contains(iw))
                    throw new ArgumentException(
                        $"indices holds {index} for output {position}; it must be a cell of that window in the plane of {geometry.InputPlane} cells, or -1", nameof(indices));
            }
        }
    }
}
