using System.Numerics;
using System.Runtime.InteropServices;

namespace Cenote.Audio;

/// <summary>
/// The transform of weighted frames of samples: its <c>1 + length / 2</c> values from frequency 0 up. An even length is a complex transform
/// of
/// half of it, even samples as real parts and odd ones as imaginary, then taken apart. One transform a lane, one thread at a time.
/// </summary>
internal sealed class RealFft
{
    private readonly double[] _weights;
    private readonly bool _isHalved;
    private readonly Fft _fft;
    private readonly Complex[] _roots;
    private readonly ComplexLanes[] _values;

    public RealFft(double[] weights)
    {
        _weights = weights;
        _isHalved = weights.Length % 2 == 0;
        _fft = new Fft(_isHalved ? weights.Length / 2 : weights.Length);
        _roots = Fft.Roots(1 + (weights.Length / 2), weights.Length);
        _values = new ComplexLanes[_fft.Length + 1];
    }

    /// <summary>Puts a frame in a lane; to be done for every lane in use before each <see cref="Transform"/>.</summary>
    public void SetLane(int lane, ReadOnlySpan<float> frame)
    {
        frame = frame[.._weights.Length];

        // Every value is a vector of real parts, then one of imaginary parts.
        Span<double> parts = MemoryMarshal.Cast<ComplexLanes, double>(_values.AsSpan())[lane..];
        int step = _isHalved ? Vector<double>.Count : 2 * Vector<double>.Count;
        for (int n = 0, at = 0; n < frame.Length; n++, at += step)
        {
            parts[at] = frame[n] * _weights[n];
            if (!_isHalved)
            {
                parts[at + Vector<double>.Count] = 0;
            }
        }
    }

    /// <summary>Transforms the frames, which are lost.</summary>
    public ReadOnlySpan<ComplexLanes> Transform()
    {
        _fft.Transform(_values);
        if (_isHalved)
        {
            TakeApart();
        }

        return _values.AsSpan(0, _roots.Length);
    }

    // With E and O the transforms of the even and the odd samples, X[k] = E + root O and X[m - k] = conj(E - root O).
    private void TakeApart()
    {
        int half = _fft.Length;
        _values[half] = _values[0];
        for (int k = 0; k <= half / 2; k++)
        {
            ComplexLanes value = _values[k], mirror = _values[half - k].Conjugate;
            ComplexLanes even = (value + mirror) * 0.5;
            ComplexLanes odd = ((mirror - value) * 0.5).TimesI * _roots[k];
            _values[half - k] = (even - odd).Conjugate;
            _values[k] = even + odd;
        }
    }
}
