using System.Runtime.InteropServices;
using Comparison;

// Comparison [--only TEXT] [--rounds N] [--milliseconds M] [--markdown FILE]
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and int i && i + 1 < args.Length ? args[i + 1] : null;
string only = Option("--only") ?? "";
int rounds = int.Parse(Option("--rounds") ?? "10", System.Globalization.CultureInfo.InvariantCulture);
double milliseconds = double.Parse(Option("--milliseconds") ?? "8", System.Globalization.CultureInfo.InvariantCulture);

Console.WriteLine(NativeLibrary.TryLoad("torch_cpu", out _)
    ? "libtorch is on this machine; its column is not measured by this program, published ratios stand for it."
    : "libtorch does not load here: its figures are published ratios, marked *.");
List<Result> results = [];
foreach (Case one in Cases.All().Where(one => one.ToString().Contains(only, StringComparison.OrdinalIgnoreCase)))
{
    using Contest contest = new(one);
    contest.CheckAgreement();
    Result result = contest.Measure(rounds, milliseconds);
    results.Add(result);
    Console.WriteLine(
        $"{one,-50} Cenote {result.Cenote.One,9:0.0} {result.Cenote.Two,9:0.0}   ORT {result.OnnxRuntime.One,9:0.0} {result.OnnxRuntime.Two,9:0.0}   copy {result.Copy,8:0.0}   "
        + $"x best {result.Ratio(1),6:0.00} {result.Ratio(2),6:0.00} ({result.BestPeer(1).Name})   x copy {result.Copy / result.Cenote.One,5:0.00} {result.Copy / result.Cenote.Two,5:0.00}");
}
string table = Report.Markdown(results);
Console.WriteLine();
Console.WriteLine(table);
if (Option("--markdown") is { } file) File.WriteAllText(file, table);
