namespace Cenote.Cli;

/// <summary>A fold that the command knows by a word.</summary>
/// <param name="Word">What the user types; <c>global-</c> and <c>adaptive-</c> before it change the window.</param>
/// <param name="Title">What a picture calls it.</param>
/// <param name="Takes">The options that it takes beside those of its window.</param>
/// <param name="Layer">The layer for a window and the settings beside it.</param>
/// <param name="KeepsUnit">Whether its result is in the unit of the cells, even one such as decibels, in which numbers below 0 are as good as others.</param>
internal sealed record Operator(string Word, string Title, string[] Takes, Func<Window, FoldSettings, WindowLayer> Layer, bool KeepsUnit = true)
{
    private const string Global = "global-", Adaptive = "adaptive-";

    /// <summary>Every fold there is; one line makes three words.</summary>
    private static readonly Operator[] Folds =
    [
        new("max", "Max", ["--storage-order"], (window, _) => new MaxPool(window)),
        new("avg", "Average", ["--exclude-padding", "--divisor", "--count-include-pad"], (window, settings) => new AvgPool(window, settings.CountPadding, settings.Divisor)),
        new("min", "Min", ["--storage-order"], (window, _) => new MinPool(window)),
        new("sum", "Sum", [], (window, _) => new SumPool(window), KeepsUnit: false),
        new("lp", "Lp", ["--norm"], (window, settings) => new LPPool(settings.Norm ?? 2, window), KeepsUnit: false),
        new("gem", "Generalized Mean", ["--norm", "--eps"], (window, settings) => new GeMPool(window, settings.Norm ?? 3, settings.Eps), KeepsUnit: false),
        new("soft", "Soft", [], (window, _) => new SoftPool(window)),
        new("mixed", "Mixed", ["--ratio"], (window, settings) => new MixedPool(window, settings.Ratio)),
        new("median", "Median", ["--storage-order"], (window, _) => new MedianPool(window)),
        new("stochastic", "Stochastic", ["--seed", "--storage-order"], (window, settings) => new StochasticPool(window, settings.Seed)),
        new("stochastic-mean", "Stochastic Mean", [], (window, _) => new StochasticMeanPool(window)),
    ];

    /// <summary>Those that only slide: one line makes one word.</summary>
    private static readonly Operator[] SlidingAlone = [new("blur", "Blur", [], (window, _) => new BlurPool(window))];

    /// <summary>Every word.</summary>
    public static IEnumerable<string> Words => new[] { "", Global, Adaptive }.SelectMany(prefix => Folds.Select(fold => prefix + fold.Word))
        .Concat(SlidingAlone.Select(one => one.Word));

    /// <summary>Whether the window is the whole input.</summary>
    public bool IsGlobal => Word.StartsWith(Global, StringComparison.Ordinal);

    /// <summary>Whether the window follows from the output size.</summary>
    public bool IsAdaptive => Word.StartsWith(Adaptive, StringComparison.Ordinal);

    /// <summary>What a file of its results is called.</summary>
    public string FileName => $"{Word.Replace('-', '_')}_pooled";

    /// <summary>The operator of a word.</summary>
    /// <param name="word">The word, in any case.</param>
    /// <param name="others">Words that the verb knows beside these, for the message.</param>
    /// <exception cref="RefusedException">There is no such word.</exception>
    public static Operator Named(string word, params IEnumerable<string> others)
    {
        word = WordParser.Find(Words, word) ?? word;
        if (Array.Find(SlidingAlone, one => one.Word == word) is { } sliding) return sliding;
        foreach ((string prefix, string title) in new[] { ("", ""), (Global, "Global "), (Adaptive, "Adaptive ") })
            if (Folds.FirstOrDefault(fold => prefix + fold.Word == word) is { } fold)
                return fold with { Word = word, Title = title + fold.Title };
        throw new RefusedException($"operator is '{word}'; it must be one of {string.Join(", ", Words.Concat(others))}");
    }
}
