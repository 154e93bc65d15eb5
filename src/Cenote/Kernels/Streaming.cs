using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Results that go past the caches to memory: what is written by whole lines need not be read before.</summary>
internal static unsafe class Streaming
{
    // What fits the caches is better left there, for whoever reads it next.
    private const long LargeBytes = 12 * 1024 * 1024;

    /// <summary>Bytes of a line of the caches.</summary>
    public const int Line = 64;

    // By then they are there.
    private const int AheadBytes = 8 * 1024;

    /// <summary>Whether a call that reads and writes so many bytes gains.</summary>
    public static bool IsWorth(long bytes) => Sse2.IsSupported && bytes >= LargeBytes;

    /// <summary>So many bytes and what is left of their last line.</summary>
    public static long WholeLines(long bytes) => (bytes + Line - 1) / Line * Line;

    /// <summary>Asks for what lies some way behind cells that are read now: beside results that go past the caches the processor itself looks ahead too late.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask<T>(T* cells, long count)
        where T : unmanaged => AskFor((T*)((byte*)cells + AheadBytes), count);

    /// <summary>Asks for cells, of no more than two lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AskFor<T>(T* cells, long count)
        where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(cells);
        if (count * sizeof(T) > Line) Sse.Prefetch0((byte*)cells + Line);
    }

    /// <summary>Copies results past the caches, whole lines of them; visible to other threads after <see cref="Finish"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Copy(void* from, void* to, long bytes)
    {
        byte* source = (byte*)from, target = (byte*)to;
        long head = Math.Min(bytes, -(nint)to & (Line - 1)), end = head + (bytes - head) / Line * Line;
        Unsafe.CopyBlockUnaligned(target, source, (uint)head);
        for (long i = head; i < end; i += Line) WriteLine(source + i, target + i);
        Unsafe.CopyBlockUnaligned(target + end, source + end, (uint)(bytes - end));
    }

    /// <summary>Copies one line to where a line begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteLine(byte* from, byte* to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512.Load(from).StoreAlignedNonTemporal(to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> low = Vector256.Load(from), high = Vector256.Load(from + 32);
            low.StoreAlignedNonTemporal(to);
            high.StoreAlignedNonTemporal(to + 32);
        }
        else
        {
            for (int part = 0; part < Line; part += 16) Vector128.Load(from + part).StoreAlignedNonTemporal(to + part);
        }
    }

    /// <summary>To be called by a thread that has copied, before it says so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish()
    {
        if (Sse.IsSupported) Sse.StoreFence();
    }
}
