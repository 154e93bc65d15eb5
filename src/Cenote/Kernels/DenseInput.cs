using System.Numerics.Tensors;

namespace Cenote.Kernels;

/// <summary>The cells of a tensor in row-major order: themselves where they are so already, else a copy.</summary>
internal readonly ref struct DenseInput<T>
{
    public DenseInput(in ReadOnlyTensorSpan<T> tensor)
    {
        Span = tensor;
        if (tensor.IsDense) return;
        Tensor<T> copy = Tensor.CreateFromShapeUninitialized<T>(tensor.Lengths);
        tensor.CopyTo(copy);
        Span = copy;
    }

    public ReadOnlyTensorSpan<T> Span { get; }

}
