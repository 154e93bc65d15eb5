namespace Cenote.Kernels;

/// <summary>The largest wins, the first of equals.</summary>
internal readonly struct FirstLargest : IOrder
{
    public static bool SmallestWins => false;

    public static bool ZerosAreEqual => true;
}
