using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection over small planes: the gradients added up at their indices where they belong, a plane at a time.</summary>
internal readonly unsafe struct PlaneScatter<T, TLane, TVector>(Geometry geometry, T* gradOutput, long* indices, T* gradInput) : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // What is added up stays in the first-level cache.
    private const long MostBytes = 8 * 1024;

    // Planes in turn.
    private const long Together = 4;

    private readonly PlaneCheck<TLane, TVector> _check = new(geometry, indices);

    public long Units => geometry.Outer;

    public long UnitBytes => geometry.InputPlane * sizeof(T) + geometry.OutputPlane * (sizeof(T) + sizeof(long));

    public static bool Fits(in Geometry geometry) => geometry.InputPlane * sizeof(T) <= MostBytes && PlaneCheck<TLane, TVector>.Fits(geometry);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        long cells = geometry.InputPlane, outputs = geometry.OutputPlane;
        TLane* table = (TLane*)Scratch.Rent(_check.TableLength * sizeof(TLane));
        _check.Prepare(table);
        for (long plane = first, together; plane < end; plane += together)
        {
            together = end - plane >= Together ? Together : 1;
            T* sums = gradInput + plane * cells;
            NativeMemory.Clear(sums, (nuint)(together * cells * sizeof(T)));
            for (long i = 0; i < together; i++) _check.Refuse(plane + i, table);
            if (together == 1) Add(gradOutput + plane * outputs, indices + plane * outputs, outputs, sums);
            else AddTogether(gradOutput + plane * outputs, indices + plane * outputs, outputs, sums, cells);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* gradients, long* indices, long count, T* sums)
    {
        for (long i = 0; i < count; i++)
            if (indices[i] >= 0) sums[indices[i]] += gradients[i];
    }

    /// <summary>Several planes in turn: where neighbouring windows have one winner, an addition waits for the one before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddTogether(T* gradients, long* indices, long count, T* sums, long cells)
    {
        T* sums1 = sums + cells, sums2 = sums1 + cells, sums3 = sums2 + cells;
        for (T* end = gradients + count; gradients < end; gradients++, indices++)
        {
            long index = indices[0], index1 = indices[count], index2 = indices[2 * count], index3 = indices[3 * count];
            if (index >= 0) sums[index] += gradients[0];
            if (index1 >= 0) sums1[index1] += gradients[count];
            if (index2 >= 0) sums2[index2] += gradients[2 * count];
            if (index3 >= 0) sums3[index3] += gradients[3 * count];
        }
    }
}
