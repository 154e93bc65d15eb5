using System.Numerics;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection with channels last: of each output that taps a cell, the gradients of those channels whose winner it is, a register at a time.</summary>
/// <remarks>Worth it where few windows tap a cell. Each unit checks its part of the output rows, whichever cells they reach.</remarks>
internal readonly unsafe struct ChannelWinners<T, TLane, TVector, TPlaces> : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, T>
    where TPlaces : struct, ILanes<TPlaces, TLane>
{
    private const long MostWindows = 9;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly IndexCheck<TLane, TPlaces> _check;

    public ChannelWinners(in Geometry geometry, T* gradOutput, long* indices, T* gradInput)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _check = new(geometry, indices);
    }

    public long Units => _geometry.Outer * _geometry.Depth.InputLength * _geometry.Height.InputLength;

    public long UnitBytes => (_geometry.InputPlane * sizeof(T) + _geometry.OutputPlane * (sizeof(T) + sizeof(long))) * _geometry.Inner
        / (_geometry.Depth.InputLength * _geometry.Height.InputLength);

    /// <summary>Whether the channels fill a register and few windows tap a cell.</summary>
    public static bool Fits(in Geometry geometry) =>
        geometry.Inner >= TVector.Count && geometry.MostOutputs <= MostWindows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = _geometry;
        long* offsets = (long*)Scratch.Rent(_check.TableLength * sizeof(TLane) + (MostWindows + 3 * width.InputLength) * sizeof(long));
        TapRange* reaching = (TapRange*)(offsets + MostWindows);
        TLane* table = (TLane*)(reaching + width.InputLength);
        for (long i = 0; i < width.InputLength; i++) reaching[i] = width.Outputs(i);
        _check.Prepare(table);
        long next = Share(first);
        for (long unit = first; unit < end; unit++)
        {
            for (; next < Share(unit + 1); next++)
            {
                long slice = next / height.OutputLength;
                _check.Refuse(next, 1, depth.Taps(slice % depth.OutputLength), height.Taps(next % height.OutputLength), table);
            }
            (long rest, long ih) = Math.DivRem(unit, height.InputLength);
            (long plane, long id) = Math.DivRem(rest, depth.InputLength);
            TapRange d = depth.Outputs(id), h = height.Outputs(ih);
            T* target = _gradInput + unit * width.InputLength * inner;
            for (long iw = 0; iw < width.InputLength; iw++, target += inner)
            {
                TapRange w = reaching[iw];
                int count = 0;
                for (long i = 0, od = d.First; i < d.Count; i++, od += d.Step)
                for (long j = 0, oh = h.First; j < h.Count; j++, oh += h.Step)
                for (long k = 0, ow = w.First; k < w.Count; k++, ow += w.Step)
                    offsets[count++] = (((plane * depth.OutputLength + od) * height.OutputLength + oh) * width.OutputLength + ow) * inner;
                Add(_gradOutput, _indices, offsets, count, TLane.CreateTruncating((id * height.InputLength + ih) * width.InputLength + iw), inner, target);
            }
        }
    }

    /// <summary>How many output rows are checked by the units before.</summary>
    private long Share(long unit) => (long)((Int128)unit * (_geometry.Outer * _geometry.Depth.OutputLength * _geometry.Height.OutputLength) / Units);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* gradOutput, long* indices, long* offsets, int count, TLane cell, long inner, T* target)
    {
        TPlaces here = TPlaces.Create(cell);
        for (long channel = 0; channel < inner; channel += TVector.Count)
        {
            // The last register reaches back over the one before.
            channel = Math.Min(channel, inner - TVector.Count);
            TVector sum = TVector.Create(T.Zero);
            for (int i = 0; i < count; i++)
            {
                long at = offsets[i] + channel;
                TLane* row = (TLane*)(indices + at);
                TPlaces place = TPlaces.Load(row), gradient = Unsafe.BitCast<TVector, TPlaces>(TVector.Load(gradOutput + at));
                // The lower halves, where a lane is half as wide as an index.
                if (sizeof(TLane) < sizeof(long)) place = TPlaces.Even(place, TPlaces.Load(row + TPlaces.Count));
                sum += Unsafe.BitCast<TPlaces, TVector>(TPlaces.WhereEqual(place, here, gradient));
            }
            sum.Store(target + channel);
        }
    }
}
