using System.Runtime.Intrinsics;

namespace Cenote.Tests.Kernels;

/// <summary>
/// Which registers a kernel is tested with: of float all that there are, of other cells the widest, for which the reruns without the wider instructions have narrower ones.
/// None where there are none, since the planners then take the walks.
/// </summary>
/// <remarks>Each pair of a type and a width is compiled anew, and that is most of the time that these tests take.</remarks>
internal static class Registers
{
    private static readonly int s_widest = Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : Vector128.IsHardwareAccelerated ? 16 : 0;

    /// <summary>Whether a kernel over cells of <typeparamref name="T"/> is tested with registers of so many bytes, where it takes none of more than <paramref name="most"/>.</summary>
    public static bool Test<T>(int bytes, int most = int.MaxValue)
    {
        most = Math.Min(most, s_widest);
        return bytes == most || (bytes < most && typeof(T) == typeof(float));
    }
}
