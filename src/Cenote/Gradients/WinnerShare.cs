using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection whose windows do not overlap: the gradient to the winner, moved as it is, zeros to the others.</summary>
/// <remarks>
/// Windows two wide, two apart, and those of small windows with channels last are compared with the indices a register of
/// <typeparamref name="TLane"/> at a time; others are set cell by cell in rows of zeros.
/// </remarks>
internal readonly unsafe struct WinnerShare<TBits, TLane, TVector> : IRowShare<TBits>
    where TBits : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Taps that are sooner compared than rows are cleared and set.
    private const int MostCompared = 16;

    private readonly Geometry _geometry;
    private readonly TBits* _gradOutput;
    private readonly long* _indices;
    private readonly IndexCheck<TLane, TVector> _check;
    private readonly long _whole;
    private readonly bool _inPairs;
    private readonly bool _inChannels;
    private readonly bool _streams;

    public WinnerShare(in Geometry geometry, TBits* gradOutput, long* indices, bool streams)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _check = new(geometry, indices);
        _whole = geometry.Width.InteriorEnd();
        _inPairs = ArePairs(geometry) && _whole >= TVector.Count;
        _inChannels = geometry.Inner >= TVector.Count && geometry.MostTaps <= MostCompared;
        _streams = streams && sizeof(TBits) == sizeof(TLane) && FillsRows && geometry.Inner * sizeof(TBits) % Streaming.Line == 0;
    }

    /// <summary>Whether windows are two wide, two apart, from the first column on.</summary>
    public static bool ArePairs(in Geometry geometry) => geometry is { Inner: 1, Width: { Kernel: 2, Stride: 2, Dilation: 1, PaddingBefore: 0 } };

    /// <summary>Whether registers compare all windows, so that none is set cell by cell, and lanes hold every place.</summary>
    public static bool Compares(in Geometry geometry) =>
        (sizeof(TLane) > sizeof(ushort) || geometry.InputPlane <= ushort.MaxValue)
        && ((ArePairs(geometry) && geometry.Width.InteriorEnd() >= TVector.Count) || (geometry.Inner >= TVector.Count && geometry.MostTaps <= MostCompared));

    public long ScratchBytes => _check.TableLength * sizeof(TLane);

    public bool FillsRows => _inPairs || (_inChannels && _geometry.Width is { Tiles: true, Dilation: 1 } && _geometry.Width.Kernel == _geometry.Width.Stride);

    public bool FillsBands => _inPairs;

    public void Prepare(void* scratch)
    {
        // Others are checked while they are compared.
        if (!_inPairs && !_inChannels) _check.Prepare((TLane*)scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(long output, in RowPlace at, TBits** rows, int count, long band, void* scratch, LineStream<TBits>* stream)
    {
        long row = _geometry.Width.OutputLength * _geometry.Inner, pitch = _geometry.Height.Stride * _geometry.Width.InputLength;
        TBits* gradients = _gradOutput + output * row;
        long* indices = _indices + output * row;
        if (_inChannels)
        {
            if (!Channels(gradients, indices, at, rows, count) && !WindowIndices.AreCells(_geometry, indices, at.Depth, at.Height)) WindowIndices.Check(_geometry, _indices);
            return;
        }
        if (!_inPairs)
        {
            _check.Refuse(output, 1, at.Depth, at.Height, (TLane*)scratch);
            if (count > 0) Set(gradients, indices, row, rows[0] - (at.Depth.First * _geometry.Height.InputLength + at.Height.First) * _geometry.Width.InputLength * _geometry.Inner);
            return;
        }
        if (count == 0)
        {
            if (!WindowIndices.AreCells(_geometry, indices, at.Depth, at.Height)) WindowIndices.Check(_geometry, _indices);
            return;
        }
        Pairs pairs = new()
        {
            Gradients = gradients, Indices = indices, Row = row, Whole = _whole, Width = _geometry.Width.InputLength, Rows = rows, Count = count, Band = band, Pitch = pitch,
            Start = (at.Depth.First * _geometry.Height.InputLength + at.Height.First) * _geometry.Width.InputLength, Stream = stream,
        };
        if (count switch { 1 => Compare<One>(pairs), 2 => Compare<Two>(pairs), _ => Compare<Three>(pairs) }) return;
        // -1 was met, or what is no cell of its window.
        for (long i = 0; i < band; i++)
        {
            TapRange height = at.Height with { First = at.Height.First + i * _geometry.Height.Stride };
            if (!WindowIndices.AreCells(_geometry, indices + i * row, at.Depth, height)) WindowIndices.Check(_geometry, _indices);
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

    /// <summary>Every window of a row, its channels a register at a time.</summary>
    /// <returns>Whether every index is a cell of its window.</returns>
    private bool Channels(TBits* gradients, long* indices, in RowPlace at, TBits** rows, int count)
    {
        long inner = _geometry.Inner, start = (at.Depth.First * _geometry.Height.InputLength + at.Height.First) * _geometry.Width.InputLength;
        long* offsets = stackalloc long[MostCompared];
        TLane* places = stackalloc TLane[MostCompared];
        bool isSound = true;
        (long inside, long outside) = _geometry.Width.Interior();
        for (long ow = 0, alike; ow < _geometry.Width.OutputLength; ow += alike, gradients += alike * inner, indices += alike * inner)
        {
            TapRange width = _geometry.Width.Taps(ow);
            int taps = 0;
            for (int i = 0; i < count; i++)
            for (long k = 0; k < width.Count; k++)
            {
                offsets[taps] = rows[i] - rows[0] + k * width.Step * inner;
                places[taps++] = TLane.CreateTruncating((rows[i] - rows[0]) / inner + k * width.Step);
            }
            // Windows wholly inside are so.
            alike = ow == inside ? Math.Max(1, outside - inside) : 1;
            isSound &= taps > 0
                && Compare(gradients, indices, inner, TLane.CreateTruncating(start + width.First), rows[0] + width.First * inner, offsets, places, taps, alike, _geometry.Width.Stride,
                    _streams && ((nint)rows[0] & (Streaming.Line - 1)) == 0);
        }
        return isSound;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Compare(TBits* gradients, long* indices, long channels, TLane start, TBits* cells, long* offsets, TLane* places, int taps, long outputs, long stride, bool streams)
    {
        int lanes = TVector.Count;
        TVector zero = TVector.Create(TLane.Zero), first = TVector.Create(start), further = TVector.Create(TLane.CreateTruncating(stride)), wrong = zero, upper = zero;
        for (; outputs > 0; outputs--, gradients += channels, indices += channels, first += further, cells += stride * channels)
        for (long x = 0; x < channels; x += lanes)
        {
            // The last register reaches back over the one before.
            x = Math.Min(x, channels - lanes);
            TVector share = TVector.Widen(gradients + x), offset = Index(indices + x, ref upper) - first, least = offset;
            for (int i = 0; i < taps; i++)
            {
                TVector apart = offset - TVector.Create(places[i]);
                TVector won = TVector.WhereEqual(apart, zero, share);
                if (streams) won.StoreAround((TLane*)(cells + offsets[i] + x));
                else won.Narrow(cells + offsets[i] + x);
                least = TVector.Min(least, apart);
            }
            wrong |= least;
        }
        return TVector.IsZero(wrong | Upper(upper));
    }

    /// <summary>A register of indices; what stands above those parts of them that are as long as a lane is collected, as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Index(long* indices, ref TVector upper)
    {
        TVector index = TVector.Load((TLane*)indices);
        if (sizeof(TLane) == sizeof(long)) return index;
        TVector further = TVector.Load((TLane*)indices + TVector.Count);
        upper |= index | further;
        if (sizeof(TLane) == sizeof(int)) return TVector.Even(index, further);
        TVector third = TVector.Load((TLane*)indices + 2 * TVector.Count), fourth = TVector.Load((TLane*)indices + 3 * TVector.Count);
        upper |= third | fourth;
        return TVector.Even(TVector.Even(index, further), TVector.Even(third, fourth));
    }

    /// <summary>Of what was collected the parts above the lowest.</summary>
    private static TVector Upper(TVector collected)
    {
        if (sizeof(TLane) == sizeof(long)) return TVector.Create(TLane.Zero);
        TVector upper = TVector.Odd(collected, collected);
        if (sizeof(TLane) == sizeof(int)) return upper;
        TVector halves = TVector.Even(collected, collected);
        return upper | TVector.Odd(halves, halves);
    }

    /// <summary>Both columns of every row; whether every index is a cell of its window.</summary>
    /// <typeparam name="TRows">Input rows of an output row; <see cref="Three"/> is that many or more.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Compare<TRows>(in Pairs pairs)
        where TRows : struct, ICount
    {
        int lanes = TVector.Count;
        long row = pairs.Row, whole = pairs.Whole, width = pairs.Width, pitch = pairs.Pitch, below = TRows.Value > 1 ? pairs.Rows[1] - pairs.Rows[0] : 0;
        TBits* gradients = pairs.Gradients, target = pairs.Rows[0];
        long* indices = pairs.Indices;
        LineStream<TBits>* to = pairs.Stream;
        LineStream<TBits> stream = to == null ? default : *to;
        TVector zero = TVector.Create(TLane.Zero), one = TVector.Create(TLane.One), second = TVector.Create(TLane.CreateTruncating(below)), wrong = zero, upper = zero;
        TVector places = TVector.Ramp + TVector.Ramp + TVector.Create(TLane.CreateTruncating(pairs.Start)), further = TVector.Create(TLane.CreateTruncating(pitch));
        bool isSound = true;
        for (long left = pairs.Band; ; gradients += row, indices += row, places += further)
        {
            for (long x = 0; x < whole; x += lanes)
            {
                // The last register reaches back over the one before.
                x = Math.Min(x, whole - lanes);
                TVector share = TVector.Widen(gradients + x);
                TVector offset = Index(indices + x, ref upper) - (places + TVector.Create(TLane.CreateTruncating(2 * x))), least = offset;
                Put(offset, share, zero, one, target + 2 * x);
                if (TRows.Value > 1) Put(offset - second, share, zero, one, target + below + 2 * x, ref least);
                for (int i = 2; TRows.Value > 2 && i < pairs.Count; i++)
                {
                    long apart = pairs.Rows[i] - pairs.Rows[0];
                    Put(offset - TVector.Create(TLane.CreateTruncating(apart)), share, zero, one, target + apart + 2 * x, ref least);
                }
                wrong |= least;
            }
            if (whole < row || 2 * whole < width) isSound &= Rest(pairs, target, pairs.Start + (pairs.Band - left) * pitch, gradients, indices);
            if (--left == 0) break;
            if (to == null)
            {
                target += pitch;
                continue;
            }
            stream.Take(pitch);
            target = stream.Next;
        }
        if (to != null) *to = stream;
        return isSound && TVector.IsZero(TVector.Max(wrong, one) ^ one | Upper(upper));
    }

    /// <summary>The last column, which belongs to no window or to one that hangs over; windows behind it see padding alone.</summary>
    /// <returns>Whether the indices are cells of their windows.</returns>
    // No call: the caller keeps its registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Rest(in Pairs pairs, TBits* target, long start, TBits* gradients, long* indices)
    {
        long row = pairs.Row, whole = pairs.Whole;
        bool hasColumn = 2 * whole < pairs.Width, isSound = !hasColumn || whole == row;
        for (int i = 0; hasColumn && i < pairs.Count; i++)
        {
            long apart = pairs.Rows[i] - pairs.Rows[0];
            bool won = whole < row && indices[whole] == start + apart + 2 * whole;
            target[apart + 2 * whole] = won ? gradients[whole] : default;
            isSound |= won;
        }
        // -1 is looked at by the caller.
        return isSound && row <= (hasColumn ? whole + 1 : whole);
    }

    /// <summary>A register of shares to the even or the odd columns of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TVector column, TVector share, TVector zero, TVector one, TBits* cells)
    {
        TVector even = TVector.WhereEqual(column, zero, share), odd = TVector.WhereEqual(column, one, share);
        TVector.ZipLow(even, odd).Narrow(cells);
        TVector.ZipHigh(even, odd).Narrow(cells + TVector.Count);
    }

    /// <summary>The same, and the least distance to the windows' first columns: what lies before one is large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TVector column, TVector share, TVector zero, TVector one, TBits* cells, ref TVector least)
    {
        Put(column, share, zero, one, cells);
        least = TVector.Min(least, column);
    }

    /// <summary>A band of output rows whose windows are pairs of columns.</summary>
    private struct Pairs
    {
        public TBits* Gradients;

        public long* Indices;

        /// <summary>Outputs of a row, and those of whole windows.</summary>
        public long Row, Whole;

        /// <summary>Cells of an input row.</summary>
        public long Width;

        /// <summary>The rows of the first output row, and how many.</summary>
        public TBits** Rows;

        public int Count;

        /// <summary>How many output rows, and cells from the input rows of one to those of the next.</summary>
        public long Band, Pitch;

        /// <summary>The index of the first cell.</summary>
        public long Start;

        public LineStream<TBits>* Stream;
    }
}
