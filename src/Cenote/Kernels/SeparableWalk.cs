namespace Cenote.Kernels;

/// <summary>Rows first, then along the row: every rank and both layouts are these two steps.</summary>
/// <remarks>
/// The rows of a window (depth and height) are combined cell by cell into one row of accumulators, <see cref="RowCombine"/>; that row is
/// reduced along the width, <see cref="RowReduce"/>. The cells of a row are contiguous: the width, times the channels where they come last.
/// </remarks>
internal static unsafe class SeparableWalk
{
    /// <summary>Folds every window of the geometry over a dense input into a dense output.</summary>
    public static void Run<T, TAccumulator, TReducer>(in Geometry geometry, T* input, T* output, TReducer reducer)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        (long outer, Axis depth, Axis height, Axis width, long inner) = geometry;
        long row = width.InputLength * inner;
        long outputRow = width.OutputLength * inner, inputPlane = geometry.InputPlane * inner;
        TAccumulator* accumulators = (TAccumulator*)Scratch.Rent(row * sizeof(TAccumulator));

        for (long o = 0; o < outer; o++, input += inputPlane)
        for (long od = 0; od < depth.OutputLength; od++)
        {
            TapRange d = depth.Taps(od);
            long depthDivisor = depth.Divisor(od, reducer.CountsPadding);
            for (long oh = 0; oh < height.OutputLength; oh++, output += outputRow)
            {
                TapRange h = height.Taps(oh);
                for (long i = 0; (d.Count == 0 || h.Count == 0) && i < row; i++) accumulators[i] = reducer.Identity;
                for (long i = 0; i < d.Count; i++)
                for (long j = 0; j < h.Count; j++)
                {
                    T* source = input + ((d.First + i * d.Step) * height.InputLength + h.First + j * h.Step) * row;
                    if (i == 0 && j == 0) RowCombine.Lift<T, TAccumulator, TReducer>(source, accumulators, row, reducer);
                    else RowCombine.Add<T, TAccumulator, TReducer>(source, accumulators, row, reducer);
                }
                long divisor = depthDivisor * height.Divisor(oh, reducer.CountsPadding);
                RowReduce.Run<T, TAccumulator, TReducer>(width, inner, accumulators, output, divisor, reducer);
            }
        }
    }
}
