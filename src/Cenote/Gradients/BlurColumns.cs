using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>A row of gradients spread along it by the weights of a blur.</summary>
internal unsafe struct BlurColumns
{
    private readonly Axis _width;
    private readonly long _inner, _columns, _before, _after;
    private readonly bool _isByPhase;
    private double* _memory;

    /// <summary>Rows of an axis.</summary>
    /// <param name="width">The window along the row; what it takes outside of it is reflected.</param>
    /// <param name="inner">Channels of a cell.</param>
    public BlurColumns(Axis width, long inner)
    {
        (_width, _inner) = (width, inner);
        (_columns, bool areNear) = BlurRow.Reach(width);
        // Columns as far apart as windows have the same taps, of neighbouring outputs.
        _isByPhase = areNear && inner < BlurRow.ManyChannels;
        // Outputs there might be on either side, which give nothing.
        if (_isByPhase) (_before, _after) = ((width.EffectiveKernel - 1) / width.Stride + 1, PhaseColumns);
    }

    /// <summary>How much memory it needs.</summary>
    public readonly long Doubles =>
        2 * _width.Kernel + (_width.OutputLength + (_isByPhase ? _before + _after + _columns + _width.Stride * PhaseColumns : _width.InputLength)) * _inner + 2 * Vector512<double>.Count;

    /// <summary>Working memory.</summary>
    public double* Memory
    {
        set
        {
            _memory = value;
            Pool.Binomial(new(value, (int)_width.Kernel));
            new Span<double>(Gradients - _before * _inner, (int)(_before * _inner)).Clear();
            new Span<double>(Gradients + _width.OutputLength * _inner, (int)(_after * _inner)).Clear();
        }
    }

    /// <summary>Where the row is to stand.</summary>
    public readonly double* Gradients => _memory + 2 * _width.Kernel + _before * _inner;

    private readonly long PhaseColumns => _columns / _width.Stride + 1;

    /// <summary>Spreads the row.</summary>
    /// <returns>What came of it.</returns>
    public readonly double* Spread()
    {
        double* sums = Gradients + (_width.OutputLength + _after) * _inner;
        if (!_isByPhase)
        {
            OneByOne(sums);
            return sums;
        }
        ByPhase(sums);
        double* cells = sums + _width.PaddingBefore * _inner;
        Reflect(cells, -_width.PaddingBefore, 0);
        Reflect(cells, _width.InputLength, _columns - _width.PaddingBefore);
        return cells;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void OneByOne(double* sums)
    {
        long inner = _inner, kernel = _width.Kernel, stride = _width.Stride, dilation = _width.Dilation, length = _width.InputLength, outputs = _width.OutputLength;
        double* gradients = Gradients, weights = _memory;
        new Span<double>(sums, (int)(length * inner)).Clear();
        for (long ow = 0, start = -_width.PaddingBefore; ow < outputs; ow++, start += stride, gradients += inner)
        for (long j = 0; j < kernel; j++)
        {
            double* to = sums + Pool.Reflect(start + j * dilation, length) * inner;
            Vector<double> some = new(weights[j]);
            long channel = 0;
            for (; channel + Vector<double>.Count <= inner; channel += Vector<double>.Count) (Vector.Load(to + channel) + some * Vector.Load(gradients + channel)).Store(to + channel);
            for (; channel < inner; channel++) to[channel] += weights[j] * gradients[channel];
        }
    }

    private readonly void ByPhase(double* sums)
    {
        long inner = _inner, kernel = _width.Kernel, stride = _width.Stride, dilation = _width.Dilation, length = PhaseColumns * inner;
        double* gradients = Gradients, weights = _memory, tapped = weights + kernel, phases = sums + _columns * inner;
        double** taps = stackalloc double*[(int)kernel];
        for (long phase = 0; phase < stride; phase++)
        {
            long count = 0;
            for (long j = 0; j < kernel; j++)
            {
                (long output, long rest) = Math.DivRem(phase - j * dilation, stride);
                if (rest != 0) continue;
                tapped[count] = weights[j];
                taps[count++] = gradients + output * inner;
            }
            if (stride == 1) WeightedRows.Add(taps, tapped, count, sums, _columns * inner);
            else WeightedRows.Add(taps, tapped, count, phases + phase * length, length);
        }
        if (stride == 2 && inner == 1)
        {
            if (Vector512.IsHardwareAccelerated) Zip<Lanes512<double>>(phases, phases + length, sums);
            else if (Vector256.IsHardwareAccelerated) Zip<Lanes256<double>>(phases, phases + length, sums);
            else Zip<Lanes128<double>>(phases, phases + length, sums);
        }
        else if (stride > 1)
            for (long column = 0, phase = 0, at = 0; column < _columns; column++)
            {
                for (long channel = 0; channel < inner; channel++) *sums++ = phases[phase * length + at + channel];
                if (++phase == stride) (phase, at) = (0, at + inner);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Zip<TVector>(double* even, double* odd, double* sums)
        where TVector : struct, ILanes<TVector, double>
    {
        for (long i = 0; i < _columns; i += 2 * TVector.Count, even += TVector.Count, odd += TVector.Count)
        {
            TVector left = TVector.Load(even), right = TVector.Load(odd);
            TVector.ZipLow(left, right).Store(sums + i);
            TVector.ZipHigh(left, right).Store(sums + i + TVector.Count);
        }
    }

    private readonly void Reflect(double* cells, long first, long end)
    {
        for (long column = first; column < end; column++)
        {
            double* to = cells + Pool.Reflect(column, _width.InputLength) * _inner;
            for (long channel = 0; channel < _inner; channel++) to[channel] += cells[column * _inner + channel];
        }
    }
}
