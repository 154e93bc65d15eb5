using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Cenote.Gradients;

/// <summary>How the cells of one axis stand among those of a longer one.</summary>
/// <param name="Cells">How many.</param>
/// <param name="First">Where the first stands.</param>
/// <param name="Apart">From one to the next.</param>
/// <param name="Length">Of the longer axis.</param>
internal readonly record struct Spacing(long Cells, long First, long Apart, long Length)
{
    // Cells for which the call that widens them pays.
    private const long FewestWidened = 20;

    /// <summary>Writes the cells of some planes to where they belong; what is between them is zero, and stays so.</summary>
    /// <param name="cells">The cells, dense.</param>
    /// <param name="planes">How many planes.</param>
    /// <param name="depth">Of their depth.</param>
    /// <param name="height">Of their height.</param>
    /// <param name="width">Of their width.</param>
    /// <param name="inner">Channels that come last.</param>
    /// <param name="target">The larger planes.</param>
    public static unsafe void Write<T>(T* cells, long planes, in Spacing depth, in Spacing height, in Spacing width, long inner, T* target)
        where T : unmanaged
    {
        long row = width.Length * inner, slice = height.Length * row, taken = width.Cells * inner;
        for (; planes > 0; planes--, target += depth.Length * slice)
        for (long d = 0; d < depth.Cells; d++)
        for (long h = 0; h < height.Cells; h++, cells += taken)
        {
            T* to = target + (depth.First + d * depth.Apart) * slice + (height.First + h * height.Apart) * row + width.First * inner;
            if (width.Apart == 1) Buffer.MemoryCopy(cells, to, taken * sizeof(T), taken * sizeof(T));
            else Row(cells, width.Cells, width.Apart, inner, to);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Row<T>(T* cells, long count, long apart, long inner, T* target)
        where T : unmanaged
    {
        // With a zero behind it a cell is one of twice the length. The last may have none.
        if (inner == 1 && apart == 2 && sizeof(T) < sizeof(long) && count >= FewestWidened)
        {
            int most = (int)count - 1;
            if (sizeof(T) == sizeof(byte)) TensorPrimitives.ConvertTruncating<byte, ushort>(new(cells, most), new(target, most));
            else if (sizeof(T) == sizeof(ushort)) TensorPrimitives.ConvertTruncating<ushort, uint>(new(cells, most), new(target, most));
            else TensorPrimitives.ConvertTruncating<uint, ulong>(new(cells, most), new(target, most));
            target[2 * most] = cells[most];
        }
        else if (inner == 1)
            for (long i = 0; i < count; i++, target += apart) *target = cells[i];
        else
            for (long i = 0; i < count; i++, target += (apart - 1) * inner)
            for (long channel = 0; channel < inner; channel++) *target++ = *cells++;
    }
}
