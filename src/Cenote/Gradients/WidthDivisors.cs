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
        (long first, long end) = width.IsAdaptive ? (0, 0) : width.Interior();
        for (long o = 0; o < width.OutputLength; o++)
        {
            bool isWhole = o >= first && o < end;
            // A window without a cell divides nothing.
            TLane divisor = TLane.CreateTruncating(isWhole ? width.Kernel : Math.Max(1, width.Divisor(o, countPadding)));
            for (long channel = 0; channel < geometry.Inner; channel++) *row++ = divisor;
        }
    }
}
