using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>Results that go past the caches to memory: what is written by whole lines need not be read before.</summary>
internal static unsafe class Streaming
{
    // What fits the caches is better left there, for whoever reads it next.
    private const long LargeBytes = 16 * 1024 * 1024;
    private const int Line = 64;

    /// <summary>Whether a call that reads and writes so many bytes gains.</summary>
    public static bool IsWorth(long bytes) => Sse2.IsSupported && bytes >= LargeBytes;

    /// <summary>Copies results past the caches, whole lines of them; visible to other threads after <see cref="Finish"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Copy(void* from, void* to, long bytes)
    {
        byte* source = (byte*)from, target = (byte*)to;
        long head = Math.Min(bytes, -(nint)to & (Line - 1)), end = head + (bytes - head) / Line * Line;
        Unsafe.CopyBlockUnaligned(target, source, (uint)head);
        for (long i = head; i < end; i += Line)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Vector512.Load(source + i).StoreAlignedNonTemporal(target + i);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Vector256<byte> low = Vector256.Load(source + i), high = Vector256.Load(source + i + 32);
                low.StoreAlignedNonTemporal(target + i);
                high.StoreAlignedNonTemporal(target + i + 32);
            }
            else
            {
                for (int part = 0; part < Line; part += 16) Vector128.Load(source + i + part).StoreAlignedNonTemporal(target + i + part);
            }
        }
        Unsafe.CopyBlockUnaligned(target + end, source + end, (uint)(bytes - end));
    }

    /// <summary>To be called by a thread that has copied, before it says so.</summary>
    public static void Finish()
    {
        if (Sse.IsSupported) Sse.StoreFence();
    }
}
