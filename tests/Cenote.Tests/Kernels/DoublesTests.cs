using System.Numerics;
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

    [Fact]
    public void Magnitudes_are_the_least_beside_0_and_the_largest() => Gen.Int[-9, 9].Array[0, 150].Sample(numbers =>
    {
        double[] all = [.. numbers.Select(number => (double)number)];
        BFloat16[] shorts = [.. numbers.Select(number => (BFloat16)number)];
        (double, double) expected = (all.Where(number => number != 0).Select(Math.Abs).Append(double.PositiveInfinity).Min(), all.Select(Math.Abs).Append(0).Max());
        Assert.Equal(expected, Doubles.Magnitudes(all));
        Assert.Equal(expected, Doubles.Magnitudes(shorts));
        Assert.Equal(double.NaN, Doubles.Magnitudes([.. all, double.NaN, .. all]).Most);
        Assert.Equal(double.NaN, Doubles.Magnitudes([.. shorts, (BFloat16)float.NaN, .. shorts]).Most);
    });

    [Fact]
    public unsafe void Narrowed_numbers_are_rounded_once()
    {
        Gen<double> near = Gen.Select(Gen.Int[-40, 40], Gen.Int[0, 20], Gen.Int[-2, 2], (half, shift, last) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(Math.ScaleB(half, shift - 1)) + last));
        Gen<double> ofSingle = Gen.Select(Gen.Int, Gen.Int[-1, 1], (bits, last) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(BitConverter.Int32BitsToSingle(bits & ~0xFFF | ((bits & 1) << 12))) + last));
        double[] all = [0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, -double.MaxValue, 65504, 65519.999, 65520, -65536, 127.99999999999999, 1e-7, 5e-8, 2.9802322387695312e-8, -1e-40, 3.39e38, 3.4e38];
        Gen<double> special = Gen.Int[0, all.Length - 1].Select(i => all[i]);
        Gen.Frequency((3, near), (2, ofSingle), (2, Gen.Double), (1, special)).Array[0, 1100].Sample(numbers =>
        {
            Check<float>();
            Check<double>();
            Check<Half>();
            Check<BFloat16>();
            Check<byte>();
            Check<sbyte>();
            Check<short>();
            Check<ushort>();
            Check<int>();
            Check<uint>();
            Check<long>();
            Check<ulong>();

            void Check<T>()
                where T : unmanaged, INumber<T>
            {
                T[] cells = new T[numbers.Length];
                fixed (T* to = cells) Doubles.Narrow(numbers, to);
                for (int i = 0; i < cells.Length; i++)
                {
                    T expected = WholeNumber.Cut<T>(numbers[i]);
                    if (!(T.IsNaN(expected) && T.IsNaN(cells[i])) && (expected != cells[i] || T.IsNegative(expected) != T.IsNegative(cells[i]))) Assert.Fail($"{numbers[i]:R} as {typeof(T).Name} is {cells[i]}, not {expected}");
                }
            }
        });
    }
}
