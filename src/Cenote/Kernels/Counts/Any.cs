namespace Cenote.Kernels;

/// <summary>A number that is known as the program runs only.</summary>
internal readonly struct Any : ICount
{
    public static int Value => 0;
}
