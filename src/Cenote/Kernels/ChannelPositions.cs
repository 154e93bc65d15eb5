using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Maxima or minima with their places where channels come last: the taps of a window are runs of channels, compared in order, and the place of the winner goes along.</summary>
/// <remarks>The first of equals wins, the last of several NaNs, as in <see cref="Positions{T, TLane, TRank, TVector}"/>.</remarks>
/// <param name="pass">The call.</param>
/// <param name="indices">Where the places go.</param>
internal readonly unsafe struct ChannelPositions<T, TLane, TRank, TVector>(Pass<T, TLane, TRank> pass, long* indices) : IKernel
    where T : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TRank : struct, IRank<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TRank> _pass = pass;

    // Where every two registers are whole lines.
    private readonly bool _streams = Streaming.IsWorth(pass.Bytes + pass.OutputRows * pass.OutputRow * sizeof(long))
        && (((nint)pass.Output | (nint)indices) & (Streaming.Line - 1)) == 0 && pass.Geometry.Inner % (2 * TVector.Count) == 0 && pass.Geometry.Inner * sizeof(T) % Streaming.Line == 0;

    public long Units => _pass.OutputRows;

    public long UnitBytes => (_pass.Bytes + _pass.OutputRows * _pass.OutputRow * sizeof(long)) / Units;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, TRank> pass = _pass;
        Axis width = pass.Geometry.Width;
        long channels = pass.Geometry.Inner, plane = pass.Geometry.InputPlane;
        T** rows = (T**)Scratch.Rent(2 * pass.MostRows * sizeof(long));
        long* places = (long*)(rows + pass.MostRows);
        RowCursor<T, TLane, TRank> cursor = new(pass, rows, first);
        for (long row = first; row < end; row++, cursor.Advance())
        {
            int count = cursor.Count;
            for (int i = 0; i < count; i++) places[i] = (rows[i] - pass.Input) / channels % plane;
            for (long ow = 0, output = row * pass.OutputRow; ow < width.OutputLength; ow++, output += channels)
            {
                TapRange taps = width.Taps(ow);
                T* to = pass.Output + output;
                long* at = indices + output;
                bool stands = Positions<T, TLane, TRank, TVector>.IsNumber && count > 0 && taps.Count > 0
                    && (_streams ? Pixel<One, One>(rows, places, count, taps, channels, to, at) : Pixel<One, None>(rows, places, count, taps, channels, to, at));
                if (stands) continue;
                if (_streams) Pixel<None, One>(rows, places, count, taps, channels, to, at);
                else Pixel<None, None>(rows, places, count, taps, channels, to, at);
            }
        }
        if (_streams) Streaming.Finish();
    }

    /// <summary>All channels of one output, two registers at a time: of one the next tap would wait for the one before.</summary>
    /// <typeparam name="TNumbers"><see cref="One"/> where cells are compared as the numbers they are.</typeparam>
    /// <typeparam name="TStreams"><see cref="One"/> where results go around the caches.</typeparam>
    /// <returns>Whether no NaN was met among numbers.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Pixel<TNumbers, TStreams>(T** rows, long* places, int count, TapRange taps, long channels, T* values, long* indices)
        where TNumbers : struct, ICount
        where TStreams : struct, ICount
    {
        long* aside = stackalloc long[TStreams.Value * 2 * TVector.Count];
        TVector most = TVector.Create(TRank.MostNumber), move = TVector.Create(TLane.CreateTruncating(taps.Step)), seen = TVector.Create(TLane.Zero);
        // Only where nothing is above what a window begins with does its first tap keep its place.
        TLane first = TLane.CreateTruncating(count == 0 || taps.Count == 0 ? -1 : places[0] + taps.First);
        int lanes = TVector.Count;
        long start = taps.First * channels, step = taps.Step * channels, last = channels - lanes;
        for (long channel = 0; channel < channels; channel += 2 * lanes)
        {
            // The last registers reach back over those before.
            long low = Math.Min(channel, last), apart = Math.Min(channel + lanes, last) - low;
            TVector winner = TNumbers.Value > 0 ? TVector.Load((TLane*)(rows[0] + start + low)) : TVector.Create(TRank.Identity), winnerPlace = TVector.Create(first);
            TVector other = TNumbers.Value > 0 ? TVector.Load((TLane*)(rows[0] + start + low + apart)) : TVector.Create(TRank.Identity), otherPlace = TVector.Create(first);
            for (int i = 0; i < count; i++)
            {
                TVector place = TVector.Create(TLane.CreateTruncating(places[i] + taps.First));
                T* cell = rows[i] + start + low;
                for (long k = 0; k < taps.Count; k++, cell += step, place += move)
                {
                    if (TStreams.Value > 0) Streaming.Ask(cell, 2 * lanes);
                    if (TNumbers.Value > 0)
                    {
                        TVector a = TVector.Load((TLane*)cell), b = TVector.Load((TLane*)(cell + apart));
                        seen |= TVector.Unordered(a, b);
                        Positions<T, TLane, TRank, TVector>.MeetNumbers(a, place, most, ref winner, ref winnerPlace);
                        Positions<T, TLane, TRank, TVector>.MeetNumbers(b, place, most, ref other, ref otherPlace);
                        continue;
                    }
                    Positions<T, TLane, TRank, TVector>.Meet(default(TRank).Lift<TVector>(cell), place, most, ref winner, ref winnerPlace);
                    Positions<T, TLane, TRank, TVector>.Meet(default(TRank).Lift<TVector>(cell + apart), place, most, ref other, ref otherPlace);
                }
            }
            if (TNumbers.Value > 0)
            {
                Store<TStreams>(Positions<T, TLane, TRank, TVector>.FinishNumbers(winner), values + low);
                Store<TStreams>(Positions<T, TLane, TRank, TVector>.FinishNumbers(other), values + low + apart);
            }
            else
            {
                default(TRank).Finish(winner, default(TVector), values + low);
                default(TRank).Finish(other, default(TVector), values + low + apart);
            }
            if (TStreams.Value > 0)
            {
                winnerPlace.StoreLong(aside);
                otherPlace.StoreLong(aside + lanes);
                for (int i = 0; i < 2 * lanes; i += Streaming.Line / sizeof(long)) Streaming.WriteLine((byte*)(aside + i), (byte*)(indices + low + i));
                continue;
            }
            winnerPlace.StoreLong(indices + low);
            otherPlace.StoreLong(indices + low + apart);
        }
        return TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TStreams>(TVector numbers, T* values)
        where TStreams : struct, ICount
    {
        if (TStreams.Value > 0) numbers.StoreAround((TLane*)values);
        else numbers.Store((TLane*)values);
    }
}
