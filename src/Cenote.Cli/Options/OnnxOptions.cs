using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cenote.Cli;

/// <summary>The attributes that an ONNX node has and no other framework: dialect onnx alone.</summary>
internal sealed class OnnxOptions
{
    private readonly Option<string?> _autoPad = WordParser.Option("--auto-pad", "Dialect onnx: auto_pad. Default: NOTSET.", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
    private readonly Option<string?> _pads = new("--pads")
    {
        Description = "Dialect onnx: pads, the cells before the first one on each axis, then those after the last one.", HelpName = "B,..,E,..",
    };
    private readonly Option<string?> _countIncludePad = WordParser.Option("--count-include-pad", "Dialect onnx: count_include_pad. Default: 0.", "0", "1");
    private readonly Option<string?> _storageOrder = WordParser.Option(
        "--storage-order", "Dialect onnx: storage_order of --indices, 1 for column-major. Default: 0.", "0", "1");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [.. OfWindows, .. OfOperators];

    /// <summary>Those of a window that slides.</summary>
    public IReadOnlyList<Option> OfWindows => [_autoPad, _pads];

    /// <summary>Those that belong to some operators: <see cref="Operator.Takes"/>.</summary>
    public IReadOnlyList<Option> OfOperators => [_countIncludePad, _storageOrder];

    /// <summary>Whether an average counts padding; not said where it is as in ONNX.</summary>
    /// <exception cref="RefusedException">It is told both by the attribute and to leave padding out.</exception>
    public bool? CountPadding(ParseResult result, Option<bool> excludePadding)
    {
        if (result.GetValue(excludePadding)) WindowOptions.Refuse(result, _countIncludePad, excludePadding.Name);
        return result.GetValue(_countIncludePad) is { } count ? count == "1" : null;
    }

    /// <summary>Whether indices are column-major.</summary>
    public bool ColumnMajor(ParseResult result) => result.GetValue(_storageOrder) == "1";

    /// <summary>The padding by ONNX's attributes, or by <c>--padding</c> where none of them is given.</summary>
    public Padding Padding(ParseResult result, Padding? padding)
    {
        string? autoPad = result.GetValue(_autoPad), pads = result.GetValue(_pads);
        if (autoPad is null && pads is null) return padding ?? default;
        if (padding is not null) throw new RefusedException("--padding does not go with --auto-pad and --pads");
        return Onnx.AutoPad(autoPad ?? "NOTSET", pads is null ? default : Onnx.Pads(Parse(pads)));
    }

    private static int[] Parse(string text) => NumberParser.List<int>(text, NumberStyles.None)
        ?? throw new RefusedException($"--pads is '{text}'; it must be {NumberParser.Kind<int>("numbers")} with commas between, such as 0,0,1,1");
}
