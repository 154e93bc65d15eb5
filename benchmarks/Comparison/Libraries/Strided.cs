using Cenote;

namespace Comparison.Libraries;

/// <summary>A tensor's lengths and the distances of its cells with channels before the plane, however it lies in memory.</summary>
internal sealed record Strided(long[] Lengths, long[] Strides)
{
    public static Strided Of(nint[] shape, Layout layout)
    {
        long[] lengths = [.. shape.Select(length => (long)length)], strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= lengths[axis];
        }
        return layout == Layout.ChannelsFirst ? new(lengths, strides)
            : new([lengths[0], lengths[^1], .. lengths[1..^1]], [strides[0], strides[^1], .. strides[1..^1]]);
    }
}
