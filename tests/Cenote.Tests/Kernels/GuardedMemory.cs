using System.Runtime.InteropServices;

namespace Cenote.Tests.Kernels;

/// <summary>Bytes that end where readable memory ends: a read behind them ends the process. Elsewhere than on Unix plain memory.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int Page = 4096, ReadWrite = 3, Nothing = 0, PrivateAnonymous = 0x22;

    private readonly byte* _memory;
    private readonly nuint _bytes;

    public GuardedMemory(ReadOnlySpan<byte> contents)
    {
        _bytes = (nuint)((contents.Length + Page - 1) / Page + 1) * Page;
        _memory = OperatingSystem.IsLinux() ? (byte*)MemoryMap(null, _bytes, ReadWrite, PrivateAnonymous, -1, 0) : (byte*)NativeMemory.Alloc(_bytes);
        if (OperatingSystem.IsLinux() && MemoryProtect(_memory + _bytes - Page, Page, Nothing) != 0) throw new InvalidOperationException("no guard page");
        Start = _memory + _bytes - Page - contents.Length;
        contents.CopyTo(new Span<byte>(Start, contents.Length));
    }

    public byte* Start { get; }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux()) _ = MemoryUnmap(_memory, _bytes);
        else NativeMemory.Free(_memory);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* MemoryMap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MemoryProtect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(void* address, nuint length);
}
