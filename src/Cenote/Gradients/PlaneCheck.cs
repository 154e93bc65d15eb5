using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Whether the indices of a small plane of winners are cells of their windows, a register at a time, whatever the length of its rows.</summary>
/// <remarks>As <see cref="IndexCheck{TLane, TVector}"/>, but that windows of all rows differ: what lies behind the last row of one is told by its last cell.</remarks>
/// <param name="geometry">The window.</param>
/// <param name="indices">The winners.</param>
internal readonly unsafe struct PlaneCheck<TLane, TVector>(Geometry geometry, long* indices)
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // What is known of each window stays in the first-level cache.
    private const long MostOutputs = 1024;

    private readonly long _outputs = geometry.OutputPlane;
    private readonly long _rows = geometry.Height.MostTaps;

    /// <summary>Room for what <see cref="Prepare"/> works out.</summary>
    public long TableLength => 3 * _outputs + IndexCheck<TLane, TVector>.MostSteps;

    /// <summary>Whether outputs fill a register, few enough to know each window, and every one has a cell.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry is { Inner: 1, Depth: { InputLength: 1, OutputLength: 1, PaddingBefore: 0 } } && geometry.OutputPlane >= TVector.Count && geometry.OutputPlane <= MostOutputs
        && WindowIndices.HaveCells(geometry.Height) && WindowIndices.HaveCells(geometry.Width);

    /// <summary>Works out where each window begins, how far it reaches along its first row, and how far to its last cell.</summary>
    public void Prepare(TLane* table)
    {
        (Axis height, Axis width) = (geometry.Height, geometry.Width);
        for (long ow = 0; ow < width.OutputLength; ow++)
        {
            TapRange taps = width.Taps(ow);
            (table[ow], table[_outputs + ow]) = (TLane.CreateTruncating(taps.First), TLane.CreateTruncating((taps.Count - 1) * taps.Step));
        }
        // From the last row up, since the first one is what they are made of.
        for (long oh = height.OutputLength; --oh >= 0;)
        {
            TapRange taps = height.Taps(oh);
            (TLane first, TLane last) = (TLane.CreateTruncating(taps.First * width.InputLength), TLane.CreateTruncating((taps.Count - 1) * taps.Step * width.InputLength));
            TLane* row = table + oh * width.OutputLength;
            for (long ow = 0; ow < width.OutputLength; ow++)
            {
                TLane reach = table[_outputs + ow];
                (row[ow], row[_outputs + ow], row[2 * _outputs + ow]) = (table[ow] + first, reach, reach + last);
            }
        }
    }

    /// <summary>Refuses a plane that names a cell outside of its window; -1 is none.</summary>
    /// <param name="plane">Which one.</param>
    /// <param name="table">What was prepared.</param>
    /// <exception cref="ArgumentException">An index is no cell of its window; the first of all such is named.</exception>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Refuse(long plane, TLane* table)
    {
        long outputs = _outputs;
        long* from = indices + plane * outputs;
        TLane* reaches = table + outputs, lasts = reaches + outputs, steps = lasts + outputs;
        TLane* across = IndexCheck<TLane, TVector>.Steps(_rows, geometry.Height.Dilation * geometry.Width.InputLength, steps), along = IndexCheck<TLane, TVector>.Along(geometry.Width, across);
        TVector wrong = TVector.Create(TLane.Zero);
        for (long i = 0; i < outputs; i += TVector.Count)
        {
            // The last register reaches back over the one before.
            i = Math.Min(i, outputs - TVector.Count);
            TVector index = IndexCheck<TLane, TVector>.Index(from + i, out TVector upper), at = index - TVector.Load(table + i), last = TVector.Load(lasts + i);
            TVector apart = IndexCheck<TLane, TVector>.Wrong(at, TVector.Load(reaches + i), steps, across, along) | (TVector.Max(at, last) ^ last);
            wrong |= IndexCheck<TLane, TVector>.Unless(apart, index, upper);
        }
        if (!TVector.IsZero(wrong)) WindowIndices.Check(geometry, indices);
    }
}
