using System.Numerics;
using System.Runtime.Intrinsics;
using Cenote;
using Cenote.Kernels;
using Comparison;

namespace Sweeps;

/// <summary>What the planner's choice takes longer than the fastest kernel, of all that can do a window; forward.</summary>
/// <remarks>With a file the times of all of them, from which the figures of <see cref="KernelCost"/> are made.</remarks>
internal static unsafe class Choices
{
    private const double Much = 1.3;

    private delegate (KernelName Chosen, Dictionary<KernelName, double> Times) Timing(Operator of, Window window, nint[] shape);

    private static readonly (string Name, Timing Time)[] s_types =
    [
        ("float", Floats), ("double", Doubles), ("Half", Halves), ("BFloat16", BFloats), ("byte", Bytes), ("short", Shorts),
    ];

    public static void Report(Operator[] operators, string where, TextWriter? file)
    {
        (string Name, Window Window, nint[] Shape)[] cases = [.. CellTypes.All().Where(one => one.Name.Contains(where, StringComparison.Ordinal))];
        if (cases.Length == 0)
        {
            Console.WriteLine($"--where is '{where}'; it must be part of the name of a case, such as k2s2");
            return;
        }
        Console.WriteLine($"Time of the kernel that is chosen against that of the fastest over {cases.Length} cases, geometric mean; in brackets how many take more than {Much} times as long");
        Console.WriteLine($"| | {string.Join(" | ", s_types.Select(type => type.Name))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", s_types.Length))}");
        foreach (Operator of in operators.Where(of => of is Operator.Max or Operator.Average))
        {
            List<double>[] lost = [.. s_types.Select(_ => new List<double>())];
            foreach ((string name, Window window, nint[] shape) in cases)
                for (int i = 0; i < s_types.Length; i++)
                {
                    (KernelName chosen, Dictionary<KernelName, double> times) = s_types[i].Time(of, window, shape);
                    lost[i].Add(times[chosen] / times.Values.Min());
                    foreach ((KernelName kernel, double time) in times) file?.WriteLine($"{of}\t{s_types[i].Name}\t{name}\t{kernel}\t{time:F0}{(kernel == chosen ? "\tchosen" : "")}");
                }
            Console.WriteLine($"| {of} | {string.Join(" | ", lost.Select(ratios => $"{Math.Exp(ratios.Average(Math.Log)):F3} ({ratios.Count(ratio => ratio > Much)})"))} |");
        }
    }

    private static (KernelName Chosen, Dictionary<KernelName, double> Times) Floats(Operator of, Window window, nint[] shape)
    {
        Geometry geometry = Geometry(window, shape);
        if (of is Operator.Max) return Time<float, float, Number<float, Largest>>(geometry, default);
        return Pool.AddsInOrder<float>(geometry) ? Time<float, float, Total<float, float>>(geometry, new(true, 0, geometry, ordered: true)) : Time<float, double, Total<float, double>>(geometry, new(true, 0, geometry, ordered: false));
    }

    private static (KernelName Chosen, Dictionary<KernelName, double> Times) Doubles(Operator of, Window window, nint[] shape)
    {
        Geometry geometry = Geometry(window, shape);
        return of is Operator.Max ? Time<double, double, Number<double, Largest>>(geometry, default) : Time<double, double, Total<double, double>>(geometry, new(true, 0, geometry, Pool.AddsInOrder<double>(geometry)));
    }

    private static (KernelName Chosen, Dictionary<KernelName, double> Times) Halves(Operator of, Window window, nint[] shape)
    {
        Geometry geometry = Geometry(window, shape);
        if (of is Operator.Max) return Time<Half, short, Extreme<Half, short, Largest>>(geometry, default);
        return geometry.MostTaps <= HalfTotal.MostTaps
            ? Time<Half, float, HalfTotal>(geometry, new(true, 0, geometry, ordered: false)) : Time<Half, float, Total<Half, float>>(geometry, new(true, 0, geometry, ordered: false));
    }

    private static (KernelName Chosen, Dictionary<KernelName, double> Times) BFloats(Operator of, Window window, nint[] shape)
    {
        Geometry geometry = Geometry(window, shape);
        return of is Operator.Max ? Time<BFloat16, short, Extreme<BFloat16, short, Largest>>(geometry, default) : Time<BFloat16, float, Total<BFloat16, float>>(geometry, new(true, 0, geometry, ordered: false));
    }

    private static (KernelName Chosen, Dictionary<KernelName, double> Times) Bytes(Operator of, Window window, nint[] shape)
    {
        Geometry geometry = Geometry(window, shape);
        if (of is Operator.Max) return Time<byte, byte, Integer<byte, Largest>>(geometry, default);
        return KnownFolds.IsFew<byte>(geometry, countsPadding: true, divisor: 0) ? Time<byte, ushort, Total<byte, ushort>>(geometry, new(true, 0, geometry, ordered: false)) : Time<byte, int, Total<byte, int>>(geometry, new(true, 0, geometry, ordered: false));
    }

    private static (KernelName Chosen, Dictionary<KernelName, double> Times) Shorts(Operator of, Window window, nint[] shape)
    {
        Geometry geometry = Geometry(window, shape);
        return of is Operator.Max ? Time<short, short, Integer<short, Largest>>(geometry, default) : Time<short, int, Total<short, int>>(geometry, new(true, 0, geometry, ordered: false));
    }

    private static Geometry Geometry(Window window, nint[] shape) => window.Resolve(shape).AsSliding();

    private static (KernelName Chosen, Dictionary<KernelName, double> Times) Time<T, TLane, TFold>(Geometry geometry, TFold fold)
        where T : unmanaged, INumber<T>
        where TLane : unmanaged
        where TFold : struct, IFold<T, TLane>
    {
        AlignedCells<T> input = Call.Cells<T>([(nint)(geometry.Outer * geometry.InputPlane * geometry.Inner)]), output = new((nint)(geometry.Outer * geometry.OutputPlane * geometry.Inner));
        Pass<T, TLane, TFold> pass = new(geometry, input.Address, output.Address, fold);
        OnCrew crew = new(Call.Alone);
        KernelName chosen = Planner.Choose(geometry, sizeof(T), sizeof(TLane), fold.IsOrdered);
        Dictionary<KernelName, double> times = [];
        foreach (KernelName kernel in Enum.GetValues<KernelName>())
        {
            if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.Positions or KernelName.ChannelPositions or KernelName.PixelPositions || !Planner.Fits(kernel, geometry, sizeof(TLane), fold.IsOrdered)) continue;
            if (kernel == KernelName.CellByCell && chosen != kernel) continue;
            int bytes = Planner.RegisterBytes(kernel, geometry, sizeof(TLane));
            times[kernel] = new Call(Run, pass.Bytes).Time();

            void Run()
            {
                if (Vector512.IsHardwareAccelerated && bytes >= Vector512<byte>.Count) Planner.With<T, TLane, TFold, Lanes512<TLane>, OnCrew>(kernel, pass, crew);
                else if (Vector256.IsHardwareAccelerated && bytes >= Vector256<byte>.Count) Planner.With<T, TLane, TFold, Lanes256<TLane>, OnCrew>(kernel, pass, crew);
                else Planner.With<T, TLane, TFold, Lanes128<TLane>, OnCrew>(kernel, pass, crew);
            }
        }
        GC.KeepAlive(input.Array);
        GC.KeepAlive(output.Array);
        return (chosen, times);
    }
}
