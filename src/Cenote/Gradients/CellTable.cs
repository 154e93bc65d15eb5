using System.Runtime.CompilerServices;

namespace Cenote.Gradients;

/// <summary>Whether an index is a cell of its window, for planes so small that the row and the column of every cell can be looked up.</summary>
/// <remarks>
/// A cell is its row in the upper half of a number and its column in the lower one. Less the window's first cell, and that less the window's
/// reach, no half may be negative: one subtraction each for both.
/// </remarks>
internal readonly unsafe struct CellTable
{
    private const int Half = 16;
    private const uint Signs = 0x80008000;
    private const long MostCells = 64 * 1024, MostLength = short.MaxValue;

    private readonly uint* _cells;
    private readonly uint* _firsts;
    private readonly uint* _reaches;

    private CellTable(uint* cells, uint* firsts, uint* reaches)
    {
        _cells = cells;
        _firsts = firsts;
        _reaches = reaches;
    }

    /// <summary>Whether windows are without gaps and planes flat and small.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry.Depth is { InputLength: 1, OutputLength: 1, PaddingBefore: 0 } && geometry.Height.Dilation == 1 && geometry.Width.Dilation == 1
        && geometry.InputPlane <= MostCells && geometry.Height.InputLength <= MostLength && geometry.Width.InputLength <= MostLength;

    /// <summary>Room for a table, in numbers of 32 bits.</summary>
    public static long Length(in Geometry geometry) => geometry.InputPlane + 2 * geometry.Width.OutputLength * geometry.Inner;

    /// <summary>Fills a table.</summary>
    public static CellTable Fill(in Geometry geometry, uint* memory)
    {
        (_, _, Axis height, Axis width, long inner) = geometry;
        uint* next = memory;
        for (long row = 0; row < height.InputLength; row++)
            for (long column = 0; column < width.InputLength; column++) *next++ = (uint)((row << Half) | column);
        uint* firsts = next, reaches = next + width.OutputLength * inner;
        for (long o = 0; o < width.OutputLength; o++)
        {
            TapRange taps = width.Taps(o);
            // No column is as large as that of a window without a cell.
            (uint first, uint reach) = taps.Count > 0 ? ((uint)taps.First, (uint)taps.Count - 1) : ((uint)MostLength, 0);
            new Span<uint>(firsts + o * inner, (int)inner).Fill(first);
            new Span<uint>(reaches + o * inner, (int)inner).Fill(reach);
        }
        return new(memory, firsts, reaches);
    }

    /// <summary>The first row that a row of outputs taps, and how far it reaches; at least one.</summary>
    public static (uint First, uint Reach) Rows(in TapRange height) => ((uint)height.First << Half, ((uint)height.Count - 1) << Half);

    /// <summary>Not 0 where an index, a cell of the plane, is outside of the window of an output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Outside(long index, long output, uint firstRow, uint reachedRows)
    {
        uint offset = _cells[index] - (firstRow + _firsts[output]);
        return (offset | (reachedRows + _reaches[output] - offset)) & Signs;
    }
}
