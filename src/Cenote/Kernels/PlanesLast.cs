using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Many small planes: turned so that they come last, as many at a time as a register has cells, done as if they were channels, and turned back.</summary>
internal readonly unsafe struct PlanesLast<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Of planes that are turned before any is done: so many that beginning costs little, so few that they stay in the second-level cache.
    private const long BatchBytes = 128 * 1024;

    private readonly Pass<T, TLane, TFold> _pass = pass;

    /// <summary>Planes of a unit.</summary>
    private static int Planes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Count * sizeof(TLane) / sizeof(T);
    }

    public long Units => (_pass.Geometry.Outer - 1) / Planes + 1;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        long inputPlane = pass.Geometry.InputPlane, outputPlane = pass.Geometry.OutputPlane, inputUnit = Planes * inputPlane, outputUnit = Planes * outputPlane;
        long batch = Math.Clamp(BatchBytes / ((inputUnit + outputUnit) * sizeof(T)), 1, end - first), slack = Planes * Squares<T, Lanes128<byte>>.Side;
        Geometry turned = pass.Geometry with { Outer = batch, Inner = Planes };
        KernelName name = Planner.Choose(turned, sizeof(T), sizeof(TLane), pass.Fold.IsOrdered, registerBytes: TVector.Count * sizeof(TLane));
        T* input = (T*)Scratch.RentAround((batch + 1) * (inputUnit + outputUnit + slack) * sizeof(T));
        T* output = input + batch * inputUnit + slack, aside = output + batch * outputUnit + slack;
        bool stands = true;
        for (long unit = first; unit < end; unit += batch)
        {
            batch = Math.Min(batch, end - unit);
            for (long i = 0; i < batch; i++) ToLast(pass, (unit + i) * Planes, input + i * inputUnit, aside);
            bool stand;
            Planner.With<T, TLane, TFold, TVector, OnTrial>(name, new(turned with { Outer = batch }, input, output, pass.Fold), new(&stand));
            stands &= stand;
            for (long i = 0; i < batch; i++) ToFirst(pass, (unit + i) * Planes, output + i * outputUnit, aside);
        }
        return stands;
    }

    private static void ToLast(in Pass<T, TLane, TFold> pass, long first, T* to, T* aside)
    {
        long plane = pass.Geometry.InputPlane, left = pass.InputEnd - (pass.Input + first * plane), unit = Planes * plane, side = Squares<T, Lanes128<byte>>.Side;
        T* cells = pass.Input + first * plane;
        // A square may be wider than a plane.
        if (left < unit + (plane < side ? side : 0))
        {
            long count = Math.Min(left, unit);
            Buffer.MemoryCopy(cells, aside, count * sizeof(T), count * sizeof(T));
            new Span<T>(aside + count, (int)(unit + side - count)).Clear();
            cells = aside;
        }
        Squares.ToLast(TVector.Count * sizeof(TLane), cells, plane, plane, to);
    }

    private static void ToFirst(in Pass<T, TLane, TFold> pass, long first, T* cells, T* aside)
    {
        long plane = pass.Geometry.OutputPlane, count = Math.Min(Planes, pass.Geometry.Outer - first), side = Squares<T, Lanes128<byte>>.Side, pitch = Math.Max(plane, side);
        bool isWhole = count == Planes && plane >= side;
        T* output = pass.Output + first * plane, to = isWhole ? output : aside;
        Squares.ToFirst(TVector.Count * sizeof(TLane), cells, pitch, pitch, to);
        if (!isWhole) Put(aside, pitch, count, plane, output);
    }

    /// <summary>Planes that lie apart to where they follow each other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Put(T* planes, long pitch, long count, long plane, T* to)
    {
        long side = Squares<T, Lanes128<byte>>.Side;
        // Of a plane shorter than 16 bytes all of these: what is too much is written after.
        if (plane < side)
            for (; count > side; count--, planes += pitch, to += plane) Vector128.Load((byte*)planes).Store((byte*)to);
        for (; count > 0; count--, planes += pitch, to += plane) Buffer.MemoryCopy(planes, to, plane * sizeof(T), plane * sizeof(T));
    }
}
