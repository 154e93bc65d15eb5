using System.Buffers;
using System.Numerics;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a mean whose windows move by more than one: the gradients with zeros between them, over which windows move by one, so that it is itself a mean.</summary>
/// <remarks>Some planes at a time, in a second-level cache; the zeros stay where they are.</remarks>
/// <param name="geometry">The window over the input.</param>
/// <param name="reversed">The window over the gradients with their zeros.</param>
/// <param name="gradOutput">The gradient of the output.</param>
/// <param name="gradInput">Where the gradient of the input goes.</param>
/// <param name="divisor">The one divisor of all windows.</param>
internal readonly unsafe struct StretchedMean<T, TSum>(Geometry geometry, Geometry reversed, T* gradOutput, T* gradInput, int divisor) : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
{
    private const long MostBytes = 128 * 1024;

    private static readonly PoolOptions s_alone = new() { Threads = 1 };

    private readonly long _planes = Planes(reversed);

    public long Units => (geometry.Outer - 1) / _planes + 1;

    public long UnitBytes => _planes * (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(T);

    /// <summary>Whether a plane is small enough to be kept whole.</summary>
    public static bool Fits(in Geometry reversed) => reversed.InputPlane * reversed.Inner * sizeof(T) <= MostBytes;

    public void Run(long first, long end)
    {
        long cells = reversed.InputPlane * reversed.Inner;
        T[] memory = ArrayPool<T>.Shared.Rent((int)(_planes * cells));
        memory.AsSpan(0, (int)(_planes * cells)).Clear();
        fixed (T* stretched = memory)
        {
            for (long unit = first; unit < end; unit++)
            {
                long plane = unit * _planes, count = Math.Min(_planes, geometry.Outer - plane);
                Spacing.Write(
                    gradOutput + plane * geometry.OutputPlane * geometry.Inner, count,
                    Of(geometry.Depth, reversed.Depth), Of(geometry.Height, reversed.Height), Of(geometry.Width, reversed.Width), geometry.Inner, stretched);
                Geometry some = reversed with { Outer = count };
                T* target = gradInput + plane * geometry.InputPlane * geometry.Inner;
                Fold(some, stretched, target, divisor, s_alone);
            }
        }
        ArrayPool<T>.Shared.Return(memory);

        static Spacing Of(in Axis window, in Axis stretched) => new(window.OutputLength, 0, window.Stride, stretched.InputLength);
    }

    /// <summary>The mean over gradients that are as far apart as windows move.</summary>
    public static void Fold(in Geometry reversed, T* gradients, T* gradInput, int divisor, PoolOptions? options)
    {
        bool ordered = Pool.AddsInOrder<T>(reversed);
        // Of whole numbers the planner knows better what to add them up in.
        if (KnownFolds.IsWhole<T>()) Planner.Fold<T, long, Mean<T, long>>(reversed, gradients, gradInput, new(countPadding: false, divisor), ordered, options);
        else Planner.Fold<T, TSum, Mean<T, TSum>>(reversed, gradients, gradInput, new(countPadding: false, divisor), ordered, options);
    }

    /// <summary>How many planes are stretched at a time.</summary>
    public static long Planes(in Geometry reversed) => Math.Clamp(MostBytes / (reversed.InputPlane * reversed.Inner * sizeof(T)), 1, reversed.Outer);
}
