namespace Cenote.Kernels;

/// <summary>Which end of the order wins.</summary>
internal interface IOrder
{
    static abstract bool SmallestWins { get; }

    /// <summary>Whether -0 equals +0, so that the first of them wins; else +0 is the larger.</summary>
    static abstract bool ZerosAreEqual { get; }
}
