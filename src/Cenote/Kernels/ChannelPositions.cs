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
                Pixel(rows, places, count, width.Taps(ow), channels, pass.Output + output, indices + output);
        }
    }

    /// <summary>All channels of one output; the last register reaches back over the one before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Pixel(T** rows, long* places, int count, TapRange taps, long channels, T* values, long* indices)
    {
        TVector most = TVector.Create(TRank.MostNumber), move = TVector.Create(TLane.CreateTruncating(taps.Step));
        long start = taps.First * channels, step = taps.Step * channels, none = count == 0 || taps.Count == 0 ? -1 : places[0] + taps.First;
        for (long channel = 0; channel < channels; channel += TVector.Count)
        {
            channel = Math.Min(channel, channels - TVector.Count);
            // The least there is: only where nothing is above it does the first tap keep its place.
            TVector winner = TVector.Create(TRank.Identity), winnerPlace = TVector.Create(TLane.CreateTruncating(none));
            for (int i = 0; i < count; i++)
            {
                TVector place = TVector.Create(TLane.CreateTruncating(places[i] + taps.First));
                T* cell = rows[i] + start + channel;
                for (long k = 0; k < taps.Count; k++, cell += step, place += move)
                    Positions<T, TLane, TRank, TVector>.Meet(default(TRank).Lift<TVector>(cell), place, most, ref winner, ref winnerPlace);
            }
            default(TRank).Finish(winner, default(TVector), values + channel);
            winnerPlace.StoreLong(indices + channel);
        }
    }
}
