using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>What becomes of the weighted cells of a bin.</summary>
internal interface IRegionFold
{
    /// <summary>What a bin begins with.</summary>
    static abstract double Start { get; }

    /// <summary>And one cell more.</summary>
    static abstract TVector Join<TVector>(TVector folded, TVector cell)
        where TVector : struct, ILanes<TVector, double>;

    /// <summary>What a bin ends with.</summary>
    /// <param name="region">Its region.</param>
    /// <param name="isWhole">Whether it lies inside the map.</param>
    static abstract double End(in Region region, bool isWhole);

    /// <summary>The result.</summary>
    static abstract TVector Finish<TVector>(TVector folded, TVector end)
        where TVector : struct, ILanes<TVector, double>;
}
