namespace Cenote.Kernels;

/// <summary>Three.</summary>
internal readonly struct Three : ICount
{
    public static int Value => 3;
}
