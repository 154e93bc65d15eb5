namespace Cenote.Kernels;

/// <summary>Five.</summary>
internal readonly struct Five : ICount
{
    public static int Value => 5;
}
