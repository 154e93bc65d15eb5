namespace Cenote.Kernels;

/// <summary>The largest wins.</summary>
internal readonly struct Largest : IOrder
{
    public static bool SmallestWins => false;

    public static bool ZerosAreEqual => false;
}
