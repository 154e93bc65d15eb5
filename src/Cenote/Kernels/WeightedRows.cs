using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>Rows that are added up by their weights, in double.</summary>
internal static unsafe class WeightedRows
{
    /// <summary>Whether cells become doubles by the register.</summary>
    public static bool Knows<T>()
        where T : unmanaged => typeof(T) == typeof(float) || typeof(T) == typeof(double) || KnownFolds.IsWhole<T>();

    /// <summary>Adds up rows of cells that are <see cref="Knows{T}">known</see>.</summary>
    /// <param name="rows">Where they begin.</param>
    /// <param name="weights">The weight of each.</param>
    /// <param name="count">How many there are; of none the sums are 0.</param>
    /// <param name="sums">Where the sums go: double or float, outside of the rows.</param>
    /// <param name="length">Cells of a row.</param>
    public static void Add<T, TSum>(T** rows, double* weights, long count, TSum* sums, long length)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        if (Vector512.IsHardwareAccelerated && length >= Vector512<double>.Count) Add<T, TSum, Lanes512<double>>(rows, weights, count, sums, length);
        else if (Vector256.IsHardwareAccelerated && length >= Vector256<double>.Count) Add<T, TSum, Lanes256<double>>(rows, weights, count, sums, length);
        else if (length >= Vector128<double>.Count) Add<T, TSum, Lanes128<double>>(rows, weights, count, sums, length);
        else
            for (long i = 0; i < length; i++)
            {
                double sum = 0;
                for (long row = 0; row < count; row++) sum += weights[row] * double.CreateTruncating(rows[row][i]);
                sums[i] = TSum.CreateSaturating(sum);
            }
    }

    /// <summary>Adds up every other cell of rows, each a register longer than what is added.</summary>
    public static void AddEven<TSum>(double** rows, double* weights, long count, TSum* sums, long length)
        where TSum : unmanaged, INumber<TSum>
    {
        if (Vector512.IsHardwareAccelerated && length >= Vector512<double>.Count) AddEven<TSum, Lanes512<double>>(rows, weights, count, sums, length);
        else if (Vector256.IsHardwareAccelerated && length >= Vector256<double>.Count) AddEven<TSum, Lanes256<double>>(rows, weights, count, sums, length);
        else if (length >= Vector128<double>.Count) AddEven<TSum, Lanes128<double>>(rows, weights, count, sums, length);
        else
            for (long i = 0; i < length; i++)
            {
                double sum = 0;
                for (long row = 0; row < count; row++) sum += weights[row] * rows[row][2 * i];
                sums[i] = TSum.CreateSaturating(sum);
            }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add<T, TSum, TVector>(T** rows, double* weights, long count, TSum* sums, long length)
        where T : unmanaged
        where TSum : unmanaged
        where TVector : struct, ILanes<TVector, double>
    {
        long i = 0;
        for (; i + 2 * TVector.Count <= length; i += 2 * TVector.Count)
        {
            TVector left = TVector.Create(0), right = left;
            for (long row = 0; row < count; row++)
            {
                TVector weight = TVector.Create(weights[row]);
                T* cells = rows[row] + i;
                left += weight * TVector.Widen(cells);
                right += weight * TVector.Widen(cells + TVector.Count);
            }
            left.Narrow(sums + i);
            right.Narrow(sums + i + TVector.Count);
        }
        for (; i < length; i += TVector.Count)
        {
            // The last register reaches back over the one before.
            i = Math.Min(i, length - TVector.Count);
            TVector sum = TVector.Create(0);
            for (long row = 0; row < count; row++) sum += TVector.Create(weights[row]) * TVector.Widen(rows[row] + i);
            sum.Narrow(sums + i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddEven<TSum, TVector>(double** rows, double* weights, long count, TSum* sums, long length)
        where TSum : unmanaged
        where TVector : struct, ILanes<TVector, double>
    {
        for (long i = 0; i < length; i += TVector.Count)
        {
            i = Math.Min(i, length - TVector.Count);
            TVector sum = TVector.Create(0);
            for (long row = 0; row < count; row++)
            {
                double* cells = rows[row] + 2 * i;
                sum += TVector.Create(weights[row]) * TVector.Even(TVector.Load(cells), TVector.Load(cells + TVector.Count));
            }
            sum.Narrow(sums + i);
        }
    }
}
