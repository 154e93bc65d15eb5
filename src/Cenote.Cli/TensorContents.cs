using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>What a tensor holds.</summary>
internal static class TensorContents
{
    /// <summary>The cells in row-major order.</summary>
    public static T[] Cells<T>(this Tensor<T> tensor)
    {
        T[] cells = new T[tensor.FlattenedLength];
        tensor.FlattenTo(cells);
        return cells;
    }
}
