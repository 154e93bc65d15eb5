using System.Text;
using CsCheck;

namespace Cenote.Tests.Windows;

/// <summary>One axis at a time: tables of lengths, and the windows drawn.</summary>
public class AxisTests
{
    [Theory]
    // length, kernel, stride, dilation, before, after, ceil -> output, as PyTorch's pooling_output_shape gives it
    [InlineData(257, 2, 2, 1, 0, 0, false, 128)]
    [InlineData(188, 2, 2, 1, 0, 0, false, 94)]
    [InlineData(5, 2, 2, 1, 0, 0, true, 3)]
    [InlineData(5, 2, 2, 1, 2, 3, false, 5)]
    [InlineData(112, 3, 2, 1, 1, 1, false, 56)]
    [InlineData(56, 3, 2, 2, 1, 1, false, 27)]
    [InlineData(6, 3, 2, 1, 0, 0, true, 3)]
    [InlineData(4, 3, 2, 1, 1, 1, true, 3)]
    [InlineData(4, 2, 3, 1, 1, 1, true, 2)]
    [InlineData(1, 2, 1, 2, 1, 1, false, 1)]
    [InlineData(7, 7, 7, 1, 0, 0, false, 1)]
    [InlineData(3, 1, 5, 1, 0, 0, false, 1)]
    [InlineData(3, 1, 5, 1, 0, 0, true, 1)]
    public void Sliding_length(int length, int kernel, int stride, int dilation, int before, int after, bool ceil, int expected) =>
        Assert.Equal(expected, Axis.Sliding(length, kernel, stride, dilation, before, after, ceil).OutputLength);

    [Theory]
    [InlineData(5, 2, 2, 1, PaddingMode.Same, 3, 0, 1)]
    [InlineData(5, 2, 2, 1, PaddingMode.SameLower, 3, 1, 0)]
    [InlineData(5, 3, 1, 1, PaddingMode.Same, 5, 1, 1)]
    [InlineData(5, 2, 1, 3, PaddingMode.Same, 5, 1, 2)]
    [InlineData(5, 2, 1, 3, PaddingMode.SameLower, 5, 2, 1)]
    [InlineData(6, 1, 3, 1, PaddingMode.Same, 2, 0, 0)]
    public void Same_padding(int length, int kernel, int stride, int dilation, PaddingMode mode, int output, int before, int after)
    {
        Axis axis = Axis.Same(length, kernel, stride, dilation, mode);
        Assert.Equal((output, before, after), (axis.OutputLength, axis.PaddingBefore, axis.PaddingAfter));
    }

    // Each line is a window; a digit is a tap, P one in the padding (a tap that the divisor counts), x one that hangs over the padding.
    [Theory]
    [InlineData(5, 2, 2, 1, 0, 0, false, "01...|..23.")]
    [InlineData(5, 2, 2, 1, 0, 0, true, "01...|..23.|....4x")]
    [InlineData(4, 3, 2, 1, 1, 1, true, "P01...|..123.|....3Px")]
    [InlineData(5, 2, 2, 1, 2, 3, false, "PP........|..01......|....23....|......4P..|........PP")]
    [InlineData(5, 3, 1, 2, 2, 2, false, "P.0.2....|.P.1.3...|..0.2.4..|...1.3.P.|....2.4.P")]
    [InlineData(1, 2, 2, 2, 1, 1, false, "P.P")]
    public void Windows_drawn(int length, int kernel, int stride, int dilation, int before, int after, bool ceil, string expected)
    {
        Axis axis = Axis.Sliding(length, kernel, stride, dilation, before, after, ceil);
        Assert.Equal(expected, Draw(axis));
    }

    [Fact]
    public void Outputs_a_phase_step_apart_tap_as_a_window_without_dilation_does() => Gen.Select(
        Gen.Int[1, 40], Gen.Int[1, 6], Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[0, 9], Gen.Int[0, 9]).Sample((length, kernel, stride, dilation, before, after) =>
        {
            Axis axis = Axis.Sliding(length, kernel, stride, dilation, before, after, ceil: false);
            for (long first = 0; first < Math.Min(axis.PhaseStep, axis.OutputLength); first++)
            {
                (Axis phase, long cell, long apart) = axis.Phase(first);
                Assert.Equal(1, phase.Dilation);
                Assert.Equal((axis.OutputLength - first - 1) / axis.PhaseStep + 1, phase.OutputLength);
                for (long i = 0; i < phase.OutputLength; i++)
                {
                    TapRange taps = phase.Taps(i), expected = axis.Taps(first + i * axis.PhaseStep);
                    Assert.Equal(expected.Count, taps.Count);
                    if (taps.Count > 0) Assert.Equal(expected.First, cell + taps.First * apart);
                }
            }
        });

    [Theory]
    [InlineData(5, 3, "01...|.123.|...34")]
    [InlineData(3, 5, "0..|01.|.1.|.12|..2")]
    [InlineData(4, 2, "01..|..23")]
    [InlineData(4, 4, "0...|.1..|..2.|...3")]
    public void Adaptive_windows_drawn(int length, int output, string expected) => Assert.Equal(expected, Draw(Axis.Adaptive(length, output)));

    [Fact]
    public void The_longest_adaptive_window_is_known_beforehand() => Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], (length, output) => Axis.Adaptive(length, output)).Sample(
        axis => Assert.Equal(Enumerable.Range(0, (int)axis.OutputLength).Max(o => axis.Taps(o).Count), axis.MostTaps), iter: 4000);

    [Fact]
    public void Outputs_are_those_whose_taps_hold_the_input() => (
        from length in Gen.Int[1, 30]
        from kernel in Gen.Int[1, 6]
        from stride in Gen.Int[1, 9]
        from dilation in Gen.Int[1, 9]
        from before in Gen.Int[0, 9]
        from after in Gen.Int[0, 9]
        from ceil in Gen.Bool
        from adaptive in Gen.Bool
        let axis = adaptive ? Axis.Adaptive(length, kernel * stride) : Axis.Sliding(length, kernel, stride, dilation, before, after, ceil)
        where axis.OutputLength >= 1
        select axis).Sample(axis =>
    {
        for (long t = 0; t < axis.InputLength; t++)
        {
            List<long> expected = [];
            for (long o = 0; o < axis.OutputLength; o++)
                for (TapRange taps = axis.Taps(o); taps.Count > 0; taps = new(taps.First + taps.Step, taps.Count - 1, taps.Step))
                    if (taps.First == t) expected.Add(o);
            TapRange outputs = axis.Outputs(t);
            Assert.Equal(expected, Enumerable.Range(0, (int)outputs.Count).Select(i => outputs.First + i * outputs.Step));
            for (long o = 0; o < axis.OutputLength; o++) Assert.Equal(expected.Contains(o), axis.Taps(o).Contains(t));
        }
    }, iter: 4000);

    [Fact]
    public void Outputs_under_a_dilation_as_large_as_an_int()
    {
        Axis axis = Axis.Sliding(1L << 33, 3, (1 << 30) + 1, int.MaxValue, 7, 0, false);
        for (long o = 0; o < axis.OutputLength; o++)
            for (TapRange taps = axis.Taps(o); taps.Count > 0; taps = new(taps.First + taps.Step, taps.Count - 1, taps.Step))
                Assert.True(axis.Outputs(taps.First).Contains(o));
    }

    [Fact]
    public void Adaptive_does_not_overflow()
    {
        Axis axis = Axis.Adaptive(1L << 40, (1L << 31) - 1);
        TapRange last = axis.Taps(axis.OutputLength - 1);
        Assert.Equal(1L << 40, last.First + last.Count);
    }

    [Fact]
    public void A_dilation_as_large_as_an_int_gives_the_right_answer()
    {
        Axis axis = Axis.Sliding(5, 2, 1, int.MaxValue, int.MaxValue, 0, false);
        Assert.Equal(5, axis.OutputLength);
        Assert.Equal(new TapRange(0, 1, int.MaxValue), axis.Taps(0));
        Assert.Equal(new TapRange(4, 1, int.MaxValue), axis.Taps(4));
        Assert.Throws<OverflowException>(() => Axis.Sliding(long.MaxValue, 2, 1, 1, 1, 1, false));
    }

    [Theory]
    [InlineData(257, 2, 2, 1, 0, 0, false, "(257 + 0 + 0 - 1 * (2 - 1) - 1) // 2 + 1 = 128")]
    [InlineData(5, 2, 2, 1, 0, 0, true, "(5 + 0 + 0 - 1 * (2 - 1) - 1 + 2 - 1) // 2 + 1 = 3")]
    [InlineData(3, 1, 3, 1, 0, 1, true, "(3 + 0 + 1 - 1 * (1 - 1) - 1 + 3 - 1) // 3 + 1 = 2, less 1 as the last window would start behind the input = 1")]
    public void Formula_with_its_numbers(int length, int kernel, int stride, int dilation, int before, int after, bool ceil, string expected) =>
        Assert.Equal(expected, Axis.Sliding(length, kernel, stride, dilation, before, after, ceil).Formula());

    private static string Draw(Axis axis)
    {
        long before = axis.PaddingBefore, width = before + axis.InputLength + axis.PaddingAfter;
        List<string> lines = [];
        for (long o = 0; o < axis.OutputLength; o++)
        {
            StringBuilder line = new(new string('.', (int)width));
            TapRange taps = axis.Taps(o);
            for (long j = 0; j < axis.Kernel; j++)
            {
                long t = axis.Start(o) + j * axis.Dilation;
                if (t + before >= line.Length) line.Append('.', (int)(t + before) + 1 - line.Length);
                line[(int)(t + before)] = j < axis.Divisor(o, countPadding: true) ? 'P' : 'x';
            }
            for (long i = 0; i < taps.Count; i++)
            {
                long t = taps.First + i * taps.Step;
                line[(int)(t + before)] = (char)('0' + t);
            }
            Assert.Equal(taps.Count, axis.Divisor(o, countPadding: false));
            lines.Add(line.ToString());
        }
        return string.Join("|", lines);
    }
}
