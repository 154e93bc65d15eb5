using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Audio;

/// <summary>
/// A transform of any length as a convolution with a chirp, for <c>j k = (j^2 + k^2 - (k - j)^2) / 2</c>, done by transforms of a power of
/// two.
/// </summary>
internal sealed unsafe class BluesteinFft
{
    private readonly Fft _fft;
    private readonly Complex[] _chirp;
    private readonly Complex[] _filter;

    public BluesteinFft(int length)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1));
        _fft = new Fft(size);
        _chirp = new Complex[length];
        _filter = new Complex[size];
        using LaneMemory memory = new(ScratchLength);
        Span<ComplexLanes> scratch = new(memory.Start, size);
        scratch.Clear();
        for (long k = 0; k < length; k++)
        {
            _chirp[k] = Fft.Root(k * k % (2 * length), 2 * length);

            // The conjugate chirp, on both sides of 0.
            scratch[(int)k] = scratch[(int)((size - k) % size)] = new ComplexLanes(new(_chirp[k].Real), new(-_chirp[k].Imaginary));
        }

        ComplexLanes* filter = _fft.Transform(memory.Start, memory.Start + size);
        for (int k = 0; k < size; k++)
        {
            _filter[k] = new Complex(filter[k].Real[0], filter[k].Imaginary[0]) / size;
        }
    }

    public int ScratchLength => 2 * _fft.Length;

    /// <summary>Transforms in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transform(ComplexLanes* values, ComplexLanes* scratch)
    {
        int size = _fft.Length;
        for (int k = 0; k < _chirp.Length; k++)
        {
            scratch[k] = values[k] * _chirp[k];
        }

        new Span<ComplexLanes>(scratch + _chirp.Length, size - _chirp.Length).Clear();
        ComplexLanes* other = scratch + size;
        ComplexLanes* spectrum = _fft.Transform(scratch, other);

        // The inverse transform is the forward one with the parts exchanged, before and after.
        for (int k = 0; k < size; k++)
        {
            spectrum[k] = (spectrum[k] * _filter[k]).Exchanged;
        }

        ComplexLanes* product = _fft.Transform(spectrum, spectrum == scratch ? other : scratch);
        for (int k = 0; k < _chirp.Length; k++)
        {
            values[k] = product[k].Exchanged * _chirp[k];
        }
    }
}
