using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a mean whose windows do not overlap: the gradient over the divisor, once for a row of outputs; every row that it taps is the same.</summary>
/// <remarks>Bits are moved in registers of <typeparamref name="TBits"/>, which are as large as the cells.</remarks>
internal readonly unsafe struct MeanShare<T, TLane, TBits, TVector, TMoved> : IRowShare<T>
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TBits : unmanaged, IBinaryInteger<TBits>
    where TVector : struct, ILanes<TVector, TLane>
    where TMoved : struct, ILanes<TMoved, TBits>
{
    // Shares made at a time: enough that a short row costs no beginning and no end, few enough for the first-level cache.
    private const long ManyShares = 1024;

    // Of windows further apart few fit a register.
    private const long FarApart = 8;

    private readonly Geometry _geometry;
    private readonly Pass<T, TLane, Total<T, TLane>> _pass;
    private readonly bool _inPairs;
    private readonly bool _picks;
    private readonly long _first;
    private readonly long _whole;
    private readonly long _atOnce;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    /// <param name="total">Divides.</param>
    public MeanShare(in Geometry geometry, T* gradOutput, T* gradInput, Total<T, TLane> total)
    {
        _geometry = geometry;
        _pass = new(geometry, gradInput, gradOutput, total);
        _atOnce = Math.Clamp(ManyShares / _pass.OutputRow, 1, geometry.Height.OutputLength);
        _inPairs = geometry is { Inner: 1, Width: { Kernel: 2, Stride: 2, Dilation: 1, PaddingBefore: 0 } };
        Axis width = geometry.Width;
        if (geometry.Inner > 1 || width.IsAdaptive) return;
        (_first, long end) = width.Interior();
        _whole = end - _first;
        if (_inPairs) return;
        // Registers end with the last window, or begin with one.
        _picks = TMoved.LooksAhead && width.Stride <= FarApart && Math.Min(_whole, (width.InputLength - width.Start(_first)) / width.Stride) >= TMoved.Count;
        long room = width.InputLength - width.Start(_first) - (_picks ? width.Stride : TMoved.Count);
        bool isBroad = _picks || (width.OutputLength > 1 && width.Dilation == 1 && width.Stride <= TMoved.Count);
        _whole = room < 0 || !isBroad ? 0 : Math.Min(_whole, room / width.Stride + 1);
    }

    public long ScratchBytes => Picked + FarApart * TMoved.Count * sizeof(TBits);

    public bool FillsRows => true;

    public bool FillsBands => true;

    /// <summary>Where in the scratch the shares begin, and behind them the places that they are picked from.</summary>
    private long Shares => (_pass.OutputRow + TVector.Count) * sizeof(TLane);

    private long Picked => Shares + (_atOnce * _pass.OutputRow + 2 * TVector.Count) * sizeof(T);

    public void Prepare(void* scratch)
    {
        if (!_pass.IsUniform) WidthDivisors.Fill(_geometry, _pass.Fold.CountsPadding, (TLane*)scratch);
        if (!_picks) return;
        Axis width = _geometry.Width;
        TBits* places = (TBits*)((byte*)scratch + Picked);
        for (long cell = 0; cell < width.Stride * TMoved.Count; cell++)
        {
            (long window, long inside) = Math.DivRem(cell, width.Stride);
            bool isTapped = inside < width.EffectiveKernel && inside % width.Dilation == 0;
            // Behind the shares stand zeros.
            places[cell] = TBits.CreateTruncating(isTapped ? window : TMoved.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(long output, in RowPlace at, T** rows, int count, long band, void* scratch, LineStream<T>* stream)
    {
        long pitch = _geometry.Height.Stride * _pass.InputRow, row = _pass.OutputRow;
        T* shares = (T*)((byte*)scratch + Shares);
        for (long done = 0, ahead; count > 0 && done < band; done++)
        {
            if ((ahead = done % _atOnce) == 0) Divide(output + done, Math.Min(_atOnce, band - done), at, (TLane*)scratch, shares);
            FillRow(shares + ahead * row, rows, count, (TBits*)((byte*)scratch + Picked));
            if (done == band - 1) break;
            long further = pitch;
            if (stream != null)
            {
                T* before = stream->Next;
                stream->Take(pitch);
                further = stream->Next - before;
            }
            for (int i = 0; i < count; i++) rows[i] += further;
        }
    }

    /// <summary>The shares of some rows of outputs, whose windows are alike but for the width.</summary>
    private void Divide(long output, long count, in RowPlace at, TLane* widthScales, T* shares)
    {
        bool counts = _pass.Fold.CountsPadding;
        long row = _pass.OutputRow, divisor = _pass.IsUniform ? 1 : _geometry.Depth.Divisor(at.DepthOutput, counts) * _geometry.Height.Divisor(at.HeightOutput, counts);
        TVector rowScale = _pass.RowScale<TVector>(divisor);
        if (_pass.IsUniform) Divide(_pass, _pass.Output + output * row, count * row, rowScale, widthScales, shares);
        else for (long i = 0; i < count; i++) Divide(_pass, _pass.Output + (output + i) * row, row, rowScale, widthScales, shares + i * row);
    }

    private void FillRow(T* shares, T** rows, int count, TBits* places)
    {
        if (_inPairs)
        {
            long whole = _whole, width = _geometry.Width.InputLength;
            for (int i = 0; i < count; i += 2) Double((TBits*)shares, whole, (TBits*)rows[i], (TBits*)rows[Math.Min(i + 1, count - 1)]);
            for (int i = 0; 2 * whole < width && i < count; i++) rows[i][2 * whole] = whole < _pass.OutputRow ? shares[whole] : T.Zero;
            return;
        }
        Spread(shares, rows[0], places);
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

    /// <summary>Every share to two neighbouring cells of two rows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Double(TBits* shares, long count, TBits* first, TBits* second)
    {
        int lanes = TMoved.Count;
        for (long x = 0; count >= lanes && x < count; x += lanes)
        {
            // The last register reaches back over the one before.
            x = Math.Min(x, count - lanes);
            TMoved share = TMoved.Load(shares + x), low = TMoved.ZipLow(share, share), high = TMoved.ZipHigh(share, share);
            low.Store(first + 2 * x);
            high.Store(first + 2 * x + lanes);
            low.Store(second + 2 * x);
            high.Store(second + 2 * x + lanes);
        }
        for (long x = 0; count < lanes && x < count; x++)
            (first[2 * x], first[2 * x + 1], second[2 * x], second[2 * x + 1]) = (shares[x], shares[x], shares[x], shares[x]);
    }

    /// <summary>Every share to the cells of its window in one row, zeros to those between.</summary>
    private void Spread(T* shares, T* row, TBits* places)
    {
        int inner = (int)_geometry.Inner;
        Axis width = _geometry.Width;
        long first = _first, whole = _whole;
        TBits* from = (TBits*)(shares + first), to = (TBits*)(row + (whole > 0 ? width.Start(first) : 0));
        if (whole > 0 && _picks) Pick(from, whole, to, places, width.Stride);
        else if (whole > 0) Broadcast(from, whole, to, width.Stride, width.Kernel);
        T* next = row, behind = row + _pass.InputRow;
        for (long o = 0; o < width.OutputLength; o++, shares += inner)
        {
            if (o == first && whole > 0)
            {
                o += whole - 1;
                shares += whole - 1;
                while (next < row + width.Start(first)) *next++ = T.Zero;
                next = row + width.Start(o) + width.EffectiveKernel;
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

    /// <summary>Every share to the cells of its window: a register of shares is a few of cells, which are picked from it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Pick(TBits* shares, long count, TBits* cells, TBits* places, long stride)
    {
        int lanes = TMoved.Count;
        TMoved zero = TMoved.Create(default);
        for (long x = 0; x < count; x += lanes)
        {
            // The last register reaches back over the one before.
            x = Math.Min(x, count - lanes);
            TMoved share = TMoved.Load(shares + x);
            TBits* target = cells + x * stride;
            for (long k = 0; k < stride * lanes; k += lanes) TMoved.Ahead(share, zero, TMoved.Load(places + k)).Store(target + k);
        }
    }
}
