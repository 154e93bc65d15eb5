using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Unpooling;

/// <summary>Plane by plane, cells to where their indices say and gradients back.</summary>
/// <param name="outer">Planes, or batches of them where channels come last.</param>
/// <param name="inputPlane">Cells of a pooled plane, one channel of it.</param>
/// <param name="outputPlane">Cells of an unpooled plane, one channel of it.</param>
/// <param name="inner">Channels of each cell where they come last, else 1.</param>
internal readonly unsafe struct UnpoolWalk(long outer, long inputPlane, long outputPlane, long inner)
{
    /// <summary>Sets each cell at its index among zeros, in row-major order, so that the last of equal indices stays.</summary>
    public void Scatter<T>(T* input, long* indices, T* output, PoolOptions? options)
        where T : unmanaged => Crew.Run(new Scattered<T>(this, input, indices, output), options);

    /// <summary>Gives each cell the gradient at its index, or 0 where a later cell has taken that place.</summary>
    public void Gather<T>(T* gradOutput, long* indices, T* gradInput, PoolOptions? options)
        where T : unmanaged => Crew.Run(new Gathered<T>(this, gradOutput, indices, gradInput), options);

    private long Planes => outer;

    private long PlaneBytes(int cellBytes) => (inputPlane * (cellBytes + sizeof(long)) + outputPlane * cellBytes) * inner;

    private void Scatter<T>(T* input, long* indices, T* output, long first, long end)
        where T : unmanaged
    {
        long plane = inputPlane * inner, target = outputPlane * inner;
        NativeMemory.Clear(output + first * target, (nuint)((end - first) * target * sizeof(T)));
        for (long position = first * plane; position < end * plane; position++)
            if (indices[position] != -1)
                output[Target(indices, position)] = input[position];
    }

    private void Gather<T>(T* gradOutput, long* indices, T* gradInput, long first, long end)
        where T : unmanaged
    {
        bool* taken = (bool*)Scratch.Rent(outputPlane * inner);
        for (long o = first; o < end; o++)
        {
            NativeMemory.Clear(taken, (nuint)(outputPlane * inner));
            for (long i = inputPlane * inner - 1; i >= 0; i--)
            {
                long position = o * inputPlane * inner + i;
                gradInput[position] = default;
                if (indices[position] == -1) continue;
                long target = Target(indices, position), place = target - o * outputPlane * inner;
                if (!taken[place]) gradInput[position] = gradOutput[target];
                taken[place] = true;
            }
        }
    }

    private long Target(long* indices, long position)
    {
        long index = indices[position];
        if (index < 0 || index >= outputPlane) Refuse(indices);
        return (position / (inputPlane * inner) * outputPlane + index) * inner + position % inner;
    }

    /// <summary>Names the first index that is none, whichever thread met one.</summary>
    private void Refuse(long* indices)
    {
        for (long position = 0; position < outer * inputPlane * inner; position++)
        {
            long index = indices[position];
            if (index < -1 || index >= outputPlane)
                throw new ArgumentException(
                    $"indices holds {index} for input {position}; it must be inside the output plane of {outputPlane} cells, 0 to {outputPlane - 1}, or -1", nameof(indices));
        }
    }

    private readonly struct Scattered<T>(UnpoolWalk walk, T* input, long* indices, T* output) : IKernel
        where T : unmanaged
    {
        public long Units => walk.Planes;

        public long UnitBytes => walk.PlaneBytes(sizeof(T));

        public void Run(long first, long end) => walk.Scatter(input, indices, output, first, end);
    }

    private readonly struct Gathered<T>(UnpoolWalk walk, T* gradOutput, long* indices, T* gradInput) : IKernel
        where T : unmanaged
    {
        public long Units => walk.Planes;

        public long UnitBytes => walk.PlaneBytes(sizeof(T));

        public void Run(long first, long end) => walk.Gather(gradOutput, indices, gradInput, first, end);
    }
}
