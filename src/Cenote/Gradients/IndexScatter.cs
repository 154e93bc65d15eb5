using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection: a band of rows of the input at a time, the gradients of the outputs that can have won there added up at their indices.</summary>
/// <remarks>A band is filled by one thread in the order of the outputs, and so is always the same. It costs one addition an output, whatever the window.</remarks>
internal readonly unsafe struct IndexScatter<T, TSum, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Sums that are met over and over stay in a second-level cache.
    private const long BandBytes = 512 * 1024;

    // From here on an index is better looked up than compared row by row; it costs room in the cache.
    private const long ManyRows = 5;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly IndexCheck<TLane, TVector> _check;
    private readonly bool _looksUp;
    private readonly long _slices;
    private readonly long _rows;

    public IndexScatter(in Geometry geometry, T* gradOutput, long* indices, T* gradInput)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _check = new(geometry, indices);
        _looksUp = geometry.Height.Kernel >= ManyRows && CellTable.Fits(geometry);
        // Some rows of one slice, or some whole slices.
        (long height, long row) = (geometry.Height.InputLength, geometry.Width.InputLength * geometry.Inner * sizeof(TSum));
        _rows = Even(height, Math.Clamp(BandBytes / row, 1, height));
        _slices = _rows < height ? 1 : Even(geometry.Depth.InputLength, Math.Clamp(BandBytes / (height * row), 1, geometry.Depth.InputLength));

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
        long outputRow = width.OutputLength * inner, bandCells = _slices * _rows * width.InputLength;
        // Whole lines of cache, so that sums lie well.
        long tableBytes = ((_looksUp ? CellTable.Length(_geometry) * sizeof(uint) : _check.TableLength * sizeof(TLane)) + 63) / 64 * 64;
        byte* scratch = (byte*)Scratch.Rent(tableBytes + ((bandCells + 1) * inner + outputRow) * sizeof(TSum));
        TSum* sums = (TSum*)(scratch + tableBytes), shares = sums + (bandCells + 1) * inner;
        CellTable table = default;
        if (_looksUp) table = CellTable.Fill(_geometry, (uint*)scratch);
        else _check.Prepare((TLane*)scratch);
        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, Across);
            (long plane, long down) = Math.DivRem(rest, Down);
            long id = down * _slices, ih = across * _rows, endSlice = Math.Min(depth.InputLength, id + _slices), endRow = Math.Min(height.InputLength, ih + _rows);
            long start = (id * height.InputLength + ih) * width.InputLength;
            long cells = ((endSlice - 1 - id) * height.InputLength + endRow - ih) * width.InputLength;
            NativeMemory.Clear(sums, (nuint)(cells * inner * sizeof(TSum)));
            (long firstDepth, long endDepth) = depth.Reaching(id, endSlice);
            (long firstHeight, long endHeight) = height.Reaching(ih, endRow);
            for (long od = firstDepth; od < endDepth; od++)
            {
                TapRange d = depth.Taps(od);
                for (long oh = firstHeight; oh < endHeight; oh++)
                {
                    long output = (plane * depth.OutputLength + od) * height.OutputLength + oh;
                    T* given = _gradOutput + output * outputRow;
                    long* indices = _indices + output * outputRow;
                    TapRange h = height.Taps(oh);
                    if (!_looksUp) _check.Refuse(output, d, h, (TLane*)scratch);
                    // Halves are widened by the register first; of a single number that is slow.
                    if (sizeof(T) == sizeof(short) && typeof(TSum) == typeof(float))
                    {
                        Sums<T, TSum>.Widen(given, shares, outputRow);
                        Add(shares, h, indices, table, start, cells, sums);
                    }
                    else
                    {
                        Add(given, h, indices, table, start, cells, sums);
                    }
                }
            }
            Sums<T, TSum>.Round(sums, _gradInput + (plane * _geometry.InputPlane + start) * inner, cells * inner);
        }
    }

    /// <summary>Adds a row of gradients to the cells of the band that its indices name.</summary>
    private void Add<TGiven>(TGiven* gradients, in TapRange height, long* indices, CellTable table, long start, long cells, TSum* sums)
        where TGiven : unmanaged, INumberBase<TGiven>
    {
        long count = _geometry.Width.OutputLength * _geometry.Inner, inner = _geometry.Inner;
        bool isSound = true;
        if (!_looksUp) AddAll(gradients, indices, count, start, cells, inner, sums);
        else if (height.Count == 0) isSound = !new ReadOnlySpan<long>(indices, (int)count).ContainsAnyExcept(-1);
        else isSound = AddChecked(gradients, indices, table, height, _geometry.InputPlane, count, start, cells, inner, sums);
        if (!isSound) WindowIndices.Check(_geometry, _indices);
    }

    // What lies outside of the band goes to a cell behind it: adding it costs less than not adding it.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddAll<TGiven>(TGiven* gradients, long* indices, long count, long start, long cells, long inner, TSum* sums)
        where TGiven : unmanaged, INumberBase<TGiven>
    {
        ulong most = (ulong)cells;
        if (inner == 1)
        {
            for (long i = 0; i < count; i++) sums[Math.Min((ulong)(indices[i] - start), most)] += TSum.CreateTruncating(gradients[i]);
            return;
        }
        for (long end = count; end > 0; end -= inner, gradients += inner, indices += inner)
        for (long channel = 0; channel < inner; channel++)
            sums[(long)Math.Min((ulong)(indices[channel] - start), most) * inner + channel] += TSum.CreateTruncating(gradients[channel]);
    }

    /// <summary>The same, and whether every index is a cell of its window, or -1.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool AddChecked<TGiven>(
        TGiven* gradients, long* indices, CellTable table, in TapRange height, long plane, long count, long start, long cells, long inner, TSum* sums)
        where TGiven : unmanaged, INumberBase<TGiven>
    {
        (uint row, uint reach) = CellTable.Rows(height);
        uint outside = 0;
        if (inner == 1)
        {
            for (long i = 0; i < count; i++)
            {
                long index = indices[i];
                if ((ulong)index < (ulong)plane)
                {
                    outside |= table.Outside(index, i, row, reach);
                    sums[Math.Min((ulong)(index - start), (ulong)cells)] += TSum.CreateTruncating(gradients[i]);
                }
                else if (index != -1) return false;
            }
            return outside == 0;
        }
        for (long output = 0; output < count; output += inner)
        for (long channel = 0; channel < inner; channel++)
        {
            long index = indices[output + channel];
            if ((ulong)index < (ulong)plane)
            {
                outside |= table.Outside(index, output + channel, row, reach);
                sums[(long)Math.Min((ulong)(index - start), (ulong)cells) * inner + channel] += TSum.CreateTruncating(gradients[output + channel]);
            }
            else if (index != -1) return false;
        }
        return outside == 0;
    }
}
