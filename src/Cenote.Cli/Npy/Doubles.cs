using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>An array of any type as double.</summary>
internal sealed class Doubles : INpyVisitor<Tensor<double>>
{
    /// <inheritdoc/>
    public Tensor<double> Visit<T>(Tensor<T> tensor)
        where T : unmanaged, INumber<T> => Tensor.Create(Array.ConvertAll(tensor.Cells(), double.CreateTruncating), tensor.Lengths);
}
