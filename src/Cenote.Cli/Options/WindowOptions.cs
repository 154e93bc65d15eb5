using System.CommandLine;
using System.CommandLine.Parsing;

namespace Cenote.Cli;

/// <summary>The options that describe a window and what is done in it, the same for every verb.</summary>
internal sealed class WindowOptions
{
    private readonly Option<Sizes?> _kernel = SizesParser.Option("--kernel", "Taps along each axis.");
    private readonly Option<Sizes?> _stride = SizesParser.Option("--stride", "Distance between windows. Default: the kernel; 1 in dialect onnx.");
    private readonly Option<Padding?> _padding = PaddingParser.Option();
    private readonly Option<Sizes?> _dilation = SizesParser.Option("--dilation", "Distance between taps. Default: 1.");
    private readonly Option<bool> _ceilMode = new("--ceil-mode") { Description = "Count a last window that hangs over the end." };
    private readonly Option<Sizes?> _outputSize = SizesParser.Option("--output-size", "Output length of each axis for adaptive operators; none keeps an axis.", mayBeUnset: true);
    private readonly Option<bool> _excludePadding = new("--exclude-padding") { Description = "Leave padding out of an average's divisor. Always so in dialects keras and onnx." };
    private readonly Option<int?> _divisor = NumberParser.Option<int>("--divisor", "Divide an average by this instead of the number of cells.", "N");
    private readonly Option<double?> _norm = NumberParser.Option<double>("--norm", "Order of the lp norm, above 0. Default: 2.", "P");
    private readonly Option<int?> _rank = NumberParser.Option<int>(
        "--rank", "Axes that the window slides over. Default: as many as --kernel has numbers when it has several, else those of the input less 2, at least 1.", "1|2|3");
    private readonly Option<string?> _layout = new("--layout") { Description = "Where the channels are. Default: channels-first; channels-last in dialect keras." };
    private readonly Option<string?> _dialect = new("--dialect") { Description = "Take another framework's defaults and limits: torch, keras or onnx." };
    private readonly Sizes? _defaultKernel;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="defaultKernel">The kernel where none is given; <c>null</c> makes it required.</param>
    public WindowOptions(Command verb, Sizes? defaultKernel = null)
    {
        _defaultKernel = defaultKernel;
        if (defaultKernel is { } kernel) _kernel.Description += $" Default: {kernel.ToString().Trim('(', ')').Replace(" ", "", StringComparison.Ordinal)}.";
        _layout.AcceptOnlyFromAmong("channels-first", "channels-last");
        _dialect.AcceptOnlyFromAmong("torch", "keras", "onnx");
        foreach (Option option in (Option[])[_kernel, _stride, _padding, _dilation, _ceilMode, _outputSize, _excludePadding, _divisor, _norm, _rank, _layout, _dialect])
            verb.Add(option);
    }

    /// <summary>Whether indices count over the whole tensor, as ONNX does, and not inside each plane.</summary>
    public bool WholeTensorIndices(ParseResult result) => result.GetValue(_dialect) == "onnx";

    /// <summary>The layers that operators and the options make.</summary>
    /// <exception cref="RefusedException">An option is missing, or goes with none of the operators.</exception>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public WindowLayer[] Layers(ParseResult result, params Operator[] operators)
    {
        if (!Array.Exists(operators, one => one.IsAdaptive)) Refuse(result, _outputSize, operators[0].Word);
        if (Array.TrueForAll(operators, one => one.IsAdaptive || one.IsGlobal))
            foreach (Option option in (Option[])[_kernel, _stride, _padding, _dilation, _ceilMode]) Refuse(result, option, operators[0].Word);
        return [.. operators.Select(one => Layer(result, one))];
    }

    private WindowLayer Layer(ParseResult result, Operator pooling)
    {
        string? dialect = result.GetValue(_dialect);
        bool countPadding = !result.GetValue(_excludePadding) && dialect switch
        {
            "keras" => Keras.CountPadding,
            "onnx" => Onnx.CountPadding,
            _ => true,
        };
        Window window = pooling switch
        {
            { IsGlobal: true } => Window.Global with { Rank = result.GetValue(_rank), Layout = LayoutOf(result) },
            { IsAdaptive: true } => Window.Adaptive(Required(result, _outputSize, pooling)) with { Rank = result.GetValue(_rank), Layout = LayoutOf(result) },
            _ => Sliding(result, pooling, dialect),
        };
        return pooling.Layer(window, new(countPadding, result.GetValue(_divisor), result.GetValue(_norm) ?? 2));
    }

    private Window Sliding(ParseResult result, Operator pooling, string? dialect)
    {
        Sizes kernel = _defaultKernel is { } @default ? result.GetValue(_kernel) ?? @default : Required(result, _kernel, pooling);
        Sizes? stride = result.GetValue(_stride), dilation = result.GetValue(_dilation);
        Padding padding = result.GetValue(_padding) ?? default;
        bool ceilMode = result.GetValue(_ceilMode);
        int? rank = result.GetValue(_rank);
        switch (dialect)
        {
            case "torch":
                if (padding.Mode != PaddingMode.Explicit || padding.Before != padding.After)
                    throw new RefusedException($"--padding is {padding}; PyTorch pads both sides alike, by a number or one per axis");
                return Torch.Window(kernel, stride, padding.Before, dilation, ceilMode, rank) with { Layout = LayoutOf(result) };
            case "keras":
                Refuse(result, _dilation, "dialect keras");
                Refuse(result, _ceilMode, "dialect keras");
                return Keras.Window(kernel, stride, padding, LayoutOf(result), rank);
            case "onnx":
                return Onnx.Window(kernel, stride, padding, dilation, ceilMode, rank) with { Layout = LayoutOf(result) };
            default:
                return new(kernel) { Stride = stride, Padding = padding, Dilation = dilation ?? 1, CeilMode = ceilMode, Rank = rank, Layout = LayoutOf(result) };
        }
    }

    private Layout LayoutOf(ParseResult result) => (result.GetValue(_layout), result.GetValue(_dialect)) switch
    {
        ("channels-last", "torch" or "onnx") => throw new RefusedException($"--layout is channels-last; dialect {result.GetValue(_dialect)} has channels first alone"),
        ("channels-last", _) or (null, "keras") => Layout.ChannelsLast,
        _ => Layout.ChannelsFirst,
    };

    private static Sizes Required(ParseResult result, Option<Sizes?> option, Operator pooling) =>
        result.GetValue(option) ?? throw new RefusedException($"{option.Name} is missing; {pooling.Word} needs one, such as {option.Name} 2,2");

    private static void Refuse(ParseResult result, Option option, string with)
    {
        if (result.GetResult(option) is { Implicit: false }) throw new RefusedException($"{option.Name} does not go with {with}");
    }
}
