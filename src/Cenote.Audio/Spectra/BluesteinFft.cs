using System.Numerics;

namespace Cenote.Audio;

/// <summary>
/// A transform of any length as a convolution with a chirp, for <c>j k = (j^2 + k^2 - (k - j)^2) / 2</c>, done by transforms of a power of
/// two.
/// </summary>
internal sealed class BluesteinFft
{
    private readonly Fft _fft;
    private readonly Complex[] _chirp;
    private readonly Complex[] _filter;
    private readonly ComplexLanes[] _scratch;

    public BluesteinFft(int length)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1));
        _fft = new Fft(size);
        _chirp = new Complex[length];
        _scratch = new ComplexLanes[size];
        for (long k = 0; k < length; k++)
        {
            _chirp[k] = Fft.Root(k * k % (2 * length), 2 * length);

            // The conjugate chirp, on both sides of 0.
            _scratch[k] = _scratch[(size - k) % size] = new ComplexLanes(new(_chirp[k].Real), new(-_chirp[k].Imaginary));
        }

        _fft.Transform(_scratch);
        _filter = [.. _scratch.Select(value => new Complex(value.Real[0], value.Imaginary[0]) / size)];
    }

    public void Transform(Span<ComplexLanes> values)
    {
        for (int k = 0; k < _chirp.Length; k++)
        {
            _scratch[k] = values[k] * _chirp[k];
        }

        _scratch.AsSpan(_chirp.Length).Clear();
        _fft.Transform(_scratch);

        // The inverse transform is the forward one with the parts exchanged, before and after.
        for (int k = 0; k < _scratch.Length; k++)
        {
            _scratch[k] = (_scratch[k] * _filter[k]).Exchanged;
        }

        _fft.Transform(_scratch);
        for (int k = 0; k < _chirp.Length; k++)
        {
            values[k] = _scratch[k].Exchanged * _chirp[k];
        }
    }
}
