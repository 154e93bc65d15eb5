using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>The gradient of one plane, added up in double: where windows lie unevenly, so that it cannot be gathered.</summary>
/// <remarks>A plane is filled by one thread in the order of the outputs, and so is always the same.</remarks>
internal sealed unsafe class PlaneSums(long cells) : IDisposable
{
    private readonly double* _sums = (double*)NativeMemory.AllocZeroed((nuint)cells, sizeof(double));

    /// <summary>Does every plane, on as many threads as the options allow; each has sums of its own.</summary>
    /// <param name="planes">How many there are.</param>
    /// <param name="cells">Cells of a plane.</param>
    /// <param name="planeBytes">Bytes that one reads and writes, about.</param>
    /// <param name="run">Adds up the gradient of a plane and moves it out.</param>
    /// <param name="options">Threads, cancellation, progress.</param>
    public static void Each(long planes, long cells, long planeBytes, Action<long, PlaneSums> run, PoolOptions? options) =>
        Crew.Run(new EachUnit(planes, planeBytes, (first, end) =>
        {
            using PlaneSums sums = new(cells);
            for (long plane = first; plane < end; plane++) run(plane, sums);
        }), options);

    /// <summary>Adds each gradient to the cell of its index; -1 is none.</summary>
    /// <exception cref="ArgumentException">An index is no cell of the plane.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<T>(T* gradOutput, long* indices, long count, long step)
        where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < count; i++)
        {
            long index = indices[i * step];
            if (index < -1 || index >= cells)
                throw new ArgumentException($"indices holds {index}; it must be a cell of the plane of {cells} cells, or -1", nameof(indices));
            if (index >= 0) _sums[index] += double.CreateTruncating(gradOutput[i * step]);
        }
    }

    /// <summary>Writes the sums, each rounded once, and begins anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MoveTo<T>(T* target, long step)
        where T : unmanaged, INumber<T>
    {
        if (step == 1 && typeof(T) == typeof(float) && cells <= int.MaxValue) Doubles.Narrow(new(_sums, (int)cells), target);
        else
            for (long i = 0; i < cells; i++) target[i * step] = T.CreateSaturating(_sums[i]);
        NativeMemory.Clear(_sums, (nuint)cells * sizeof(double));
    }

    public void Dispose() => NativeMemory.Free(_sums);
}
