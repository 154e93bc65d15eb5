using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>What the gradient of a mean is divided by.</summary>
/// <param name="CountsPadding">Whether taps in the padding count.</param>
/// <param name="Uniform">The one divisor of all windows; 0 where they differ.</param>
/// <param name="Rows">Where they differ, what one over the share of depth and height is multiplied by: of whole numbers so that nothing is dropped before all has been added up.</param>
/// <param name="Width">The same for the share of the width.</param>
internal readonly record struct Divisors(bool CountsPadding, long Uniform, long Rows = 1, long Width = 1)
{
    /// <summary>What sums are divided by.</summary>
    public long Last => Uniform != 0 ? Uniform : Rows * Width;

    /// <summary>Of whole numbers under windows that differ: all gradients times the least number that every divisor divides; none where that is beyond a limit.</summary>
    public static Divisors? Whole(in Geometry geometry, bool countsPadding, long limit)
    {
        if (Common(geometry.Width, countsPadding, limit) is not { } width) return null;
        if (Common(geometry.Height, countsPadding, limit / width) is not { } height) return null;
        return Common(geometry.Depth, countsPadding, limit / width / height) is { } depth ? new(countsPadding, 0, depth * height, width) : null;
    }

    /// <summary>The least number that an axis' share of each divisor divides; none where it is beyond a limit.</summary>
    private static long? Common(in Axis axis, bool countsPadding, long limit)
    {
        // Windows inside are alike.
        (long first, long end) = axis.Interior();
        long common = end > first ? axis.Kernel : 1;
        for (long output = first > 0 ? 0 : end; output < axis.OutputLength; output = output + 1 == first ? end : output + 1)
        {
            // A window without a cell divides nothing.
            long divisor = Math.Max(1, axis.Divisor(output, countsPadding)), more = divisor / Axis.GreatestCommonDivisor(common, divisor);
            if (common > limit / more) return null;
            common *= more;
        }
        return common <= limit ? common : null;
    }
}
