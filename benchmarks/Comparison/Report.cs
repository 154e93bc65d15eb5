using System.Globalization;
using System.Text;

namespace Comparison;

/// <summary>The results as a Markdown table.</summary>
internal static class Report
{
    /// <param name="results">A row each.</param>
    /// <param name="libraries">A column each, Cenote first.</param>
    public static string Markdown(IReadOnlyList<Result> results, IReadOnlyList<string> libraries)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| case | {string.Join(" | ", libraries)} | copy of the input | best peer | times the best peer | times the copy |");
        text.Append('|').Insert(text.Length, "---|", libraries.Count + 5).AppendLine();
        foreach (Result r in results)
        {
            string peers = r.BestPeer(1).Name == r.BestPeer(2).Name ? r.BestPeer(1).Name : $"{r.BestPeer(1).Name} / {r.BestPeer(2).Name}";
            string times = string.Join(" | ", libraries.Select(library => Pair(r.Of(library))));
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {r.Case} | {times} | {Number(r.Copy)} | {peers} | {Pair((r.Ratio(1), r.Ratio(2)))} | {Pair((r.Copy / r.Cenote.One, r.Copy / r.Cenote.Two))} |");
        }
        text.AppendLine();
        foreach (int threads in new[] { 1, 2 })
        {
            double[] ratios = [.. results.Select(r => r.Ratio(threads)).Where(double.IsFinite)];
            if (ratios.Length == 0) continue;
            double mean = Math.Exp(ratios.Average(Math.Log));
            text.AppendLine(CultureInfo.InvariantCulture, $"Geometric mean over {ratios.Length} cases with a peer, {threads} thread{(threads == 1 ? "" : "s")}: {mean:0.00} times the best peer; least {ratios.Min():0.00}.");
            text.AppendLine();
        }
        return text.ToString();
    }

    /// <summary>One row while the others are awaited.</summary>
    public static string Line(Result r, IReadOnlyList<string> libraries)
    {
        string times = string.Join("   ", libraries.Where(r.Times.ContainsKey).Select(library => $"{library} {Pair(r.Of(library))}"));
        return $"{r.Case}: {times}   copy {Number(r.Copy)}   x best {Pair((r.Ratio(1), r.Ratio(2)))} ({r.BestPeer(1).Name})";
    }

    private static string Pair((double One, double Two) pair) =>
        double.IsNaN(pair.One) ? "–" : double.IsNaN(pair.Two) ? Number(pair.One) : $"{Number(pair.One)} / {Number(pair.Two)}";

    private static string Number(double value) =>
        value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
