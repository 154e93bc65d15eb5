using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Cenote.Cli;

/// <summary>The operators that slide no window, and the options that they alone have.</summary>
internal sealed class WindowlessOptions
{
    /// <summary>The word of fractional max pooling.</summary>
    public const string FractionalMax = "fractional-max";

    private readonly Option<string?> _boxes = new("--boxes") { Description = "Boxes of roi-pool and roi-align, (K, 5): batch index, x1, y1, x2, y2.", HelpName = "BOXES.npy" };
    private readonly Option<double?> _spatialScale = NumberParser.Option<double>("--spatial-scale", "Cells of the map for each pixel of the boxes. Default: 1.", "S");
    private readonly Option<int?> _samplingRatio = NumberParser.Option<int>("--sampling-ratio", "Samples along each axis of a bin of roi-align. Default: as many as it has cells, rounded up.", "N");
    private readonly Option<bool> _aligned = new("--aligned") { Description = "Move the samples of roi-align by half a cell; ONNX's half_pixel." };
    private readonly Option<string?> _mode = WordParser.Option("--mode", "What roi-align makes of its samples. Default: avg.", "avg", "max");
    private readonly Option<double[]?> _outputRatio = List<double>("--output-ratio", "Output over input length of fractional-max, over 0 and under 1, instead of --output-size.", "R[,R..]");
    private readonly Option<string?> _samples = new("--samples") { Description = "What fractional-max draws else, (N, C, rank), in PyTorch's order of the axes.", HelpName = "SAMPLES.npy" };
    private readonly Option<int[]?> _levels = List<int>("--levels", "Bins along each axis of each level of spatial-pyramid. Default: 1,2,4.", "N[,N..]");
    private readonly Option<long[]?> _lengths = List<long>("--lengths", "Steps of each sequence that count in statistics. Default: all.", "N[,N..]");
    private readonly Option<bool> _biased = new("--biased") { Description = "Average squares over all steps in statistics, and not over one less." };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="words">The words it knows. Default: every word.</param>
    public WindowlessOptions(Command verb, params string[] words)
    {
        foreach (Option option in All)
            if (words.Length == 0 || Array.Exists(Entries, entry => words.Contains(entry.Word) && entry.Takes.Contains(option.Name))) verb.Add(option);
    }

    /// <summary>What makes the operator of a word, and the options that it takes.</summary>
    private sealed record Entry(string Word, string[] Takes, Func<WindowlessOptions, WindowOptions, ParseResult, IWindowless> Make);

    private static readonly Entry[] Entries =
    [
        new(FractionalMax, ["--kernel", "--output-size", "--output-ratio", "--samples", "--seed", "--rank", "--layout"], (options, window, result) => new OfLayer(options.FractionalLayer(window, result))),
        new("spatial-pyramid", ["--levels", "--rank"], (options, window, result) =>
            new OfLayer(new SpatialPyramidPool(result.GetValue(options._levels) is { Length: > 0 } levels ? levels : [1, 2, 4], window.Loose(result).Rank))),
        new("statistics", ["--lengths", "--biased"], (options, window, result) =>
            new OfLayer(new StatisticsPooling(result.GetValue(options._lengths), !result.GetValue(options._biased)))),
        new("roi-pool", ["--boxes", "--output-size", "--spatial-scale"], (options, window, result) =>
            options.Regions(window, result, (size, scale) => new RoIPool(size, scale))),
        new("roi-align", ["--boxes", "--output-size", "--spatial-scale", "--sampling-ratio", "--aligned", "--mode"], (options, window, result) =>
            options.Regions(window, result, (size, scale) => new RoIAlign(
                size, scale, result.GetValue(options._samplingRatio) ?? -1, result.GetValue(options._aligned),
                result.GetValue(options._mode) == "max" ? RoiAlignMode.Max : RoiAlignMode.Average))),
    ];

    /// <summary>Every word.</summary>
    public static IEnumerable<string> Words => Entries.Select(entry => entry.Word);

    private Option[] All => [_boxes, _spatialScale, _samplingRatio, _aligned, _mode, _outputRatio, _samples, _levels, _lengths, _biased];

    /// <summary>The operator of a word.</summary>
    /// <exception cref="RefusedException">An option is missing, or does not go with the operator.</exception>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public IWindowless Operator(ParseResult result, string word, WindowOptions window)
    {
        Entry entry = Array.Find(Entries, one => one.Word == word)!;
        window.RefuseAllBut(result, word, entry.Takes);
        RefuseAll(result, word, entry.Takes);
        return entry.Make(this, window, result);
    }

    /// <summary>Refuses the options here, as an operator with a window does.</summary>
    /// <exception cref="RefusedException">Such an option is given.</exception>
    public void RefuseAll(ParseResult result, string word, params string[] but)
    {
        foreach (Option option in All)
            if (!but.Contains(option.Name)) WindowOptions.Refuse(result, option, word);
    }

    /// <summary>The layer of fractional-max alone, for a verb that asks more of it than its results.</summary>
    /// <exception cref="RefusedException">An option is missing, or does not go with the operator.</exception>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public FractionalMaxPool Fractional(ParseResult result, WindowOptions window) => (FractionalMaxPool)((OfLayer)Operator(result, FractionalMax, window)).Layer;

    private FractionalMaxPool FractionalLayer(WindowOptions options, ParseResult result)
    {
        (Sizes? kernel, Sizes? outputSize, int? rank, Layout layout, long? seed) = options.Loose(result);
        if (kernel is not { } size) throw new RefusedException("--kernel is missing; fractional-max needs one, such as --kernel 2,2");
        string? samples = result.GetValue(_samples);
        if (samples is not null && seed is not null) throw new RefusedException("--seed does not go with --samples");
        return new(
            new(size, outputSize, result.GetValue(_outputRatio) is { Length: > 0 } ratio ? ratio : null, rank, layout), samples is null ? null : NpyFile.Read(samples).Accept(new Doubles()), seed ?? 0);
    }

    private OfBoxes Regions(WindowOptions options, ParseResult result, Func<Sizes, double, RegionLayer> layer)
    {
        Sizes size = options.Loose(result).OutputSize ?? throw new RefusedException("--output-size is missing; regions need one, such as --output-size 7,7");
        string boxes = result.GetValue(_boxes) ?? throw new RefusedException("--boxes is missing; regions need them, such as --boxes boxes.npy");
        return new(layer(size, result.GetValue(_spatialScale) ?? 1), NpyFile.Read(boxes));
    }

    // The value is an empty list where the option is not given.
    private static Option<T[]?> List<T>(string name, string description, string helpName)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (NumberParser.List<T>(text, NumberStyles.Float) is { } numbers) return numbers;
            result.AddError($"{name} is '{text}'; it must be {NumberParser.Kind<T>("numbers")} with commas between");
            return null;
        },
    };
}
