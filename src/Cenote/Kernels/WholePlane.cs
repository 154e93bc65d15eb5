using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>One window over the whole plane: each plane into one register, then the registers of many planes into one, two lanes to one at a time.</summary>
internal readonly unsafe struct WholePlane<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass) : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Of a plane that is read beside others; longer ones are sooner read one after the other.
    private const int FewBytes = 1024;

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
        TVector tail = Pass<T, TLane, TFold>.Mark<TVector>(lanes - cells % lanes, cells % lanes);
        int together = Together;
        long groups = TFold.IsPlaced || cells * sizeof(T) > FewBytes ? 0 : (Math.Min(end * lanes, planes) - first * lanes) / together;
        bool stands = Groups(
            pass.Fold, pass.Input + first * lanes * cells, cells, groups, tail, sums, pass.Output + first * lanes,
            Pass<T, TLane, TFold>.ScaleOf(pass.IsUniform, scale, widthScales));
        for (long unit = first + groups * together / lanes; unit < end; unit++)
        {
            long plane = unit * lanes;
            int group = (int)Math.Min(lanes, planes - plane);
            stands &= Ones(pass.Fold, pass.Input + plane * cells, cells, group, tail, sums);
            Halve(sums, lanes);
            pass.FinishRow(sums, pass.Output + plane, group, scale, widthScales);
        }
        return stands;
    }

    /// <summary>Two lanes to one: those of the first register, then those of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Halve(TVector low, TVector high) => TFold.Combine(TVector.Even(low, high), TVector.Odd(low, high));

    /// <summary>Registers to one, two lanes to one at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halve(TLane* sums, int registers)
    {
        int lanes = TVector.Count;
        for (registers /= 2; registers > 0; registers /= 2)
            for (int i = 0; i < registers; i++) Halve(TVector.Load(sums + 2 * i * lanes), TVector.Load(sums + (2 * i + 1) * lanes)).Store(sums + i * lanes);
    }

    // Planes to a group: one for each lane.
    private static int Together
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Max(TVector.Count, 4);
    }

    /// <summary>Small planes: four side by side into a register each, which then become one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Groups(TFold fold, T* planes, long cells, long groups, in TVector tail, TLane* sums, T* output, in TVector rowScale)
    {
        int lanes = TVector.Count, together = Together;
        TVector one = TVector.Create(fold.Scale(1)), scale = rowScale, identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        for (; groups > 0; groups--, output += together)
        {
            TVector a = identity, b = identity, c = identity, d = identity;
            for (int i = 1; 4 * i <= together; i++, planes += 4 * cells)
            {
                Four(fold, planes, cells, tail, identity, one, ref seen, out TVector low, out TVector high);
                if (lanes == 2) fold.Finish(low, scale, output);
                (a, b, c, d) = (b, c, d, lanes == 2 ? high : Halve(low, high));
                if (together > 16 && i % 4 == 0) Halve(Halve(a, b), Halve(c, d)).Store(sums + (i / 4 - 1) * lanes);
            }
            if (together == 8) d = Halve(c, d);
            if (together == 16) d = Halve(Halve(a, b), Halve(c, d));
            if (together > 16)
            {
                Halve(sums, together / 16);
                d = TVector.Load(sums);
            }
            fold.Finish(d, scale, output + together - lanes);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    /// <summary>Four planes to two registers, each plane to half of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(TFold fold, T* a, long cells, in TVector tail, TVector identity, TVector one, ref TVector seen, out TVector low, out TVector high)
    {
        int lanes = TVector.Count;
        T* b = a + cells, c = b + cells, d = c + cells;
        TVector first = fold.Lift<TVector>(a), second = fold.Lift<TVector>(b), third = fold.Lift<TVector>(c), fourth = fold.Lift<TVector>(d);
        TFold.Watch(ref seen, first, second);
        TFold.Watch(ref seen, third, fourth);
        long i = lanes;
        for (; i + lanes <= cells; i += lanes)
        {
            TVector w = fold.Lift<TVector>(a + i), x = fold.Lift<TVector>(b + i), y = fold.Lift<TVector>(c + i), z = fold.Lift<TVector>(d + i);
            TFold.Watch(ref seen, w, x);
            TFold.Watch(ref seen, y, z);
            (first, second) = (Pass<T, TLane, TFold>.CombineBeside(first, w, one), Pass<T, TLane, TFold>.CombineBeside(second, x, one));
            (third, fourth) = (Pass<T, TLane, TFold>.CombineBeside(third, y, one), Pass<T, TLane, TFold>.CombineBeside(fourth, z, one));
        }
        if (i < cells)
        {
            i = cells - lanes;
            TVector w = fold.Lift<TVector>(a + i), x = fold.Lift<TVector>(b + i), y = fold.Lift<TVector>(c + i), z = fold.Lift<TVector>(d + i);
            TFold.Watch(ref seen, w, x);
            TFold.Watch(ref seen, y, z);
            (first, second) = (TFold.Combine(first, TVector.Select(tail, w, identity)), TFold.Combine(second, TVector.Select(tail, x, identity)));
            (third, fourth) = (TFold.Combine(third, TVector.Select(tail, y, identity)), TFold.Combine(fourth, TVector.Select(tail, z, identity)));
        }
        (low, high) = (Halve(first, second), Halve(third, fourth));
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
        T* cell = plane, end = plane + cells;
        for (T* last = end - 4 * lanes; cell <= last; cell += 4 * lanes)
        {
            Pass<T, TLane, TFold>.Join(fold, ref a, ref b, cell, ref seen);
            Pass<T, TLane, TFold>.Join(fold, ref c, ref d, cell, ref seen, register: 2);
        }
        if (cell + 2 * lanes <= end)
        {
            Pass<T, TLane, TFold>.Join(fold, ref a, ref b, cell, ref seen);
            cell += 2 * lanes;
        }
        if (cell + lanes <= end)
        {
            TVector more = fold.Lift<TVector>(cell);
            TFold.Watch(ref seen, more, more);
            c = TFold.Combine(c, more);
            cell += lanes;
        }
        if (cell < end)
        {
            TVector last = TVector.Select(tail, fold.Lift<TVector>(end - lanes), TVector.Create(TFold.Identity));
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
