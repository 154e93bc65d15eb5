namespace Cenote.Unpooling;

/// <summary>Plane by plane, cells to where their indices say and gradients back.</summary>
/// <param name="outer">Planes, or batches of them where channels come last.</param>
/// <param name="inputPlane">Cells of a pooled plane, one channel of it.</param>
/// <param name="outputPlane">Cells of an unpooled plane, one channel of it.</param>
/// <param name="inner">Channels of each cell where they come last, else 1.</param>
internal readonly unsafe struct UnpoolWalk(long outer, long inputPlane, long outputPlane, long inner)
{
    /// <summary>Sets each cell at its index, in row-major order, so that the last of equal indices stays.</summary>
    public void Scatter<T>(T* input, long* indices, T* output)
        where T : unmanaged
    {
        for (long position = 0, count = outer * inputPlane * inner; position < count; position++)
            if (indices[position] != -1)
                output[Target(indices, position)] = input[position];
    }

    /// <summary>Gives each cell the gradient at its index, or 0 where a later cell has taken that place.</summary>
    public void Gather<T>(T* gradOutput, long* indices, T* gradInput)
        where T : unmanaged
    {
        bool[] taken = new bool[outputPlane * inner];
        for (long o = outer - 1; o >= 0; o--)
        {
            Array.Clear(taken);
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
        return index >= 0 && index < outputPlane
            ? (position / (inputPlane * inner) * outputPlane + index) * inner + position % inner
            : throw new ArgumentException(
                $"indices holds {index} for input {position}; it must be inside the output plane of {outputPlane} cells, 0 to {outputPlane - 1}, or -1", nameof(indices));
    }
}
