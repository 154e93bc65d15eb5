namespace Cenote.Gradients;

/// <summary>What a gradient asks of an axis again and again, worked out once.</summary>
internal readonly struct AxisTable
{
    private readonly TapRange[] _outputs;
    private readonly long[] _divisors;

    public AxisTable(in Axis axis, bool countPadding)
    {
        _outputs = new TapRange[axis.InputLength];
        for (long t = 0; t < _outputs.Length; t++) _outputs[t] = axis.Outputs(t);
        _divisors = new long[axis.OutputLength];
        for (long o = 0; o < _divisors.Length; o++) _divisors[o] = axis.Divisor(o, countPadding);
    }

    /// <summary>The outputs that tap an input position.</summary>
    public TapRange Outputs(long input) => _outputs[input];

    /// <summary>How many taps an output has.</summary>
    public long Divisor(long output) => _divisors[output];
}
