using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Cenote.Kernels;

/// <summary>The threads that help a caller: started once, spinning a moment after each call, then asleep.</summary>
/// <remarks>
/// One call at a time has helpers; another that comes meanwhile works alone. A helper that wakes too late is not waited for.
/// Each thread begins with a part of its own, the same in each call over as many cells, so that it finds in its caches what it left there; then it helps the others.
/// </remarks>
internal static unsafe class Crew
{
    // Waking a helper costs about as much as touching this many bytes.
    private const long SmallBytes = 512 * 1024;

    // Small enough that a call can be interrupted soon and threads end together, large enough that handing out costs nothing.
    private const long ChunkBytes = 256 * 1024, LeastChunkBytes = 64 * 1024;
    private const int ChunksEach = 4;
    private const int SpinRounds = 1500;

    private static readonly Lock s_oneCall = new();
    private static Helper[] s_helpers = [];
    private static delegate*<void*, long, long, void> s_run;
    private static void* s_kernel;
    private static long s_chunk;
    private static ExceptionDispatchInfo? s_failure;
    private static Share[] s_shares = [];
    private static int s_threads;

    /// <summary>Does all units of a kernel, on as many threads as the options allow and the work is worth.</summary>
    /// <remarks>All but this is compiled once, not for each kernel.</remarks>
    public static void Run<TKernel>(in TKernel asked, PoolOptions? options)
        where TKernel : struct, IKernel
    {
        // No kernel changes as it runs, which the compiler cannot know: it would copy one that is passed as read only. It is on the caller's stack, where nothing moves.
        ref TKernel kernel = ref Unsafe.AsRef(in asked);
        Run(&RunUnits<TKernel>, Unsafe.AsPointer(ref kernel), kernel.Units, Math.Max(1, kernel.UnitBytes), options);
    }

    private static void RunUnits<TKernel>(void* kernel, long first, long end)
        where TKernel : struct, IKernel => Unsafe.AsRef<TKernel>(kernel).Run(first, end);

    private static void Run(delegate*<void*, long, long, void> run, void* kernel, long units, long unitBytes, PoolOptions? options)
    {
        options?.Cancellation.ThrowIfCancellationRequested();
        long bytes = units * unitBytes;
        int threads = options?.Threads ?? Environment.ProcessorCount;
        long chunk = Math.Clamp(Math.Clamp(bytes / (ChunksEach * threads), LeastChunkBytes, ChunkBytes) / unitBytes, 1, Math.Max(1, units));
        threads = (int)Math.Min(threads, (units + chunk - 1) / chunk);
        if (threads > 1 && bytes >= SmallBytes && s_oneCall.TryEnter())
        {
            try
            {
                RunTogether(run, kernel, units, chunk, threads - 1, options);
            }
            finally
            {
                s_oneCall.Exit();
            }
            return;
        }
        if (options is null || (!options.Cancellation.CanBeCanceled && options.Progress is null))
        {
            run(kernel, 0, units);
            return;
        }
        for (long first = 0; first < units; first += chunk)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            run(kernel, first, Math.Min(units, first + chunk));
            options.Progress?.Report((double)Math.Min(units, first + chunk) / units);
        }
    }

    private static void RunTogether(delegate*<void*, long, long, void> run, void* kernel, long units, long chunk, int helpers, PoolOptions? options)
    {
        // The helpers read the caller's: it outlives them, since the caller leaves last.
        s_run = run;
        s_kernel = kernel;
        (s_chunk, s_failure) = (chunk, null);
        Hire(helpers);
        Divide(units, helpers + 1);
        for (int i = 0; i < helpers; i++) s_helpers[i].Offer();
        bool canceled = false;
        try
        {
            while (Take(0, out long first, out long end))
            {
                if (options is not null && options.Cancellation.IsCancellationRequested)
                {
                    canceled = true;
                    break;
                }
                run(kernel, first, end);
                options?.Progress?.Report(Math.Min(1 - 1e-9, (double)Taken() / units));
            }
        }
        finally
        {
            TakeAll();
            for (int i = 0; i < helpers; i++) s_helpers[i].Withdraw();
            s_kernel = null;
        }
        s_failure?.Throw();
        if (canceled) options!.Cancellation.ThrowIfCancellationRequested();
        options?.Progress?.Report(1);
    }

    /// <summary>Gives every thread its part, of whole chunks but for the last.</summary>
    private static void Divide(long units, int threads)
    {
        long chunks = (units + s_chunk - 1) / s_chunk;
        s_threads = threads;
        for (int i = 0; i < threads; i++)
        {
            ref Share share = ref s_shares[i];
            share.First = share.Next = Math.Min(units, chunks * i / threads * s_chunk);
            share.End = Math.Min(units, chunks * (i + 1) / threads * s_chunk);
        }
    }

    /// <summary>The next chunk of a thread's own part, or of what is left of another's.</summary>
    private static bool Take(int thread, out long first, out long end)
    {
        long chunk = s_chunk;
        int threads = s_threads;
        for (int i = 0; i < threads; i++)
        {
            ref Share share = ref s_shares[(thread + i) % threads];
            if (Volatile.Read(ref share.Next) >= share.End) continue;
            first = Interlocked.Add(ref share.Next, chunk) - chunk;
            end = Math.Min(share.End, first + chunk);
            if (first < end) return true;
        }
        first = end = 0;
        return false;
    }

    /// <summary>Leaves nothing to take.</summary>
    private static void TakeAll()
    {
        for (int i = 0; i < s_threads; i++) Volatile.Write(ref s_shares[i].Next, s_shares[i].End);
    }

    /// <summary>How many units have been taken.</summary>
    private static long Taken()
    {
        long taken = 0;
        for (int i = 0; i < s_threads; i++) taken += Math.Min(Volatile.Read(ref s_shares[i].Next), s_shares[i].End) - s_shares[i].First;
        return taken;
    }

    private static void Hire(int helpers)
    {
        int before = s_helpers.Length;
        if (before >= helpers) return;
        Array.Resize(ref s_helpers, helpers);
        s_shares = new Share[helpers + 1];
        for (int i = before; i < helpers; i++) s_helpers[i] = new(i + 1);
    }

    /// <summary>The part of a call that a helper does.</summary>
    private static void Help(int thread)
    {
        try
        {
            while (Take(thread, out long first, out long end)) s_run(s_kernel, first, end);
        }
        catch (Exception failure)
        {
            s_failure = ExceptionDispatchInfo.Capture(failure);
            TakeAll();
        }
    }

    /// <summary>The part of a call that one thread begins with, in cache lines that it shares with no other.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Share
    {
        [FieldOffset(64)]
        public long Next;

        [FieldOffset(72)]
        public long First;

        [FieldOffset(80)]
        public long End;
    }

    [SuppressMessage("Design", "CA1001", Justification = "A helper lives as long as the process.")]
    private sealed class Helper
    {
        private const int Idle = 0, Offered = 1, Working = 2;

        private readonly ManualResetEventSlim _wake = new(false, 0);
        private int _state;
        private readonly int _thread;
        private int _asleep;

        public Helper(int thread)
        {
            _thread = thread;
            new Thread(Loop) { IsBackground = true, Name = "Cenote" }.Start();
        }

        public void Offer()
        {
            Volatile.Write(ref _state, Offered);
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _asleep) == 1) _wake.Set();
        }

        /// <summary>Takes the offer back, or waits for the end of what it began.</summary>
        public void Withdraw()
        {
            if (Interlocked.CompareExchange(ref _state, Idle, Offered) == Offered) return;
            SpinWait wait = default;
            while (Volatile.Read(ref _state) == Working) wait.SpinOnce(sleep1Threshold: -1);
        }

        private void Loop()
        {
            while (true)
            {
                for (int round = 0; Volatile.Read(ref _state) != Offered; round++)
                {
                    if (round < SpinRounds)
                    {
                        Thread.SpinWait(1);
                        continue;
                    }
                    _wake.Reset();
                    Volatile.Write(ref _asleep, 1);
                    Interlocked.MemoryBarrier();
                    if (Volatile.Read(ref _state) != Offered) _wake.Wait();
                    Volatile.Write(ref _asleep, 0);
                    round = 0;
                }
                if (Interlocked.CompareExchange(ref _state, Working, Offered) != Offered) continue;
                Help(_thread);
                Volatile.Write(ref _state, Idle);
            }
        }
    }
}
