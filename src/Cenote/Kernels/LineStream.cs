using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Cells written one behind the other, around the caches: whole lines of memory are gathered aside first.</summary>
/// <remarks>
/// A plain store reads the line that it changes, which for results that are too many for the caches is a third of a copy's traffic. It pays
/// only a few lines at a time: while they are on their way the next ones are computed.
/// </remarks>
internal unsafe struct LineStream<T>
    where T : unmanaged
{
    /// <summary>Bytes of memory that are needed aside, for pieces of <see cref="PieceCells"/>.</summary>
    public const int AsideBytes = PieceBytes + MarginBytes;

    /// <summary>Bytes that are needed aside beyond those of a piece.</summary>
    public const int MarginBytes = 4 * Streaming.Line;

    private const int PieceBytes = 512;

    private readonly byte* _aside;
    private byte* _line;
    private byte* _next;
    private long _foreign;

    /// <param name="aside">Memory for the largest piece and <see cref="MarginBytes"/>; aligned to a line.</param>
    /// <param name="to">Where the first cell belongs.</param>
    public LineStream(void* aside, T* to)
    {
        // What stands before the first cell in its line is somebody else's.
        _foreign = (nint)to & (Streaming.Line - 1);
        _aside = (byte*)aside;
        _line = (byte*)to - _foreign;
        _next = _aside + _foreign;
    }

    /// <summary>As many cells as should be taken at a time.</summary>
    public static int PieceCells => PieceBytes / sizeof(T);

    /// <summary>Where the next cells are to be written; a register may run on beyond them.</summary>
    public readonly T* Next => (T*)_next;

    /// <summary>Takes the cells that have been written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(long cells)
    {
        _next += cells * sizeof(T);
        byte* from = _aside;
        if (_foreign > 0 && _next - from >= Streaming.Line)
        {
            WritePart(Streaming.Line);
            from += Streaming.Line;
            _line += Streaming.Line;
            _foreign = 0;
        }
        for (; from + Streaming.Line <= _next; from += Streaming.Line, _line += Streaming.Line) Streaming.WriteLine(from, _line);
        if (from == _aside) return;
        for (int i = 0; i < Streaming.Line; i += 16) Vector128.LoadAligned(from + i).StoreAligned(_aside + i);
        _next -= from - _aside;
    }

    /// <summary>Writes what is left of a line; afterwards all cells are seen before anything that this thread writes later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void End()
    {
        WritePart(_next - _aside);
        Streaming.Finish();
    }

    // No call: what surrounds this keeps registers across it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void WritePart(long end)
    {
        for (long i = _foreign; i < end; i++) _line[i] = _aside[i];
    }
}
