using System.Numerics;

namespace Cenote;

/// <summary>Where the windows of an axis begin that are as far apart as a sample says.</summary>
internal static unsafe class FractionalStarts
{
    private const long ExactInFloat = 1 << 24;

    /// <summary>Where the windows of one axis begin: for cells of float in float, as PyTorch has it to the last bit.</summary>
    public static long[] Of<T>(in Axis axis, long outputs, double sample)
    {
        long[] starts = new long[outputs];
        fixed (long* each = starts) Begin<T>(axis, outputs, sample, each);
        return starts;
    }

    /// <summary>The same, where they are to go.</summary>
    public static void Begin<T>(in Axis axis, long outputs, double sample, long* starts)
    {
        if (typeof(T) == typeof(float) && axis.InputLength < ExactInFloat) Begin(axis, outputs, (float)sample, starts);
        else Begin(axis, outputs, sample, starts);
    }

    private static void Begin<TReal>(in Axis axis, long outputs, TReal sample, long* starts)
        where TReal : IBinaryFloatingPointIeee754<TReal>
    {
        long last = axis.InputLength - axis.Kernel;
        if (outputs > 1)
        {
            TReal alpha = TReal.CreateTruncating(last) / TReal.CreateTruncating(outputs - 1);
            long shift = long.CreateTruncating(sample * alpha);
            for (long i = 0; i < outputs - 1; i++)
                starts[i] = Math.Min(last, long.CreateTruncating((TReal.CreateTruncating(i) + sample) * alpha) - shift);
        }
        starts[outputs - 1] = last;
    }
}
