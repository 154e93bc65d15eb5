using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The smallest cell of each window, over a window of any rank; see <see cref="Pool.Min{T}(Tensor{T}, Window, PoolOptions?)"/>.</summary>
public sealed class MinPool(Window window) : WindowLayer(window)
{
    /// <summary>The output, and where in its plane each minimum is.</summary>
    /// <inheritdoc cref="Pool.MinWithIndices{T}(Tensor{T}, Window, PoolOptions?)"/>
    public (Tensor<T> Values, Tensor<long> Indices) ForwardWithIndices<T>(Tensor<T> input)
        where T : unmanaged, INumber<T> => Pool.MinWithIndices(input, Window);

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Min(input, Window);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() =>
        WindowSettings("kernel_size", "stride", "padding", "dilation", "ceil_mode");

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) => $"min({string.Join(", ", values)})";
}
