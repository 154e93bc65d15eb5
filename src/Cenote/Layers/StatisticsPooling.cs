using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>The mean and the standard deviation of every channel over time; see <see cref="Pool.Statistics{T}(Tensor{T}, ReadOnlySpan{long}, bool, PoolOptions?)"/>.</summary>
/// <param name="lengths">How many steps of each sequence count. Default: all of them.</param>
/// <param name="unbiased">Whether the squares are averaged over one step less than there are. Default: yes.</param>
public sealed class StatisticsPooling(IReadOnlyList<long>? lengths = null, bool unbiased = true) : PoolingLayer
{
    private readonly long[] _lengths = lengths?.Any(length => length < 1) == true
        ? throw new ArgumentException($"lengths is {string.Join(", ", lengths)}; each must be at least 1", nameof(lengths)) : [.. lengths ?? []];

    /// <summary>The output for sequences of lengths of their own, instead of the layer's.</summary>
    /// <param name="input">The cells, (N, C, T) or (C, T).</param>
    /// <param name="lengths">How many steps of each sequence count.</param>
    /// <returns>As of <see cref="Layer.Forward"/>; <see cref="Layer.Backward"/> then goes back from these lengths.</returns>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public Tensor<T> Forward<T>(Tensor<T> input, ReadOnlySpan<long> lengths)
        where T : unmanaged, INumber<T>
    {
        long[] own = lengths.ToArray();
        Tensor<T> output = Pool.Statistics(input, own, unbiased, Options);
        Keep<T>(gradOutput => Pool.StatisticsBackward(gradOutput, input, own, unbiased, Options));
        return output;
    }

    /// <inheritdoc/>
    public override nint[] OutputShape(ReadOnlySpan<nint> inputShape) => Pool.StatisticsShape(inputShape);

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Statistics(input, _lengths, unbiased, Options);

    /// <inheritdoc/>
    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Pool.StatisticsBackward(gradOutput, input, _lengths, unbiased, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() => [("unbiased", $"{unbiased}")];
}
