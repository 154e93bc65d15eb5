using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The largest cell of each window, over a window of any rank; see <see cref="Pool.Max{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
public class MaxPool : WindowLayer
{
    /// <summary>Max pooling over any input that the window fits.</summary>
    public MaxPool(Window window) : base(window)
    {
    }

    private protected MaxPool(Window window, bool torchShapes) : base(window, torchShapes)
    {
    }

    /// <summary>The output, and where in its plane each maximum is; PyTorch's <c>return_indices</c>.</summary>
    /// <inheritdoc cref="Pool.MaxWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>
    public (Tensor<T> Values, Tensor<long> Indices) ForwardWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>
    {
        OutputShape(input.Lengths);
        return Pool.MaxWithIndices(input, Window);
    }

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Max(input, Window);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode");

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => $"max({string.Join(", ", values)})";
}
