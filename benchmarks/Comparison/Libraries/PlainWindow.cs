using Cenote;

namespace Comparison.Libraries;

/// <summary>A window as every library can write it: one number for each axis that it slides along.</summary>
internal sealed record PlainWindow(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, long[] PaddingAfter)
{
    /// <summary>The same for global windows and adaptive ones of even length; none where lengths differ, or of regions.</summary>
    public static PlainWindow? Of(Case @case)
    {
        if (@case.Boxes is not null) return null;
        IReadOnlyList<Axis> axes = @case.Window.Axes(@case.Shape);
        if (axes.Any(axis => axis.IsAdaptive && axis.InputLength % axis.OutputLength != 0)) return null;
        long[] kernel = [.. axes.Select(axis => axis.IsAdaptive ? axis.InputLength / axis.OutputLength : axis.Kernel)];
        long[] stride = [.. axes.Select((axis, i) => axis.IsAdaptive ? kernel[i] : axis.Stride)];
        return new(kernel, stride, [.. axes.Select(axis => axis.PaddingBefore)], [.. axes.Select(axis => axis.Dilation)],
            [.. axes.Select((axis, i) => Math.Max(0, (axis.OutputLength - 1) * stride[i] + axis.Dilation * (kernel[i] - 1) + 1 - axis.InputLength - axis.PaddingBefore))]);
    }
}
