using System.Runtime.InteropServices;

namespace Comparison;

/// <summary>Pages of 2 MB, so that long tensors do not wait for the translation of addresses.</summary>
internal static unsafe partial class HugePages
{
    private const int Length = 2 * 1024 * 1024, UseThem = 14;

    /// <summary>Asks for them where memory is not touched yet; a system that has none says no.</summary>
    public static void Ask(nint first, nint end)
    {
        first = (first + Length - 1) / Length * Length;
        end = end / Length * Length;
        if (OperatingSystem.IsLinux() && end > first) _ = Advise((void*)first, (nuint)(end - first), UseThem);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* first, nuint bytes, int advice);
}
