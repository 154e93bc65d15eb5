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
        where TVisitor : struct, ICellVisitor<T> => Crew.Run(new Planes<T, TVisitor>(geometry, outputs, input, samples, rank, visitor), options);

    private static void Run<T, TVisitor>(
        in Geometry geometry, (long Depth, long Height, long Width) outputs, T* input, double* samples, int rank, TVisitor visitor, long first, long end)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long outputPlane = outputs.Depth * outputs.Height * outputs.Width;
        long* d = (long*)Scratch.Rent((outputs.Depth + outputs.Height + outputs.Width) * sizeof(long)), h = d + outputs.Depth, w = h + outputs.Height;
        samples += first * rank;
        for (long unit = first; unit < end; unit++, samples += rank)
        {
            (long o, long channel) = Math.DivRem(unit, inner);
            T* plane = input + o * geometry.InputPlane * inner + channel;
            // PyTorch's order: width before height in 2-D, depth, height, width in 3-D.
            Begin<T>(depth, outputs.Depth, rank == 3 ? samples[0] : 0, d);
            Begin<T>(height, outputs.Height, rank == 1 ? 0 : samples[1], h);
            Begin<T>(width, outputs.Width, samples[rank == 3 ? 2 : 0], w);
            long output = o * outputPlane * inner + channel;
            for (long od = 0; od < outputs.Depth; od++)
            for (long oh = 0; oh < outputs.Height; oh++)
            for (long ow = 0; ow < outputs.Width; ow++)
            {
                visitor.Open();
                for (long id = d[od]; id < d[od] + depth.Kernel; id++)
                for (long ih = h[oh]; ih < h[oh] + height.Kernel; ih++)
                for (long iw = w[ow]; iw < w[ow] + width.Kernel; iw++)
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
    public static long[] StartsFor<T>(in Axis axis, long outputs, double sample)
    {
        long[] starts = new long[outputs];
        fixed (long* each = starts) Begin<T>(axis, outputs, sample, each);
        return starts;
    }

    private static void Begin<T>(in Axis axis, long outputs, double sample, long* starts)
    {
        if (typeof(T) == typeof(float) && axis.InputLength < ExactInFloat) Begin(axis, outputs, (float)sample, starts);
        else Begin(axis, outputs, sample, starts);
    }

    private static void Begin<TReal>(in Axis axis, long outputs, TReal sample, long* starts)
        where TReal : IBinaryFloatingPointIeee754<TReal>
    {
        long last = axis.InputLength - axis.Kernel;
        if (outputs > 1)
        {
            TReal alpha = TReal.CreateTruncating(last) / TReal.CreateTruncating(outputs - 1);
            long shift = long.CreateTruncating(sample * alpha);
            for (long i = 0; i < outputs - 1; i++)
                starts[i] = Math.Min(last, long.CreateTruncating((TReal.CreateTruncating(i) + sample) * alpha) - shift);
        }
        starts[outputs - 1] = last;
    }

    private readonly struct Planes<T, TVisitor>(Geometry geometry, (long Depth, long Height, long Width) outputs, T* input, double* samples, int rank, TVisitor visitor) : IKernel
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        public long Units => geometry.Outer * geometry.Inner;

        public long UnitBytes =>
            outputs.Depth * outputs.Height * outputs.Width * (geometry.Depth.Kernel * geometry.Height.Kernel * geometry.Width.Kernel * sizeof(T) + sizeof(T) + sizeof(long));

        public void Run(long first, long end) => FractionalWalk.Run(geometry, outputs, input, samples, rank, visitor, first, end);
    }
}
