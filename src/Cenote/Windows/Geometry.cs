namespace Cenote;

/// <summary>A resolved window over a resolved tensor: <c>[Outer, Depth, Height, Width, Inner]</c>, dense, in row-major order.</summary>
/// <remarks>
/// Missing axes are unit axes. Outer counts the batch and, channels first, the channels; Inner counts the channels of a channels-last
/// tensor and is 1 otherwise.
/// </remarks>
internal record struct Geometry(long Outer, Axis Depth, Axis Height, Axis Width, long Inner)
{
    // Fields, so that who reads one number of an axis need not copy the axis.
    public Axis Depth = Depth, Height = Height, Width = Width;

    /// <summary>Cells of one input plane, one channel of it.</summary>
    public readonly long InputPlane => Depth.InputLength * Height.InputLength * Width.InputLength;

    /// <summary>Cells of one output plane, one channel of it.</summary>
    public readonly long OutputPlane => Depth.OutputLength * Height.OutputLength * Width.OutputLength;

    /// <summary>Refuses sizes of which not even the number of cells can be told, so that nothing behind need check it.</summary>
    /// <exception cref="OverflowException">The input or the output has 2^63 cells or more.</exception>
    public readonly void CheckSizes() => _ = checked(
        (Outer * Depth.InputLength * Height.InputLength * Width.InputLength * Inner) | (Outer * Depth.OutputLength * Height.OutputLength * Width.OutputLength * Inner));

    /// <summary>The most taps a window can have.</summary>
    public readonly long MostTaps => Depth.MostTaps * Height.MostTaps * Width.MostTaps;

    /// <summary>The most outputs that tap one cell.</summary>
    public readonly Int128 MostOutputs => (Int128)Depth.MostOutputs * Height.MostOutputs * Width.MostOutputs;

    /// <summary>The one number of taps that every window has, or 0 where they differ.</summary>
    public readonly long UniformCount(bool countPadding) =>
        Depth.UniformDivisor(countPadding) * Height.UniformDivisor(countPadding) * Width.UniformDivisor(countPadding);

    /// <summary>The same with sliding windows in place of adaptive ones that cut an axis into equal parts.</summary>
    public readonly Geometry AsSliding() =>
        !Depth.IsAdaptive && !Height.IsAdaptive && !Width.IsAdaptive ? this : this with { Depth = Depth.AsSliding(), Height = Height.AsSliding(), Width = Width.AsSliding() };

    /// <summary>The same with all planes on top of each other as one, where rows of windows tile a plane without rest: one long run of rows.</summary>
    public readonly Geometry AsOnePlane() =>
        Depth is { InputLength: 1, OutputLength: 1, PaddingBefore: 0 } && Height.Tiles
            ? this with { Outer = 1, Height = Height.Repeat(Outer) } : this;
}
