using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection whose windows do not overlap, over small planes: the winners and gradients of a plane are picked for a register of its cells at a time, whatever rows these are of; those that won keep them.</summary>
/// <remarks>Which window is looked at for each cell is the same in every plane, and is worked out once. A lane is as long as a cell, or two bytes, which hold every place of such a plane.</remarks>
internal readonly unsafe struct PickedPlane<TBits, TLane, TVector, TPlaces> : IKernel
    where TBits : unmanaged, INumber<TBits>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
    where TPlaces : struct, ILanes<TPlaces, uint>
{
    // What is worked out of a plane stays near.
    private const long MostCells = 16 * 1024;

    // Outputs from which it no longer matters how a check begins and ends, and so many that what was kept first is no longer on its way to the cache.
    private const long ManyOutputs = 256, ManyKept = 1024;

    private readonly Geometry _geometry;
    private readonly TBits* _gradOutput;
    private readonly long* _indices;
    private readonly TBits* _gradInput;
    private readonly PlaneCheck<uint, TPlaces> _check;
    private readonly long _checked;
    private readonly long _together;

    public PickedPlane(in Geometry geometry, TBits* gradOutput, long* indices, TBits* gradInput)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _checked = Math.Clamp(ManyOutputs / geometry.OutputPlane, 1, geometry.Outer);
        _together = Math.Max(1, ManyKept / (_checked * geometry.OutputPlane)) * _checked;
        _check = new(geometry, indices, _checked);
    }

    public long Units => _geometry.Outer;

    public long UnitBytes => _geometry.InputPlane * sizeof(TBits) + _geometry.OutputPlane * (sizeof(TBits) + sizeof(long));

    /// <summary>Whether planes are small, and the windows of a register of cells lie in two registers.</summary>
    public static bool Fits(in Geometry geometry) =>
        TVector.LooksAhead && PlaneCheck<uint, TPlaces>.Fits(geometry) && geometry.InputPlane >= TVector.Count && geometry.InputPlane <= MostCells
        && Between(geometry) <= 2 * TVector.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        long cells = _geometry.InputPlane, outputs = _geometry.OutputPlane, registers = (cells - 1) / TVector.Count + 1, kept = (_together * outputs / TVector.Count + 3) * TVector.Count;
        TLane* picks = (TLane*)Scratch.Rent((registers * TVector.Count + 2 * kept + cells) * sizeof(TLane) + registers * sizeof(int) + (_check.TableLength + 1) * sizeof(uint));
        TLane* winners = picks + registers * TVector.Count, shares = winners + kept, windows = shares + kept;
        int* starts = (int*)(((nint)(windows + cells) + sizeof(int) - 1) & -sizeof(int));
        uint* table = (uint*)(starts + registers);
        bool isNear = Between(_geometry) <= TVector.Count;
        _check.Prepare(table);
        Prepare(windows, picks, starts);
        for (long plane = first, count; plane < end; plane += count)
        {
            count = Math.Min(_together, end - plane);
            for (long i = 0; i < count; i += _checked) _check.Refuse(plane + i, Math.Min(_checked, count - i), table);
            Keep(_gradOutput + plane * outputs, _indices + plane * outputs, count * outputs, winners, shares);
            if (isNear) Pick<None>(winners, shares, outputs, count, picks, starts, cells, _gradInput + plane * cells);
            else Pick<One>(winners, shares, outputs, count, picks, starts, cells, _gradInput + plane * cells);
        }
    }

    /// <summary>The most windows from the first that is looked at for a register of cells to the last.</summary>
    private static long Between(in Geometry geometry)
    {
        (Axis height, Axis width) = (geometry.Height, geometry.Width);
        // Of two rows the second one has the windows before those of the first, or those behind them.
        long rows = (TVector.Count - 1) / width.InputLength + 2;
        return rows == 2 || height.OutputLength == 1 ? width.OutputLength : (Math.Min(height.OutputLength, (rows + height.Stride - 2) / height.Stride + 1)) * width.OutputLength;
    }

    /// <summary>The window that may have a cell of an axis: none but that to its left.</summary>
    private static long Window(in Axis axis, long cell) => axis.OutputLength == 1 ? 0 : Math.Min(axis.OutputLength - 1, (cell + axis.PaddingBefore) / axis.Stride);

    /// <summary>The window of every cell, and of every register where its windows begin and which each cell takes.</summary>
    private void Prepare(TLane* windows, TLane* picks, int* starts)
    {
        (Axis height, Axis width) = (_geometry.Height, _geometry.Width);
        int lanes = TVector.Count;
        long row = width.InputLength, cells = _geometry.InputPlane;
        for (long iw = 0; iw < row; iw++) windows[iw] = TLane.CreateTruncating(Window(width, iw));
        for (long ih = height.InputLength; --ih >= 0;)
        {
            TLane start = TLane.CreateTruncating(Window(height, ih) * width.OutputLength);
            for (long iw = 0; iw < row; iw++) windows[ih * row + iw] = windows[iw] + start;
        }
        for (long x = 0; x < cells; x += lanes)
        {
            x = Math.Min(x, cells - lanes);
            long next = (x / row + 1) * row;
            TLane start = next < x + lanes ? TLane.Min(windows[x], windows[next]) : windows[x];
            (TVector.Load(windows + x) - TVector.Create(start)).Store(picks);
            *starts++ = int.CreateTruncating(start);
            picks += lanes;
        }
    }

    /// <summary>The winners of some planes, and their gradients, as lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Keep(TBits* gradients, long* indices, long count, TLane* winners, TLane* shares)
    {
        if (count < TVector.Count)
        {
            for (long i = 0; i < count; i++) (winners[i], shares[i]) = (TLane.CreateTruncating(indices[i]), TLane.CreateTruncating(gradients[i]));
            return;
        }
        for (long i = 0; i < count; i += TVector.Count)
        {
            // The last register reaches back over the one before.
            i = Math.Min(i, count - TVector.Count);
            TVector.Widen(gradients + i).Store(shares + i);
            for (long j = i; j < i + TVector.Count; j += TPlaces.Count)
            {
                TPlaces index = TPlaces.Even(TPlaces.Load((uint*)(indices + j)), TPlaces.Load((uint*)(indices + j) + TPlaces.Count));
                // With its sign -1 stays what no cell is.
                if (sizeof(TLane) == sizeof(short)) index.Narrow((short*)winners + j);
                else index.Store((uint*)winners + j);
            }
        }
    }

    /// <summary>Every cell of some planes.</summary>
    /// <typeparam name="TFurther">Registers of windows that those of a register of cells reach into behind the first.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Pick<TFurther>(TLane* winners, TLane* shares, long outputs, long planes, TLane* picks, int* starts, long cells, TBits* target)
        where TFurther : struct, ICount
    {
        int lanes = TVector.Count;
        long whole = cells / lanes;
        TVector further = TVector.Create(TLane.CreateTruncating(lanes)), last = TVector.Ramp + TVector.Create(TLane.CreateTruncating(cells - lanes));
        for (; planes > 0; planes--, winners += outputs, shares += outputs, target += cells)
        {
            TVector here = TVector.Ramp;
            for (long i = 0; i < whole; i++, here += further) Pick<TFurther>(winners + starts[i], shares + starts[i], picks + i * lanes, here, target + i * lanes);
            // The last register reaches back over the one before.
            if (whole * lanes < cells) Pick<TFurther>(winners + starts[whole], shares + starts[whole], picks + whole * lanes, last, target + cells - lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pick<TFurther>(TLane* winners, TLane* shares, TLane* picks, TVector here, TBits* cells)
        where TFurther : struct, ICount
    {
        TVector places = TVector.Load(picks), winner, share;
        if (TFurther.Value == 0) (winner, share) = (TVector.Pick(TVector.Load(winners), places), TVector.Pick(TVector.Load(shares), places));
        else (winner, share) = (TVector.Ahead(TVector.Load(winners), TVector.Load(winners + TVector.Count), places), TVector.Ahead(TVector.Load(shares), TVector.Load(shares + TVector.Count), places));
        TVector.WhereEqual(winner, here, share).Narrow(cells);
    }
}
