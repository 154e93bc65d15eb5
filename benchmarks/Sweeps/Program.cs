using System.Globalization;
using System.Runtime.InteropServices;
using Comparison;
using Sweeps;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]

// Sweeps windows|types|choices [--only OPERATOR] [--where TEXT] [--compared] [--file FILE]
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and int i && i + 1 < args.Length ? args[i + 1] : null;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Operator[] operators = Option("--only") is { } only ? [Enum.Parse<Operator>(only, ignoreCase: true)] : [.. Enum.GetValues<Operator>().Where(of => of is not (Operator.RoiAlign or Operator.RoiAlignMax or Operator.RoiPool))];
using TextWriter? file = Option("--file") is { } path ? File.CreateText(path) : null;
switch (args.FirstOrDefault())
{
    case "windows": Cliffs.Report(operators, Option("--where") ?? "", file); break;
    case "types": CellTypes.Report(operators, args.Contains("--compared"), Option("--where") ?? "", file); break;
    case "choices": Choices.Report(operators, Option("--where") ?? "", file); break;
    default:
        Console.WriteLine("Sweeps windows: which windows take more than four times as long as their neighbours. Sweeps types: time per byte of each type of cell against float's, with --compared over the cases of the comparison. Sweeps choices: what the planner's choice of a kernel loses against the fastest.");
        break;
}
