using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Regions;

/// <summary>A region of one image, in the cells of the map.</summary>
/// <remarks>In the type of the boxes, as torchvision computes: where a bin ends depends on the last bit.</remarks>
internal readonly record struct Box<TBox>(long Batch, TBox X1, TBox Y1, TBox X2, TBox Y2)
    where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>
{
    private const int Numbers = 5;
    private const double Farthest = int.MaxValue;

    /// <summary>Every row of an array of boxes, scaled.</summary>
    /// <exception cref="ArgumentException">The array is none of boxes, or a row none of a box; the message names it.</exception>
    public static Box<TBox>[] Read(in ReadOnlyTensorSpan<TBox> boxes, long batches, double spatialScale)
    {
        if (boxes.Rank != 2 || boxes.Lengths[1] != Numbers)
            throw new ArgumentException($"boxes has shape {Shape.Format(boxes.Lengths)}; it must be (K, 5): batch index, x1, y1, x2, y2", nameof(boxes));
        if (!(spatialScale > 0 && double.IsFinite(spatialScale)))
            throw new ArgumentException($"spatialScale is {spatialScale.ToString(CultureInfo.InvariantCulture)}; it must be above 0 and finite", nameof(spatialScale));
        TBox scale = TBox.CreateTruncating(spatialScale);
        Box<TBox>[] all = new Box<TBox>[boxes.Lengths[0]];
        for (int k = 0; k < all.Length; k++)
        {
            TBox batch = boxes[k, 0];
            if (!(TBox.IsInteger(batch) && batch >= TBox.Zero && double.CreateTruncating(batch) < batches))
                throw new ArgumentException($"boxes[{k}] has batch index {batch}; it must be a whole number from 0 to {batches - 1}", nameof(boxes));
            all[k] = new(long.CreateTruncating(batch), Corner(boxes[k, 1]), Corner(boxes[k, 2]), Corner(boxes[k, 3]), Corner(boxes[k, 4]));

            TBox Corner(TBox corner)
            {
                TBox scaled = corner * scale;
                return Math.Abs(double.CreateTruncating(scaled)) <= Farthest
                    ? scaled
                    : throw new ArgumentException($"boxes[{k}] has a corner at {corner}; times the scale it must be finite and within 32 bits");
            }
        }
        return all;
    }
}
