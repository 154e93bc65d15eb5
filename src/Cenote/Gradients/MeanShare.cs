using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a mean whose windows do not overlap: the gradient over the divisor, once for a row of outputs; every row that it taps is the same.</summary>
/// <remarks>Bits are moved in registers of <typeparamref name="TBits"/>, which are as large as the cells.</remarks>
internal readonly unsafe struct MeanShare<T, TLane, TBits, TVector, TMoved> : IRowShare<T>
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TBits : unmanaged
    where TVector : struct, ILanes<TVector, TLane>
    where TMoved : struct, ILanes<TMoved, TBits>
{
    private readonly Geometry _geometry;
    private readonly Pass<T, TLane, Total<T, TLane>> _pass;
    private readonly long _whole;
    private readonly bool _inPairs;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="total">Divides.</param>
    public MeanShare(in Geometry geometry, T* gradOutput, T* gradInput, Total<T, TLane> total)
    {
        _geometry = geometry;
        _pass = new(geometry, gradInput, gradOutput, total);
        _whole = geometry.Width.IsAdaptive ? 0 : geometry.Width.InteriorEnd();
        _inPairs = geometry is { Inner: 1, Width: { Kernel: 2, Stride: 2, Dilation: 1, PaddingBefore: 0 } };
    }

    public long ScratchBytes => (_pass.OutputRow + 2 * TVector.Count) * (sizeof(TLane) + sizeof(T));

    public bool FillsRows => true;

    public bool FillsBands => false;

    private T* SharesIn(void* scratch) => (T*)((TLane*)scratch + _pass.OutputRow + 2 * TVector.Count);

    public void Prepare(void* scratch)
    {
        if (!_pass.IsUniform) WidthDivisors.Fill(_geometry, _pass.Fold.CountsPadding, (TLane*)scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(long output, in RowPlace at, T** rows, int count, long band, void* scratch, LineStream<T>* stream)
    {
        if (count == 0) return;
        bool counts = _pass.Fold.CountsPadding;
        long row = _pass.OutputRow, divisor = _pass.IsUniform ? 1 : _geometry.Depth.Divisor(at.DepthOutput, counts) * _geometry.Height.Divisor(at.HeightOutput, counts);
        T* shares = SharesIn(scratch);
        Divide(_pass, _pass.Output + output * row, row, _pass.RowScale<TVector>(divisor), (TLane*)scratch, shares);
        if (_inPairs)
        {
            long whole = _whole, width = _geometry.Width.InputLength;
            Double((TBits*)shares, whole, (TBits**)rows, count);
            for (int i = 0; 2 * whole < width && i < count; i++) rows[i][2 * whole] = whole < row ? shares[whole] : T.Zero;
            return;
        }
        Spread(shares, rows[0]);
        for (int i = 1; i < count; i++) Unsafe.CopyBlockUnaligned(rows[i], rows[0], (uint)(_pass.InputRow * sizeof(T)));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Divide(in Pass<T, TLane, Total<T, TLane>> pass, T* gradients, long count, TVector rowScale, TLane* widthScales, T* shares)
    {
        Total<T, TLane> total = pass.Fold;
        bool isUniform = pass.IsUniform;
        // The last register writes beyond the shares, for which there is room, but may not read there.
        long safe = gradients + (count + TVector.Count) <= pass.Output + pass.OutputRows * pass.OutputRow ? count : count - TVector.Count + 1, i = 0;
        for (; i < safe; i += TVector.Count)
            total.Finish(TVector.Widen(gradients + i), Pass<T, TLane, Total<T, TLane>>.ScaleOf(isUniform, rowScale, widthScales + i), shares + i);
        if (i >= count) return;
        T* few = stackalloc T[TVector.Count];
        for (long k = 0; k < TVector.Count; k++) few[k] = i + k < count ? gradients[i + k] : T.Zero;
        total.Finish(TVector.Widen(few), Pass<T, TLane, Total<T, TLane>>.ScaleOf(isUniform, rowScale, widthScales + i), shares + i);
    }

    /// <summary>Every share to two neighbouring cells of every row.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Double(TBits* shares, long count, TBits** rows, int rowCount)
    {
        int lanes = TMoved.Count;
        TBits* first = rows[0], second = rows[Math.Min(1, rowCount - 1)];
        for (long x = 0; count >= lanes && x < count; x += lanes)
        {
            // The last register reaches back over the one before.
            x = Math.Min(x, count - lanes);
            TMoved share = TMoved.Load(shares + x), low = TMoved.ZipLow(share, share), high = TMoved.ZipHigh(share, share);
            low.Store(first + 2 * x);
            high.Store(first + 2 * x + lanes);
            low.Store(second + 2 * x);
            high.Store(second + 2 * x + lanes);
            for (int i = 2; i < rowCount; i++)
            {
                low.Store(rows[i] + 2 * x);
                high.Store(rows[i] + 2 * x + lanes);
            }
        }
        for (long x = 0; count < lanes && x < count; x++)
            for (int i = 0; i < rowCount; i++)
                (rows[i][2 * x], rows[i][2 * x + 1]) = (shares[x], shares[x]);
    }

    /// <summary>Every share to the cells of its window in one row, zeros to those between.</summary>
    private void Spread(T* shares, T* row)
    {
        int inner = (int)_geometry.Inner;
        Axis width = _geometry.Width;
        long first = 0, whole = 0;
        if (inner == 1 && !width.IsAdaptive && width.Dilation == 1 && width.Stride <= TMoved.Count && width.OutputLength > 1)
        {
            (first, long end) = width.Interior();
            // A whole register must fit behind where the window begins.
            long room = _pass.InputRow - TMoved.Count + width.PaddingBefore;
            whole = room < 0 ? 0 : Math.Max(0, Math.Min(end, room / width.Stride + 1) - first);
        }
        if (whole > 0) Broadcast((TBits*)(shares + first), whole, (TBits*)(row + width.Start(first)), width.Stride, width.Kernel);
        T* next = row, behind = row + _pass.InputRow;
        for (long o = 0; o < width.OutputLength; o++, shares += inner)
        {
            if (o == first && whole > 0)
            {
                o += whole - 1;
                shares += whole - 1;
                while (next < row + width.Start(first)) *next++ = T.Zero;
                next = row + width.Start(o) + width.Kernel;
                continue;
            }
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
            }
        }
        while (next < behind) *next++ = T.Zero;
    }

    /// <summary>Every share to a register of cells, of which the window's stay and the others are zeros, or written again by the next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Broadcast(TBits* shares, long count, TBits* cells, long stride, long kernel)
    {
        byte* tapped = stackalloc byte[TMoved.Count * sizeof(TBits)];
        new Span<byte>(tapped, TMoved.Count * sizeof(TBits)).Clear();
        new Span<byte>(tapped, (int)kernel * sizeof(TBits)).Fill(0xFF);
        TMoved mask = TMoved.Load((TBits*)tapped), zero = TMoved.Create(default);
        for (long o = 0; o < count; o++, cells += stride) TMoved.Select(mask, TMoved.Create(shares[o]), zero).Store(cells);
    }
}
