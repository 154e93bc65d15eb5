using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>An array of one of the types that an .npy file can hold here.</summary>
internal abstract class NpyArray
{
    /// <summary>The lengths of its axes.</summary>
    public abstract ReadOnlySpan<nint> Shape { get; }

    /// <summary>Hands the array over as a tensor of its own type.</summary>
    public abstract TResult Accept<TResult>(INpyVisitor<TResult> visitor);
}

/// <inheritdoc/>
internal sealed class NpyArray<T>(Tensor<T> tensor) : NpyArray
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public override ReadOnlySpan<nint> Shape => tensor.Lengths;

    /// <inheritdoc/>
    public override TResult Accept<TResult>(INpyVisitor<TResult> visitor) => visitor.Visit(tensor);
}
