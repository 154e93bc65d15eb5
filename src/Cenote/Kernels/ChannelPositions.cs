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
        long channels = pass.Geometry.Inner, most = pass.MostRows * width.MostTaps, aside = 2 * TVector.Count * sizeof(long);
        byte* scratch = (byte*)Scratch.Rent(aside + (pass.MostRows + most) * sizeof(long) + most * sizeof(TLane));
        T** rows = (T**)(scratch + aside);
        long* offsets = (long*)(rows + pass.MostRows);
        Windows windows = new() { Offsets = offsets, Places = (TLane*)(offsets + most), Channels = channels, Step = width.Stride * channels, PlaceStep = width.Stride, Aside = (long*)scratch };
        (long interior, long interiorEnd) = width.IsAdaptive ? (width.OutputLength, width.OutputLength) : width.Interior();
        RowCursor<T, TLane, TRank> cursor = new(pass, rows, first);
        for (long row = first; row < end; row++, cursor.Advance())
        {
            for (long ow = 0, output = row * pass.OutputRow; ow < width.OutputLength; ow += windows.Count, output += windows.Count * channels)
            {
                TapRange taps = width.Taps(ow);
                windows.Count = ow == interior ? Math.Max(1, interiorEnd - ow) : 1;
                windows.Values = pass.Output + output;
                windows.Indices = indices + output;
                windows.Taps = 0;
                for (int i = 0; i < cursor.Count; i++)
                for (long k = 0; k < taps.Count; k++)
                {
                    long offset = rows[i] - rows[0] + k * taps.Step * channels;
                    windows.Offsets[windows.Taps] = offset;
                    windows.Places[windows.Taps++] = TLane.CreateTruncating(offset / channels);
                }
                if (windows.Taps == 0)
                {
                    for (long i = 0; i < windows.Count * channels; i++)
                    {
                        pass.Fold.Finish(TRank.Identity, 0, windows.Values + i);
                        windows.Indices[i] = -1;
                    }
                    continue;
                }
                windows.Cells = rows[0] + taps.First * channels;
                windows.Place = (windows.Cells - pass.Input) / channels % pass.Geometry.InputPlane;
                if (!Positions<T, TLane, TRank, TVector>.IsNumber || !Winners<One>(windows)) Winners<None>(windows);
            }
        }
        if (_streams) Streaming.Finish();
    }

    private bool Winners<TNumbers>(in Windows windows)
        where TNumbers : struct, ICount
    {
        if (_streams) return Winners<TNumbers, One, One>(windows);
        return windows.Channels == TVector.Count && windows.Count > 1 ? Winners<TNumbers, None, Two>(windows) : Winners<TNumbers, None, One>(windows);
    }

    /// <summary>All channels of windows side by side, two registers at a time: of one the next tap would wait for the one before.</summary>
    /// <typeparam name="TNumbers"><see cref="One"/> where cells are compared as the numbers they are.</typeparam>
    /// <typeparam name="TStreams"><see cref="One"/> where results go around the caches.</typeparam>
    /// <typeparam name="TTogether"><see cref="Two"/> where channels are one register, so that that of the next window goes beside.</typeparam>
    /// <returns>Whether no NaN was met among numbers.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Winners<TNumbers, TStreams, TTogether>(in Windows windows)
        where TNumbers : struct, ICount
        where TStreams : struct, ICount
        where TTogether : struct, ICount
    {
        TVector most = TVector.Create(TRank.MostNumber), seen = TVector.Create(TLane.Zero), none = seen;
        TVector start = TVector.Create(TLane.CreateTruncating(windows.Place)), further = TVector.Create(TLane.CreateTruncating(windows.PlaceStep));
        int lanes = TVector.Count, taps = windows.Taps, first = (int)windows.Place, firstStep = (int)windows.PlaceStep;
        long channels = windows.Channels, last = channels - lanes, step = windows.Step;
        long* offsets = windows.Offsets, aside = windows.Aside, indices = windows.Indices;
        TLane* places = windows.Places;
        T* cells = windows.Cells, values = windows.Values;
        for (long count = windows.Count; count > 0; count -= TTogether.Value, cells += TTogether.Value * step, values += TTogether.Value * channels, indices += TTogether.Value * channels)
        {
            TVector otherStart = start;
            int otherFirst = first;
            // A last window that is left over goes beside the one before.
            int side = TTogether.Value == 1 ? 0 : count > 1 ? 1 : -1;
            if (TTogether.Value > 1)
            {
                otherFirst += side * firstStep;
                otherStart = TVector.Create(TLane.CreateTruncating(otherFirst));
            }
            for (long channel = 0; channel < channels; channel += 2 * lanes)
            {
                // The last registers reach back over those before.
                long low = Math.Min(channel, last), beside = TTogether.Value == 1 ? Math.Min(channel + lanes, last) - low : side * lanes, apart = TTogether.Value == 1 ? beside : side * step;
                T* cell = cells + low;
                if (TStreams.Value > 0) Streaming.Ask(cell, 2 * lanes);
                TVector winner = Cells<TNumbers>(cell), other = Cells<TNumbers>(cell + apart), winnerPlace = none, otherPlace = none;
                if (TNumbers.Value > 0) seen |= TVector.Unordered(winner, other);
                for (int tap = 1; tap < taps; tap++)
                {
                    T* next = cell + offsets[tap];
                    TVector a = Cells<TNumbers>(next), b = Cells<TNumbers>(next + apart), place = TVector.Create(places[tap]);
                    if (TStreams.Value > 0) Streaming.Ask(next, 2 * lanes);
                    if (TNumbers.Value > 0)
                    {
                        seen |= TVector.Unordered(a, b);
                        Positions<T, TLane, TRank, TVector>.MeetNumbers(a, place, most, ref winner, ref winnerPlace);
                        Positions<T, TLane, TRank, TVector>.MeetNumbers(b, place, most, ref other, ref otherPlace);
                        continue;
                    }
                    Positions<T, TLane, TRank, TVector>.Meet(a, place, most, ref winner, ref winnerPlace);
                    Positions<T, TLane, TRank, TVector>.Meet(b, place, most, ref other, ref otherPlace);
                }
                if (TNumbers.Value > 0)
                {
                    Store<TStreams>(Positions<T, TLane, TRank, TVector>.FinishNumbers(winner), values + low);
                    Store<TStreams>(Positions<T, TLane, TRank, TVector>.FinishNumbers(other), values + low + beside);
                }
                else
                {
                    default(TRank).Finish(winner, default(TVector), values + low);
                    default(TRank).Finish(other, default(TVector), values + low + beside);
                }
                if (TStreams.Value > 0)
                {
                    Store(winnerPlace, start, first, aside);
                    Store(otherPlace, otherStart, otherFirst, aside + lanes);
                    for (int i = 0; i < 2 * lanes; i += Streaming.Line / sizeof(long)) Streaming.WriteLine((byte*)(aside + i), (byte*)(indices + low + i));
                    continue;
                }
                Store(winnerPlace, start, first, indices + low);
                Store(otherPlace, otherStart, otherFirst, indices + low + beside);
            }
            start += further;
            first += firstStep;
            if (TTogether.Value > 1) (start, first) = (start + further, first + firstStep);
        }
        return TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Cells<TNumbers>(T* cells)
        where TNumbers : struct, ICount => TNumbers.Value > 0 ? TVector.Load((TLane*)cells) : default(TRank).Lift<TVector>(cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TStreams>(TVector numbers, T* values)
        where TStreams : struct, ICount
    {
        if (TStreams.Value > 0) numbers.StoreAround((TLane*)values);
        else numbers.Store((TLane*)values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector places, TVector start, int first, long* indices)
    {
        // Places of a whole plane are too many for the shortest lanes.
        if (sizeof(TLane) == sizeof(short)) places.StoreLong(indices, first);
        else (places + start).StoreLong(indices);
    }

    /// <summary>Windows that see alike, one beside the other.</summary>
    private struct Windows
    {
        /// <summary>The first tap of the first.</summary>
        public T* Cells;

        /// <summary>From a window's first tap to each.</summary>
        public long* Offsets;

        /// <summary>The same in places.</summary>
        public TLane* Places;

        /// <summary>How many taps a window has.</summary>
        public int Taps;

        public long Channels;

        /// <summary>How many windows.</summary>
        public long Count;

        /// <summary>From the first tap of one to that of the next.</summary>
        public long Step;

        /// <summary>The same in places.</summary>
        public long PlaceStep;

        /// <summary>The place of the first tap.</summary>
        public long Place;

        public T* Values;

        public long* Indices;

        /// <summary>Room for the places of two registers.</summary>
        public long* Aside;
    }
}
