namespace Cenote.Gradients;

/// <summary>What can make the gradient of a mean.</summary>
internal enum GradientKernel
{
    /// <summary><see cref="PhaseSpread{T, TLane, TFold, TVector}"/>.</summary>
    PhaseSpread,

    /// <summary><see cref="ShareGather{T, TLane, TFold, TVector, TBits, TPick, TPicks}"/>.</summary>
    ShareGather,

    /// <summary><see cref="PlaneSpread{T, TLane, TVector}"/>.</summary>
    PlaneSpread,

    /// <summary><see cref="MeanShare{T, TLane, TVector}"/>.</summary>
    MeanShare,

    /// <summary>A mean over the gradients, with zeros between them where windows move by more than one: <see cref="StretchedMean{T, TSum}"/>.</summary>
    StretchedMean,

    /// <summary><see cref="RowSpread{T, TLane, TVector}"/>.</summary>
    RowSpread,
}
