using System.Numerics;
using System.Numerics.Tensors;
using Cenote.Gradients;
using Cenote.Kernels;

namespace Cenote;

// Statistics pooling: a sequence of any length to its mean and standard deviation.
public static partial class Pool
{
    /// <summary>The mean and the standard deviation of every channel over time, side by side: an utterance of any length as one vector.</summary>
    /// <remarks>
    /// Differences from the mean in double, so that a large mean does not drown the deviation; no noise is added. Integers truncate toward zero. Source: Snyder et
    /// al., "X-vectors" (2018); SpeechBrain's <c>StatisticsPooling</c>, which takes lengths as parts of the longest and adds noise.
    /// </remarks>
    /// <param name="input">(N, C, T), (C, T), or any other leading axes before these two.</param>
    /// <param name="lengths">How many steps of each sequence count, 1 to T, one for each of the leading axes' places. Default (none): all of them.</param>
    /// <param name="unbiased">Whether the squares are averaged over one step less than there are. Default: yes, as in PyTorch and SpeechBrain.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>(N, 2 C): the means of all channels, then their deviations. NaN spreads in its channel; an unbiased deviation of one step is NaN.</returns>
    /// <exception cref="ArgumentException">A shape or length is not valid; the message names it.</exception>
    /// <seealso cref="StatisticsBackward{T}(Tensor{T}, Tensor{T}, ReadOnlySpan{long}, bool, PoolOptions?)"/>
    public static Tensor<T> Statistics<T>(Tensor<T> input, ReadOnlySpan<long> lengths = default, bool unbiased = true, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        Tensor<T> output = NewTensor<T>(StatisticsShape(input.Lengths));
        Statistics<T>(input, output, lengths, unbiased, options);
        return output;
    }

    /// <inheritdoc cref="Statistics{T}(Tensor{T}, ReadOnlySpan{long}, bool, PoolOptions?)"/>
    /// <param name="input">The cells.</param>
    /// <param name="into">Where the statistics go; of the output's shape.</param>
    /// <param name="lengths">How many steps of each sequence count.</param>
    /// <param name="unbiased">Whether the squares are averaged over one step less than there are.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void Statistics<T>(
        in ReadOnlyTensorSpan<T> input, in TensorSpan<T> into, ReadOnlySpan<long> lengths = default, bool unbiased = true, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        SameShape(into.Lengths, StatisticsShape(input.Lengths), nameof(into));
        Apart(input, "the input", into, nameof(into));
        (long sequences, long channels, long steps) = Sequences(input.Lengths, lengths);
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(input);
        using DenseOutput<T> to = new(into);
        fixed (long* counts = lengths)
        fixed (T* source = from.Span)
        fixed (T* target = to.Span)
            Crew.Run(new StatisticsWalk<T>(sequences, channels, steps, counts, unbiased, source, target), options);
    }

    /// <summary>The gradient of <see cref="Statistics{T}(Tensor{T}, ReadOnlySpan{long}, bool, PoolOptions?)"/>: that of the mean and that of the deviation.</summary>
    /// <param name="gradOutput">The gradient of the output, (N, 2 C).</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="lengths">As in the forward pass.</param>
    /// <param name="unbiased">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    /// <returns>The gradient of the input; 0 behind a sequence's length, and nothing from a deviation of 0, which has a kink there.</returns>
    /// <exception cref="ArgumentException">A shape is another than expected, or a length is not valid.</exception>
    public static Tensor<T> StatisticsBackward<T>(
        Tensor<T> gradOutput, Tensor<T> input, ReadOnlySpan<long> lengths = default, bool unbiased = true, PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        ArgumentNullException.ThrowIfNull(input);
        Tensor<T> gradInput = NewTensor<T>(input.Lengths);
        StatisticsBackward<T>(gradOutput, input, gradInput, lengths, unbiased, options);
        return gradInput;
    }

    /// <inheritdoc cref="StatisticsBackward{T}(Tensor{T}, Tensor{T}, ReadOnlySpan{long}, bool, PoolOptions?)"/>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="input">What the forward pass saw.</param>
    /// <param name="into">Where the gradient of the input goes; of the input's shape.</param>
    /// <param name="lengths">As in the forward pass.</param>
    /// <param name="unbiased">As in the forward pass.</param>
    /// <param name="options">Threads, cancellation, progress. Default: every processor, no interruption.</param>
    public static unsafe void StatisticsBackward<T>(
        in ReadOnlyTensorSpan<T> gradOutput, in ReadOnlyTensorSpan<T> input, in TensorSpan<T> into, ReadOnlySpan<long> lengths = default, bool unbiased = true,
        PoolOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        SameShape(gradOutput.Lengths, StatisticsShape(input.Lengths), nameof(gradOutput));
        Apart(gradOutput, input, into);
        (long sequences, long channels, long steps) = Sequences(input.Lengths, lengths);
        if (into.FlattenedLength == 0) return;
        DenseInput<T> from = new(gradOutput), seen = new(input);
        using DenseOutput<T> to = new(into);
        fixed (long* counts = lengths)
        fixed (T* source = from.Span, values = seen.Span)
        fixed (T* target = to.Span)
            Crew.Run(new StatisticsSpread<T>(sequences, channels, steps, counts, unbiased, source, values, target), options);
    }

    /// <summary>(N, 2 C).</summary>
    internal static nint[] StatisticsShape(ReadOnlySpan<nint> input)
    {
        if (input.Length < 2 || input[^1] == 0 || input[^2] == 0)
            throw new ArgumentException($"input has shape {Shape.Format(input)}; it must be (N, C, T) or (C, T), with channels and steps", nameof(input));
        if (input[^2] > nint.MaxValue / 2) throw new ArgumentException($"input has shape {Shape.Format(input)}; twice its channels must fit 64 bits", nameof(input));
        return [.. input[..^2], 2 * input[^2]];
    }

    private static (long Sequences, long Channels, long Steps) Sequences(ReadOnlySpan<nint> input, ReadOnlySpan<long> lengths)
    {
        long sequences = 1;
        foreach (nint length in input[..^2]) sequences *= length;
        if (!lengths.IsEmpty && lengths.Length != sequences)
            throw new ArgumentException($"lengths has {lengths.Length} numbers; it must have {sequences}, one for each sequence", nameof(lengths));
        for (int n = 0; n < lengths.Length; n++)
            if (lengths[n] < 1 || lengths[n] > input[^1])
                throw new ArgumentException($"lengths[{n}] is {lengths[n]}; it must be from 1 to {input[^1]}, the steps there are", nameof(lengths));
        return (sequences, input[^2], input[^1]);
    }
}
