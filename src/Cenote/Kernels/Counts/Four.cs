namespace Cenote.Kernels;

/// <summary>Four, or more where a kernel says so.</summary>
internal readonly struct Four : ICount
{
    public static int Value => 4;
}
