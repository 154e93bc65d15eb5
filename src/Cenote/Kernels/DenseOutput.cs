using System.Numerics.Tensors;

namespace Cenote.Kernels;

/// <summary>A destination in row-major order: itself where it is so already, else a buffer that is copied into it at the end.</summary>
internal readonly ref struct DenseOutput<T> : IDisposable
{
    private readonly TensorSpan<T> _destination;

    public DenseOutput(in TensorSpan<T> destination)
    {
        _destination = destination;
        Span = destination.IsDense ? destination : Tensor.CreateFromShapeUninitialized<T>(destination.Lengths);
    }

    public TensorSpan<T> Span { get; }

    public void Dispose()
    {
        if (!_destination.IsDense) Span.CopyTo(_destination);
    }
}
