using System.Numerics;

namespace Cenote.Regions;

/// <summary>The largest cell, and 0 where a bin has none. Source: torchvision <c>roi_pool_kernel.cpp</c>.</summary>
internal readonly struct RegionMax<T> : ISelector<T>
    where T : unmanaged, INumber<T>
{
    public T Empty => T.Zero;

    public bool Wins(T candidate, T best) => default(Max<T>).Wins(candidate, best);
}
