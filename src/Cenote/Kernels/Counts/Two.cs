namespace Cenote.Kernels;

/// <summary>Two.</summary>
internal readonly struct Two : ICount
{
    public static int Value => 2;
}
