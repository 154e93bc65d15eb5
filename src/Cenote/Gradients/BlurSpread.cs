using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>The gradient of a blur, row by row of the input: the rows of gradients that have a tap there are added up by their weights, and their columns then spread by theirs. In double.</summary>
/// <param name="geometry">The window; what it takes outside of the input is reflected.</param>
/// <param name="gradOutput">The gradient of the output.</param>
/// <param name="gradInput">Where the gradient of the input goes.</param>
internal readonly unsafe struct BlurSpread<T>(Geometry geometry, T* gradOutput, T* gradInput) : IKernel
    where T : unmanaged, INumber<T>
{
    public long Units => geometry.Outer * geometry.Depth.InputLength * geometry.Height.InputLength;

    public long UnitBytes => (geometry.Width.InputLength + geometry.Width.OutputLength * geometry.Depth.Kernel * geometry.Height.Kernel) * geometry.Inner * sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        BlurColumns columns = new(width, inner);
        long cells = width.InputLength * inner, outputs = width.OutputLength * inner, mostDepths = MostTaps(depth), mostHeights = MostTaps(height), most = mostDepths * mostHeights;
        long widened = WeightedRows.Knows<T>() ? 0 : most * outputs;
        double* heightWeights = (double*)Scratch.Rent((height.Kernel + depth.Kernel + 2 * (mostDepths + mostHeights + most) + widened + columns.Doubles) * sizeof(double));
        double* depthWeights = heightWeights + height.Kernel, weights = depthWeights + depth.Kernel, wide = weights + most;
        WeightedTap* depths = (WeightedTap*)(wide + widened), heights = depths + mostDepths;
        T** rows = (T**)(heights + mostHeights);
        columns.Memory = (double*)(rows + most);
        Pool.Binomial(new(heightWeights, (int)height.Kernel));
        Pool.Binomial(new(depthWeights, (int)depth.Kernel));

        for (long unit = first; unit < end; unit++)
        {
            (long slice, long h) = Math.DivRem(unit, height.InputLength);
            (long o, long d) = Math.DivRem(slice, depth.InputLength);
            if (unit == first || h == 0) mostDepths = Taps(depth, d, depthWeights, depths);
            long count = 0, inHeight = Taps(height, h, heightWeights, heights);
            for (long i = 0; i < mostDepths; i++)
            for (long j = 0; j < inHeight; j++, count++)
            {
                weights[count] = depths[i].Weight * heights[j].Weight;
                rows[count] = gradOutput + ((o * depth.OutputLength + depths[i].Position) * height.OutputLength + heights[j].Position) * outputs;
                if (widened == 0) continue;
                Doubles.Widen(rows[count], new(wide + count * outputs, (int)outputs));
                rows[count] = (T*)(wide + count * outputs);
            }
            if (widened == 0) WeightedRows.Add(rows, weights, count, columns.Gradients, outputs);
            else WeightedRows.Add((double**)rows, weights, count, columns.Gradients, outputs);
            Sums<T, double>.Round(columns.Spread(), gradInput + unit * cells, cells);
        }
    }

    /// <summary>How many taps fall on one cell at most.</summary>
    private static long MostTaps(in Axis axis)
    {
        if (axis.InputLength == 1) return axis.OutputLength * axis.Kernel;
        // A cell and its reflection come once each period.
        long times = 2 * ((axis.OutputLength - 1) * axis.Stride / (2 * (axis.InputLength - 1)) + 1);
        return Math.Min(axis.OutputLength, times) * axis.Kernel;
    }

    /// <summary>The outputs that have a tap on a cell, or on a reflection of it, and its weight there.</summary>
    /// <returns>How many there are.</returns>
    private static long Taps(in Axis axis, long cell, double* weights, WeightedTap* taps)
    {
        long count = 0, stride = axis.Stride, period = Math.Max(1, 2 * (axis.InputLength - 1));
        for (long j = 0; j < axis.Kernel; j++)
        {
            long first = axis.Start(0) + j * axis.Dilation, last = axis.Start(axis.OutputLength - 1) + j * axis.Dilation;
            Add(cell);
            // The first and the last cell are their own reflections.
            if (2 * cell % period != 0) Add(-cell);

            void Add(long position)
            {
                while (position < first) position += period;
                while (position - period >= first) position -= period;
                for (; position <= last; position += period)
                    if ((position - first) % stride == 0) taps[count++] = new((position - first) / stride, weights[j]);
            }
        }
        return count;
    }
}
