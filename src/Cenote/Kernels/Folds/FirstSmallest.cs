namespace Cenote.Kernels;

/// <summary>The smallest wins, the first of equals.</summary>
internal readonly struct FirstSmallest : IOrder
{
    public static bool SmallestWins => true;

    public static bool ZerosAreEqual => true;
}
