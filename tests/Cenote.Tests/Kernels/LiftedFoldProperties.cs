using System.Numerics;
using Cenote.Gradients;
using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>Norms and weighted means by their parts, against the fold cell by cell.</summary>
public unsafe class LiftedFoldProperties : KernelProperties
{
    [Fact]
    public void Of_any_cells_equal_the_walk()
    {
        All<float>(Reals(x => (float)x), 1e-6);
        All<double>(Reals(x => x), 1e-11);
        All<Half>(Reals(x => (Half)x), 2e-3);
        All<BFloat16>(Reals(x => (BFloat16)(float)x), 2e-2);
        All<byte>(Wholes<byte>(), 0);
        All<short>(Wholes<short>(), 0);
        All<int>(Wholes<int>(), 1e-9);
        All<uint>(Wholes<uint>(), 1e-9);
    }

    [Fact]
    public void Of_finite_cells_equal_the_walk()
    {
        All<float>(random => (float)(random.NextDouble() * 20 - 5), 1e-6);
        All<float>(random => random.Next(2) == 0 ? 0 : (float)random.NextDouble(), 1e-6);
        // The largest and the smallest there are.
        All<float>(random => (float)((random.NextDouble() - 0.3) * Math.ScaleB(1, random.Next(-148, 127))), 1e-6);
        All<double>(random => random.NextDouble() * 20 - 5, 1e-11);
        All<double>(random => (random.NextDouble() - 0.3) * Math.ScaleB(1, random.Next(-1060, 1022)), 1e-11);
        All<Half>(random => (Half)(random.NextDouble() * 20 - 5), 2e-3);
        All<BFloat16>(random => (BFloat16)(float)(random.NextDouble() * 20 - 5), 1e-2);
        Check<BFloat16, ScaledSum, Norm<BFloat16>>(new(2), random => (BFloat16)(float)((random.NextDouble() - 0.3) * Math.ScaleB(1, random.Next(-132, 127))), 1e-2);
    }

    [Fact]
    public void Gradients_equal_the_walk()
    {
        Gradients<float>(random => (float)(random.NextDouble() * 20 - 5), 1e-5);
        Gradients<float>(random => random.Next(2) == 0 ? 0 : (float)random.NextDouble(), 1e-5);
        Gradients<float>(Reals(x => (float)x), 1e-5);
        Gradients<double>(random => random.NextDouble() * 20 - 5, 1e-10);
        Gradients<Half>(random => (Half)(random.NextDouble() * 20 - 5), 4e-3);
        Gradients<short>(random => (short)random.Next(-200, 200), 1);
    }

    private static void Gradients<T>(Func<Random, T> cell, double tolerance)
        where T : unmanaged, INumber<T>
    {
        foreach (double p in (double[])[1, 2, 2.5, 3])
        {
            Differentiate<T, ScaledSum, Norm<T>>(new(p), cell, tolerance);
            Differentiate<T, ScaledSum, GeneralizedMean<T>>(new(p), cell, tolerance);
        }
        Differentiate<T, double, TorchNorm<T>>(new(2, new Window(2), 2), cell, tolerance);
        Differentiate<T, WeightedMean, SoftMean<T>>(default, cell, tolerance);
    }

    private static void Differentiate<T, TAccumulator, TReducer>(TReducer reducer, Func<Random, T> cell, double tolerance)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TReducer : struct, IDifferentiable<TReducer, T, TAccumulator> => Sample(cell, (geometry, input) =>
        {
            if (!LiftedWalk<T, T, TAccumulator, TReducer>.Fits(geometry)) return;
            T[] expected = new T[geometry.Outer * geometry.InputPlane * geometry.Inner], actual = new T[expected.Length];
            Random random = new(expected.Length);
            T[] gradients = [.. Enumerable.Range(0, (int)(geometry.Outer * geometry.OutputPlane * geometry.Inner)).Select(_ => T.CreateTruncating(random.Next(-8, 9)))];
            fixed (T* from = gradients, walked = expected, to = actual)
            {
                Pool.Walk<T, TAccumulator, TReducer>(geometry, from, input, walked, reducer, null);
                LiftedGradient<T, TAccumulator, TReducer> kernel = new(geometry, from, input, to, reducer, (ILiftedGradient)(object)reducer);
                kernel.Run(0, kernel.Units);
            }
            for (int i = 0; i < actual.Length; i++)
            {
                double right = double.CreateTruncating(expected[i]), found = double.CreateTruncating(actual[i]);
                if (!found.Equals(right) && !(Math.Abs(found - right) <= tolerance * Math.Max(1, Math.Abs(right)))) Assert.Fail($"cell {i} of {typeof(TReducer).Name} is {found:R}, not {right:R}");
            }
        }, iter: 20);

    private static void All<T>(Func<Random, T> cell, double tolerance)
        where T : unmanaged, INumber<T>
    {
        foreach (double p in (double[])[1, 2, 2.5, 3, 4, 20, double.PositiveInfinity])
        {
            Check<T, ScaledSum, Norm<T>>(new(p), cell, tolerance);
            Check<T, ScaledSum, GeneralizedMean<T>>(new(p), cell, tolerance);
        }
        Check<T, double, TorchNorm<T>>(new(2, new Window(2), 2), cell, tolerance);
        Check<T, double, TorchNorm<T>>(new(3, new Window(2), 2), cell, tolerance);
        foreach (double ratio in (double[])[0, 0.3, 1]) Check<T, MixedSum, Mixed<T>>(new(ratio), cell, tolerance);
        Check<T, WeightedMean, SoftMean<T>>(default, cell, tolerance);
        Check<T, WeightedMean, StochasticMean<T>>(default, cell, tolerance);
    }

    private static void Check<T, TAccumulator, TReducer>(TReducer reducer, Func<Random, T> cell, double tolerance)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator> => Sample(cell, (geometry, input) =>
        {
            bool isWhole = T.IsZero(T.CreateTruncating(0.5));
            T[] expected = new T[geometry.Outer * geometry.OutputPlane * geometry.Inner], actual = new T[expected.Length];
            fixed (T* walked = expected, to = actual)
            {
                SeparableWalk.Run<T, TAccumulator, TReducer>(geometry, input, walked, reducer);
                Planner.Fold<T, TAccumulator, TReducer>(geometry, input, to, reducer, ordered: false, null);
            }
            for (int i = 0; i < actual.Length; i++)
            {
                double right = double.CreateTruncating(expected[i]), found = double.CreateTruncating(actual[i]);
                // Weights of cells far apart bring a mean as near to a whole number as one likes, to which it is cut or not.
                double apart = isWhole && (tolerance > 0 || typeof(TAccumulator) == typeof(WeightedMean)) ? Math.Max(1, tolerance * Math.Abs(right)) : tolerance * Math.Abs(right) + (isWhole ? 0 : double.Epsilon);
                bool same = found.Equals(right) || Math.Abs(found - right) <= apart;
                if (!same) Assert.Fail($"output {i} of {typeof(TReducer).Name} is {found:R}, not {right:R}");
            }
        }, iter: 20);
}
