using Cenote;
using Comparison;

namespace Sweeps;

/// <summary>Time for each byte moved, of each type of cell against float's.</summary>
internal static class CellTypes
{
    private const double Much = 2;

    private static readonly (string Name, Func<Operator, Window, nint[], Call> Make)[] s_types =
    [
        ("float", Call.Of<float>), ("double", Call.Of<double>), ("Half", Call.Of<Half>), ("BFloat16", Call.Of<BFloat16>), ("byte", Call.Of<byte>), ("short", Call.Of<short>),
    ];

    /// <summary>Times them.</summary>
    /// <param name="operators">Of which operators.</param>
    /// <param name="compared">Whether over the cases of the comparison, else over <see cref="All"/>.</param>
    /// <param name="where">What a case's name contains.</param>
    /// <param name="file">Every time, if wanted.</param>
    public static void Report(Operator[] operators, bool compared, string where, TextWriter? file)
    {
        Console.WriteLine($"Time per byte against float's, geometric mean; in brackets how many cases take more than {Much} times as long");
        Console.WriteLine($"| | {string.Join(" | ", s_types.Skip(1).Select(type => type.Name))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", s_types.Length - 1))}");
        foreach (Operator of in operators)
        {
            List<double[]> ratios = [];
            IEnumerable<(string Name, Window Window, nint[] Shape)> cases = compared ? Cases.All().Where(one => one.Operator == of).Select(one => (one.Name, one.Window, one.Shape)) : All();
            foreach ((string name, Window window, nint[] shape) in cases.Where(one => one.Name.Contains(where, StringComparison.Ordinal)))
            {
                Call[] calls = [.. s_types.Select(type => type.Make(of, window, shape))];
                // In turn, so that what disturbs one disturbs its neighbours.
                double[] times = [.. calls.Select(_ => double.PositiveInfinity)];
                for (int round = 0; round < 3; round++)
                    for (int i = 0; i < calls.Length; i++) times[i] = Math.Min(times[i], calls[i].Time());
                double[] perByte = [.. calls.Select((call, i) => times[i] / call.Bytes)];
                ratios.Add([.. perByte.Skip(1).Select(time => time / perByte[0])]);
                for (int i = 0; i < calls.Length; i++) file?.WriteLine($"{of}\t{s_types[i].Name}\t{name}\t{times[i]:F0}\t{perByte[i] / perByte[0]:F2}");
            }
            if (ratios.Count == 0) continue;
            Console.WriteLine($"| {of}, {ratios.Count} cases | {string.Join(" | ", Enumerable.Range(0, s_types.Length - 1).Select(Column))} |");
            string Column(int i) => $"{Math.Exp(ratios.Average(row => Math.Log(row[i]))):F2} ({ratios.Count(row => row[i] > Much)})";
        }
    }

    /// <summary>Nine windows and pairs of a line, over six shapes, channels first and last.</summary>
    public static IEnumerable<(string Name, Window Window, nint[] Shape)> All()
    {
        (string Name, Window Window)[] windows =
        [
            ("k2s2", new((2, 2))), ("k3s2p1", new((3, 3)) { Stride = 2, Padding = 1 }), ("k3s1p1", new((3, 3)) { Stride = 1, Padding = 1 }), ("k3s3", new((3, 3))), ("k4s4", new((4, 4))),
            ("k3s2p1d2", new((3, 3)) { Stride = 2, Padding = 1, Dilation = 2 }), ("k5s1p2", new((5, 5)) { Stride = 1, Padding = 2 }), ("global", Window.Global), ("adaptive 5x5", Window.Adaptive((5, 5))),
        ];
        (int Images, int Channels, int Length)[] shapes = [(4, 64, 56), (4, 32, 28), (8, 128, 14), (1, 16, 112), (1, 256, 20), (8, 64, 28)];
        foreach ((string name, Window window) in windows)
            foreach ((int images, int channels, int length) in shapes)
            {
                yield return ($"{name} [{images},{channels},{length},{length}]", window, [images, channels, length, length]);
                yield return ($"{name} [{images},{length},{length},{channels}] channels last", window with { Layout = Layout.ChannelsLast }, [images, length, length, channels]);
            }
        foreach ((int planes, int length) in new[] { (8, 16000), (160, 100) })
        {
            yield return ($"1-D k2s2 [4,{planes},{length}]", new(2), [4, planes, length]);
            yield return ($"1-D k2s2 [4,{length},32] channels last", new(2) { Layout = Layout.ChannelsLast }, [4, length, 32]);
        }
    }
}
