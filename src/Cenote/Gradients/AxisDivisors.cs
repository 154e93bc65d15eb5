using System.Numerics;

namespace Cenote.Gradients;

/// <summary>What an axis contributes to the divisor of each of its outputs, where windows differ.</summary>
internal static unsafe class AxisDivisors
{
    /// <summary>Fills a row; the windows inside are alike, so that only those at the ends are looked at.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="inner">How many channels each output has.</param>
    /// <param name="countPadding">Whether taps in the padding count.</param>
    /// <param name="row">One number for each output and channel.</param>
    public static void Fill<TLane>(Axis axis, long inner, bool countPadding, TLane* row)
        where TLane : unmanaged, INumber<TLane>
    {
        (long first, long end) = axis.Interior();
        TLane whole = TLane.CreateTruncating(axis.Kernel);
        for (long i = first * inner; i < end * inner; i++) row[i] = whole;
        for (long o = 0; o < first; o++) One(o);
        for (long o = end; o < axis.OutputLength; o++) One(o);

        // A window without a cell divides nothing.
        void One(long o) => new Span<TLane>(row + o * inner, (int)inner).Fill(TLane.CreateTruncating(Math.Max(1, axis.Divisor(o, countPadding))));
    }
}
