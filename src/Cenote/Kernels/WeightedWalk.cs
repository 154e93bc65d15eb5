using System.Numerics;
using Cenote.Gradients;
using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>Outputs that are weighted sums of cells, the weight of a cell being the product of its weights along the axes.</summary>
/// <remarks>An axis is a list of taps for each of its outputs; a position may come twice. Blurring and the average of roi_align are such sums.</remarks>
internal static unsafe class WeightedWalk
{
    /// <summary>The axis that an operation without this axis sees: one cell, taken as it is.</summary>
    public static WeightedTap[][] Unit { get; } = [[new(0, 1)]];

    /// <summary>Every output of one plane.</summary>
    /// <param name="lengths">Cells of the plane along height and width.</param>
    /// <param name="depths">The taps of each output along the depth.</param>
    /// <param name="heights">Along the height.</param>
    /// <param name="widths">Along the width.</param>
    /// <param name="divisor">What each sum is divided by.</param>
    /// <param name="plane">The cells.</param>
    /// <param name="output">The outputs in row-major order.</param>
    /// <param name="step">Distance between neighbours in both.</param>
    public static void Sum<T>(
        (long Height, long Width) lengths, ReadOnlySpan<WeightedTap[]> depths, ReadOnlySpan<WeightedTap[]> heights, ReadOnlySpan<WeightedTap[]> widths, double divisor, T* plane, T* output, long step)
        where T : unmanaged, INumber<T>
    {
        foreach (WeightedTap[] depth in depths)
        foreach (WeightedTap[] height in heights)
        foreach (WeightedTap[] width in widths)
        {
            double sum = 0;
            foreach ((long d, double depthWeight) in depth)
            foreach ((long h, double heightWeight) in height)
            {
                T* row = plane + (d * lengths.Height + h) * lengths.Width * step;
                double weight = depthWeight * heightWeight;
                foreach ((long w, double widthWeight) in width) sum += weight * widthWeight * double.CreateTruncating(row[w * step]);
            }
            *output = WholeNumber.Cut<T>(sum / divisor);
            output += step;
        }
    }

    /// <summary>The gradient of <see cref="Sum"/>, added to that of the plane.</summary>
    public static void Spread<T>(
        (long Height, long Width) lengths, ReadOnlySpan<WeightedTap[]> depths, ReadOnlySpan<WeightedTap[]> heights, ReadOnlySpan<WeightedTap[]> widths, double divisor, T* gradOutput, long step, PlaneSums sums)
        where T : unmanaged, INumber<T>
    {
        foreach (WeightedTap[] depth in depths)
        foreach (WeightedTap[] height in heights)
        foreach (WeightedTap[] width in widths)
        {
            double gradient = double.CreateTruncating(*gradOutput) / divisor;
            gradOutput += step;
            foreach ((long d, double depthWeight) in depth)
            foreach ((long h, double heightWeight) in height)
            {
                long row = (d * lengths.Height + h) * lengths.Width;
                double weight = gradient * depthWeight * heightWeight;
                foreach ((long w, double widthWeight) in width) sums.Add(row + w, weight * widthWeight);
            }
        }
    }
}
