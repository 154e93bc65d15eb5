using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>One window over the whole plane: each plane into one register, then the registers of many planes into one, two lanes to one at a time.</summary>
internal readonly unsafe struct WholePlane<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Of a plane that is read beside others.
    private const int FewRegisters = 16;

    private readonly Pass<T, TLane, TFold> _pass = pass;

    public long Units => (_pass.Geometry.Outer - 1) / TVector.Count + 1;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        int lanes = TVector.Count;
        long cells = pass.Geometry.InputPlane, planes = pass.Geometry.Outer;
        // Aligned, which the stack is not.
        TLane* sums = (TLane*)Scratch.Rent(lanes * lanes * sizeof(TLane));
        TLane* widthScales = stackalloc TLane[lanes];
        bool counts = pass.Fold.CountsPadding;
        TVector scale = pass.RowScale<TVector>(pass.Geometry.Depth.Divisor(0, counts) * pass.Geometry.Height.Divisor(0, counts));
        if (TFold.IsScaled) TVector.Create(pass.Fold.Scale(pass.Geometry.Width.Divisor(0, counts))).Store(widthScales);
        // A last register reaches back over the one before; only what is new of it counts.
        byte* bytes = (byte*)sums;
        long known = lanes - cells % lanes;
        for (long i = 0; i < lanes * sizeof(TLane); i++) bytes[i] = (byte)(i < known * sizeof(TLane) ? 0 : 0xFF);
        TVector tail = TVector.Load(sums);
        bool stands = true;
        for (long unit = first; unit < end; unit++)
        {
            long plane = unit * lanes;
            int group = (int)Math.Min(lanes, planes - plane);
            stands &= Reduce(pass.Fold, pass.Input + plane * cells, cells, group, tail, sums);
            pass.FinishRow(sums, pass.Output + plane, group, scale, widthScales);
        }
        return stands;
    }

    /// <summary>A lane for each plane of a group.</summary>
    private static bool Reduce(TFold fold, T* planes, long cells, int group, in TVector tail, TLane* sums)
    {
        int lanes = TVector.Count;
        bool inFours = !TFold.IsPlaced && lanes >= 4 && group == lanes && cells <= FewRegisters * lanes;
        bool stands = inFours ? Fours(fold, planes, cells, tail, sums) : Ones(fold, planes, cells, group, tail, sums);
        for (int registers = inFours ? lanes / 8 : lanes / 2; registers > 0; registers /= 2)
            for (int i = 0; i < registers; i++) Halve(TVector.Load(sums + 2 * i * lanes), TVector.Load(sums + (2 * i + 1) * lanes)).Store(sums + i * lanes);
        return stands;
    }

    /// <summary>Two lanes to one: those of the first register, then those of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Halve(TVector low, TVector high) => TFold.Combine(TVector.Even(low, high), TVector.Odd(low, high));

    /// <summary>Small planes: four side by side into a register each, which then become one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Fours(TFold fold, T* planes, long cells, in TVector tail, TLane* sums)
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        for (TLane* end = sums + lanes / 4 * lanes; sums < end; sums += lanes, planes += 4 * cells)
        {
            T* a = planes, b = a + cells, c = b + cells, d = c + cells;
            TVector first = identity, second = identity, third = identity, fourth = identity;
            for (long i = 0; i + lanes <= cells; i += lanes)
            {
                Pass<T, TLane, TFold>.Join(fold, ref first, ref second, a + i, b + i, ref seen);
                Pass<T, TLane, TFold>.Join(fold, ref third, ref fourth, c + i, d + i, ref seen);
            }
            if (cells % lanes != 0)
            {
                TVector w = fold.Lift<TVector>(b - lanes), x = fold.Lift<TVector>(c - lanes), y = fold.Lift<TVector>(d - lanes), z = fold.Lift<TVector>(d + cells - lanes);
                TFold.Watch(ref seen, w, x);
                TFold.Watch(ref seen, y, z);
                (first, second) = (TFold.Combine(first, TVector.Select(tail, w, identity)), TFold.Combine(second, TVector.Select(tail, x, identity)));
                (third, fourth) = (TFold.Combine(third, TVector.Select(tail, y, identity)), TFold.Combine(fourth, TVector.Select(tail, z, identity)));
            }
            Halve(Halve(first, second), Halve(third, fourth)).Store(sums);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>A register for each plane.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Ones(TFold fold, T* planes, long cells, int group, in TVector tail, TLane* sums)
    {
        int lanes = TVector.Count;
        TVector seen = TVector.Create(default);
        for (int i = 0; i < group; i++) Plane(fold, planes + i * cells, cells, tail, ref seen).Store(sums + i * lanes);
        for (int i = group; i < lanes; i++) TVector.Create(TFold.Identity).Store(sums + i * lanes);
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Plane(TFold fold, T* plane, long cells, in TVector tail, ref TVector seen)
    {
        if (TFold.IsPlaced) return Placed(fold, plane, cells, tail);
        int lanes = TVector.Count;
        TVector a = TVector.Create(TFold.Identity), b = a, c = a, d = a;
        long i = 0;
        if (4 * lanes <= cells)
        {
            (a, b) = (fold.Lift<TVector>(plane), fold.Lift<TVector>(plane + lanes));
            (c, d) = (fold.Lift<TVector>(plane + 2 * lanes), fold.Lift<TVector>(plane + 3 * lanes));
            TFold.Watch(ref seen, a, b);
            TFold.Watch(ref seen, c, d);
            i = 4 * lanes;
        }
        for (; i + 4 * lanes <= cells; i += 4 * lanes)
        {
            Pass<T, TLane, TFold>.Join(fold, ref a, ref b, plane + i, ref seen);
            Pass<T, TLane, TFold>.Join(fold, ref c, ref d, plane + i + 2 * lanes, ref seen);
        }
        if (i + 2 * lanes <= cells)
        {
            Pass<T, TLane, TFold>.Join(fold, ref a, ref b, plane + i, ref seen);
            i += 2 * lanes;
        }
        if (i + lanes <= cells)
        {
            TVector more = fold.Lift<TVector>(plane + i);
            TFold.Watch(ref seen, more, more);
            c = TFold.Combine(c, more);
            i += lanes;
        }
        if (i < cells)
        {
            TVector last = TVector.Select(tail, fold.Lift<TVector>(plane + cells - lanes), TVector.Create(TFold.Identity));
            TFold.Watch(ref seen, last, last);
            d = TFold.Combine(d, last);
        }
        return TFold.Combine(TFold.Combine(a, b), TFold.Combine(c, d));
    }

    /// <summary>The same where a cell is made a lane by many steps: at one place, else the compiler would call every one of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TVector Placed(TFold fold, T* plane, long cells, in TVector tail)
    {
        int lanes = TVector.Count;
        TVector identity = TVector.Create(TFold.Identity), sum = identity;
        long i = 0;
        for (; i + 2 * lanes <= cells; i += 2 * lanes) sum = TFold.Combine(sum, TFold.Combine(fold.Lift<TVector>(plane + i), fold.Lift<TVector>(plane + i + lanes)));
        for (; i < cells; i += lanes)
        {
            bool isLast = i + lanes > cells;
            TVector more = fold.Lift<TVector>(isLast ? plane + cells - lanes : plane + i);
            if (isLast) more = TVector.Select(tail, more, identity);
            sum = TFold.Combine(sum, more);
        }
        return sum;
    }
}
