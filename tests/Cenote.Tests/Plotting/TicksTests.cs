using Cenote.Plotting;

namespace Cenote.Tests.Plotting;

public class TicksTests
{
    [Fact]
    public void Cells_are_marked_at_their_centres_in_steps_of_1_2_or_5()
    {
        Assert.Equal([new Tick(1, "0"), new Tick(101, "50"), new Tick(201, "100")], Ticks.OfCells(count: 101, cell: 2, spacing: 45));
        Assert.Equal([new Tick(10, "0"), new Tick(30, "1"), new Tick(50, "2")], Ticks.OfCells(count: 3, cell: 20, spacing: 20));
        Assert.Equal([new Tick(0, "0")], Ticks.OfCells(count: 1, cell: 1, spacing: 40));
    }

    [Fact]
    public void Values_are_marked_inside_the_range_alone() =>
        Assert.Equal(
            [new Tick(40, "-40"), new Tick(160, "-20"), new Tick(280, "0"), new Tick(400, "20")], Ticks.OfValues(-46.67f, 30, 460, 80, 14, null));

    [Theory]
    [InlineData(0f, 1f, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-0.03f, 0.03f, "-0.02 0.00 0.02")]
    [InlineData(0f, 3e8f, "0e+0 1e+8 2e+8 3e+8")]
    [InlineData(1e8f, 100000032f, "1e+8 1.0000001e+8 1.0000002e+8 1.0000003e+8")]
    [InlineData(0f, 4e-7f, "0e+0 1e-7 2e-7 3e-7 4e-7")]
    [InlineData(-3.4e38f, 3.4e38f, "-2e+38 0e+0 2e+38")]
    public void Labels_have_the_decimals_they_need(float min, float max, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.OfValues(min, max, 100, 20, 14, null).Select(tick => tick.Label)));

    [Fact]
    public void A_format_never_repeats_a_label() =>
        Assert.Equal(["+0 dB", "+1 dB", "+2 dB"], Ticks.OfValues(0, 2.2f, 500, 40, 14, "+0 dB;-0 dB").Select(tick => tick.Label));

    [Fact]
    public void A_bar_too_short_for_two_round_values_is_marked_at_its_ends() =>
        Assert.Equal([new Tick(0, "-0.9"), new Tick(29, "0.9")], Ticks.OfValues(-0.9f, 0.9f, 30, 40, 14, null));

    [Fact]
    public void A_bar_too_short_for_two_labels_is_marked_at_its_middle()
    {
        Assert.Equal([new Tick(4, "48")], Ticks.OfValues(0, 96, 8, 42, 14, null));
        Assert.Equal([new Tick(0, "0"), new Tick(14, "96")], Ticks.OfValues(0, 96, 15, 42, 14, null));
    }

    [Theory]
    [InlineData(1e-5f, 3.08e-5f, "1e-5 3.08e-5")]
    [InlineData(1.5f, 123456f, "1.5 1.23e+5")]
    [InlineData(-4e-30f, -4e-30f, "-4e-30")]
    public void Exponents_are_of_one_style(float min, float max, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.OfValues(min, max, 30, 40, 14, null).Select(tick => tick.Label)));

    [Fact]
    public void Marks_keep_their_distance()
    {
        foreach (float max in (float[])[0.013f, 1, 7, 80, 1234567])
        {
            Tick[] ticks = Ticks.OfValues(0, max, 500, 45, 14, null);
            Assert.InRange(ticks.Length, 2, 12);
            Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.Second.Offset - pair.First.Offset >= 44));
        }
    }
}
