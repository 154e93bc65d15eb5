using System.Runtime.InteropServices;

namespace Cenote.Tests.Kernels;

/// <summary>Bytes that end where readable memory ends: a read behind them ends the process. Elsewhere than on Linux plain memory.</summary>
/// <remarks>What has been given back is taken again by the same thread: the system takes longer to map memory than a test to run.</remarks>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int Page = 4096, Least = 256 * Page, ReadWrite = 3, Nothing = 0, PrivateAnonymous = 0x22;

    [ThreadStatic]
    private static Stack<(nint Memory, nint Bytes)>? t_free;

    private readonly (nint Memory, nint Bytes) _block;

    public GuardedMemory(ReadOnlySpan<byte> contents)
    {
        if (!(t_free ??= []).TryPop(out _block) || _block.Bytes < contents.Length) _block = Map(Math.Max(Least, (contents.Length + Page - 1) / Page * Page));
        Start = (byte*)_block.Memory + _block.Bytes - contents.Length;
        contents.CopyTo(new Span<byte>(Start, contents.Length));
    }

    public byte* Start { get; }

    public void Dispose() => t_free!.Push(_block);

    private static (nint Memory, nint Bytes) Map(nint bytes)
    {
        if (!OperatingSystem.IsLinux()) return ((nint)NativeMemory.Alloc((nuint)bytes), bytes);
        void* memory = MemoryMap(null, (nuint)(bytes + Page), ReadWrite, PrivateAnonymous, -1, 0);
        if (memory == (void*)-1 || MemoryProtect((byte*)memory + bytes, Page, Nothing) != 0) throw new InvalidOperationException("no guard page");
        return ((nint)memory, bytes);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* MemoryMap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MemoryProtect(void* address, nuint length, int protection);
}
