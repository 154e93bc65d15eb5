using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection: a band of rows of the input at a time, the gradients of the outputs that can have won there added up at their indices.</summary>
/// <remarks>A band is filled by one thread in the order of the outputs, and so is always the same. It costs one addition an output, whatever the window.</remarks>
internal readonly unsafe struct IndexScatter<T, TSum, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TVector : struct, ILanes<TVector, long>
{
    // Sums that are met over and over stay in a second-level cache.
    private const long BandBytes = 512 * 1024;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly IndexCheck<TVector> _check;
    private readonly long _slices;
    private readonly long _rows;

    public IndexScatter(in Geometry geometry, T* gradOutput, long* indices, T* gradInput)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _check = new(geometry, indices);
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
        long* table = (long*)Scratch.Rent((_check.TableLength * sizeof(long)) + ((bandCells + 1) * inner + outputRow) * sizeof(TSum));
        TSum* sums = (TSum*)(table + _check.TableLength), shares = sums + (bandCells + 1) * inner;
        _check.Prepare(table);
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
            for (long oh = firstHeight; oh < endHeight; oh++)
            {
                long output = (plane * depth.OutputLength + od) * height.OutputLength + oh;
                _check.Refuse(output, depth.Taps(od), height.Taps(oh), table);
                TSum* gradients = (TSum*)(_gradOutput + output * outputRow);
                if (typeof(T) != typeof(TSum))
                {
                    Sums<T, TSum>.Widen(_gradOutput + output * outputRow, shares, outputRow);
                    gradients = shares;
                }
                Add(gradients, _indices + output * outputRow, outputRow, start, cells, inner, sums);
            }
            Sums<T, TSum>.Round(sums, _gradInput + (plane * _geometry.InputPlane + start) * inner, cells * inner);
        }
    }

    /// <summary>Adds a row of gradients to the cells of the band that its indices name.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(TSum* gradients, long* indices, long count, long start, long cells, long inner, TSum* sums)
    {
        // What lies outside goes to a cell behind the band: adding it costs less than not adding it.
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
}
