using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of a selection over small planes: the gradients added up at their indices where they belong, some planes at a time; where windows do not overlap, moved there as they are.</summary>
internal readonly unsafe struct PlaneScatter<T, TSum, TLane, TVector> : IKernel
    where T : unmanaged, INumber<T>
    where TSum : unmanaged, INumber<TSum>
    where TLane : unmanaged, IBinaryInteger<TLane>, IUnsignedNumber<TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // What is added up stays in the first-level cache, some planes of it, or one where winners are only moved.
    private const long MostBytes = 32 * 1024;

    // Planes in turn, and where so many are small enough.
    private const long Together = 4, MostTogether = 8;

    // Outputs from which it no longer matters how a check begins and ends.
    private const long ManyOutputs = 256;

    private readonly Geometry _geometry;
    private readonly T* _gradOutput;
    private readonly long* _indices;
    private readonly T* _gradInput;
    private readonly PlaneCheck<TLane, TVector> _check;
    private readonly bool _moves;
    private readonly long _checked;
    private readonly long _planes;
    private readonly long _together;

    /// <param name="geometry">The window over the input.</param>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="indices">The winners.</param>
    /// <param name="gradInput">Where the gradient of the input goes.</param>
    public PlaneScatter(in Geometry geometry, T* gradOutput, long* indices, T* gradInput)
    {
        _geometry = geometry;
        _gradOutput = gradOutput;
        _indices = indices;
        _gradInput = gradInput;
        _moves = GradientPlanner.IsDisjoint(geometry);
        _checked = Math.Clamp(ManyOutputs / geometry.OutputPlane, 1, geometry.Outer);
        _together = MostTogether * geometry.InputPlane * sizeof(TSum) <= MostBytes ? MostTogether : Together;
        if (_checked > Together) _checked -= _checked % Together;
        _planes = _moves ? _checked : Math.Max(_together, _checked);
        _check = new(geometry, indices, _checked);
    }

    public long Units => _geometry.Outer;

    public long UnitBytes => _geometry.InputPlane * sizeof(T) + _geometry.OutputPlane * (sizeof(T) + sizeof(long));

    public static bool Fits(in Geometry geometry) => geometry.InputPlane * sizeof(TSum) <= MostBytes / (GradientPlanner.IsDisjoint(geometry) ? 1 : Together) && PlaneCheck<TLane, TVector>.Fits(geometry);

    // Cells that are sums are added up where they belong.
    private static bool IsWide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(TSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        long cells = _geometry.InputPlane, outputs = _geometry.OutputPlane, asideCells = IsWide || _moves ? 0 : _planes * cells, asideOutputs = IsWide || _moves ? 0 : _planes * outputs;
        TSum* aside = (TSum*)Scratch.Rent((asideCells + asideOutputs) * sizeof(TSum) + _check.TableLength * sizeof(TLane));
        TLane* table = (TLane*)(aside + asideCells + asideOutputs);
        _check.Prepare(table);
        for (long plane = first, count; plane < end; plane += count)
        {
            count = Math.Min(_planes, end - plane);
            T* target = _gradInput + plane * cells, gradients = _gradOutput + plane * outputs;
            long* indices = _indices + plane * outputs;
            for (long i = 0; i < count; i += _checked) _check.Refuse(plane + i, Math.Min(_checked, count - i), table);
            if (_moves)
            {
                NativeMemory.Clear(target, (nuint)(count * cells * sizeof(T)));
                Move(gradients, indices, outputs, count, target, cells);
                continue;
            }
            TSum* sums = IsWide ? (TSum*)target : aside, shares = IsWide ? (TSum*)gradients : aside + asideCells;
            NativeMemory.Clear(sums, (nuint)(count * cells * sizeof(TSum)));
            if (!IsWide) Sums<T, TSum>.Widen(gradients, shares, count * outputs);
            for (long done = 0, some; done < count; done += some)
            {
                some = count - done >= _together ? _together : count - done >= Together ? Together : 1;
                if (some == 1) Add(shares + done * outputs, indices + done * outputs, outputs, sums + done * cells);
                else if (some == Together) AddTogether<None>(shares + done * outputs, indices + done * outputs, outputs, sums + done * cells, cells);
                else AddTogether<Four>(shares + done * outputs, indices + done * outputs, outputs, sums + done * cells, cells);
            }
            if (!IsWide) Sums<T, TSum>.Round(sums, target, count * cells);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Move(T* gradients, long* indices, long count, long planes, T* target, long cells)
    {
        for (; planes > 0; planes--, target += cells)
        for (T* end = gradients + count; gradients < end; gradients++, indices++)
            if (*indices >= 0) target[*indices] = *gradients;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(TSum* gradients, long* indices, long count, TSum* sums)
    {
        for (long i = 0; i < count; i++)
            if (indices[i] >= 0) sums[indices[i]] += gradients[i];
    }

    /// <summary>Several planes in turn: where neighbouring windows have one winner, an addition waits for the one before, and the processor comes to expect it.</summary>
    /// <typeparam name="TMore">Planes beyond the first four.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddTogether<TMore>(TSum* gradients, long* indices, long count, TSum* sums, long cells)
        where TMore : struct, ICount
    {
        TSum* sums1 = sums + cells, sums2 = sums1 + cells, sums3 = sums2 + cells, sums4 = sums3 + cells, sums5 = sums4 + cells, sums6 = sums5 + cells, sums7 = sums6 + cells;
        TSum* further = gradients + 4 * count;
        long* behind = indices + 4 * count;
        for (TSum* end = gradients + count; gradients < end; gradients++, indices++)
        {
            long index = indices[0], index1 = indices[count], index2 = indices[2 * count], index3 = indices[3 * count];
            if (index >= 0) sums[index] += gradients[0];
            if (index1 >= 0) sums1[index1] += gradients[count];
            if (index2 >= 0) sums2[index2] += gradients[2 * count];
            if (index3 >= 0) sums3[index3] += gradients[3 * count];
            if (TMore.Value == 0) continue;
            (index, index1, index2, index3) = (behind[0], behind[count], behind[2 * count], behind[3 * count]);
            if (index >= 0) sums4[index] += further[0];
            if (index1 >= 0) sums5[index1] += further[count];
            if (index2 >= 0) sums6[index2] += further[2 * count];
            if (index3 >= 0) sums7[index3] += further[3 * count];
            further++;
            behind++;
        }
    }
}
