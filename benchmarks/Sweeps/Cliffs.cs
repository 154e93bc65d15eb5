using Cenote;
using Comparison;

namespace Sweeps;

/// <summary>Windows that take much longer than their neighbours, of which every parameter is the same but for one that is a step away.</summary>
internal static class Cliffs
{
    private const double Much = 4;

    private static readonly int[] s_kernels = [1, 2, 3, 4, 5, 7, 9, 13, 17, 31, 64], s_strides = [1, 2, 3, 4, 5, 8], s_dilations = [1, 2, 3, 5], s_lengths = [7, 14, 17, 23, 28, 56, 63, 112, 224];

    // None where channels come first.
    private static readonly int[] s_channels = [0, 3, 32];

    private static readonly bool[] s_either = [false, true];

    public static void Report(Operator[] operators, string where, TextWriter? file)
    {
        Sliding[] all = [.. All().Where(window => window.IsLegal)], windows = [.. all.Where(window => window.ToString().Contains(where, StringComparison.Ordinal))];
        HashSet<Sliding> met = [.. windows.SelectMany(Neighbours), .. windows];
        foreach (Operator of in operators)
        {
            Dictionary<Sliding, double> costs = all.Where(met.Contains).ToDictionary(window => window, window => Cost(of, window));
            List<(Sliding Window, double Cost, double Times)> cliffs = [];
            foreach (Sliding window in windows)
            {
                Sliding[] near = [.. Neighbours(window).Where(costs.ContainsKey)];
                double Times() => costs[window] / near.Select(other => costs[other]).Order().ElementAt(near.Length / 2);
                // What was disturbed is measured again.
                for (int again = 0; again < 3 && Times() > Much; again++) costs[window] = Math.Min(costs[window], Cost(of, window));
                if (Times() > Much) cliffs.Add((window, costs[window], Times()));
            }
            Console.WriteLine($"{of}: {cliffs.Count} of {windows.Length} windows take more than {Much} times as long as the median of their neighbours, all together {costs.Sum(one => one.Value * one.Key.Work(of)) / 1e6:F1} ms");
            foreach ((Sliding window, double cost, double times) in cliffs.OrderByDescending(one => one.Times))
                Console.WriteLine($"  {window,-44} {cost * window.Work(of) / 1000,8:F2} us, {times:F1} times");
            foreach ((Sliding window, double cost) in costs) file?.WriteLine($"{of}\t{window}\t{cost * window.Work(of):F0}");
        }
    }

    private static double Cost(Operator of, Sliding window) => Call.Of<float>(of, window.AsWindow(), window.Shape).Time(tries: 5) / window.Work(of);

    private static IEnumerable<Sliding> All() =>
        from length in s_lengths
        from channels in s_channels
        from height in s_kernels
        from width in s_kernels
        where height == width || height is 1 or 3 || width is 1 or 3
        from stride in s_strides
        from dilation in s_dilations
        from padded in s_either
        select new Sliding(length, channels, height, width, stride, dilation, padded);

    private static IEnumerable<Sliding> Neighbours(Sliding window)
    {
        for (int step = -1; step <= 1; step += 2)
        {
            yield return window with { Length = Step(s_lengths, window.Length, step) };
            yield return window with { Height = Step(s_kernels, window.Height, step) };
            yield return window with { Width = Step(s_kernels, window.Width, step) };
            yield return window with { Height = Step(s_kernels, window.Height, step), Width = Step(s_kernels, window.Width, step) };
            yield return window with { Stride = Step(s_strides, window.Stride, step) };
            yield return window with { Dilation = Step(s_dilations, window.Dilation, step) };
        }
        yield return window with { IsPadded = !window.IsPadded };

        // One that is there no longer leaves a window that is none.
        static int Step(int[] all, int value, int step) => Array.IndexOf(all, value) + step is >= 0 and int i && i < all.Length ? all[i] : 0;
    }

    /// <summary>A window over a square feature map of some 50,000 cells.</summary>
    private readonly record struct Sliding(int Length, int Channels, int Height, int Width, int Stride, int Dilation, bool IsPadded)
    {
        private const int Cells = 50_000;

        private bool IsLast => Channels > 0;

        private int Planes => Math.Max(1, Cells / (Length * Length));

        public nint[] Shape => IsLast ? [Math.Max(1, Planes / Channels), Length, Length, Channels] : [1, Planes, Length, Length];

        public bool IsLegal => Outputs(Height) > 0 && Outputs(Width) > 0;

        /// <summary>What there is to do at least: cells that windows see, all where each gets a gradient, outputs, and taps of the height and of the width.</summary>
        public double Work(Operator of)
        {
            double planes = IsLast ? Shape[0] * Channels : Planes, outputs = (double)Outputs(Height) * Outputs(Width);
            double cells = of is Operator.MaxBackward or Operator.AverageBackward ? Length * Length : Seen(Height) * Seen(Width);
            return planes * (cells + outputs * (1 + Height + Width));
        }

        public Window AsWindow() => new((Height, Width))
        {
            Stride = Stride, Dilation = Dilation, Padding = (Padding(Height), Padding(Width)), Layout = IsLast ? Layout.ChannelsLast : Layout.ChannelsFirst,
        };

        public override string ToString() => $"{Height}x{Width} s{Stride} d{Dilation}{(IsPadded ? " padded" : "")} [{string.Join(',', Shape)}]{(IsLast ? " channels last" : "")}";

        private int Padding(int kernel) => IsPadded ? Math.Min(kernel / 2, Dilation * (kernel - 1) / 2) : 0;

        private int Outputs(int kernel) => Length + 2 * Padding(kernel) - Dilation * (kernel - 1) - 1 is >= 0 and int room && kernel > 0 ? room / Stride + 1 : 0;

        private double Seen(int kernel) => Math.Min(Length, (double)Outputs(kernel) * kernel);
    }
}
