using System.Runtime.InteropServices;

namespace Comparison.Libraries;

/// <summary>The threads that oneDNN and libtorch of Debian share.</summary>
internal static partial class OpenMp
{
    /// <summary>How many threads what this thread calls next may use.</summary>
    public static void Use(int threads) => SetThreads(threads);

    [LibraryImport("libgomp.so.1", EntryPoint = "omp_set_num_threads")]
    private static partial void SetThreads(int threads);
}
