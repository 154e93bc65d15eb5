using System.Numerics;
using System.Runtime.InteropServices;

namespace Cenote.Audio;

/// <summary>
/// The transform of real input: its <c>1 + Length / 2</c> values from frequency 0 up. An even length is a complex transform of half of it,
/// even samples as real parts and odd ones as imaginary, then taken apart. One transform a lane, one thread at a time.
/// </summary>
internal sealed class RealFft
{
    private readonly Fft _fft;
    private readonly bool _isHalved;
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly Vector<double>[] _real;
    private readonly Vector<double>[] _imaginary;

    public RealFft(int length)
    {
        Length = length;
        _isHalved = length % 2 == 0;
        _fft = new Fft(_isHalved ? length / 2 : length);
        _real = new Vector<double>[_fft.Length + 1];
        _imaginary = new Vector<double>[_fft.Length + 1];
        _cosines = new double[1 + (length / 2)];
        _sines = new double[_cosines.Length];
        for (int k = 0; k < _cosines.Length; k++)
        {
            (_cosines[k], _sines[k]) = Fft.Root(k, length);
        }
    }

    public int Length { get; }

    /// <summary>After <see cref="Transform"/>, the real parts, <c>1 + Length / 2</c> of them.</summary>
    public ReadOnlySpan<Vector<double>> Real => _real.AsSpan(0, _cosines.Length);

    /// <summary>After <see cref="Transform"/>, the imaginary parts.</summary>
    public ReadOnlySpan<Vector<double>> Imaginary => _imaginary.AsSpan(0, _cosines.Length);

    /// <summary>Puts a frame of samples, weighed one by one, in a lane; to be done for every lane in use before each <see cref="Transform"/>.</summary>
    public void SetLane(int lane, ReadOnlySpan<float> frame, ReadOnlySpan<double> weights)
    {
        frame = frame[..weights.Length];
        Span<double> real = MemoryMarshal.Cast<Vector<double>, double>(_real.AsSpan())[lane..];
        Span<double> imaginary = MemoryMarshal.Cast<Vector<double>, double>(_imaginary.AsSpan())[lane..];
        int at = 0;
        if (_isHalved)
        {
            for (int n = 0; n < frame.Length - 1; n += 2, at += Vector<double>.Count)
            {
                real[at] = frame[n] * weights[n];
                imaginary[at] = frame[n + 1] * weights[n + 1];
            }
        }
        else
        {
            for (int n = 0; n < frame.Length; n++, at += Vector<double>.Count)
            {
                real[at] = frame[n] * weights[n];
                imaginary[at] = 0;
            }
        }
    }

    /// <summary>Transforms the input, which is lost.</summary>
    public void Transform()
    {
        _fft.Transform(_real, _imaginary);
        if (_isHalved)
        {
            TakeApart();
        }
    }

    // With E and O the transforms of the even and the odd samples, X[k] = E + w O and X[m - k] = conj(E - w O).
    private void TakeApart()
    {
        int half = _fft.Length;
        _real[half] = _real[0];
        _imaginary[half] = _imaginary[0];
        Vector<double> scale = new(0.5);
        for (int k = 0; k <= half / 2; k++)
        {
            int mirror = half - k;
            Vector<double> evenReal = (_real[k] + _real[mirror]) * scale;
            Vector<double> evenImaginary = (_imaginary[k] - _imaginary[mirror]) * scale;
            Vector<double> oddReal = (_imaginary[k] + _imaginary[mirror]) * scale;
            Vector<double> oddImaginary = (_real[mirror] - _real[k]) * scale;
            Vector<double> turnedReal = (oddReal * _cosines[k]) - (oddImaginary * _sines[k]);
            Vector<double> turnedImaginary = (oddReal * _sines[k]) + (oddImaginary * _cosines[k]);
            _real[mirror] = evenReal - turnedReal;
            _imaginary[mirror] = turnedImaginary - evenImaginary;
            _real[k] = evenReal + turnedReal;
            _imaginary[k] = evenImaginary + turnedImaginary;
        }
    }
}
