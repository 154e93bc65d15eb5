using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>The largest cell of windows that begin where samples say, and its place: the taps of a row of windows are laid below each other, and the largest of each column is what the kernels know.</summary>
/// <param name="geometry">A window of the kernel over the input; its outputs are not asked.</param>
/// <param name="outputs">Output lengths: depth, height, width.</param>
/// <param name="input">The cells.</param>
/// <param name="samples">A number for each axis of each plane.</param>
/// <param name="rank">How many axes have one.</param>
/// <param name="values">Where the maxima go.</param>
/// <param name="indices">Where their places go.</param>
internal readonly unsafe struct FractionalWalk<T>(
    Geometry geometry, (long Depth, long Height, long Width) outputs, T* input, double* samples, int rank, T* values, long* indices) : IKernel
    where T : unmanaged, INumber<T>
{
    // Taps that a first-level cache holds.
    private const long CacheBytes = 16 * 1024;

    private static readonly PoolOptions s_alone = new() { Threads = 1 };

    private readonly long _taps = geometry.Depth.Kernel * geometry.Height.Kernel * geometry.Width.Kernel;

    public long Units => geometry.Outer * geometry.Inner;

    public long UnitBytes => outputs.Depth * outputs.Height * outputs.Width * ((_taps + 1) * sizeof(T) + sizeof(long));

    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        long rows = outputs.Depth * outputs.Height, most = Math.Clamp(CacheBytes / (_taps * outputs.Width * sizeof(T)), 1, rows);
        long* d = (long*)Scratch.RentAround(
            (outputs.Depth + outputs.Height + outputs.Width + _taps) * sizeof(long) + most * outputs.Width * ((_taps + 1) * sizeof(T) + sizeof(long)));
        long* h = d + outputs.Depth, w = h + outputs.Height, offsets = w + outputs.Width, places = offsets + _taps;
        T* taps = (T*)(places + most * outputs.Width), largest = taps + most * _taps * outputs.Width;
        for (long tap = 0; tap < _taps; tap++)
        {
            (long line, long k) = Math.DivRem(tap, width.Kernel);
            (long i, long j) = Math.DivRem(line, height.Kernel);
            offsets[tap] = (i * height.InputLength + j) * width.InputLength + k;
        }
        double* drawn = samples + first * rank;
        for (long unit = first; unit < end; unit++, drawn += rank)
        {
            (long o, long channel) = Math.DivRem(unit, inner);
            T* plane = input + o * geometry.InputPlane * inner + channel;
            // PyTorch's order: width before height in 2-D, depth, height, width in 3-D.
            FractionalStarts.Begin<T>(depth, outputs.Depth, rank == 3 ? drawn[0] : 0, d);
            FractionalStarts.Begin<T>(height, outputs.Height, rank == 1 ? 0 : drawn[1], h);
            FractionalStarts.Begin<T>(width, outputs.Width, drawn[rank == 3 ? 2 : 0], w);
            for (long row = 0; row < rows; row += most)
            {
                long count = Math.Min(most, rows - row), output = (o * rows + row) * outputs.Width * inner + channel;
                for (long i = 0; i < count; i++)
                    Gather(plane + Corner(row + i, d, h) * inner, w, offsets, taps + i * _taps * outputs.Width);
                Geometry columns = new(count, Axis.Unit, Axis.Global(_taps), Axis.Sliding(outputs.Width, 1, 1, 1, 0, 0, ceil: false), 1);
                Planner.Select<T, Max<T>>(columns, taps, largest, places, default, s_alone);
                for (long i = 0; i < count; i++, output += outputs.Width * inner) Put(places + i * outputs.Width, plane, Corner(row + i, d, h), w, offsets, output);
            }
        }
    }

    /// <summary>Where the first window of a row of outputs begins in the plane, but for its place along the row.</summary>
    private long Corner(long row, long* depths, long* heights)
    {
        (long od, long oh) = Math.DivRem(row, outputs.Height);
        return (depths[od] * geometry.Height.InputLength + heights[oh]) * geometry.Width.InputLength;
    }

    /// <summary>The taps of a row of windows, each tap's below those of the one before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Gather(T* corner, long* starts, long* offsets, T* taps)
    {
        long inner = geometry.Inner, count = outputs.Width;
        for (long tap = 0; tap < _taps; tap++)
        {
            T* cells = corner + offsets[tap] * inner;
            for (long window = 0; window < count; window++) *taps++ = cells[starts[window] * inner];
        }
    }

    /// <summary>A row of places in the plane of those among the taps, and the cells there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Put(long* places, T* plane, long corner, long* starts, long* offsets, long output)
    {
        long inner = geometry.Inner, count = outputs.Width;
        // A place is a tap times the windows, and the window: the inverse of their number, rounded up, leaves the tap in the upper half.
        ulong inverse = (1UL << 32) / (ulong)count + 1;
        T* value = values + output;
        long* index = indices + output;
        for (long window = 0; window < count; window++, value += inner, index += inner)
        {
            long place = corner + starts[window] + offsets[(ulong)(places[window] - window) * inverse >> 32];
            (*value, *index) = (plane[place * inner], place);
        }
    }
}
