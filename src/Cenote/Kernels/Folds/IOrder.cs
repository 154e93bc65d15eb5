namespace Cenote.Kernels;

/// <summary>Which end of the order wins.</summary>
internal interface IOrder
{
    static abstract bool SmallestWins { get; }
}
