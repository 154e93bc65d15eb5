using Cenote.Numerics;

namespace Cenote.Kernels;

/// <summary>Powers and roots of many numbers in double.</summary>
internal static class Powers
{
    // Up to which no power of a float, nor a sum of such, is beyond double or so small that it loses digits there.
    private const double Safe = 6;

    // Binary orders of magnitude that powers and their sums may have; of squares in float.
    private const double MostOrders = 1000, LeastOrders = -960, MostFloatOrders = 127, LeastFloatOrders = -126;

    /// <summary>Numbers to a power, in place.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="first">What is done to each before; once more changes nothing. Powers other than 1, 2 and 3 take numbers of 0 or more.</param>
    /// <param name="p">The power, above 0 and finite.</param>
    /// <param name="count">How many of them are added up at most.</param>
    /// <returns>Whether none is too large or too small.</returns>
    /// <remarks>Of cells that are doubles themselves only whole powers are exact enough.</remarks>
    public static bool Raise<T, TFirst>(Span<double> numbers, TFirst first, double p, long count)
        where TFirst : struct, IFunction
    {
        bool isDouble = typeof(T) == typeof(double);
        if (isDouble && p is not (1 or 2 or 3)) return false;
        if (isDouble || p > Safe)
        {
            Doubles.Apply(first, numbers);
            if (!AreSafe(numbers, p, count)) return false;
        }
        if (p == 1) Doubles.Apply(first, numbers);
        else if (p == 2) Doubles.Apply(new Function.Then<TFirst, Function.Square>(first, default), numbers);
        else if (p == 3) Doubles.Apply(new Function.Then<TFirst, Function.Cube>(first, default), numbers);
        else Doubles.Apply(new Function.Then<TFirst, Function.Power>(first, new(p)), numbers);
        return true;
    }

    /// <summary>Numbers of 0 or more to one over a power, in place.</summary>
    public static void Root(Span<double> numbers, double p)
    {
        if (p == 1) return;
        if (p == 2) Doubles.Apply(default(Function.SquareRoot), numbers);
        else if (p == 3) Doubles.Apply(default(Function.CubeRoot), numbers);
        else Doubles.Apply(new Function.Power(1 / p), numbers);
    }

    /// <summary>A number to a power; the usual ones without the call that any takes.</summary>
    public static double Of(double number, double p) => p switch
    {
        0 => 1,
        1 => number,
        2 => number * number,
        -0.5 => 1 / Math.Sqrt(number),
        _ => Math.Pow(number, p),
    };

    /// <summary>Whether neither a power of the numbers, nor a sum of some of them, overflows or loses digits; none is infinite or not a number.</summary>
    /// <param name="numbers">The numbers, of either sign.</param>
    /// <param name="p">The power, above 0 and finite.</param>
    /// <param name="count">How many of them are added up at most.</param>
    public static bool AreSafe(ReadOnlySpan<double> numbers, double p, long count)
    {
        (double least, double most) = Doubles.Magnitudes(numbers);
        return most == 0 || (p * Math.Log2(most) + Math.Log2(count) < MostOrders && p * Math.Log2(least) > LeastOrders);
    }

    /// <summary>The same of squares in float, which holds each exactly.</summary>
    public static bool AreSafeSquares(ReadOnlySpan<BFloat16> numbers, long count)
    {
        (double least, double most) = Doubles.Magnitudes(numbers);
        return most == 0 || (2 * Math.Log2(most) + Math.Log2(count) < MostFloatOrders && 2 * Math.Log2(least) > LeastFloatOrders);
    }
}
