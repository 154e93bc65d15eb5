using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection: a band of rows of the input at a time, the gradients of the outputs that can have won there added up at their indices.</summary>
/// <remarks>
/// A band is filled by one thread in the order of the outputs, and so is always the same. It costs one addition an output, whatever the window.
/// Planes that a second-level cache holds are sooner left to <see cref="PlaneScatter{T, TSum, TLane, TVector}"/>.
/// </remarks>
internal readonly unsafe struct IndexScatter<T, TSum, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Cells that are rounded and cleared while they are in the first-level cache.
    private const long PieceCells = 1024;

    // So many rows before they are needed, indices and gradients are asked for.
    private const long RowsAhead = 2;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly bool _streams;
    private readonly IndexCheck<TLane, TVector> _check;
    private readonly long _slices;
    private readonly long _rows;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">The winners.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="streams">Whether it goes there past the caches.</param>
    /// <param name="bandBytes">Bytes of sums at a time.</param>
    public IndexScatter(in Geometry geometry, T* gradOutput, long* indices, T* gradInput, bool streams, long bandBytes)
    {
        _geometry = geometry;
        _streams = streams;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _check = new(geometry, indices);
        // Some rows of one slice, or some whole slices.
        (long height, long row) = (geometry.Height.InputLength, geometry.Width.InputLength * geometry.Inner * sizeof(TSum));
        _rows = Even(height, Math.Clamp(bandBytes / row, 1, height));
        _slices = _rows < height ? 1 : Even(geometry.Depth.InputLength, Math.Clamp(bandBytes / (height * row), 1, geometry.Depth.InputLength));

        static long Even(long length, long part) => (length - 1) / ((length - 1) / part + 1) + 1;
    }

    public long Units => _geometry.Outer * Down * Across;

    public long UnitBytes =>
        (_geometry.InputPlane * sizeof(T) + _geometry.OutputPlane * (sizeof(T) + sizeof(long))) * _geometry.Inner / (Down * Across);

    private long Down => (_geometry.Depth.InputLength - 1) / _slices + 1;

    private long Across => (_geometry.Height.InputLength - 1) / _rows + 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        long outputRow = width.OutputLength * inner, bandCells = _slices * _rows * width.InputLength * inner;
        // All in whole lines of cache. Behind the sums of a band is room for what goes to none of its cells.
        long tableBytes = Streaming.WholeLines(_check.TableLength * sizeof(TLane)), sumsLength = Streaming.WholeLines(bandCells + inner), sharesLength = Sums<T, TSum>.AreCells ? 0 : Streaming.WholeLines(outputRow);
        byte* scratch = (byte*)Scratch.Rent(tableBytes + (sumsLength + sharesLength + PieceCells) * sizeof(TSum));
        TLane* table = (TLane*)scratch;
        TSum* sums = (TSum*)(scratch + tableBytes), shares = sums + sumsLength;
        T* piece = (T*)(shares + sharesLength);
        _check.Prepare(table);
        NativeMemory.Clear(sums, (nuint)(sumsLength * sizeof(TSum)));
        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, Across);
            (long plane, long down) = Math.DivRem(rest, Down);
            long id = down * _slices, ih = across * _rows, endSlice = Math.Min(depth.InputLength, id + _slices), endRow = Math.Min(height.InputLength, ih + _rows);
            long start = (id * height.InputLength + ih) * width.InputLength;
            long cells = ((endSlice - 1 - id) * height.InputLength + endRow - ih) * width.InputLength;
            (long firstDepth, long endDepth) = depth.OutputsOf(id, endSlice);
            (long firstHeight, long endHeight) = height.OutputsOf(ih, endRow);
            for (long od = firstDepth; od < endDepth; od++)
            {
                TapRange d = depth.Taps(od);
                for (long oh = firstHeight; oh < endHeight; oh++)
                {
                    long row = (plane * depth.OutputLength + od) * height.OutputLength + oh;
                    T* gradients = _gradOutput + row * outputRow;
                    Ahead(gradients + RowsAhead * outputRow, outputRow * sizeof(T));
                    Ahead(_indices + (row + RowsAhead) * outputRow, outputRow * sizeof(long));
                    if (Sums<T, TSum>.AreCells) shares = (TSum*)gradients;
                    else Sums<T, TSum>.Widen(gradients, shares, outputRow);
                    _check.Refuse(row, 1, d, height.Taps(oh), table);
                    Add(shares, _indices + row * outputRow, outputRow, start, cells, inner, sums);
                }
            }
            Finish(sums, cells * inner, inner, piece, _gradInput + (plane * _geometry.InputPlane + start) * inner);
        }
        if (_streams) Streaming.Finish();
    }

    /// <summary>Asks for memory that will be read soon; behind the end it may be anything.</summary>
    private static void Ahead(void* memory, long bytes)
    {
        for (long i = 0; Sse.IsSupported && i < bytes; i += Streaming.Line) Sse.Prefetch0((byte*)memory + i);
    }

    /// <summary>Adds a row of gradients to the cells of the band that its indices name.</summary>
    // What lies outside of the band goes to a cell behind it: adding it costs less than not adding it.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(TSum* gradients, long* indices, long count, long start, long cells, long inner, TSum* sums)
    {
        ulong most = (ulong)cells;
        if (inner == 1)
        {
            for (long i = 0; i < count; i++) sums[Math.Min((ulong)(indices[i] - start), most)] += gradients[i];
            return;
        }
        for (long end = count; end > 0; end -= inner, gradients += inner, indices += inner)
        for (long channel = 0; channel < inner; channel++)
            sums[(long)Math.Min((ulong)(indices[channel] - start), most) * inner + channel] += gradients[channel];
    }

    /// <summary>Rounds the sums of a band and leaves zeros for the next one, behind it too.</summary>
    private void Finish(TSum* sums, long cells, long inner, T* piece, T* target)
    {
        for (long i = 0, count; i < cells; i += count)
        {
            count = Math.Min(PieceCells, cells - i);
            Sums<T, TSum>.Round(sums + i, _streams ? piece : target + i, count);
            if (_streams) Streaming.Copy(piece, target + i, count * sizeof(T));
        }
        NativeMemory.Clear(sums + cells, (nuint)(inner * sizeof(TSum)));
    }
}
