using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Audio;

/// <summary>
/// The transform of weighted frames of samples, a frame a lane: the <c>1 + length / 2</c> values from frequency 0 up. An even length is a
/// complex transform of half of it, even samples as real parts and odd ones as imaginary, then taken apart.
/// </summary>
internal sealed unsafe class RealFft
{
    private readonly double[] _weights;
    private readonly bool _isHalved;
    private readonly Fft _fft;
    private readonly Complex[] _roots;

    public RealFft(double[] weights)
    {
        _isHalved = weights.Length % 2 == 0;

        // Taking apart halves; to halve the weights costs nothing and loses nothing.
        _weights = _isHalved ? [.. weights.Select(weight => weight / 2)] : weights;
        _fft = new Fft(_isHalved ? weights.Length / 2 : weights.Length);
        _roots = Fft.Roots(1 + (weights.Length / 2), weights.Length);
    }

    /// <summary>How many samples a frame has.</summary>
    public int Length => _weights.Length;

    /// <summary>How many values a frame is transformed to.</summary>
    public int Bins => _roots.Length;

    /// <summary>How many values <see cref="Transform"/> needs to work in.</summary>
    public int ScratchLength => _fft.Length + _fft.ScratchLength;

    /// <summary>
    /// Transforms a frame for every lane, each a <paramref name="hop"/> further on, to as many columns; rows are frequencies. A frame of
    /// one sample must have another one behind.
    /// </summary>
    public void Transform(float* frames, nint hop, ComplexLanes* scratch, Complex64* output, nint rowLength)
    {
        Load(frames, hop, scratch);
        ComplexLanes* values = _fft.Transform(scratch, scratch + _fft.Length);
        if (_isHalved)
        {
            TakeApart(values, output, rowLength);
            return;
        }

        for (int k = 0; k < _roots.Length; k++)
        {
            values[k].Store(output + (k * rowLength));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Load(float* frames, nint hop, ComplexLanes* values)
    {
        fixed (double* weights = _weights)
        {
            if (_isHalved)
            {
                for (int n = 0; n < _fft.Length; n++)
                {
                    ComplexLanes pair = ComplexLanes.Load(frames + (2 * n), hop);
                    values[n] = new ComplexLanes(pair.Real * weights[2 * n], pair.Imaginary * weights[(2 * n) + 1]);
                }

                return;
            }

            for (int n = 0; n < _fft.Length - 1; n++)
            {
                values[n] = new ComplexLanes(ComplexLanes.Load(frames + n, hop).Real * weights[n], default);
            }

            // The last sample has no right neighbour to load it with, and the only one has no left neighbour.
            int last = _fft.Length - 1;
            Vector<double> samples = last == 0 ? ComplexLanes.Load(frames, hop).Real : ComplexLanes.Load(frames + last - 1, hop).Imaginary;
            values[last] = new ComplexLanes(samples * weights[last], default);
        }
    }

    // With E and O the transforms of the even and the odd samples, X[k] = E + root O and X[m - k] = conj(E - root O).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeApart(ComplexLanes* values, Complex64* output, nint rowLength)
    {
        int half = _fft.Length;
        fixed (Complex* roots = _roots)
        {
            for (int k = 0; k <= half / 2; k++)
            {
                ComplexLanes value = values[k], mirror = values[k == 0 ? 0 : half - k].Conjugate;
                ComplexLanes even = value + mirror;
                ComplexLanes odd = (value - mirror) * roots[k];
                even.MinusI(odd).Store(output + (k * rowLength));
                even.PlusI(odd).Conjugate.Store(output + ((half - k) * rowLength));
            }
        }
    }
}
