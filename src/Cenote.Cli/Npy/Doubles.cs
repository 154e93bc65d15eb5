using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>An array of any type as double.</summary>
internal sealed class Doubles : INpyVisitor<Tensor<double>>
{
    /// <inheritdoc/>
    public Tensor<double> Visit<T>(Tensor<T> tensor)
        where T : unmanaged, INumber<T>
    {
        T[] cells = new T[tensor.FlattenedLength];
        tensor.FlattenTo(cells);
        return Tensor.Create(Array.ConvertAll(cells, double.CreateTruncating), tensor.Lengths);
    }
}
