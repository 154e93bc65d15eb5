using System.Runtime.InteropServices;
using Comparison;
using Comparison.Libraries;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]

// Comparison [--only TEXT] [--rounds N] [--milliseconds M] [--markdown FILE]
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and int i && i + 1 < args.Length ? args[i + 1] : null;
string only = Option("--only") ?? "";
int rounds = int.Parse(Option("--rounds") ?? "10", System.Globalization.CultureInfo.InvariantCulture);
double milliseconds = double.Parse(Option("--milliseconds") ?? "8", System.Globalization.CultureInfo.InvariantCulture);

ILibrary[] known = [new Ours(), new OnnxRuntime(), new OneDnn(), new Torch(), new Xnnpack()];
ILibrary[] here = [.. known.Where(library => library.Version is not null)];
string[] names = [.. here.Select(library => library.Name)], missing = [.. known.Except(here).Select(library => library.Name)];
Console.WriteLine($"Measured here: {string.Join(", ", here.Select(library => $"{library.Name} {library.Version}".TrimEnd()))}.");
if (missing.Length > 0) Console.WriteLine($"Not on this machine, published ratios marked * stand for them: {string.Join(", ", missing)}.");
List<Result> results = [];
foreach (Case one in Cases.All().Where(one => one.ToString().Contains(only, StringComparison.OrdinalIgnoreCase)))
{
    using Contest contest = new(one, here);
    contest.CheckAgreement();
    results.Add(contest.Measure(rounds, milliseconds));
    Console.WriteLine(Report.Line(results[^1], names));
}
string table = Report.Markdown(results, names);
Console.WriteLine();
Console.WriteLine(table);
if (Option("--markdown") is { } file) File.WriteAllText(file, table);
