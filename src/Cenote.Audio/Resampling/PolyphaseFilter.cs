using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cenote.Audio;

/// <summary>
/// One stage of a resampler: output k is the convolution of its input with a prototype at input time <c>k * down / up</c>, in exact
/// integers.
/// Its input is the stage before it, or the source. As in libsoxr, nothing comes before the beginning of a stage, and its tail past the end
/// is kept.
/// </summary>
internal sealed class PolyphaseFilter
{
    // Past this many phases neighbours are interpolated: at 4096 that is exact to 150 dB, and no pair of rates makes a larger bank.
    private const int MostPhases = 4096;

    // From so many taps an input sample on, and for so few phases, products of spectra are faster.
    private const int FastTaps = 100;
    private const int FastPhases = 8;

    private readonly PolyphaseFilter? _previous;
    private readonly long _up;
    private readonly long _down;
    private readonly int _phases;
    private readonly int _reach;
    private readonly int _taps;
    private readonly float[] _bank;
    private readonly FastConvolution? _convolution;

    /// <summary>A filter whose prototype is a windowed sinc.</summary>
    public PolyphaseFilter(PolyphaseFilter? previous, long up, long down, KaiserSinc prototype)
        : this(previous, up, down, (int)prototype.HalfWidth, prototype.At)
    {
    }

    /// <summary>A filter by the impulse response of its prototype, which is 0 past <paramref name="reach"/> input samples.</summary>
    public PolyphaseFilter(PolyphaseFilter? previous, long up, long down, int reach, Func<double, double> response)
    {
        _previous = previous;
        _up = up;
        _down = down;
        _phases = (int)Math.Min(up, MostPhases);
        _reach = reach;

        // From reach before the input sample at or below the output's time, to reach behind the sample above it; and on to whole vectors,
        // where the prototype is 0.
        int lanes = Vector<float>.Count;
        _taps = ((2 * _reach) + 1 + lanes) / lanes * lanes;
        _bank = new float[(_phases + 1) * _taps];
        for (int phase = 0; phase <= _phases; phase++)
        {
            for (int tap = 0; tap < _taps; tap++)
            {
                _bank[(phase * _taps) + tap] = (float)response((phase / (double)_phases) + _reach - tap);
            }
        }

        if (up * _taps >= FastTaps * down && up <= FastPhases && _taps <= FastConvolution.Size / 2)
        {
            _convolution = new FastConvolution(
                [.. Enumerable.Range(0, (int)up).Select(phase => Array.ConvertAll(Row(phase).ToArray(), tap => (double)tap))]);
        }
    }

    /// <summary>Computes the outputs from <paramref name="start"/> on, 0 or more, which may lie past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ReadOnlySpan<float> source, long start, Span<float> destination)
    {
        (Int128 index, Int128 firstStep) = Int128.DivRem((Int128)start * _down, _up);
        long step = (long)firstStep;
        int inputLength = (int)((step + ((destination.Length - 1) * _down)) / _up) + _taps;
        float[] rented = ArrayPool<float>.Shared.Rent(inputLength);
        Span<float> input = rented.AsSpan(0, inputLength);
        ReadInput(source, (long)index - _reach, input);

        if (_convolution is not null && destination.Length * _down > _convolution.BatchLength / 4 * _up)
        {
            ConvolveAll(input, (int)step, destination);
            ArrayPool<float>.Shared.Return(rented);
            return;
        }

        (long wholeStride, long stepStride) = Math.DivRem(_down, _up);
        int position = 0;
        for (int k = 0; k < destination.Length; k++)
        {
            destination[k] = Convolve(input.Slice(position, _taps), step);
            position += (int)wholeStride;
            step += stepStride;
            if (step >= _up)
            {
                step -= _up;
                position++;
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private void ReadInput(ReadOnlySpan<float> source, long start, Span<float> input)
    {
        int before = (int)Math.Clamp(-start, 0, input.Length);
        input[..before].Clear();
        start += before;
        input = input[before..];
        if (_previous is not null)
        {
            _previous.Read(source, start, input);
            return;
        }

        ReadOnlySpan<float> inside = source[(int)Math.Min(start, source.Length)..];
        inside = inside[..Math.Min(inside.Length, input.Length)];
        inside.CopyTo(input);
        input[inside.Length..].Clear();
    }

    // All outputs that every phase has, of which every down-th is wanted.
    private void ConvolveAll(ReadOnlySpan<float> input, int step, Span<float> destination)
    {
        if (_up == _down)
        {
            _convolution!.Run(input, destination);
            return;
        }

        int length = step + ((destination.Length - 1) * (int)_down) + 1;
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        _convolution!.Run(input, rented.AsSpan(0, length));
        for (int k = 0; k < destination.Length; k++)
        {
            destination[k] = rented[step + (k * (int)_down)];
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Convolve(ReadOnlySpan<float> input, long step)
    {
        if (_phases == _up)
        {
            return Dot(input, Row((int)step));
        }

        (long row, long rest) = Math.DivRem(step * _phases, _up);
        float lower = Dot(input, Row((int)row));
        return lower + ((Dot(input, Row((int)row + 1)) - lower) * (float)(rest / (double)_up));
    }

    private ReadOnlySpan<float> Row(int phase) => _bank.AsSpan(phase * _taps, _taps);

    // Four running sums for speed, and for accuracy: each adds a fraction of the terms.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ReadOnlySpan<float> input, ReadOnlySpan<float> row)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(input);
        ReadOnlySpan<Vector<float>> h = MemoryMarshal.Cast<float, Vector<float>>(row)[..x.Length];
        Vector<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int i = 0;
        for (; i <= x.Length - 4; i += 4)
        {
            sum0 = Vector.MultiplyAddEstimate(x[i], h[i], sum0);
            sum1 = Vector.MultiplyAddEstimate(x[i + 1], h[i + 1], sum1);
            sum2 = Vector.MultiplyAddEstimate(x[i + 2], h[i + 2], sum2);
            sum3 = Vector.MultiplyAddEstimate(x[i + 3], h[i + 3], sum3);
        }

        for (; i < x.Length; i++)
        {
            sum0 = Vector.MultiplyAddEstimate(x[i], h[i], sum0);
        }

        return Vector.Sum((sum0 + sum1) + (sum2 + sum3));
    }
}
