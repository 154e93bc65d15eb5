namespace Cenote;

/// <summary>A mean of cells weighted by their size: the weights are relative to that of the largest cell, so that none overflows.</summary>
/// <param name="Peak">The largest cell so far.</param>
/// <param name="Weight">The sum of the weights, 1 or more; 0 where there is no cell yet.</param>
/// <param name="Mean">The weighted mean so far.</param>
public readonly record struct WeightedMean(double Peak, double Weight, double Mean)
{
    /// <summary>A cell by itself.</summary>
    internal static WeightedMean Of(double cell) => new(cell, 1, cell);

    /// <summary>Two parts, that with the larger peak first; NaN is larger than any number.</summary>
    internal static (WeightedMean Large, WeightedMean Small) Order(WeightedMean left, WeightedMean right) =>
        right.Weight == 0 || (left.Weight != 0 && (left.Peak >= right.Peak || double.IsNaN(left.Peak))) ? (left, right) : (right, left);

    /// <summary>This part and one of a smaller peak as one.</summary>
    /// <param name="small">The other part.</param>
    /// <param name="relative">The weight of its peak over that of this one, 0 to 1; not asked where the peaks are equal.</param>
    internal WeightedMean With(WeightedMean small, double relative)
    {
        // Equal peaks are taken as they are: infinity less infinity is not a number.
        double weight = small.Weight == 0 ? 0 : small.Weight * (small.Peak == Peak ? 1 : relative);
        if (weight == 0) return this;
        double sum = Weight + weight;
        return new(Peak, sum, Mean * (Weight / sum) + small.Mean * (weight / sum));
    }
}
