using Cenote.Kernels;
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
            Doubles.CubeRoot(roots);
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
        Doubles.CubeRoot(roots);
        Assert.Equal(expected, roots);
    }
}
