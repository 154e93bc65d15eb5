using System.Numerics.Tensors;

namespace Cenote;

/// <summary>Power-average pooling by PyTorch's rule; see <see cref="Torch.LPPool"/>.</summary>
internal sealed class TorchLPPool : LPPool
{
    public TorchLPPool(double normType, Window window) : base(normType, window) => _ = new TorchNorm<double>(normType, window, 1);

    public override string Name => $"LPPool{(Window.KnownRank is { } rank ? $"{rank}d" : "")}";

    protected override Tensor<T> Apply<T>(Tensor<T> input) => Torch.Lp(input, Window, NormType, Options);

    protected override Tensor<T> Gradient<T>(Tensor<T> gradOutput, Tensor<T> input) => Torch.LpBackward(gradOutput, input, Window, NormType, Options);

    protected internal override string Arithmetic(IReadOnlyList<string> values, long count) =>
        $"(({string.Join(" + ", values.Select(value => $"{value}^{Order}"))}) / {count} * {Taps})^(1/{Order})";

    protected internal override string ShareArithmetic(string gradient, string cell, string output, long count) =>
        $"{gradient} * {cell}^({Order} - 1) * {output}^(1 - {Order}) / {count} * {Taps}";

    private string Taps => Window.KnownRank is { } rank
        ? $"{Enumerable.Range(0, rank).Aggregate(1L, (taps, axis) => taps * Window.Kernel[axis]!.Value)}"
        : "taps";
}
