namespace Cenote.Kernels;

/// <summary>One.</summary>
internal readonly struct One : ICount
{
    public static int Value => 1;
}
