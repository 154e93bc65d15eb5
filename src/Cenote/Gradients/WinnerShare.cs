using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection whose windows do not overlap: the gradient to the winner, moved as it is, zeros to the others.</summary>
/// <remarks>
/// Windows two wide, two apart, are compared with the indices a register of <typeparamref name="TLane"/> at a time; others are set cell by
/// cell in rows of zeros.
/// </remarks>
internal readonly unsafe struct WinnerShare<TBits, TLane, TVector> : IRowShare<TBits>
    where TBits : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Geometry _geometry;
    private readonly TBits* _gradOutput;
    private readonly long* _indices;
    private readonly IndexCheck<TLane, TVector> _check;
    private readonly long _whole;
    private readonly bool _inPairs;

    public WinnerShare(in Geometry geometry, TBits* gradOutput, long* indices)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _check = new(geometry, indices);
        _whole = geometry.Width.IsAdaptive ? 0 : geometry.Width.InteriorEnd();
        _inPairs = geometry is { Inner: 1, Width: { Kernel: 2, Stride: 2, Dilation: 1, PaddingBefore: 0 } }
            && _whole >= TVector.Count;
    }

    public long ScratchBytes => _check.TableLength * sizeof(TLane);

    public bool FillsRows => _inPairs;

    public void Prepare(void* scratch)
    {
        // Pairs are checked while they are compared.
        if (!_inPairs) _check.Prepare((TLane*)scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(long output, in RowPlace at, TBits** rows, int count, void* scratch)
    {
        long row = _geometry.Width.OutputLength * _geometry.Inner;
        TBits* gradients = _gradOutput + output * row;
        long* indices = _indices + output * row;
        if (!_inPairs || count == 0)
        {
            _check.Refuse(output, 1, at.Depth, at.Height, (TLane*)scratch);
            if (count > 0) Set(gradients, indices, row, rows[0] - (at.Depth.First * _geometry.Height.InputLength + at.Height.First) * _geometry.Width.InputLength * _geometry.Inner);
            return;
        }
        long whole = _whole, width = _geometry.Width.InputLength;
        long start = ((at.Depth.First * _geometry.Height.InputLength) + at.Height.First) * width;
        if (!Compare(gradients, indices, whole, TLane.CreateTruncating(start), rows, count)) WindowIndices.Check(_geometry, _indices);
        // A last column belongs to no window, or to one that hangs over; others behind it see padding alone.
        for (long i = whole; i < row; i++)
            if (indices[i] != -1 && !WindowIndices.IsCell(_geometry, indices[i], at.Depth, at.Height, _geometry.Width.Taps(i))) WindowIndices.Check(_geometry, _indices);
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
        TVector places = TVector.Load(ramp), zero = TVector.Create(TLane.Zero), none = TVector.Create(TLane.AllBitsSet), wrong = zero;
        for (long x = 0; x < count; x += lanes)
        {
            x = Math.Min(x, count - lanes);
            TVector share = TVector.Widen(gradients + x), index = TVector.Load((TLane*)(indices + x)), upper = zero;
            if (sizeof(TLane) < sizeof(long))
            {
                TVector further = TVector.Load((TLane*)(indices + x) + lanes);
                (index, upper) = (TVector.Even(index, further), TVector.Odd(index, further));
            }
            TVector offset = index - (places + TVector.Create(TLane.CreateTruncating(2 * x))), tapped = zero;
            for (int i = 0; i < rowCount; i++)
            {
                TLane apart = TLane.CreateTruncating(rows[i] - rows[0]);
                TVector isEven = TVector.Equal(offset, TVector.Create(apart)), isOdd = TVector.Equal(offset, TVector.Create(apart + TLane.One));
                TVector even = TVector.Select(isEven, share, zero), odd = TVector.Select(isOdd, share, zero);
                TVector.ZipLow(even, odd).Narrow(rows[i] + 2 * x);
                TVector.ZipHigh(even, odd).Narrow(rows[i] + 2 * x + lanes);
                tapped |= isEven | isOdd;
            }
            // As IndexCheck does.
            wrong |= TVector.Min((tapped ^ none) | upper, TVector.Min(index, sizeof(TLane) < sizeof(long) ? upper : index) + TVector.Create(TLane.One));
        }
        return TVector.IsZero(wrong);
    }
}
