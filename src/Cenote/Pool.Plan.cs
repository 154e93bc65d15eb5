using System.Runtime.CompilerServices;
using System.Numerics;
using Cenote.Kernels;

namespace Cenote;

// What a call would do, without doing it.
public static partial class Pool
{
    /// <summary>Which kernel would pool an input of this shape, and why.</summary>
    /// <typeparam name="T">The type of a cell.</typeparam>
    /// <param name="inputShape">The lengths of the input, batch and channels included.</param>
    /// <param name="window">The window.</param>
    /// <param name="average">Whether it is an average or a sum; else a maximum or a minimum. Default: a maximum.</param>
    /// <param name="indices">Whether the places of the maxima or minima are wanted too. Default: the values alone.</param>
    /// <returns>The kernel, why it is taken, and how wide its registers are.</returns>
    /// <exception cref="ArgumentException">The window does not fit the shape; the message names the axis, its length and the window.</exception>
    public static PoolPlan Plan<T>(ReadOnlySpan<nint> inputShape, Window window, bool average = false, bool indices = false)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(window);
        Geometry geometry = window.Resolve(inputShape);
        if (indices) return Planner.PlanPlaces(geometry, KnownFolds.LaneBytes<T>(geometry, average: false, ordered: false));
        bool ordered = average && AddsInOrder<T>(geometry);
        return Planner.Plan(geometry, Unsafe.SizeOf<T>(), KnownFolds.LaneBytes<T>(geometry, average, ordered, window.CountPadding), ordered);
    }
}
