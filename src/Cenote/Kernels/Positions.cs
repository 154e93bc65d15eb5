using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Maxima or minima with their places: a tile is laid out, then every tap is compared in order, and the offset of the winner goes along.</summary>
/// <remarks>
/// The first of equals wins, the last of several NaNs. A window that holds nothing above the identity may hold nothing at all, so that its
/// whole row is done cell by cell.
/// </remarks>
internal readonly unsafe struct Positions<T, TLane, TOrder, TVector> : IKernel
    where T : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TOrder : struct, IOrder
    where TVector : struct, ILanes<TVector, TLane>
{
    // A window of more taps is rare, and comparing them one by one no longer pays.
    private const int MostTaps = 64;

    private readonly Pass<T, TLane, Extreme<T, TLane, TOrder>> _pass;
    private readonly TileShape _shape;
    private readonly long* _indices;
    private readonly TLane _infinity;

    /// <param name="pass">The call.</param>
    /// <param name="indices">Where the places go.</param>
    /// <param name="infinity">What every number stays at or under, and every NaN is above.</param>
    public Positions(Pass<T, TLane, Extreme<T, TLane, TOrder>> pass, long* indices, TLane infinity)
    {
        (_pass, _infinity) = (pass, infinity);
        _indices = indices;
        _shape = TileShape.For(pass.Geometry, sizeof(TLane), ordered: true);
    }

    public static bool Fits(in Geometry geometry) =>
        geometry.Inner == 1 && TileShape.Fits(geometry, sizeof(TLane), ordered: true, MostTaps) && geometry.InputPlane < int.MaxValue / 2;

    public long Units => _pass.Geometry.Outer * _pass.Geometry.Depth.OutputLength * _shape.Down * _shape.Across;

    public long UnitBytes => (_pass.Bytes + _pass.OutputRows * _pass.OutputRow * sizeof(long)) / Units;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, Extreme<T, TLane, TOrder>> pass = _pass;
        TileShape shape = _shape;
        (long outer, Axis depth, Axis height, Axis width, _) = pass.Geometry;
        long slices = Math.Min(depth.Kernel, depth.InputLength);
        long rowStride = height.Stride / shape.RowStep, rowDilation = Math.Max(1, height.Dilation / shape.RowStep);
        long columnStride = width.Stride / shape.ColumnStep, columnDilation = Math.Max(1, width.Dilation / shape.ColumnStep);
        long wide = columnDilation * (width.Kernel - 1) + 1;
        long size = slices * shape.Rows * shape.Columns + wide + 8 * TVector.Count;
        long line = shape.Columns * shape.ColumnStep + columnStride * TVector.Count + 2 * TVector.Count;
        TLane* tile = (TLane*)Scratch.Rent((size + 3 * line) * sizeof(TLane));
        TLane* best = tile + size, places = best + line, spare = places + line;
        long* taps = stackalloc long[MostTaps];
        TLane* offsets = stackalloc TLane[MostTaps];
        T** planes = stackalloc T*[1];
        TLane* ramp = stackalloc TLane[TVector.Count];
        // Every window where the stride is none that a register can take, else those wanted alone.
        long taken = columnStride <= 2 ? columnStride : 1;
        for (int i = 0; i < TVector.Count; i++) ramp[i] = TLane.CreateTruncating(i * taken * shape.ColumnStep);

        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, shape.Across);
            (long plane, long down) = Math.DivRem(rest, shape.Down);
            (long o, long od) = Math.DivRem(plane, depth.OutputLength);
            long oh = down * shape.OutputRows, ow = across * shape.OutputColumns;
            long outputRows = Math.Min(shape.OutputRows, height.OutputLength - oh), outputColumns = Math.Min(shape.OutputColumns, width.OutputLength - ow);
            long pitch = (outputColumns - 1) * columnStride + wide, inputRows = (outputRows - 1) * rowStride + rowDilation * (height.Kernel - 1) + 1;
            TapRange d = depth.Taps(od);
            T* source = pass.Input + o * pass.Geometry.InputPlane;
            int tapCount = 0;
            for (long slice = 0; slice < d.Count; slice++)
            {
                planes[0] = source + (d.First + slice * d.Step) * height.InputLength * width.InputLength;
                Tile<T, TLane, Extreme<T, TLane, TOrder>, TVector>.LayRows(
                    pass, shape, planes, 1, height.Start(oh), inputRows, width.Start(ow), pitch, tile + slice * inputRows * pitch, spare);
                for (long j = 0; j < height.Kernel; j++)
                for (long k = 0; k < width.Kernel; k++)
                {
                    taps[tapCount] = (slice * inputRows + j * rowDilation) * pitch + k * columnDilation;
                    offsets[tapCount++] = TLane.CreateTruncating((slice * d.Step * height.InputLength + j * height.Dilation) * width.InputLength + k * width.Dilation);
                }
            }
            for (long y = 0; y < outputRows; y++)
            {
                long row = ((o * depth.OutputLength + od) * height.OutputLength + oh + y) * width.OutputLength + ow;
                long start = (d.First * height.InputLength + height.Start(oh + y)) * width.InputLength + width.Start(ow);
                long count = taken == columnStride ? outputColumns : (outputColumns - 1) * columnStride + 1;
                if (tapCount > 0)
                {
                    Compare(tile + y * rowStride * pitch, taps, offsets, tapCount, taken, count, TLane.CreateTruncating(start), taken * shape.ColumnStep, ramp, _infinity, best, places);
                    if (taken != columnStride)
                        for (long i = 1; i < outputColumns; i++) (best[i], places[i]) = (best[i * columnStride], places[i * columnStride]);
                }
                if (tapCount == 0 || new ReadOnlySpan<TLane>(best, (int)outputColumns).Contains(TLane.MinValue))
                    Cells(source, od, oh + y, ow, outputColumns, row);
                else
                {
                    pass.FinishRow(best, pass.Output + row, outputColumns, default(TVector), best);
                    TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TLane>(places, (int)outputColumns), new Span<long>(_indices + row, (int)outputColumns));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Compare(
        TLane* line, long* taps, TLane* offsets, int tapCount, long stride, long count, TLane start, long step, TLane* ramp, TLane infinity,
        TLane* best, TLane* places)
    {
        int lanes = TVector.Count;
        TVector most = TVector.Create(infinity), place = TVector.Load(ramp) + TVector.Create(start), move = TVector.Create(TLane.CreateTruncating(step * lanes));
        for (long i = 0; i < count; i += lanes)
        {
            TLane* at = line + i * stride;
            TVector winner = Tap(at + taps[0], stride), offset = TVector.Create(offsets[0]);
            for (int k = 1; k < tapCount; k++)
            {
                TVector cell = Tap(at + taps[k], stride);
                // Above the best so far; a NaN above any number, the best NaN included.
                TVector wins = TVector.Greater(cell, TVector.Min(winner, most));
                winner = TVector.Select(wins, cell, winner);
                offset = TVector.Select(wins, TVector.Create(offsets[k]), offset);
            }
            winner.Store(best + i);
            (offset + place).Store(places + i);
            place += move;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tap(TLane* lanes, long stride) =>
        stride == 1 ? TVector.Load(lanes) : TVector.Even(TVector.Load(lanes), TVector.Load(lanes + TVector.Count));

    /// <summary>Some outputs of a row, tap by tap.</summary>
    private void Cells(T* source, long od, long oh, long ow, long count, long row)
    {
        (_, Axis depth, Axis height, Axis width, _) = _pass.Geometry;
        TapRange d = depth.Taps(od), h = height.Taps(oh);
        for (long x = 0; x < count; x++, row++)
        {
            TapRange w = width.Taps(ow + x);
            (TLane best, long place) = (TLane.MinValue, -1);
            for (long i = 0; i < d.Count; i++)
            for (long j = 0; j < h.Count; j++)
            for (long k = 0; k < w.Count; k++)
            {
                long at = ((d.First + i * d.Step) * height.InputLength + h.First + j * h.Step) * width.InputLength + w.First + k * w.Step;
                TLane cell = Extreme<T, TLane, TOrder>.Lift(source[at]);
                if (place < 0 || cell > TLane.Min(best, _infinity)) (best, place) = (cell, at);
            }
            _pass.Fold.Finish(best, 1, _pass.Output + row);
            _indices[row] = place;
        }
    }
}
