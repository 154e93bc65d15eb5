namespace Cenote.Gradients;

/// <summary>What a gradient asks of an axis again and again, worked out once.</summary>
internal readonly struct AxisTable
{
    public AxisTable(in Axis axis, bool countPadding)
    {
        Outputs = new TapRange[axis.InputLength];
        for (long t = 0; t < Outputs.Length; t++) Outputs[t] = axis.Outputs(t);
        Divisors = new long[axis.OutputLength];
        for (long o = 0; o < Divisors.Length; o++) Divisors[o] = axis.Divisor(o, countPadding);
    }

    /// <summary>For each input position the outputs that tap it.</summary>
    public TapRange[] Outputs { get; }

    /// <summary>For each output how many taps it has.</summary>
    public long[] Divisors { get; }
}
