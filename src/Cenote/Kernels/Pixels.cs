using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>A few channels that come last, taken apart into planes and put together again, a register of each at a time.</summary>
/// <remarks>A register becomes what it is in as many steps as there are channels less one: each takes from the next register what belongs to it.</remarks>
internal static unsafe class Pixels<TCell>
    where TCell : unmanaged
{
    /// <summary>Channels up to which what is picked, and where it stands, fits the registers.</summary>
    public const int MostChannels = 4;

    /// <summary>Pixels to planes.</summary>
    public static void Apart(TCell* pixels, long count, int channels, TCell* planes) => Turn(pixels, count, channels, planes, apart: true);

    /// <summary>Planes to pixels.</summary>
    public static void Together(TCell* planes, long count, int channels, TCell* pixels) => Turn(planes, count, channels, pixels, apart: false);

    private static void Turn(TCell* from, long count, int channels, TCell* to, bool apart)
    {
        if (sizeof(TCell) == sizeof(byte)) Turn((byte*)from, count, channels, (byte*)to, apart);
        else if (sizeof(TCell) == sizeof(ushort)) Turn((ushort*)from, count, channels, (ushort*)to, apart);
        else if (sizeof(TCell) == sizeof(uint)) Turn((uint*)from, count, channels, (uint*)to, apart);
        else Turn((ulong*)from, count, channels, (ulong*)to, apart);
    }

    private static void Turn<TLane>(TLane* from, long count, int channels, TLane* to, bool apart)
        where TLane : unmanaged
    {
        if (channels == 2) Turn<TLane, Two>(from, count, to, apart);
        else if (channels == 3) Turn<TLane, Three>(from, count, to, apart);
        else Turn<TLane, Four>(from, count, to, apart);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Turn<TLane, TChannels>(TLane* from, long count, TLane* to, bool apart)
        where TLane : unmanaged
        where TChannels : struct, ICount
    {
        int lanes = Lanes512<TLane>.Count, channels = TChannels.Value;
        // From one register that is read, or written, to the next of the same pixels; and what a pixel moves them by.
        (long fromStep, long fromMove, long toStep, long toMove) = apart ? ((long)lanes, (long)channels, count, 1L) : (count, 1, lanes, channels);
        TLane* places = stackalloc TLane[MostChannels * (MostChannels - 1) * lanes];
        Number(places, channels, lanes, apart);
        Steps<TLane> first = new(places, 0), second = new(places, 1), third = new(places, 2), fourth = new(places, 3);
        long i = 0;
        for (; count >= lanes && i < count; i += lanes)
        {
            // The last pixels reach back over those before.
            i = Math.Min(i, count - lanes);
            TLane* read = from + i * fromMove, written = to + i * toMove;
            Lanes512<TLane> a = Lanes512<TLane>.Load(read), b = Lanes512<TLane>.Load(read + fromStep), c = default, d = default;
            if (TChannels.Value > 2) c = Lanes512<TLane>.Load(read + 2 * fromStep);
            if (TChannels.Value > 3) d = Lanes512<TLane>.Load(read + 3 * fromStep);
            first.Make<TChannels>(a, b, c, d).Store(written);
            second.Make<TChannels>(a, b, c, d).Store(written + toStep);
            if (TChannels.Value > 2) third.Make<TChannels>(a, b, c, d).Store(written + 2 * toStep);
            if (TChannels.Value > 3) fourth.Make<TChannels>(a, b, c, d).Store(written + 3 * toStep);
        }
        for (; i < count; i++)
            for (int channel = 0; channel < channels; channel++)
                if (apart) to[channel * count + i] = from[i * channels + channel];
                else to[i * channels + channel] = from[channel * count + i];
    }

    /// <summary>For each register that is made, and each that it takes from but the first, where its lanes stand in the two of a step.</summary>
    private static void Number<TLane>(TLane* places, int channels, int lanes, bool apart)
        where TLane : unmanaged
    {
        for (int made = 0; made < channels; made++)
            for (int next = 1; next < MostChannels; next++)
                for (int lane = 0; lane < lanes; lane++, places++)
                {
                    (int register, int place) = apart ? Math.DivRem(lane * channels + made, lanes) : ((made * lanes + lane) % channels, (made * lanes + lane) / channels);
                    int here = register == next ? lanes + place : register == 0 && next == 1 ? place : lane;
                    if (sizeof(TLane) == sizeof(byte)) *(byte*)places = (byte)here;
                    else if (sizeof(TLane) == sizeof(ushort)) *(ushort*)places = (ushort)here;
                    else if (sizeof(TLane) == sizeof(uint)) *(uint*)places = (uint)here;
                    else *(ulong*)places = (ulong)here;
                }
    }

    /// <summary>Where the lanes of a register that is made stand, see <see cref="Number"/>.</summary>
    private readonly struct Steps<TLane>
        where TLane : unmanaged
    {
        private readonly Lanes512<TLane> _second, _third, _fourth;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Steps(TLane* places, int made)
        {
            TLane* mine = places + made * (MostChannels - 1) * Lanes512<TLane>.Count;
            _second = Lanes512<TLane>.Load(mine);
            _third = Lanes512<TLane>.Load(mine + Lanes512<TLane>.Count);
            _fourth = Lanes512<TLane>.Load(mine + 2 * Lanes512<TLane>.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes512<TLane> Make<TChannels>(Lanes512<TLane> a, Lanes512<TLane> b, Lanes512<TLane> c, Lanes512<TLane> d)
            where TChannels : struct, ICount
        {
            Lanes512<TLane> made = Lanes512<TLane>.Ahead(a, b, _second);
            if (TChannels.Value > 2) made = Lanes512<TLane>.Ahead(made, c, _third);
            return TChannels.Value > 3 ? Lanes512<TLane>.Ahead(made, d, _fourth) : made;
        }
    }
}
