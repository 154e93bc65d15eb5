using System.Numerics;

namespace Cenote.Kernels;

/// <summary>Maxima or minima with their places over few channels that come last: the planes of an image taken apart, done by <see cref="Positions{T, TLane, TRank, TVector}"/>, and the winners put together again.</summary>
internal readonly unsafe struct PixelPositions<T, TLane, TRank, TVector>(Geometry geometry, T* input, T* values, long* indices) : IKernel
    where T : unmanaged
    where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    where TRank : struct, IRank<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    public long Units => geometry.Outer;

    public long UnitBytes => geometry.Inner * (geometry.InputPlane * sizeof(T) + geometry.OutputPlane * (sizeof(T) + sizeof(long)));


    public void Run(long first, long end)
    {
        long cells = geometry.InputPlane, outputs = geometry.OutputPlane;
        int channels = (int)geometry.Inner;
        long* places = (long*)Scratch.RentAround(UnitBytes);
        T* apart = (T*)(places + channels * outputs), winners = apart + channels * cells;
        Positions<T, TLane, TRank, TVector> planes = new(new(geometry with { Outer = channels, Inner = 1 }, apart, winners, default), places);
        for (long image = first; image < end; image++)
        {
            Pixels<T>.Apart(input + image * channels * cells, cells, channels, apart);
            planes.Run(0, planes.Units);
            Pixels<T>.Together(winners, outputs, channels, values + image * channels * outputs);
            Pixels<long>.Together(places, outputs, channels, indices + image * channels * outputs);
        }
    }
}
