using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>Channels last: the taps of a window are runs of channels, combined register by register; no lane ever meets its neighbour.</summary>
internal readonly unsafe struct ChannelsLast<T, TLane, TFold, TVector>(Pass<T, TLane, TFold> pass) : IKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => _pass.OutputRows;

    public long UnitBytes => _pass.Bytes / _pass.OutputRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        Axis width = pass.Geometry.Width;
        long channels = pass.Geometry.Inner;
        int lanes = TVector.Count;
        T** rows = (T**)Scratch.Rent(pass.MostRows * sizeof(T*));
        T* mine = pass.Output + end * pass.OutputRow;
        RowCursor<T, TLane, TFold> cursor = new(pass, rows, first);
        for (long row = first; row < end; row++, cursor.Advance())
        {
            int count = cursor.Count;
            long divisor = cursor.Divisor;
            T* output = pass.Output + row * pass.OutputRow;
            for (long ow = 0; ow < width.OutputLength; ow++)
            {
                TapRange taps = width.Taps(ow);
                T* pixel = output + ow * channels;
                long step = taps.Step * channels, tail = (channels + lanes - 1) / lanes * lanes;
                // Fewer channels than lanes: a register runs on into the next pixel, which is written after.
                if (channels < lanes
                    && (pixel + tail > mine || (count > 0 && rows[count - 1] + (taps.First + (taps.Count - 1) * taps.Step) * channels + tail > pass.InputEnd)))
                {
                    pass.Cells(rows, count, divisor, output, ow, ow + 1);
                    continue;
                }
                TVector scale = pass.RowScale<TVector>(pass.IsUniform ? 1 : divisor * width.Divisor(ow, pass.Fold.CountsPadding));
                for (long channel = 0; channel < channels; channel += lanes)
                {
                    if (channel + lanes > channels && channels >= lanes) channel = channels - lanes;
                    TVector sum = TVector.Create(TFold.Identity);
                    for (int i = 0; i < count; i++)
                    {
                        T* cell = rows[i] + taps.First * channels + channel;
                        for (long k = 0; k < taps.Count; k++, cell += step) sum = TFold.Combine(sum, TFold.Lift<TVector>(cell));
                    }
                    pass.Fold.Finish(sum, scale, pixel + channel);
                }
            }
        }
    }
}
