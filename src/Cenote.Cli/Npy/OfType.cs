using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>An array of a file that must be of one type.</summary>
/// <param name="Option">The option that names the file.</param>
/// <param name="Path">The file.</param>
internal sealed record OfType<TCell>(string Option, string Path) : INpyVisitor<Tensor<TCell>>
    where TCell : unmanaged, INumber<TCell>
{
    /// <inheritdoc/>
    /// <exception cref="RefusedException">The file holds another type.</exception>
    public Tensor<TCell> Visit<T>(Tensor<T> tensor)
        where T : unmanaged, INumber<T> => tensor as Tensor<TCell>
        ?? throw new RefusedException($"{Option} '{Path}' holds {NpyType.Of<T>().Name}; it must hold {NpyType.Of<TCell>().Name}");
}
