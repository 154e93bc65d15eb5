namespace Comparison;

internal enum Operator
{
    Max,
    Average,
    MaxWithIndices,
    MaxBackward,
    AverageBackward,

    /// <summary>Lp of order 2.</summary>
    Norm,
}
