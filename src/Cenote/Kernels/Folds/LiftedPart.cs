namespace Cenote.Kernels;

/// <summary>What a part of an <see cref="ILiftedFold"/> does with a window.</summary>
internal enum LiftedPart
{
    /// <summary>Adds up.</summary>
    Sum,

    /// <summary>Adds up and divides by the number of cells.</summary>
    Mean,

    /// <summary>Adds up the squares and takes the root.</summary>
    RootOfSquares,

    /// <summary>Takes the largest.</summary>
    Max,
}
