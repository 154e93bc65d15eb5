using System.Numerics;
using System.Runtime.InteropServices;
using Cenote.Kernels;
using CsCheck;

namespace Cenote.Tests.Kernels;

/// <summary>Every kernel that fits a random window, at the registers of <see cref="Registers"/>, against the walks cell by cell: what its parts have in common, which run side by side.</summary>
public abstract unsafe class KernelProperties
{
    private protected const int Cases = 150;

    private static readonly Gen<int> GenKernel = Gen.Frequency((6, Gen.Int[1, 4]), (2, Gen.Int[5, 9]), (1, Gen.Int[10, 40]));

    private static readonly Gen<int> GenLength = Gen.Frequency((4, Gen.Int[1, 12]), (3, Gen.Int[13, 40]), (2, Gen.Int[41, 150]));

    private static readonly Gen<Axis?> GenSliding =
        from length in GenLength
        from kernel in GenKernel
        from stride in Gen.Frequency((3, Gen.Const(1)), (3, Gen.Const(2)), (2, Gen.Int[3, 5]), (1, Gen.Int[6, 40]))
        from dilation in Gen.Frequency((5, Gen.Const(1)), (2, Gen.Int[2, 3]), (1, Gen.Int[4, 30]))
        from before in Gen.Frequency((4, Gen.Int[0, 1]), (2, Gen.Int[2, 6]), (1, Gen.Int[7, 40]))
        from after in Gen.Frequency((4, Gen.Int[0, 1]), (2, Gen.Int[2, 6]), (1, Gen.Int[7, 40]))
        from ceil in Gen.Bool
        let axis = Axis.Sliding(length, kernel, stride, dilation, before, after, ceil)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // The windows that have a kernel of their own, at any length.
    private static readonly Gen<Axis?> GenTwo = GenLength.Select(length => length >= 2 ? Axis.Sliding(length, 2, 2, 1, 0, 0, false) : (Axis?)null);

    private static readonly Gen<Axis?> GenThree =
        from length in GenLength
        from stride in Gen.Int[1, 2]
        from tapToTap in Gen.Bool
        from before in Gen.Int[0, 2]
        from after in Gen.Int[0, 2]
        from ceil in Gen.Bool
        let axis = Axis.Sliding(length, 3, stride, tapToTap ? stride : 1, before, after, ceil)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // Longer than a few taps, one apart, padded so that the output is about as long as the input.
    private static readonly Gen<Axis?> GenLong =
        from length in GenLength
        from kernel in Gen.Frequency((3, Gen.Int[4, 16]), (1, Gen.Int[17, 70]))
        from before in Gen.Int[0, 1]
        from after in Gen.Int[0, 1]
        let axis = Axis.Sliding(length, kernel, 1, 1, before * (kernel / 2), after * ((kernel - 1) / 2), ceil: false)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // Some apart along long rows, so that many groups of windows lie wholly inside and each tap is of one phase of the stride.
    private static readonly Gen<Axis?> GenApart =
        from length in Gen.Int[60, 400]
        from kernel in Gen.Int[1, 12]
        from stride in Gen.Int[3, 5]
        from dilation in Gen.Int[1, 3]
        from before in Gen.Int[0, 6]
        from after in Gen.Int[0, 6]
        select (Axis?)Axis.Sliding(length, kernel, stride, dilation, before, after, ceil: false);

    private static readonly Gen<Axis?> GenAxis = Gen.Frequency(
        (6, GenSliding), (2, GenTwo), (4, GenThree), (3, GenLong), (2, GenApart),
        (1, GenLength.Select(length => (Axis?)Axis.Global(length))),
        (2, Gen.Select(GenLength, Gen.Int[1, 20], (length, output) => (Axis?)Axis.Adaptive(length, output))));

    // A depth of one cell is not always none: its window may reach into padding.
    private static readonly Gen<Axis?> GenSlice =
        from kernel in Gen.Int[1, 3]
        from before in Gen.Int[0, 2]
        from after in Gen.Int[0, 2]
        let axis = Axis.Sliding(1, kernel, 1, 1, before, after, ceil: false)
        select axis.OutputLength >= 1 ? axis : (Axis?)null;

    // Small planes as wide and high as their output.
    private static readonly Gen<Geometry> s_genShortRows =
        from width in Gen.Int[1, 34]
        from height in Gen.Int[1, 12]
        from outer in Gen.Int[1, 60]
        where outer * width * height < 8000
        select new Geometry(outer, Axis.Unit, Axis.Sliding(height, 3, 1, 1, 1, 1, false), Axis.Sliding(width, 3, 1, 1, 1, 1, false), 1);

    // Many small planes, any window.
    private static readonly Gen<Geometry> s_genPlanes =
        from width in GenAxis
        from height in GenAxis
        from outer in Gen.Int[8, 150]
        where width is not null && height is not null
        let made = new Geometry(outer, Axis.Unit, height.Value, width.Value, 1)
        where made.InputPlane < 600 && made.Outer * made.OutputPlane * Math.Min(made.MostTaps, 2000) < 2_000_000
        select made;

    private static readonly Gen<Geometry> s_genAny =
        from rank in Gen.Frequency((2, Gen.Const(1)), (4, Gen.Const(2)), (2, Gen.Const(3)))
        from same in Gen.Bool
        from width in GenAxis
        from height in GenAxis
        from depth in Gen.Frequency((3, GenSliding), (1, GenSlice))
        from outer in Gen.Frequency((3, Gen.Int[1, 3]), (1, Gen.Int[4, 40]))
        from inner in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 70]), (1, Gen.Int[64, 140]), (1, Gen.Int[1, 4].Select(registers => 32 * registers)))
        where width is not null && height is not null && depth is not null
        let made = new Geometry(outer, rank == 3 ? depth.Value : Axis.Unit, rank == 1 ? Axis.Unit : same ? width.Value : height.Value, width.Value, inner)
        where made.Outer * made.InputPlane * made.Inner < 60_000 && made.Outer * made.OutputPlane * made.Inner * Math.Min(made.MostTaps, 2000) < 4_000_000
        select made;

    // Windows of few taps over channels that fill registers.
    private static readonly Gen<Geometry> s_genChannels =
        from width in Gen.Int[3, 12]
        from height in Gen.Int[3, 12]
        from outer in Gen.Int[1, 2]
        from kernel in Gen.Int[2, 3]
        from stride in Gen.Int[1, 2]
        from before in Gen.Int[0, 1]
        from inner in Gen.Frequency((1, Gen.Int[2, 6].Select(bits => 1L << bits)), (1, Gen.Int[1, 4].Select(registers => 32L * registers)))
        select new Geometry(outer, Axis.Unit, Axis.Sliding(height, kernel, stride, 1, before, before, false), Axis.Sliding(width, kernel, stride, 1, before, before, false), inner);

    // Pixels: any window over a few channels, of which a register holds those of many windows.
    private static readonly Gen<Geometry> s_genPixels =
        from width in GenAxis
        from height in GenAxis
        from outer in Gen.Int[1, 3]
        from inner in Gen.Int[2, 12]
        where width is not null && height is not null
        let made = new Geometry(outer, Axis.Unit, height.Value, width.Value, inner)
        where made.Outer * made.InputPlane * made.Inner < 60_000 && made.Outer * made.OutputPlane * made.Inner * Math.Min(made.MostTaps, 2000) < 4_000_000
        select made;

    // One window over many cells of some channels.
    private static readonly Gen<Geometry> s_genWhole =
        from width in Gen.Int[8, 40]
        from height in Gen.Int[8, 40]
        from outer in Gen.Int[1, 3]
        from inner in Gen.Frequency((1, Gen.Int[4, 100]), (1, Gen.Int[1, 12].Select(registers => 8 * registers)))
        where outer * width * height * inner < 60_000
        select new Geometry(outer, Axis.Unit, Axis.Global(height), Axis.Global(width), inner);

    internal static readonly Gen<Geometry> GenGeometry = Gen.Frequency((8, s_genAny), (1, s_genShortRows), (1, s_genChannels), (1, s_genPlanes), (1, s_genPixels), (1, s_genWhole));

    private protected delegate void Over<T>(Geometry geometry, T* input)
        where T : unmanaged;

    /// <summary>Random cells that end where memory ends, under random windows.</summary>
    private protected static void Sample<T>(Func<Random, T> cell, Over<T> over, int iter = Cases)
        where T : unmanaged => Gen.Select(GenGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            Random random = new(seed);
            T[] cells = new T[geometry.Outer * geometry.InputPlane * geometry.Inner];
            for (int i = 0; i < cells.Length; i++) cells[i] = cell(random);
            using GuardedMemory guarded = new(MemoryMarshal.AsBytes(cells.AsSpan()));
            over(geometry, (T*)guarded.Start);
        }, iter: iter, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    private protected static void Check<T, TAccumulator, TLane, TReducer, TFold>(
        TReducer reducer, Func<Geometry, TFold> fold, Func<Random, T> cell, bool ordered = false, long mostTaps = long.MaxValue,
        Func<Geometry, bool>? fits = null)
        where T : unmanaged, INumber<T>
        where TAccumulator : unmanaged
        where TLane : unmanaged
        where TReducer : struct, IReducer<TReducer, T, TAccumulator>
        where TFold : struct, IFold<T, TLane> => Gen.Select(GenGeometry, Gen.Int).Sample(
        (asked, seed) =>
        {
            Geometry geometry = asked.AsSliding();
            if (geometry.MostTaps > (ordered ? 9 : mostTaps) || fits?.Invoke(geometry) == false) return;
            Random random = new(seed);
            T[] cells = new T[geometry.Outer * geometry.InputPlane * geometry.Inner];
            for (int i = 0; i < cells.Length; i++) cells[i] = cell(random);
            T[] expected = new T[geometry.Outer * geometry.OutputPlane * geometry.Inner];
            bool streams = random.Next(2) == 0;
            using GuardedMemory guarded = new(MemoryMarshal.AsBytes(cells.AsSpan()));
            T* input = (T*)guarded.Start;
            fixed (T* to = expected)
                if (ordered) CellWalk.Run(asked, input, new FoldCell<T, TAccumulator, TReducer>(reducer, to));
                else SeparableWalk.Run<T, TAccumulator, TReducer>(asked, input, to, reducer);
            foreach (KernelName kernel in Enum.GetValues<KernelName>())
            {
                if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.Positions or KernelName.ChannelPositions or KernelName.PixelPositions) continue;
                // A plane is at least a register long.
                int bytes = kernel is KernelName.WholePlane ? Planner.RegisterBytes(kernel, geometry, sizeof(TLane)) : int.MaxValue;
                if (Registers.Test(64, bytes) && Fits(64)) Compare<T, TLane, TFold, Lanes512<TLane>>(kernel, geometry, input, fold(geometry), expected, streams);
                if (Registers.Test(32, bytes) && Fits(32)) Compare<T, TLane, TFold, Lanes256<TLane>>(kernel, geometry, input, fold(geometry), expected, streams);
                if (Registers.Test(16, bytes) && Fits(16)) Compare<T, TLane, TFold, Lanes128<TLane>>(kernel, geometry, input, fold(geometry), expected, streams);

                bool Fits(int registerBytes) => Planner.Fits(kernel, geometry, sizeof(TLane), ordered, placed: false, registerBytes);
            }
        }, iter: Cases, threads: 1, print: one => $"{one.Item1} seed {one.Item2}");

    /// <summary>Runs one kernel into cells between two guards, in two parts as two threads would.</summary>
    private static void Compare<T, TLane, TFold, TVector>(KernelName kernel, in Geometry geometry, T* input, TFold fold, T[] expected, bool streams)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
        where TVector : struct, ILanes<TVector, TLane>
    {
        const int Guard = 70;
        T mark = T.CreateTruncating(77);
        T[] output = new T[expected.Length + 2 * Guard + Streaming.Line];
        Array.Fill(output, mark);
        int first = Guard;
        fixed (T* to = output)
        {
            // Whole lines are written otherwise than parts of them.
            while (geometry.Outer % 2 == 0 && (nint)(to + first) % Streaming.Line != 0) first++;
            Planner.With<T, TLane, TFold, TVector, OnCrew>(kernel, new(geometry, input, to + first, fold) { Streams = streams }, new(new() { Threads = 1 }));
        }
        string where = $"{kernel} at {TVector.Count} lanes of {typeof(TLane).Name}{(streams ? ", around the caches" : "")}";
        for (int i = 0; i < output.Length; i++)
        {
            int at = i - first;
            bool inside = at >= 0 && at < expected.Length;
            if (!inside && output[i] != mark) Assert.Fail($"{where} wrote at {at} of {expected.Length}");
            if (inside && !Same(expected[at], output[i])) Assert.Fail($"{where}: output {at} is {output[i]}, not {expected[at]}");
        }
    }

    /// <summary>The same bits, or both not a number; the sum of a larger window in another order may round once differently.</summary>
    private protected static bool Same<T>(T expected, T actual)
        where T : unmanaged, INumber<T>
    {
        if (T.IsNaN(expected)) return T.IsNaN(actual);
        return expected == actual && T.IsNegative(expected) == T.IsNegative(actual);
    }

    /// <summary>Numbers of both signs, with ties, zeros of both signs, infinities and not-a-numbers of both signs.</summary>
    internal static Func<Random, T> Reals<T>(Func<double, T> convert)
        where T : INumber<T> => random => random.Next(40) switch
    {
        0 => convert(double.NaN),
        1 => convert(-double.NaN),
        2 => convert(double.PositiveInfinity),
        3 => convert(double.NegativeInfinity),
        < 9 => convert(0.0),
        < 14 => convert(-0.0),
        < 24 => convert(random.Next(-3, 4)),
        // Few bits, so that a sum is exact in any order.
        _ => convert(random.Next(-512, 512) / 64.0),
    };

    internal static Func<Random, T> Wholes<T>()
        where T : IBinaryInteger<T>, IMinMaxValue<T> => random => random.Next(8) switch
    {
        0 => T.MinValue,
        1 => T.MaxValue,
        2 => T.Zero,
        _ => T.CreateTruncating(random.NextInt64()),
    };
}
