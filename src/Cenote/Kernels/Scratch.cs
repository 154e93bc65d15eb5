using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Kernels write their working memory before they read it.
[module: SkipLocalsInit]

namespace Cenote.Kernels;

/// <summary>Working memory of one thread: grows to what the largest kernel asked for and is kept, so that a second call allocates nothing.</summary>
internal sealed unsafe class Scratch
{
    private const nuint Alignment = 64;

    [ThreadStatic]
    private static Scratch? t_own;

    private void* _memory;
    private nuint _bytes;

    ~Scratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>At least this much memory, its contents anything, until the thread asks again.</summary>
    public static void* Rent(long bytes)
    {
        Scratch own = t_own ??= new();
        if ((nuint)bytes > own._bytes)
        {
            NativeMemory.AlignedFree(own._memory);
            own._memory = null;
            own._bytes = 0;
            own._memory = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            own._bytes = (nuint)bytes;
        }
        return own._memory;
    }
}
