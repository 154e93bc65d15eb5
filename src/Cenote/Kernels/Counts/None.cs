namespace Cenote.Kernels;

/// <summary>None.</summary>
internal readonly struct None : ICount
{
    public static int Value => 0;
}
