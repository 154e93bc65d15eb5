using System.Numerics;

namespace Cenote.Kernels;

/// <summary>Plane by plane, output by output, tap by tap, over windows that begin where the samples say.</summary>
internal static unsafe class FractionalWalk
{
    private const long ExactInFloat = 1 << 24;

    /// <summary>Shows the visitor the cells of every window, on as many threads as the options allow; each has a copy of the visitor.</summary>
    /// <param name="geometry">A window of the kernel over the input; its outputs are not asked.</param>
    /// <param name="outputs">Output lengths: depth, height, width.</param>
    /// <param name="input">The cells, dense.</param>
    /// <param name="samples">A number for each axis of each plane.</param>
    /// <param name="rank">How many axes have one.</param>
    /// <param name="visitor">What happens at each output.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Run<T, TVisitor>(
        Geometry geometry, (long Depth, long Height, long Width) outputs, T* input, double* samples, int rank, TVisitor visitor, PoolOptions? options)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        long taps = geometry.Depth.Kernel * geometry.Height.Kernel * geometry.Width.Kernel;
        long planeBytes = outputs.Depth * outputs.Height * outputs.Width * (taps * sizeof(T) + sizeof(T) + sizeof(long));
        Crew.Run(new EachUnit(geometry.Outer * geometry.Inner, planeBytes, (first, end) => Run(geometry, outputs, input, samples, rank, visitor, first, end)), options);
    }

    private static void Run<T, TVisitor>(
        in Geometry geometry, (long Depth, long Height, long Width) outputs, T* input, double* samples, int rank, TVisitor visitor, long first, long end)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long outputPlane = outputs.Depth * outputs.Height * outputs.Width;
        samples += first * rank;
        for (long unit = first; unit < end; unit++, samples += rank)
        {
            (long o, long channel) = Math.DivRem(unit, inner);
            T* plane = input + o * geometry.InputPlane * inner + channel;
            // PyTorch's order: width before height in 2-D, depth, height, width in 3-D.
            long[] d = StartsFor<T>(depth, outputs.Depth, rank == 3 ? samples[0] : 0);
            long[] h = StartsFor<T>(height, outputs.Height, rank == 1 ? 0 : samples[1]);
            long[] w = StartsFor<T>(width, outputs.Width, samples[rank == 3 ? 2 : 0]);
            long output = o * outputPlane * inner + channel;
            foreach (long od in d)
            foreach (long oh in h)
            foreach (long ow in w)
            {
                visitor.Open();
                for (long id = od; id < od + depth.Kernel; id++)
                for (long ih = oh; ih < oh + height.Kernel; ih++)
                for (long iw = ow; iw < ow + width.Kernel; iw++)
                {
                    long index = (id * height.InputLength + ih) * width.InputLength + iw;
                    visitor.Visit(plane[index * inner], index);
                }
                visitor.Close(output, 0);
                output += inner;
            }
        }
    }

    /// <summary>Where the windows of one axis begin: for cells of float in float, as PyTorch has it to the last bit.</summary>
    public static long[] StartsFor<T>(in Axis axis, long outputs, double sample) =>
        typeof(T) == typeof(float) && axis.InputLength < ExactInFloat ? Starts(axis, outputs, (float)sample) : Starts(axis, outputs, sample);

    private static long[] Starts<TReal>(in Axis axis, long outputs, TReal sample)
        where TReal : IBinaryFloatingPointIeee754<TReal>
    {
        long last = axis.InputLength - axis.Kernel;
        long[] starts = new long[outputs];
        if (outputs > 1)
        {
            TReal alpha = TReal.CreateTruncating(last) / TReal.CreateTruncating(outputs - 1);
            long shift = long.CreateTruncating(sample * alpha);
            for (long i = 0; i < outputs - 1; i++)
                starts[i] = Math.Min(last, long.CreateTruncating((TReal.CreateTruncating(i) + sample) * alpha) - shift);
        }
        starts[^1] = last;
        return starts;
    }
}
