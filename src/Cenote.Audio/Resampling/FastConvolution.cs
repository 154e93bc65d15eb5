using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Audio;

/// <summary>
/// Filters of many taps over the same input, as products of spectra. Blocks overlap by the taps (overlap-save), each lane takes two of
/// them, one as real parts and one as imaginary, and all of it is double: rounded once, at the end.
/// </summary>
internal sealed unsafe class FastConvolution
{
    /// <summary>Of a block: a few times the 389 to 777 taps there are, and still at home in the second cache.</summary>
    public const int Size = 2048;

    private readonly Fft _fft = new(Size);
    private readonly Complex[][] _filters;
    private readonly int _step;

    /// <summary>Plans the filters <paramref name="rows"/>, of one length, Size / 2 or less.</summary>
    public FastConvolution(double[][] rows)
    {
        int taps = rows[0].Length;

        // An even number, for outputs are stored by twos.
        _step = (Size - taps) / 2 * 2;
        using LaneMemory memory = new(2 * Size);
        _filters = [.. rows.Select(row => Spectrum(row, memory.Start))];
    }

    /// <summary>How many outputs of each filter are computed at once.</summary>
    public int BatchLength => 2 * Vector<double>.Count * _step;

    /// <summary>
    /// Output k of filter f, at <c>k * filters + f</c>, is the sum of <c>row[t] * input[k + t]</c>. The input is taken for 0 past its end.
    /// </summary>
    public void Run(ReadOnlySpan<float> input, Span<float> outputs)
    {
        int inputLength = BatchLength + Size - _step, outputLength = BatchLength * _filters.Length;
        using LaneMemory memory = new(3 * Size);
        float[] batch = ArrayPool<float>.Shared.Rent(inputLength), results = ArrayPool<float>.Shared.Rent(outputLength);
        fixed (float* samples = batch, values = results)
        {
            for (int done = 0, start = 0; done < outputs.Length; done += outputLength, start += BatchLength)
            {
                ReadOnlySpan<float> present = input[Math.Min(start, input.Length)..Math.Min(start + inputLength, input.Length)];
                present.CopyTo(batch);
                batch.AsSpan(present.Length, inputLength - present.Length).Clear();
                Transform(samples, values, memory.Start);
                results.AsSpan(0, Math.Min(outputLength, outputs.Length - done)).CopyTo(outputs[done..]);
            }
        }

        ArrayPool<float>.Shared.Return(batch);
        ArrayPool<float>.Shared.Return(results);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(float* samples, float* outputs, ComplexLanes* scratch)
    {
        // Real parts are the first half of the batch, imaginary ones the second.
        int half = BatchLength / 2, filters = _filters.Length;
        for (int n = 0; n < Size; n += 2)
        {
            ComplexLanes real = ComplexLanes.Load(samples + n, _step), imaginary = ComplexLanes.Load(samples + half + n, _step);
            scratch[n] = new ComplexLanes(real.Real, imaginary.Real);
            scratch[n + 1] = new ComplexLanes(real.Imaginary, imaginary.Imaginary);
        }

        ComplexLanes* spectrum = _fft.Transform(scratch, scratch + Size);
        ComplexLanes* spare = spectrum == scratch ? scratch + Size : scratch;
        Complex64* pairs = stackalloc Complex64[Vector<double>.Count];
        for (int filter = 0; filter < filters; filter++)
        {
            // The inverse transform is the forward one with the parts exchanged, before and after.
            fixed (Complex* factors = _filters[filter])
            {
                for (int k = 0; k < Size; k++)
                {
                    spare[k] = (spectrum[k] * factors[k]).Exchanged;
                }
            }

            ComplexLanes* result = _fft.Transform(spare, scratch + (2 * Size));
            for (int k = 0; k < _step; k += 2)
            {
                float* to = outputs + ((nint)k * filters) + filter;
                StoreTwo(new ComplexLanes(result[k].Imaginary, result[k + 1].Imaginary), pairs, to);
                StoreTwo(new ComplexLanes(result[k].Real, result[k + 1].Real), pairs, to + ((nint)half * filters));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StoreTwo(ComplexLanes two, Complex64* pairs, float* to)
    {
        two.Store(pairs);
        int filters = _filters.Length;
        for (int lane = 0; lane < Vector<double>.Count; lane++, to += (nint)_step * filters)
        {
            to[0] = pairs[lane].Real;
            to[filters] = pairs[lane].Imaginary;
        }
    }

    // Conjugate, for the sum runs forwards over the input; scaled, for the inverse is not.
    private Complex[] Spectrum(double[] row, ComplexLanes* scratch)
    {
        for (int n = 0; n < Size; n++)
        {
            scratch[n] = new ComplexLanes(new(n < row.Length ? row[n] : 0), default);
        }

        ComplexLanes* values = _fft.Transform(scratch, scratch + Size);
        Complex[] filter = new Complex[Size];
        for (int k = 0; k < Size; k++)
        {
            filter[k] = new Complex(values[k].Real[0], -values[k].Imaginary[0]) / Size;
        }

        return filter;
    }
}
