using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>
/// Of a mean whose taps lie apart, and its windows by so much or a multiple: only every so-manyth cell is ever tapped, by windows without dilation.
/// The gradient of these cells alone is made, and set apart among zeros.
/// </summary>
/// <remarks>Some planes at a time, in a second-level cache.</remarks>
/// <param name="geometry">The window over the input.</param>
/// <param name="lattice">The same over the cells that are tapped.</param>
/// <param name="gradOutput">The gradient of the output.</param>
/// <param name="gradInput">Where the gradient of the input goes.</param>
/// <param name="divisors">The one divisor of all windows.</param>
internal readonly unsafe struct LatticeMean<T, TLane, TSum>(Geometry geometry, Geometry lattice, T* gradOutput, T* gradInput, Divisors divisors) : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TSum : unmanaged, INumber<TSum>
{
    private const long MostBytes = 128 * 1024;

    private static readonly PoolOptions s_alone = new() { Threads = 1 };

    private readonly long _planes = Math.Clamp(MostBytes / Bytes(lattice), 1, geometry.Outer);

    public long Units => (geometry.Outer - 1) / _planes + 1;

    public long UnitBytes => _planes * (geometry.InputPlane + geometry.OutputPlane) * sizeof(T);

    /// <summary>The window over the cells that are tapped, if some are not, and a plane of those is small enough to be kept whole. Channels last are sooner written where they belong.</summary>
    public static bool TryFind(in Geometry geometry, out Geometry lattice)
    {
        lattice = geometry;
        if (geometry.Inner > 1 || !Fits(geometry.Depth) || !Fits(geometry.Height) || !Fits(geometry.Width) || (!Skips(geometry.Depth) && !Skips(geometry.Height) && !Skips(geometry.Width))) return false;
        lattice = geometry with { Depth = geometry.Depth.Phase(0).Axis, Height = geometry.Height.Phase(0).Axis, Width = geometry.Width.Phase(0).Axis };
        return lattice.InputPlane > 0 && Bytes(lattice) <= MostBytes;

        static bool Fits(in Axis axis) => !axis.IsAdaptive && axis.PhaseStep == 1;

        static bool Skips(in Axis axis) => axis is { Kernel: > 1, Dilation: > 1 };
    }

    public void Run(long first, long end)
    {
        T[] memory = ArrayPool<T>.Shared.Rent((int)(_planes * lattice.InputPlane));
        fixed (T* tapped = memory)
        {
            for (long unit = first; unit < end; unit++)
            {
                long plane = unit * _planes, count = Math.Min(_planes, geometry.Outer - plane), cells = geometry.InputPlane;
                GradientPlanner.Mean<T, TLane, TSum>(lattice with { Outer = count }, gradOutput + plane * geometry.OutputPlane, tapped, divisors, s_alone);
                NativeMemory.Clear(gradInput + plane * cells, (nuint)(count * cells * sizeof(T)));
                Spacing.Write(tapped, count, Of(geometry.Depth), Of(geometry.Height), Of(geometry.Width), inner: 1, gradInput + plane * cells);
            }
        }
        ArrayPool<T>.Shared.Return(memory);

        static Spacing Of(in Axis axis)
        {
            (Axis tapped, long first, long apart) = axis.Phase(0);
            return new(tapped.InputLength, first, apart, axis.InputLength);
        }
    }

    private static long Bytes(in Geometry lattice) => lattice.InputPlane * sizeof(T);
}
