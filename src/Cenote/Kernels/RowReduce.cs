namespace Cenote.Kernels;

/// <summary>The second primitive: along one row of accumulators, one channel at a time where channels come last.</summary>
internal static unsafe class RowReduce
{
    /// <summary>Reduces each window of the row and finishes it.</summary>
    /// <param name="width">The axis along the row.</param>
    /// <param name="inner">Channels of each cell.</param>
    /// <param name="accumulators">The rows of the window, combined.</param>
    /// <param name="output">One row of the output.</param>
    /// <param name="divisor">The product of the other axes' divisors.</param>
    /// <param name="reducer">The fold.</param>
    public static void Run<T, TAccumulator, TReducer>(
        in Axis width, long inner, TAccumulator* accumulators, T* output, long divisor, TReducer reducer)
        where T : unmanaged
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
    {
        for (long ow = 0; ow < width.OutputLength; ow++)
        {
            TapRange taps = width.Taps(ow);
            long count = divisor * width.Divisor(ow, reducer.CountsPadding);
            long first = taps.First * inner, step = taps.Step * inner;
            for (long channel = 0; channel < inner; channel++)
            {
                TAccumulator accumulator = reducer.Identity;
                for (long k = 0, i = first + channel; k < taps.Count; k++, i += step)
                    accumulator = reducer.Combine(accumulator, accumulators[i]);
                *output++ = reducer.Finish(accumulator, count);
            }
        }
    }
}
