using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Cells of some rows weighted along them.</summary>
internal unsafe struct BlurRow
{
    /// <summary>How many rows there are.</summary>
    public const long Rows = 4;

    /// <summary>From so many channels on those of a tap fill a register.</summary>
    public const long ManyChannels = 8;

    private readonly Axis _width;
    private readonly long _inner, _columns, _before, _length;
    private readonly bool _isSpread;
    private double* _memory;

    /// <summary>Rows of an axis.</summary>
    /// <param name="width">The window along the row; what it takes outside of it is reflected.</param>
    /// <param name="inner">Channels of a cell.</param>
    public BlurRow(Axis width, long inner)
    {
        (_width, _inner) = (width, inner);
        (_columns, bool areNear) = Reach(width);
        // Neighbouring outputs have neighbouring taps, or every other, reflected ones too.
        _isSpread = areNear && inner < ManyChannels && (width.Stride == 1 || (width.Stride == 2 && inner == 1));
        _before = _isSpread ? width.PaddingBefore : 0;
        // Every other cell is picked from two registers.
        _length = (_isSpread ? _columns : width.InputLength) * inner + 2 * Vector512<double>.Count;
    }

    /// <summary>How many columns windows reach, with those that are reflected, and whether they are no more than taps.</summary>
    public static (long Columns, bool AreNear) Reach(in Axis width)
    {
        long columns = Math.Max(width.PaddingBefore + width.InputLength, (width.OutputLength - 1) * width.Stride + width.EffectiveKernel);
        return (columns, columns <= width.InputLength + width.OutputLength * width.Kernel);
    }

    /// <summary>How much memory it needs.</summary>
    public readonly long Doubles => 2 * _width.Kernel + Rows * _length;

    /// <summary>Working memory.</summary>
    public double* Memory
    {
        set
        {
            _memory = value;
            Pool.Binomial(new(value, (int)_width.Kernel));
        }
    }

    /// <summary>Where a row is to stand.</summary>
    public readonly double* Cells(long row) => _memory + 2 * _width.Kernel + row * _length + _before * _inner;

    /// <summary>Blurs a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Blur<T>(long row, T* results)
        where T : unmanaged, INumber<T>
    {
        long inner = _inner, kernel = _width.Kernel, stride = _width.Stride, dilation = _width.Dilation, length = _width.InputLength, outputs = _width.OutputLength;
        double* weights = _memory, cells = Cells(row);
        double** taps = (double**)(weights + kernel);
        if (_isSpread)
        {
            Reflect(cells, -_before, 0);
            Reflect(cells, length, _columns - _before);
            for (long j = 0; j < kernel; j++) taps[j] = cells + (j * dilation - _before) * inner;
            if (stride == 1) WeightedRows.Add(taps, weights, kernel, results, outputs * inner);
            else WeightedRows.AddEven(taps, weights, kernel, results, outputs);
            return;
        }
        for (long ow = 0, start = -_width.PaddingBefore; ow < outputs; ow++, start += stride, results += inner)
        {
            for (long j = 0; j < kernel; j++) taps[j] = cells + Pool.Reflect(start + j * dilation, length) * inner;
            WeightedRows.Add(taps, weights, kernel, results, inner);
        }
    }

    private readonly void Reflect(double* cells, long first, long end)
    {
        for (long column = first; column < end; column++)
        {
            double* from = cells + Pool.Reflect(column, _width.InputLength) * _inner;
            for (long channel = 0; channel < _inner; channel++) cells[column * _inner + channel] = from[channel];
        }
    }
}
