using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>The largest product of a cell and its weight in a bin: ONNX's max of roi_align.</summary>
/// <param name="Value">The product.</param>
/// <param name="Index">The cell; -1 where a sample outside the map, which is 0, is the largest.</param>
/// <param name="Weight">Its weight.</param>
internal readonly record struct WeightedMax(double Value, long Index, double Weight)
{
    /// <summary>Of a bin; NaN where there is one.</summary>
    public static unsafe WeightedMax Of<T>(T* plane, long width, RoiAxis rows, RoiAxis columns, long bin)
        where T : unmanaged, INumber<T>
    {
        WeightedTap[] y = rows.Bins[bin / columns.Bins.Length], x = columns.Bins[bin % columns.Bins.Length];
        // Each sample inside the map has two taps.
        bool allInside = y.Length == 2 * rows.Samples && x.Length == 2 * columns.Samples && y.Length > 0 && x.Length > 0;
        WeightedMax best = new(allInside ? double.NegativeInfinity : 0, -1, 0);
        foreach ((long row, double rowWeight) in y)
        foreach ((long column, double columnWeight) in x)
        {
            long index = row * width + column;
            double weight = rowWeight * columnWeight, value = weight * double.CreateTruncating(plane[index]);
            if (value > best.Value || double.IsNaN(value)) best = new(value, index, weight);
        }
        return best;
    }
}
