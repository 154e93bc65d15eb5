using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Tests.Numerics;

/// <summary>Every one of the 65,536 numbers, against float.</summary>
public class BFloat16Tests
{
    private static IEnumerable<BFloat16> All => Enumerable.Range(0, 1 << 16).Select(bits => BFloat16.FromBits((ushort)bits));

    private static float[] Some { get; } =
        [0, -0f, 1, -1, 0.1f, 3.14159f, 1e-40f, 3.4e38f, -3.4e38f, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 255, 256, 257, 65280];

    [Fact]
    public void Every_number_passes_through_float_double_and_text_unchanged()
    {
        foreach (BFloat16 value in All)
        {
            ushort bits = value.ToBits();
            Assert.Equal((uint)bits << 16, BitConverter.SingleToUInt32Bits((float)value));
            if (BFloat16.IsNaN(value))
            {
                Assert.True(BFloat16.IsNaN((BFloat16)(float)value) && BFloat16.IsNaN((BFloat16)(double)value));
                continue;
            }
            Assert.Equal(bits, ((BFloat16)(float)value).ToBits());
            Assert.Equal(bits, ((BFloat16)(double)value).ToBits());
            Assert.Equal(bits, BFloat16.Parse(value.ToString(), CultureInfo.InvariantCulture).ToBits());
            Assert.Equal(bits, Checked(double.CreateChecked(value)).ToBits());
        }
    }

    [Fact]
    public void Texts_are_the_shortest_that_read_back()
    {
        Assert.Equal(["0.1", "1", "3.14", "-0", "3.39E+38", "NaN", "256"], new[] { 0.1f, 1, 3.14159f, -0f, 3.39e38f, float.NaN, 257 }.Select(value => $"{(BFloat16)value}"));
        Assert.True(All.All(value => value.ToString(null, CultureInfo.InvariantCulture).TrimStart('-').TakeWhile(c => c != 'E').Count(char.IsDigit) <= 39));
        Assert.False(BFloat16.TryParse("x", CultureInfo.InvariantCulture, out _));
        Assert.True(BFloat16.TryParse("1.5e1", NumberStyles.Float, CultureInfo.InvariantCulture, out BFloat16 fifteen));
        Assert.Equal(15f, (float)fifteen);
        Span<char> text = stackalloc char[3];
        Assert.True(((BFloat16)0.1f).TryFormat(text, out int written, default, CultureInfo.InvariantCulture));
        Assert.Equal("0.1", text[..written]);
    }

    [Fact]
    public void Rounds_to_the_nearest_and_ties_to_even()
    {
        BFloat16[] finite = [.. All.Where(value => BFloat16.IsFinite(value) && !BFloat16.IsNegative(value)).OrderBy(value => (float)value)];
        for (int i = 0; i + 1 < finite.Length; i++)
        {
            (double low, double high) = ((double)finite[i], (double)finite[i + 1]);
            double middle = (low + high) / 2;
            BFloat16 even = (finite[i].ToBits() & 1) == 0 ? finite[i] : finite[i + 1];
            Assert.Equal(even.ToBits(), ((BFloat16)middle).ToBits());
            Assert.Equal(even.ToBits(), ((BFloat16)(float)middle).ToBits());
            // The double next to the tie is a tie in float: rounding twice would miss it.
            Assert.Equal(finite[i].ToBits(), ((BFloat16)Math.BitDecrement(middle)).ToBits());
            Assert.Equal(finite[i + 1].ToBits(), ((BFloat16)Math.BitIncrement(middle)).ToBits());
            Assert.Equal((-even).ToBits(), ((BFloat16)(-middle)).ToBits());
        }
        Assert.Equal(BFloat16.MaxValue, finite[^1]);
        Assert.True(BFloat16.IsPositiveInfinity((BFloat16)float.MaxValue));
        Assert.True(BFloat16.IsNegativeInfinity((BFloat16)(-1e300)));
    }

    [Fact]
    public void Arithmetic_and_order_are_those_of_float()
    {
        foreach (BFloat16 x in All.Where((_, i) => i % 37 == 0))
        foreach (float other in Some)
        {
            BFloat16 y = (BFloat16)other;
            (float a, float b) = ((float)x, (float)y);
            Same(a + b, x + y);
            Same(a - b, x - y);
            Same(a * b, x * y);
            Same(a / b, x / y);
            Same(a % b, x % y);
            Same(-a, -x);
            Same(MathF.Abs(a), BFloat16.Abs(x));
            Same(float.Max(a, b), BFloat16.Max(x, y));
            Same(float.Min(a, b), BFloat16.Min(x, y));
            Assert.Equal([a < b, b < a, a <= b, b <= a, a == b, a != b], new[] { x < y, x > y, x <= y, x >= y, x == y, x != y });
            Assert.Equal((a.CompareTo(b), a.Equals(b)), (x.CompareTo(y), x.Equals(y)));
            if (x.Equals(y)) Assert.Equal(x.GetHashCode(), y.GetHashCode());
            Assert.Equal((float.IsInteger(a), float.IsNegative(a), float.IsSubnormal(a)), (BFloat16.IsInteger(x), BFloat16.IsNegative(x), BFloat16.IsSubnormal(x)));
        }

        static void Same(float expected, BFloat16 actual)
        {
            if (float.IsNaN(expected)) Assert.True(BFloat16.IsNaN(actual));
            else Assert.Equal(((BFloat16)expected).ToBits(), actual.ToBits());
        }
    }

    [Fact]
    public void Converts_from_and_to_other_types()
    {
        Assert.Equal(16777216f, (float)Checked((1 << 24) + 1));
        Assert.Equal(256f, (float)Checked(257L));
        Assert.Equal(258f, (float)Checked((Half)257.5f));
        Assert.True(BFloat16.IsNegativeInfinity(Saturating(double.NegativeInfinity)));
        Assert.Equal((sbyte)127, sbyte.CreateSaturating((BFloat16)300f));
        Assert.Equal((byte)0, byte.CreateSaturating((BFloat16)(-3f)));
        Assert.Equal(-3, int.CreateTruncating((BFloat16)(-3.5f)));
        Assert.Throws<OverflowException>(() => byte.CreateChecked((BFloat16)300f));
        Assert.Equal((Half)1.5f, Half.CreateChecked((BFloat16)1.5f));
        Assert.Throws<ArgumentException>(() => BFloat16.One.CompareTo((object)1f));
    }

    [Fact]
    public void Averages_add_up_in_float()
    {
        // In BFloat16 itself 256 + 1 is 256 again.
        BFloat16[] ones = [.. Enumerable.Repeat(BFloat16.One, 1024)];
        Assert.Equal([1f], Pool.GlobalAvg(Tensor.Create(ones, [1, 1, 32, 32])).ToArray().Select(value => (float)value));
        Assert.Equal([1024f], Pool.Sum(Tensor.Create(ones, [1, 1, 32, 32]), Window.Global).ToArray().Select(value => (float)value));
        Assert.Equal([86f], Pool.Avg(Tensor.Create([(BFloat16)256f, BFloat16.One, BFloat16.One], [1, 1, 3]), new Window(3)).ToArray().Select(value => (float)value));
    }

    private static BFloat16 Checked<T>(T value)
        where T : INumber<T> => Create<BFloat16, T>(value, saturating: false);

    private static BFloat16 Saturating<T>(T value)
        where T : INumber<T> => Create<BFloat16, T>(value, saturating: true);

    private static TResult Create<TResult, T>(T value, bool saturating)
        where TResult : INumber<TResult>
        where T : INumber<T> => saturating ? TResult.CreateSaturating(value) : TResult.CreateChecked(value);
}
