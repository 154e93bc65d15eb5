using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection whose windows do not overlap: the gradient to the winner, moved as it is, zeros to the others.</summary>
/// <remarks>
/// Windows two wide, two apart, are compared with the indices a register of <typeparamref name="TLane"/> at a time; others are set cell by
/// cell in rows of zeros.
/// </remarks>
internal readonly unsafe struct WinnerShare<TBits, TLane, TVector, TWide> : IRowShare<TBits>
    where TBits : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>
    where TVector : struct, ILanes<TVector, TLane>
    where TWide : struct, ILanes<TWide, long>
{
    private readonly Geometry _geometry;
    private readonly TBits* _gradOutput;
    private readonly TBits* _gradInput;
    private readonly long* _indices;
    private readonly IndexCheck<long, TWide> _check;
    private readonly bool _inPairs;

    public WinnerShare(in Geometry geometry, TBits* gradOutput, long* indices, TBits* gradInput)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _gradInput = gradInput;
        _indices = indices;
        _check = new(geometry, indices);
        _inPairs = geometry is { Inner: 1, Width: { Kernel: 2, Stride: 2, Dilation: 1, PaddingBefore: 0 } }
            && geometry.Width.InteriorEnd() >= TVector.Count && geometry.InputPlane < int.MaxValue;
    }

    public long ScratchBytes => _check.TableLength * sizeof(long);

    public bool FillsRows => _inPairs;

    public void Prepare(void* scratch)
    {
        // Pairs are checked while they are compared.
        if (!_inPairs || _geometry.Width.InteriorEnd() < _geometry.Width.OutputLength) _check.Prepare((long*)scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(long output, in RowPlace at, TBits** rows, int count, void* scratch)
    {
        long row = _geometry.Width.OutputLength * _geometry.Inner;
        TBits* gradients = _gradOutput + output * row;
        long* indices = _indices + output * row;
        if (!_inPairs || count == 0)
        {
            _check.Refuse(output, at.Depth, at.Height, (long*)scratch);
            Set(gradients, indices, row, _gradInput + at.Outer * _geometry.InputPlane * _geometry.Inner);
            return;
        }
        long whole = _geometry.Width.InteriorEnd(), width = _geometry.Width.InputLength;
        long start = ((at.Depth.First * _geometry.Height.InputLength) + at.Height.First) * width;
        if (!Compare(gradients, indices, whole, TLane.CreateTruncating(start), rows, count)) WindowIndices.Check(_geometry, _indices);
        if (whole < row) _check.Refuse(output, at.Depth, at.Height, (long*)scratch);
        // A last column belongs to no window, or to one that hangs over.
        for (int i = 0; 2 * whole < width && i < count; i++)
        {
            long index = start + (rows[i] - rows[0]) + 2 * whole;
            rows[i][2 * whole] = whole < row && indices[whole] == index ? gradients[whole] : default;
        }
    }

    /// <summary>Sets the winners in rows of zeros.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Set(TBits* gradients, long* indices, long count, TBits* plane)
    {
        long inner = _geometry.Inner;
        if (inner == 1)
        {
            for (long i = 0; i < count; i++)
                if (indices[i] >= 0) plane[indices[i]] = gradients[i];
            return;
        }
        for (long i = 0, channel = 0; i < count; i++, channel = channel + 1 == inner ? 0 : channel + 1)
            if (indices[i] >= 0) plane[indices[i] * inner + channel] = gradients[i];
    }

    /// <summary>Both columns of every row of whole windows; whether every index is a cell of its window, or -1.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Compare(TBits* gradients, long* indices, long count, TLane start, TBits** rows, int rowCount)
    {
        int lanes = TVector.Count;
        TLane* ramp = stackalloc TLane[lanes];
        for (int i = 0; i < lanes; i++) ramp[i] = start + TLane.CreateTruncating(2 * i);
        TVector places = TVector.Load(ramp), zero = TVector.Create(TLane.Zero), none = TVector.Create(-TLane.One), worst = none;
        for (long x = 0; x < count; x += lanes)
        {
            x = Math.Min(x, count - lanes);
            TVector share = TVector.Widen(gradients + x), index = TVector.Load((TLane*)(indices + x)), sign = zero;
            if (sizeof(TLane) < sizeof(long))
            {
                // The lower halves are the index, the upper ones its sign over and over.
                TVector further = TVector.Load((TLane*)(indices + x) + lanes);
                (index, sign) = (TVector.Even(index, further), TVector.Odd(index, further));
                sign ^= TVector.Greater(zero, index);
            }
            TVector offset = index - (places + TVector.Create(TLane.CreateTruncating(2 * x))), sound = TVector.Equal(index, none);
            for (int i = 0; i < rowCount; i++)
            {
                TLane apart = TLane.CreateTruncating(rows[i] - rows[0]);
                TVector isEven = TVector.Equal(offset, TVector.Create(apart)), isOdd = TVector.Equal(offset, TVector.Create(apart + TLane.One));
                TVector even = TVector.Select(isEven, share, zero), odd = TVector.Select(isOdd, share, zero);
                TVector.ZipLow(even, odd).Narrow(rows[i] + 2 * x);
                TVector.ZipHigh(even, odd).Narrow(rows[i] + 2 * x + lanes);
                sound = TVector.Min(sound, TVector.Min(isEven, isOdd));
            }
            worst = TVector.Max(worst, TVector.Max(sound, TVector.Equal(sign, zero)));
        }
        worst.Store(ramp);
        return !new ReadOnlySpan<TLane>(ramp, lanes).Contains(TLane.Zero);
    }
}
