using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Regions;

/// <summary>What is done with the regions of an image, for as many channels at a time as a register of doubles has lanes.</summary>
internal interface IRegionWork
{
    /// <summary>Does one image and these channels.</summary>
    /// <param name="image">Which image.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="count">How many; the last lanes may have none.</param>
    /// <typeparam name="TCell">What cells are kept as: float if they are float, else double.</typeparam>
    /// <typeparam name="TVector">The register.</typeparam>
    void Run<TCell, TVector>(long image, long channel, int count)
        where TCell : unmanaged, INumber<TCell>
        where TVector : struct, ILanes<TVector, double>;
}
