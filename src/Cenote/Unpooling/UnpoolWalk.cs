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
        for (long o = first; o < end; o++)
        {
            T* from = input + o * plane, to = output + o * target;
            long* places = indices + o * plane;
            NativeMemory.Clear(to, (nuint)(target * sizeof(T)));
            for (long i = 0, channel = 0; i < plane; i++)
            {
                long index = places[i];
                if ((ulong)index < (ulong)outputPlane) to[index * inner + channel] = from[i];
                else if (index != -1) Refuse(indices);
                if (++channel == inner) channel = 0;
            }
        }
    }

    private void Gather<T>(T* gradOutput, long* indices, T* gradInput, long first, long end)
        where T : unmanaged
    {
        bool* taken = (bool*)Scratch.Rent(outputPlane * inner);
        for (long o = first; o < end; o++)
        {
            T* from = gradOutput + o * outputPlane * inner, to = gradInput + o * inputPlane * inner;
            long* places = indices + o * inputPlane * inner;
            NativeMemory.Clear(taken, (nuint)(outputPlane * inner));
            for (long i = inputPlane * inner - 1, channel = inner - 1; i >= 0; i--)
            {
                long index = places[i], place = index * inner + channel;
                to[i] = default;
                if (--channel < 0) channel = inner - 1;
                if ((ulong)index >= (ulong)outputPlane)
                {
                    if (index != -1) Refuse(indices);
                    continue;
                }
                if (!taken[place]) to[i] = from[place];
                taken[place] = true;
            }
        }
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
