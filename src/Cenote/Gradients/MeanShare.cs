using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>
/// Of a mean whose windows do not overlap: the gradient over the divisor, once for a row of outputs; every row that it taps is the same.
/// </summary>
internal readonly unsafe struct MeanShare<T, TLane, TVector> : IRowShare<T>
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Geometry _geometry;
    private readonly Pass<T, TLane, Total<T, TLane>> _pass;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="total">Divides.</param>
    public MeanShare(in Geometry geometry, T* gradOutput, T* gradInput, Total<T, TLane> total)
    {
        _geometry = geometry;
        _pass = new(geometry, gradInput, gradOutput, total);
    }

    public long ScratchBytes => FirstShare + (_pass.OutputRow + TVector.Count) * sizeof(T);

    public bool FillsRows => true;

    public bool FillsBands => false;

    /// <summary>Where in the scratch the shares begin.</summary>
    private long FirstShare => (_pass.OutputRow + TVector.Count) * sizeof(TLane);

    public void Prepare(void* scratch)
    {
        if (!_pass.IsUniform) AxisDivisors.Fill(_geometry.Width, _geometry.Inner, _pass.Fold.CountsPadding, (TLane*)scratch);
    }

    public void Fill(long output, in RowPlace at, T** rows, int count, long band, void* scratch, LineStream<T>* stream)
    {
        if (count == 0) return;
        T* shares = (T*)((byte*)scratch + FirstShare);
        bool counts = _pass.Fold.CountsPadding;
        long divisor = _pass.IsUniform ? 1 : _geometry.Depth.Divisor(at.DepthOutput, counts) * _geometry.Height.Divisor(at.HeightOutput, counts);
        Shares.Divide(_pass, _pass.Output + output * _pass.OutputRow, _pass.OutputRow, _pass.RowScale<TVector>(divisor), (TLane*)scratch, shares);
        Spread(shares, rows[0]);
        for (int i = 1; i < count; i++) Buffer.MemoryCopy(rows[0], rows[i], _pass.InputRow * sizeof(T), _pass.InputRow * sizeof(T));
    }

    /// <summary>Every share to the cells of its window in one row, zeros to those between.</summary>
    private void Spread(T* shares, T* row)
    {
        int inner = (int)_geometry.Inner;
        Axis width = _geometry.Width;
        T* next = row, behind = row + _pass.InputRow;
        for (long o = 0; o < width.OutputLength; o++, shares += inner)
        {
            TapRange t = width.Taps(o);
            for (long k = 0; k < t.Count; k++)
            {
                T* cell = row + (t.First + k * t.Step) * inner;
                while (next < cell) *next++ = T.Zero;
                if (inner == 1 && t.Step == 1)
                {
                    new Span<T>(next, (int)t.Count).Fill(*shares);
                    next += t.Count;
                    break;
                }
                if (inner == 1)
                {
                    *next++ = *shares;
                    continue;
                }
                Unsafe.CopyBlockUnaligned(next, shares, (uint)(inner * sizeof(T)));
                next += inner;
                if (t.Step != 1) continue;
                // What has been copied is copied, twice as much each time.
                long done = inner, all = t.Count * inner;
                for (long more; done < all; done += more, next += more) Buffer.MemoryCopy(cell, next, (more = Math.Min(done, all - done)) * sizeof(T), more * sizeof(T));
                break;
            }
        }
        while (next < behind) *next++ = T.Zero;
    }
}
