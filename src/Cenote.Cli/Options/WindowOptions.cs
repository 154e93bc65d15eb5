using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics.Tensors;

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
    private readonly Option<double?> _norm = NumberParser.Option<double>("--norm", "Order of the lp norm, above 0, or of the generalized mean. Default: 2; 3 for gem.", "P");
    private readonly Option<double?> _eps = NumberParser.Option<double>("--eps", "What gem raises smaller cells to, above 0. Default: 1e-6.", "E");
    private readonly Option<double?> _ratio = NumberParser.Option<double>("--ratio", "How much of mixed is the maximum, 0 to 1. Default: 0.5.", "R");
    private readonly Option<long?> _seed = NumberParser.Option<long>("--seed", "Decides what stochastic and fractional-max draw. Default: 0.", "N");
    private readonly Option<int?> _rank = NumberParser.Option<int>(
        "--rank", "Axes that the window slides over. Default: as many as --kernel has numbers when it has several, else those of the input less 2, at least 1.", "1|2|3");
    private readonly Option<string?> _layout = WordParser.Option(
        "--layout", "Where the channels are. Default: channels-first; channels-last in dialect keras.", "channels-first", "channels-last");
    private readonly Option<string?> _dialect = WordParser.Option("--dialect", "Take another framework's defaults and limits.", "torch", "keras", "onnx");
    private readonly Option<bool?> _keepDims = new("--keep-dims") { Description = "Whether a global operator keeps its axes, with length 1. Default: true; false in dialect keras." };
    private readonly OnnxOptions _onnx = new();
    private readonly Sizes? _defaultKernel;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="defaultKernel">The kernel where none is given; <c>null</c> makes it required.</param>
    public WindowOptions(Command verb, Sizes? defaultKernel = null)
    {
        _defaultKernel = defaultKernel;
        if (defaultKernel is { } kernel) _kernel.Description += $" Default: {kernel.ToString().Trim('(', ')').Replace(" ", "", StringComparison.Ordinal)}.";
        foreach (Option option in All) verb.Add(option);
        // The names that these have as attributes of an ONNX node.
        _kernel.Aliases.Add("--kernel-shape");
        _stride.Aliases.Add("--strides");
        _dilation.Aliases.Add("--dilations");
    }

    private Option[] All =>
    [
        _kernel, _stride, _padding, _dilation, _ceilMode, _outputSize, _excludePadding, _divisor, _norm, _eps, _ratio, _seed, _rank, _layout, _keepDims,
        _dialect, .. _onnx.All,
    ];

    /// <summary>What belongs to some operators and not to their window: <see cref="Operator.Takes"/>.</summary>
    private Option[] OfOperators => [_excludePadding, _divisor, _norm, _eps, _ratio, _seed, .. _onnx.OfOperators];

    /// <summary>Indices inside each plane as the dialect counts them: onnx over the whole tensor, and by its storage order.</summary>
    public Tensor<long> IndicesOf(ParseResult result, Tensor<long> indices, Window window, ReadOnlySpan<nint> inputShape) => result.GetValue(_dialect) == "onnx"
        ? Onnx.WholeTensorIndices(indices, window, inputShape, _onnx.ColumnMajor(result))
        : indices;

    /// <summary>The layer of <c>max-unpool</c>, the size asked for, and how to take the dialect's indices.</summary>
    /// <exception cref="RefusedException">An option is missing, or does not go with unpooling.</exception>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public (MaxUnpool Layer, Sizes? OutputSize, bool WholeTensor) Unpooling(ParseResult result, string word)
    {
        foreach (Option option in (Option[])[_dilation, _ceilMode, _keepDims, .. OfOperators]) Refuse(result, option, word);
        RefuseOnnx(result);
        return (new(Sliding(result, word, result.GetValue(_dialect))), result.GetValue(_outputSize), result.GetValue(_dialect) == "onnx");
    }

    /// <summary>What an operator without a window may take of its options.</summary>
    /// <exception cref="RefusedException">The layout does not go with the dialect.</exception>
    public (Sizes? Kernel, Sizes? OutputSize, int? Rank, Layout Layout, long? Seed) Loose(ParseResult result) =>
        (result.GetValue(_kernel), result.GetValue(_outputSize), result.GetValue(_rank), LayoutOf(result), result.GetValue(_seed));

    /// <summary>Refuses the options of a window that an operator without one does not take.</summary>
    /// <exception cref="RefusedException">Such an option is given.</exception>
    public void RefuseAllBut(ParseResult result, string word, IReadOnlyList<string> names)
    {
        foreach (Option option in All)
            if (!names.Contains(option.Name)) Refuse(result, option, word);
    }

    /// <summary>The layers that operators and the options make.</summary>
    /// <exception cref="RefusedException">An option is missing, or goes with none of the operators.</exception>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public WindowLayer[] Layers(ParseResult result, params Operator[] operators)
    {
        RefuseOnnx(result);
        string words = string.Join(", ", operators.Select(one => one.Word));
        if (!Array.Exists(operators, one => one.IsAdaptive)) Refuse(result, _outputSize, words);
        if (!Array.Exists(operators, one => one.IsGlobal)) Refuse(result, _keepDims, words);
        if (Array.TrueForAll(operators, one => one.IsAdaptive || one.IsGlobal))
            foreach (Option option in (Option[])[_kernel, _stride, _padding, _dilation, _ceilMode, .. _onnx.OfWindows]) Refuse(result, option, words);
        foreach (Option option in OfOperators)
            if (!Array.Exists(operators, one => one.Takes.Contains(option.Name))) Refuse(result, option, words);
        return [.. operators.Select(one => Layer(result, one))];
    }

    private WindowLayer Layer(ParseResult result, Operator pooling)
    {
        string? dialect = result.GetValue(_dialect);
        if (dialect is "keras" or "onnx") Refuse(result, _divisor, $"dialect {dialect}");
        bool? countPadding = dialect == "onnx" ? _onnx.CountPadding(result, _excludePadding) : result.GetValue(_excludePadding) ? false : null;
        int? rank = result.GetValue(_rank);
        Window window = pooling switch
        {
            { IsGlobal: true } => Global(result, dialect, rank),
            { IsAdaptive: true } => Adaptive(Required(result, _outputSize, pooling.Word), LayoutOf(result), dialect, rank),
            _ => Sliding(result, pooling.Word, dialect),
        };
        WindowLayer layer = pooling.Layer(window, new(
            countPadding, result.GetValue(_divisor), result.GetValue(_norm), result.GetValue(_eps) ?? 1e-6, result.GetValue(_ratio) ?? 0.5, result.GetValue(_seed) ?? 0));
        return (dialect, layer) switch
        {
            ("torch", AvgPool) when !window.Dilation.All(1) => throw new RefusedException($"--dilation does not go with {pooling.Word} in dialect torch"),
            ("torch", LPPool power) when !window.IsGlobal && !window.IsAdaptive => Torch.LPPool(power.NormType, window),
            ("onnx", LPPool power) when power.NormType != Math.Floor(power.NormType) || double.IsInfinity(power.NormType) =>
                throw new RefusedException($"--norm is {power.NormType.ToString(CultureInfo.InvariantCulture)}; ONNX takes a whole number"),
            _ => layer,
        };
    }

    private Window Global(ParseResult result, string? dialect, int? rank)
    {
        Window window = dialect switch
        {
            "keras" => Keras.GlobalWindow(layout: LayoutOf(result), rank: rank),
            "onnx" => Onnx.GlobalWindow(rank),
            _ => Window.Global with { Rank = rank },
        };
        return window with { Layout = LayoutOf(result), KeepDims = result.GetValue(_keepDims) ?? window.KeepDims };
    }

    private static Window Adaptive(Sizes outputSize, Layout layout, string? dialect, int? rank) => dialect switch
    {
        "torch" => Torch.AdaptiveWindow(outputSize, rank),
        "keras" => Keras.AdaptiveWindow(outputSize, layout, rank),
        _ => Window.Adaptive(outputSize) with { Rank = rank, Layout = layout },
    };

    private Window Sliding(ParseResult result, string word, string? dialect)
    {
        Sizes kernel = _defaultKernel is { } @default ? result.GetValue(_kernel) ?? @default : Required(result, _kernel, word);
        Sizes? stride = result.GetValue(_stride), dilation = result.GetValue(_dilation);
        Padding padding = _onnx.Padding(result, result.GetValue(_padding));
        bool ceilMode = result.GetValue(_ceilMode);
        int? rank = result.GetValue(_rank);
        switch (dialect)
        {
            case "torch":
                if (padding.Mode != PaddingMode.Explicit || padding.Before != padding.After)
                    throw new RefusedException($"--padding is {padding}; PyTorch pads both sides alike, by a number or one per axis");
                return Torch.Window(kernel, stride, padding.Before, dilation, ceilMode, rank) with { Layout = LayoutOf(result) };
            case "keras":
                if (dilation is { } apart && !apart.All(1)) Refuse(result, _dilation, "dialect keras");
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

    private void RefuseOnnx(ParseResult result)
    {
        if (result.GetValue(_dialect) != "onnx")
            foreach (Option option in _onnx.All) Refuse(result, option, "anything but --dialect onnx");
    }

    private static Sizes Required(ParseResult result, Option<Sizes?> option, string word) =>
        result.GetValue(option) ?? throw new RefusedException($"{option.Name} is missing; {word} needs one, such as {option.Name} 2,2");

    /// <summary>Refuses an option that does not go with something.</summary>
    /// <exception cref="RefusedException">It is given.</exception>
    public static void Refuse(ParseResult result, Option option, string with)
    {
        if (result.GetResult(option) is { Implicit: false }) throw new RefusedException($"{option.Name} does not go with {with}");
    }
}
