namespace Cenote.Kernels;

/// <summary>The smallest wins.</summary>
internal readonly struct Smallest : IOrder
{
    public static bool SmallestWins => true;

    public static bool ZerosAreEqual => false;
}
