using System.Numerics;

namespace Cenote.Audio;

/// <summary>
/// A transform of any length as a convolution with a chirp, <c>jk = (j² + k² - (k - j)²) / 2</c>, done by transforms of a power of two.
/// </summary>
internal sealed class BluesteinFft
{
    private readonly int _length;
    private readonly Fft _convolution;
    private readonly double[] _chirpReal;
    private readonly double[] _chirpImaginary;
    private readonly double[] _filterReal;
    private readonly double[] _filterImaginary;
    private readonly Vector<double>[] _real;
    private readonly Vector<double>[] _imaginary;

    public BluesteinFft(int length)
    {
        _length = length;
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1));
        _convolution = new Fft(size);
        _chirpReal = new double[length];
        _chirpImaginary = new double[length];
        _real = new Vector<double>[size];
        _imaginary = new Vector<double>[size];
        for (long k = 0; k < length; k++)
        {
            (_chirpReal[k], _chirpImaginary[k]) = Fft.Root(k * k % (2 * length), 2 * length);

            // The conjugate chirp, on both sides of 0.
            _real[k] = _real[(size - k) % size] = new(_chirpReal[k]);
            _imaginary[k] = _imaginary[(size - k) % size] = new(-_chirpImaginary[k]);
        }

        _convolution.Transform(_real, _imaginary);
        _filterReal = [.. _real.Select(value => value[0] / size)];
        _filterImaginary = [.. _imaginary.Select(value => value[0] / size)];
    }

    public void Transform(Span<Vector<double>> real, Span<Vector<double>> imaginary)
    {
        for (int k = 0; k < _length; k++)
        {
            _real[k] = (real[k] * _chirpReal[k]) - (imaginary[k] * _chirpImaginary[k]);
            _imaginary[k] = (real[k] * _chirpImaginary[k]) + (imaginary[k] * _chirpReal[k]);
        }

        _real.AsSpan(_length).Clear();
        _imaginary.AsSpan(_length).Clear();
        _convolution.Transform(_real, _imaginary);
        for (int k = 0; k < _real.Length; k++)
        {
            Vector<double> valueReal = _real[k];
            _real[k] = (valueReal * _filterReal[k]) - (_imaginary[k] * _filterImaginary[k]);
            _imaginary[k] = (valueReal * _filterImaginary[k]) + (_imaginary[k] * _filterReal[k]);
        }

        // The inverse transform is the forward one with the parts exchanged, before and after.
        _convolution.Transform(_imaginary, _real);
        for (int k = 0; k < _length; k++)
        {
            real[k] = (_real[k] * _chirpReal[k]) - (_imaginary[k] * _chirpImaginary[k]);
            imaginary[k] = (_real[k] * _chirpImaginary[k]) + (_imaginary[k] * _chirpReal[k]);
        }
    }
}
