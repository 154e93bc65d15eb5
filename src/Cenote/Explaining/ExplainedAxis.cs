namespace Cenote;

/// <summary>Where an explained window stands along one axis, or which outputs an explained cell reaches along it.</summary>
/// <param name="Positions">The input positions of the window's taps, negative or beyond the input in the padding; or the output positions.</param>
/// <param name="Formula">How the positions follow from the output's, or from the cell's.</param>
public sealed record ExplainedAxis(IReadOnlyList<long> Positions, string Formula)
{
    internal static ExplainedAxis Of(Axis axis, long output)
    {
        TapRange taps = axis.Taps(output);
        long start = axis.Start(output), count = axis.IsAdaptive ? taps.Count : axis.Kernel;
        long[] positions = new long[checked((int)count)];
        for (int j = 0; j < positions.Length; j++) positions[j] = start + j * axis.Dilation;
        string list = List(positions);
        return new(positions, axis.IsAdaptive
            ? $"floor({output} * {axis.InputLength} / {axis.OutputLength}) .. ceil({output + 1} * {axis.InputLength} / {axis.OutputLength}) -> {list}"
            : $"{output} * {axis.Stride} - {axis.PaddingBefore} + j * {axis.Dilation}, j = 0 .. {axis.Kernel - 1} -> {list}");
    }

    /// <summary>The outputs that one input position reaches.</summary>
    internal static ExplainedAxis Reached(Axis axis, long input)
    {
        TapRange outputs = axis.Outputs(input);
        long[] positions = new long[checked((int)outputs.Count)];
        for (int i = 0; i < positions.Length; i++) positions[i] = outputs.First + i * outputs.Step;
        string list = List(positions);
        return new(positions, axis.IsAdaptive
            ? $"floor({input} * {axis.OutputLength} / {axis.InputLength}) .. ceil({input + 1} * {axis.OutputLength} / {axis.InputLength}) -> {list}"
            : $"({input} + {axis.PaddingBefore} - j * {axis.Dilation}) / {axis.Stride} where whole, j = 0 .. {axis.Kernel - 1} -> {list}");
    }

    internal static string List(long[] positions) =>
        positions.Length == 0 ? "none" : positions.Length > 8 ? $"{positions[0]}, {positions[1]}, …, {positions[^1]}" : string.Join(", ", positions);
}
