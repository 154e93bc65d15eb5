using System.Numerics.Tensors;

namespace Cenote.Tests;

internal static class TensorContents
{
    /// <summary>The cells in row-major order.</summary>
    public static T[] ToArray<T>(this Tensor<T> tensor)
    {
        T[] values = new T[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}
