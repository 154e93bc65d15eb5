using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Outputs whose cells are weighted along each axis by itself: the rows of a window are added up by their weights into one row, and its columns then by theirs. In double.</summary>
/// <param name="geometry">The window; what it takes outside of the input is reflected.</param>
/// <param name="input">The cells.</param>
/// <param name="output">Where the results go.</param>
internal readonly unsafe struct BlurWalk<T>(Geometry geometry, T* input, T* output) : IKernel
    where T : unmanaged, INumber<T>
{
    public long Units => geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;

    public long UnitBytes => geometry.Width.OutputLength * (geometry.MostTaps + 1) * geometry.Inner * sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        BlurRow columns = new(width, inner);
        long count = depth.Kernel * height.Kernel, cells = width.InputLength * inner, outputs = width.OutputLength * inner;
        long widened = WeightedRows.Knows<T>() ? 0 : count * cells;
        double* weights = (double*)Scratch.Rent((depth.Kernel + height.Kernel + 2 * count + columns.Doubles + outputs + widened) * sizeof(double));
        double* heights = weights + count, depths = heights + height.Kernel, row = depths + depth.Kernel, wide = row + outputs, more = wide + widened;
        T** rows = (T**)more;
        columns.Memory = more + count;
        Pool.Binomial(new(heights, (int)height.Kernel));
        Pool.Binomial(new(depths, (int)depth.Kernel));
        for (long i = 0; i < count; i++) weights[i] = depths[i / height.Kernel] * heights[i % height.Kernel];

        // Some rows at a time: what has just been written is slow to be read from in between.
        for (long unit = first; unit < end;)
        {
            long some = Math.Min(end - unit, BlurRow.Rows);
            for (long i = 0; i < some; i++)
            {
                (long plane, long oh) = Math.DivRem(unit + i, height.OutputLength);
                (long o, long od) = Math.DivRem(plane, depth.OutputLength);
                long tap = 0, front = od * depth.Stride - depth.PaddingBefore, top = oh * height.Stride - height.PaddingBefore;
                for (long j = 0; j < depth.Kernel; j++, front += depth.Dilation)
                {
                    T* slice = input + (o * depth.InputLength + Pool.Reflect(front, depth.InputLength)) * height.InputLength * cells;
                    for (long k = 0, at = top; k < height.Kernel; k++, at += height.Dilation) rows[tap++] = slice + Pool.Reflect(at, height.InputLength) * cells;
                }
                if (widened == 0) WeightedRows.Add(rows, weights, count, columns.Cells(i), cells);
                else
                {
                    for (tap = 0; tap < count; tap++)
                    {
                        Doubles.Widen(rows[tap], new(wide + tap * cells, (int)cells));
                        rows[tap] = (T*)(wide + tap * cells);
                    }
                    WeightedRows.Add((double**)rows, weights, count, columns.Cells(i), cells);
                }
            }
            for (long i = 0; i < some; i++, unit++)
            {
                T* results = output + unit * outputs;
                if (typeof(T) == typeof(float)) columns.Blur(i, (float*)results);
                else
                {
                    columns.Blur(i, row);
                    Doubles.Narrow(new(row, (int)outputs), results);
                }
            }
        }
    }
}
