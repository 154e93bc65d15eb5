using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The maxima over grids of several sizes, as one vector; see <see cref="Pool.SpatialPyramid{T}(Tensor{T}, ReadOnlySpan{int}, int?, PoolOptions?)"/>.</summary>
/// <param name="levels">Bins along each axis of each level, 1 or more, such as 1, 2, 4.</param>
/// <param name="rank">How many axes are pooled, 1 to 3. Default: all but two, the batch and the channels, at least 1 and at most 3; (C, H, W) needs a 2.</param>
public sealed class SpatialPyramidPool(IReadOnlyList<int> levels, int? rank = null) : PoolingLayer
{
    private readonly int[] _levels = levels is null ? throw new ArgumentNullException(nameof(levels))
        : levels.Count == 0 || levels.Any(level => level < 1) ? throw new ArgumentException($"levels is {(levels.Count == 0 ? "empty" : string.Join(", ", levels))}; it must have numbers, each at least 1", nameof(levels)) : [.. levels];

    /// <inheritdoc/>
    public override nint[] OutputShape(ReadOnlySpan<nint> inputShape) => Pool.PyramidShape(inputShape, _levels, rank);

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.SpatialPyramid(input, _levels, rank, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Pool.SpatialPyramidBackward(gradOutput, input, _levels, rank, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() => [("levels", $"[{string.Join(", ", _levels)}]")];
}
