using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>Of means whose windows do not overlap: what each output's gradient gives its cells.</summary>
internal static unsafe class Shares
{
    /// <summary>Gradients over their divisors; behind them there is room for a register.</summary>
    /// <param name="pass">The window, of which gradients are the output.</param>
    /// <param name="gradients">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="rowScale">See <see cref="Pass{T, TLane, TFold}.RowScale{TVector}"/>.</param>
    /// <param name="widthScales">Where windows differ, what else each is divided by.</param>
    /// <param name="shares">Where they go.</param>
    /// <returns>Whether the fold stands by them, see <see cref="IFold{T, TLane}.Watch"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static bool Divide<T, TLane, TFold, TVector>(in Pass<T, TLane, TFold> pass, T* gradients, long count, TVector rowScale, TLane* widthScales, T* shares)
        where T : unmanaged
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
        where TVector : struct, ILanes<TVector, TLane>
    {
        TFold fold = pass.Fold;
        bool isUniform = pass.IsUniform;
        TVector seen = TVector.Create(default);
        // The last register writes beyond the shares, for which there is room, but may not read there.
        long safe = gradients + (count + TVector.Count) <= pass.Output + pass.OutputRows * pass.OutputRow ? count : count - TVector.Count + 1, i = 0;
        if (sizeof(T) < sizeof(TLane) && TFold.IsSplit && isUniform)
        {
            for (; i + 2 * TVector.Count <= count; i += 2 * TVector.Count)
            {
                Pass<T, TLane, TFold>.Pair(fold, gradients + i, out TVector even, out TVector odd, ref seen);
                Pass<T, TLane, TFold>.FinishPair(fold, even, odd, rowScale, shares + i);
            }
        }
        for (; i < safe; i += TVector.Count) One<T, TLane, TFold, TVector>(fold, gradients + i, Pass<T, TLane, TFold>.ScaleOf(isUniform, rowScale, widthScales + i), shares + i, ref seen);
        if (i < count)
        {
            T* few = stackalloc T[TVector.Count];
            for (long k = 0; k < TVector.Count; k++) few[k] = i + k < count ? gradients[i + k] : default;
            One<T, TLane, TFold, TVector>(fold, few, Pass<T, TLane, TFold>.ScaleOf(isUniform, rowScale, widthScales + i), shares + i, ref seen);
        }
        return !TFold.IsWatchful || TFold.Stands(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<T, TLane, TFold, TVector>(TFold fold, T* gradients, TVector scale, T* shares, ref TVector seen)
        where T : unmanaged
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector cells = fold.Lift<TVector>(gradients);
        TFold.Watch(ref seen, cells, cells);
        fold.Finish(cells, scale, shares);
    }
}
