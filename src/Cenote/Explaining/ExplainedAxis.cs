namespace Cenote;

/// <summary>Where an explained window stands along one axis.</summary>
/// <param name="Positions">The input positions of its taps; negative, or beyond the input, in the padding.</param>
/// <param name="Formula">How the positions follow from the output's.</param>
public sealed record ExplainedAxis(IReadOnlyList<long> Positions, string Formula)
{
    internal static ExplainedAxis Of(Axis axis, long output)
    {
        TapRange taps = axis.Taps(output);
        long start = axis.Start(output), count = axis.IsAdaptive ? taps.Count : axis.Kernel;
        long[] positions = new long[checked((int)count)];
        for (int j = 0; j < positions.Length; j++) positions[j] = start + j * axis.Dilation;
        string list = positions.Length > 8 ? $"{positions[0]}, {positions[1]}, …, {positions[^1]}" : string.Join(", ", positions);
        return new(positions, axis.IsAdaptive
            ? $"floor({output} * {axis.InputLength} / {axis.OutputLength}) .. ceil({output + 1} * {axis.InputLength} / {axis.OutputLength}) -> {list}"
            : $"{output} * {axis.Stride} - {axis.PaddingBefore} + j * {axis.Dilation}, j = 0 .. {axis.Kernel - 1} -> {list}");
    }
}
