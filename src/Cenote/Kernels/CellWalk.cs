namespace Cenote.Kernels;

/// <summary>Output by output, tap by tap, row by row, left to right: where the order of the taps matters, or their positions.</summary>
internal static unsafe class CellWalk
{
    /// <summary>Walks every output of the geometry over a dense input.</summary>
    public static void Run<T, TVisitor>(in Geometry geometry, T* input, TVisitor visitor)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T> =>
        Run(geometry, input, visitor, 0, geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength);

    /// <summary>The same on as many threads as the options allow; each has a copy of the visitor.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="input">The cells.</param>
    /// <param name="visitor">What happens at each output.</param>
    /// <param name="outputBytes">Bytes that it writes there.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Run<T, TVisitor>(in Geometry geometry, T* input, TVisitor visitor, int outputBytes, PoolOptions? options)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T> => Crew.Run(new Rows<T, TVisitor>(geometry, input, visitor, outputBytes), options);

    /// <summary>Walks some rows of outputs.</summary>
    private static void Run<T, TVisitor>(in Geometry geometry, T* input, TVisitor visitor, long first, long end)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long output = first * width.OutputLength * inner;
        for (long unit = first; unit < end; unit++)
        {
            (long slice, long oh) = Math.DivRem(unit, height.OutputLength);
            (long plane, long od) = Math.DivRem(slice, depth.OutputLength);
            T* cells = input + plane * geometry.InputPlane * inner;
            TapRange d = depth.Taps(od), h = height.Taps(oh);
            long rowDivisor = depth.Divisor(od, visitor.CountsPadding) * height.Divisor(oh, visitor.CountsPadding);
            for (long ow = 0; ow < width.OutputLength; ow++)
            {
                TapRange w = width.Taps(ow);
                long divisor = rowDivisor * width.Divisor(ow, visitor.CountsPadding);
                for (long channel = 0; channel < inner; channel++, output++)
                {
                    visitor.Open();
                    for (long i = 0; i < d.Count; i++)
                    for (long j = 0; j < h.Count; j++)
                    {
                        long row = ((d.First + i * d.Step) * height.InputLength + h.First + j * h.Step) * width.InputLength;
                        for (long k = 0; k < w.Count; k++)
                        {
                            long index = row + w.First + k * w.Step;
                            visitor.Visit(cells[index * inner + channel], index);
                        }
                    }
                    visitor.Close(output, divisor);
                }
            }
        }
    }

    /// <summary>The walk on several threads.</summary>
    private readonly struct Rows<T, TVisitor>(Geometry geometry, T* input, TVisitor visitor, int outputBytes) : IKernel
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        public long Units => geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;

        public long UnitBytes => geometry.Width.OutputLength * geometry.Inner * (geometry.MostTaps * sizeof(T) + outputBytes);

        public void Run(long first, long end) => CellWalk.Run(geometry, input, visitor, first, end);
    }
}
