using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Comparison;

/// <summary>Memory that begins at a cache line and lies on huge pages where it is long enough, for everyone alike.</summary>
/// <remarks>
/// Libtorch and ONNX Runtime begin their tensors at a cache line; an array of .NET begins at any eight bytes. Huge pages are what many systems hand out
/// by themselves, and what the published figures were measured on, to go by the time that a copy took.
/// </remarks>
internal sealed unsafe class AlignedCells<T>
    where T : unmanaged
{
    private const int Line = 64;

    public AlignedCells(nint count)
    {
        Array = GC.AllocateUninitializedArray<T>(checked((int)count) + Line / sizeof(T), pinned: true);
        Count = (int)count;
        nint address = (nint)Unsafe.AsPointer(ref Array[0]);
        Start = (int)((Line - address % Line) % Line) / sizeof(T);
        HugePages.Ask(address, address + count * sizeof(T));
        Span.Clear();
    }

    /// <summary>What holds them; it does not move.</summary>
    public T[] Array { get; }

    /// <summary>Where in it they begin.</summary>
    public int Start { get; }

    public int Count { get; }

    public Memory<T> Memory => Array.AsMemory(Start, Count);

    public Span<T> Span => Memory.Span;

    public T* Address => (T*)Unsafe.AsPointer(ref Array[Start]);

    public Tensor<T> AsTensor(ReadOnlySpan<nint> shape) => Tensor.Create(Array, Start, shape, default);
}
