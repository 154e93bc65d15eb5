using System.Runtime.CompilerServices;

namespace Comparison;

/// <summary>Memory that begins at a cache line, as that of libtorch and ONNX Runtime does; an array of .NET begins at any eight bytes.</summary>
internal sealed class AlignedCells<T>
    where T : unmanaged
{
    private const int Line = 64;

    public unsafe AlignedCells(nint count)
    {
        Array = GC.AllocateArray<T>(checked((int)count) + Line / sizeof(T), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref Array[0]);
        Start = (int)((Line - address % Line) % Line) / sizeof(T);
        Count = (int)count;
    }

    /// <summary>What holds them; it does not move.</summary>
    public T[] Array { get; }

    /// <summary>Where in it they begin.</summary>
    public int Start { get; }

    public int Count { get; }

    public Memory<T> Memory => Array.AsMemory(Start, Count);

    public Span<T> Span => Memory.Span;
}
