using System.Runtime.Intrinsics;

namespace Cenote.Tests.Kernels;

/// <summary>Which registers a kernel is tested with: the widest that there are. The reruns without the wider instructions have the narrower ones, the last of them none, since the planners then take the walks.</summary>
/// <remarks>Each pair of a type and a width is compiled anew, and that is most of the time that these tests take.</remarks>
internal static class Registers
{
    private static readonly int s_widest = Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : Vector128.IsHardwareAccelerated ? 16 : 0;

    /// <summary>Skips a test of kernels alone where there are no registers, with which they are.</summary>
    public static void Need() => Assert.SkipWhen(s_widest == 0, "there are no registers here");

    /// <summary>Whether a kernel that takes registers of <paramref name="most"/> bytes at most is tested with those of so many.</summary>
    public static bool Test(int bytes, int most = int.MaxValue) => bytes == Math.Min(most, s_widest);
}
