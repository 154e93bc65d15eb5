using System.Numerics;

namespace Cenote.Gradients;

/// <summary>What the width contributes to the divisor of each output of a row, where windows differ.</summary>
internal static unsafe class WidthDivisors
{
    /// <summary>Fills a row; the windows inside are alike, so that only those at the ends are looked at.</summary>
    /// <param name="geometry">The window.</param>
    /// <param name="countPadding">Whether taps in the padding count.</param>
    /// <param name="row">One number for each output and channel.</param>
    public static void Fill<TLane>(in Geometry geometry, bool countPadding, TLane* row)
        where TLane : unmanaged, INumber<TLane>
    {
        Axis width = geometry.Width;
        long inner = geometry.Inner;
        (long first, long end) = width.IsAdaptive ? (0, 0) : width.Interior();
        TLane whole = TLane.CreateTruncating(width.Kernel);
        for (long i = first * inner; i < end * inner; i++) row[i] = whole;
        for (long o = 0; o < first; o++) One(o);
        for (long o = end; o < width.OutputLength; o++) One(o);

        // A window without a cell divides nothing.
        void One(long o) => new Span<TLane>(row + o * inner, (int)inner).Fill(TLane.CreateTruncating(Math.Max(1, width.Divisor(o, countPadding))));
    }
}
