using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>The input rows that one output row sees, moved on from row to row without a division.</summary>
internal unsafe struct RowCursor<T, TLane, TFold>
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
{
    // Few output rows come again in every plane: what they see is worked out once.
    private const int KnownRows = 32;

    private fixed long _firsts[KnownRows];
    private fixed long _counts[KnownRows];
    private fixed long _divisors[KnownRows];
    private readonly bool _isKnown;
    private readonly Axis _depth;
    private readonly Axis _height;
    private readonly T* _input;
    private readonly long _inputRow;
    private readonly long _wholeFirst;
    private readonly long _wholeEnd;
    private readonly bool _isUniform;
    private readonly bool _countsPadding;
    private long _plane;
    private long _od;
    private long _oh;

    /// <param name="pass">The call.</param>
    /// <param name="rows">Where the addresses go: room for <see cref="Pass{T, TLane, TFold}.MostRows"/>.</param>
    /// <param name="outputRow">The row to begin at.</param>
    public RowCursor(in Pass<T, TLane, TFold> pass, T** rows, long outputRow)
    {
        (_depth, _height) = (pass.Geometry.Depth, pass.Geometry.Height);
        _input = pass.Input;
        Rows = rows;
        (_inputRow, _isUniform, _countsPadding) = (pass.InputRow, pass.IsUniform, pass.Fold.CountsPadding);
        (_wholeFirst, _wholeEnd) = _height.Interior();
        _isKnown = _height.OutputLength <= KnownRows && _depth is { InputLength: 1, OutputLength: 1, PaddingBefore: 0 };
        for (long oh = 0; _isKnown && oh < _height.OutputLength; oh++)
        {
            (_firsts[oh], _counts[oh], _) = _height.Taps(oh);
            _divisors[oh] = _isUniform ? 1 : _depth.Divisor(0, _countsPadding) * _height.Divisor(oh, _countsPadding);
        }
        (long rest, _oh) = Math.DivRem(outputRow, _height.OutputLength);
        (_plane, _od) = Math.DivRem(rest, _depth.OutputLength);
        Fill();
    }

    /// <summary>The addresses of the input rows, top to bottom.</summary>
    public T** Rows { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What the axes across the rows contribute to the number of taps; 1 where one number serves all windows.</summary>
    public long Divisor { get; private set; }

    /// <summary>How many rows, this one first, see whole windows of one plane: their input rows move by <see cref="Step"/> from one to the next.</summary>
    public readonly long WholeRows => _oh >= _wholeFirst && _oh < _wholeEnd ? _wholeEnd - _oh : 0;

    /// <summary>Cells from the input rows of one output row to those of the next.</summary>
    public readonly long Step => _height.Stride * _inputRow;

    /// <summary>Some rows further, <see cref="WholeRows"/> at most.</summary>
    public void Skip(long count)
    {
        _oh += count - 1;
        for (int i = 0; i < Count; i++) Rows[i] += (count - 1) * Step;
        Advance();
    }

    /// <summary>To the next output row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        _oh++;
        // From one whole window to the next all rows move alike.
        if (_oh > _wholeFirst && _oh < _wholeEnd)
        {
            for (int i = 0; i < Count; i++) Rows[i] += Step;
            return;
        }
        if (_oh == _height.OutputLength)
        {
            _oh = 0;
            if (++_od == _depth.OutputLength) (_od, _plane) = (0, _plane + 1);
        }
        Fill();
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Fill()
    {
        if (_isKnown)
        {
            long step = _height.Dilation * _inputRow;
            T* next = _input + (_plane * _height.InputLength + _firsts[_oh]) * _inputRow;
            (Count, Divisor) = ((int)_counts[_oh], _divisors[_oh]);
            for (int i = 0; i < Count; i++, next += step) Rows[i] = next;
            return;
        }
        TapRange d = _depth.Taps(_od), h = _height.Taps(_oh);
        Divisor = _isUniform ? 1 : _depth.Divisor(_od, _countsPadding) * _height.Divisor(_oh, _countsPadding);
        int count = 0;
        for (long i = 0; i < d.Count; i++)
        {
            T* row = _input + (((_plane * _depth.InputLength + d.First + i * d.Step) * _height.InputLength) + h.First) * _inputRow;
            for (long j = 0; j < h.Count; j++, row += h.Step * _inputRow) Rows[count++] = row;
        }
        Count = count;
    }
}
