using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a mean whose windows do not overlap, over small planes of short rows: the gradients over their divisors, and of these each cell its own.</summary>
/// <remarks>Which one that is, is the same in every plane, and is worked out once.</remarks>
internal readonly unsafe struct PlaneGather<T, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Of a plane, so that what is worked out stays in the first-level cache, and of planes, so that it was worth it.
    private const long MostCells = 1024, FewestPlanes = 8;

    // Outputs of a row from which rows are sooner made one by one.
    private const long LongRow = 16;

    private readonly Geometry _geometry;
    private readonly Pass<T, TLane, Total<T, TLane>> _pass;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="total">Divides.</param>
    public PlaneGather(in Geometry geometry, T* gradOutput, T* gradInput, Total<T, TLane> total)
    {
        _geometry = geometry;
        _pass = new(geometry, gradInput, gradOutput, total);
    }

    public long Units => _geometry.Outer;

    public long UnitBytes => (Cells + Outputs) * sizeof(T);

    private long Cells => _geometry.InputPlane * _geometry.Inner;

    private long Outputs => _geometry.OutputPlane * _geometry.Inner;

    /// <summary>Whether planes are small, of short rows, and many.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry.InputPlane * geometry.Inner <= MostCells && geometry.OutputPlane <= geometry.InputPlane && geometry.Width.OutputLength < LongRow && geometry.Outer >= FewestPlanes;

    public void Run(long first, long end)
    {
        long cells = Cells, outputs = Outputs;
        TLane* divisors = (TLane*)Scratch.Rent((outputs + TVector.Count) * (sizeof(TLane) + sizeof(T)) + (cells + _geometry.Width.InputLength * _geometry.Inner) * sizeof(uint));
        T* shares = (T*)(divisors + outputs + TVector.Count);
        uint* places = (uint*)(shares + outputs + TVector.Count);
        if (!_pass.IsUniform) Divisors(divisors);
        Place(places, places + cells);
        T* target = _pass.Input + first * cells;
        for (long plane = first; plane < end; plane++, target += cells)
        {
            MeanShare<T, TLane, TVector>.Divide(_pass, _pass.Output + plane * outputs, outputs, _pass.RowScale<TVector>(1), divisors, shares);
            shares[outputs] = T.Zero;
            Gather(shares, places, cells, target);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Gather(T* shares, uint* places, long count, T* target)
    {
        for (long i = 0; i < count; i++) target[i] = shares[places[i]];
    }

    private void Divisors(TLane* divisors)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        bool counts = _pass.Fold.CountsPadding;
        for (long od = 0; od < depth.OutputLength; od++)
        for (long oh = 0; oh < height.OutputLength; oh++)
        for (long ow = 0; ow < width.OutputLength; ow++)
        {
            // A window without a cell divides nothing.
            TLane divisor = TLane.CreateTruncating(Math.Max(1, depth.Divisor(od, counts) * height.Divisor(oh, counts) * width.Divisor(ow, counts)));
            for (long channel = 0; channel < inner; channel++) *divisors++ = divisor;
        }
        for (int i = 0; i < TVector.Count; i++) *divisors++ = TLane.One;
    }

    /// <summary>The output of each cell, or behind the last one, where zero stands.</summary>
    private void Place(uint* places, uint* row)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        uint none = (uint)Outputs;
        new Span<uint>(row, (int)(width.InputLength * inner)).Fill(none);
        for (long ow = 0, output = 0; ow < width.OutputLength; ow++, output += inner)
        {
            TapRange w = width.Taps(ow);
            for (long k = 0, iw = w.First; k < w.Count; k++, iw += w.Step)
            for (long channel = 0; channel < inner; channel++) row[iw * inner + channel] = (uint)(output + channel);
        }
        for (long id = 0; id < depth.InputLength; id++)
        for (long ih = 0; ih < height.InputLength; ih++)
        {
            TapRange d = depth.Outputs(id), h = height.Outputs(ih);
            uint start = d.Count == 0 || h.Count == 0 ? none : (uint)((d.First * height.OutputLength + h.First) * width.OutputLength * inner);
            for (long cell = 0; cell < width.InputLength * inner; cell++) *places++ = Math.Min(none, start + row[cell]);
        }
    }
}
