namespace Cenote.Kernels;

/// <summary>A loop over one call's data, cut into units that may be done by any thread in any order.</summary>
internal interface IKernel
{
    /// <summary>How many units there are.</summary>
    long Units { get; }

    /// <summary>Bytes that one unit reads and writes, about.</summary>
    long UnitBytes { get; }

    /// <summary>Does the units <paramref name="first"/> up to but without <paramref name="end"/>; writes nothing that belongs to others.</summary>
    void Run(long first, long end);
}
