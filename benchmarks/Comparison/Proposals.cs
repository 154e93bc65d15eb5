namespace Comparison;

/// <summary>Boxes on a map, as a detector proposes them: 16 to 400 pixels long, anywhere in the image.</summary>
/// <param name="Count">How many.</param>
/// <param name="Scale">Cells of the map for each pixel.</param>
/// <param name="SamplingRatio">Samples along each axis of a bin; 0: as many as it has cells.</param>
internal sealed record Proposals(int Count, float Scale, int SamplingRatio = 0)
{
    public const int Numbers = 5;
    private const float Least = 16, Most = 400;

    /// <summary>Fills (K, 5): image, x1, y1, x2, y2.</summary>
    public void Draw(nint[] shape, Span<float> boxes)
    {
        Random random = new(2);
        for (int k = 0; k < Count; k++)
        {
            Span<float> box = boxes.Slice(k * Numbers, Numbers);
            box[0] = k % shape[0];
            for (int axis = 0; axis < 2; axis++)
            {
                float length = Least + (Most - Least) * random.NextSingle();
                box[1 + axis] = random.NextSingle() * (shape[3 - axis] / Scale - length);
                box[3 + axis] = box[1 + axis] + length;
            }
        }
    }
}
