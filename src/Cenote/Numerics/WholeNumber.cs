using System.Numerics;

namespace Cenote.Numerics;

/// <summary>Results that were computed in double, as cells: integers toward zero.</summary>
internal static class WholeNumber
{
    /// <summary>So many times the last place of a double: more than sums and roots are off, less than any fraction of a few cells.</summary>
    public const double Near = 1.0 / (1L << 46);

    /// <summary>The nearest cell; of integers the next toward zero, but what rounding has left just short of a whole number is that number.</summary>
    /// <param name="value">What came of it in double.</param>
    public static T Cut<T>(double value)
        where T : INumberBase<T> => T.CreateSaturating(Kind<T>.IsInteger ? Settle(value) : value);

    /// <summary>What rounding has left just short of a whole number as that number.</summary>
    public static double Settle(double value)
    {
        double whole = Math.Round(value);
        return Math.Abs(value - whole) <= Math.Abs(value) * Near ? whole : value;
    }

    private static class Kind<T>
        where T : INumberBase<T>
    {
        public static readonly bool IsInteger = T.IsZero(T.CreateTruncating(0.5));
    }
}
