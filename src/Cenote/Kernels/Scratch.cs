using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Kernels write their working memory before they read it.
[module: SkipLocalsInit]

namespace Cenote.Kernels;

/// <summary>Working memory of one thread: grows to what the largest kernel asked for and is kept, so that a second call allocates nothing; what is out of the ordinary goes with the next that is not.</summary>
internal sealed unsafe class Scratch
{
    private const nuint Alignment = 64, Ordinary = 64 * 1024 * 1024;

    [ThreadStatic]
    private static Scratch? t_own, t_around;

    private void* _memory;
    private nuint _bytes;

    ~Scratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>At least this much memory, its contents anything, until the thread asks again.</summary>
    public static void* Rent(long bytes) => (t_own ??= new()).AtLeast((nuint)bytes);

    /// <summary>The same for a kernel that runs another one, which rents too.</summary>
    public static void* RentAround(long bytes) => (t_around ??= new()).AtLeast((nuint)bytes);

    private void* AtLeast(nuint bytes)
    {
        if (bytes > _bytes || (_bytes > Ordinary && bytes <= Ordinary))
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _bytes = 0;
            _memory = NativeMemory.AlignedAlloc(bytes, Alignment);
            _bytes = bytes;
        }
        return _memory;
    }
}
