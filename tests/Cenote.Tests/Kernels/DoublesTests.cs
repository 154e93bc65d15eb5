using Cenote.Kernels;
using Cenote.Numerics;
using CsCheck;

namespace Cenote.Tests.Kernels;

/// <summary>What is done to many doubles.</summary>
public class DoublesTests
{
    [Fact]
    public void Cube_roots_are_within_a_unit_of_the_last_place() =>
        Gen.Select(Gen.Double[1, 8], Gen.Int[-110, 110]).Array[1, 40].Sample(parts =>
        {
            double[] numbers = [.. parts.Select(part => Math.ScaleB(part.Item1, 3 * part.Item2))], roots = [.. numbers];
            Doubles.Apply(default(Function.CubeRoot), roots);
            for (int i = 0; i < roots.Length; i++)
            {
                // The cube less the number, in twice the digits.
                double root = roots[i], square = root * root, cube = square * root;
                double rest = Math.FusedMultiplyAdd(square, root, -cube) + Math.FusedMultiplyAdd(root, root, -square) * root;
                double off = (cube - numbers[i] + rest) / (3 * square);
                Assert.InRange(off / (Math.BitIncrement(root) - root), -1, 1);
            }
        });

    [Fact]
    public void Cube_roots_of_nothing_and_of_what_is_no_number()
    {
        double[] roots = [0, double.PositiveInfinity, double.NaN, 0, double.PositiveInfinity, double.NaN, 0, double.PositiveInfinity, double.NaN];
        double[] expected = [.. roots];
        Doubles.Apply(default(Function.CubeRoot), roots);
        Assert.Equal(expected, roots);
    }

    [Fact]
    public void Powers_and_exponentials_are_those_of_Net() =>
        Gen.Select(Gen.Double[1, 2], Gen.Int[-140, 128], Gen.Double[0.01, 6], Gen.Double[-600, 0]).Array[1, 40].Sample(parts =>
        {
            double[] numbers = [.. parts.Select(part => Math.ScaleB(part.Item1, part.Item2))], powers = [.. numbers], exponents = [.. parts.Select(part => part.Item4)], exponentials = [.. exponents];
            double p = parts[0].Item3;
            Doubles.Apply(new Function.Power(p), powers);
            Doubles.Apply(new Function.Exponential(-3), exponentials);
            for (int i = 0; i < numbers.Length; i++)
            {
                Assert.InRange(powers[i] / Math.Pow(numbers[i], p) - 1, -1e-13, 1e-13);
                // That of a logarithm off in its last place.
                Assert.InRange(Math.Pow(powers[i], 1 / p) / numbers[i] - 1, -3e-14 / Math.Min(p, 1), 3e-14 / Math.Min(p, 1));
                Assert.InRange(exponentials[i] / Math.Exp(exponents[i] + 3) - 1, -1e-13, 1e-13);
            }
        });

    [Fact]
    public void Powers_of_nothing_and_of_what_is_no_number()
    {
        double[] powers = [0, double.PositiveInfinity, double.NaN, 1, 0, double.PositiveInfinity, double.NaN, 1, 1];
        double[] expected = [.. powers];
        Doubles.Apply(new Function.Power(2.5), powers);
        Assert.Equal(expected, powers);
    }

    [Fact]
    public void The_range_of_numbers() => Gen.Int[-9, 9].Array[0, 40].Sample(numbers =>
    {
        double[] all = [.. numbers.Select(number => (double)number)];
        Assert.Equal((all.Append(double.PositiveInfinity).Min(), all.Append(double.NegativeInfinity).Max()), Doubles.Range(all));
        Assert.Equal((double.NaN, double.NaN), Doubles.Range([.. all, double.NaN, .. all]));
    });
}
