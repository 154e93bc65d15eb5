namespace Comparison;

internal enum Operator
{
    Max,
    Average,
    MaxWithIndices,
    MaxBackward,
    AverageBackward,
}
