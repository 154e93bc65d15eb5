using System.Numerics.Tensors;

namespace Cenote;

/// <summary>One cell of each window, drawn with a probability in proportion to its value: stochastic pooling while training.</summary>
/// <remarks>The same draws at every call; make a layer with another seed for others. <see cref="StochasticMeanPool"/> takes its place afterwards.</remarks>
/// <param name="window">What slides.</param>
/// <param name="seed">The same draws for the same seed and shape. Default 0.</param>
public sealed class StochasticPool(Window window, long seed = 0) : SelectorLayer(window)
{
    /// <summary>Decides the draws.</summary>
    public long Seed => seed;

    /// <inheritdoc/>
    protected override Tensor<T> Apply<T>(Tensor<T> input) => Pool.Stochastic(input, Window, seed, Options);

    /// <inheritdoc/>
    protected internal override (Tensor<T> Values, Tensor<long> Indices) ApplyWithIndices<T>(Tensor<T> input) => Pool.StochasticWithIndices(input, Window, seed, Options);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> Settings() => [("seed", $"{seed}"), .. base.Settings()];

    /// <inheritdoc/>
    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) =>
        values.Count == 0 ? "0" : $"draw({string.Join(", ", values)})";
}
