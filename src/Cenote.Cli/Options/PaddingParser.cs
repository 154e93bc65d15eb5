using System.CommandLine;

namespace Cenote.Cli;

/// <summary>Reads <c>1</c>, <c>1,2</c>, <c>0:1</c>, <c>0:1,2:3</c>, <c>valid</c>, <c>same</c> and <c>same-lower</c>.</summary>
internal static class PaddingParser
{
    /// <summary>The words that stand for a rule.</summary>
    public static readonly string[] Words = ["valid", "same", "same-lower"];

    /// <summary>The option <c>--padding</c>.</summary>
    public static Option<Padding?> Option()
    {
        Option<Padding?> option = new("--padding")
        {
            Description = "Padding: a number or one per axis, before:after where the sides differ, or valid, same, same-lower. Default: 0.",
            HelpName = "N[,N..]|B:E[,B:E..]|valid|same|same-lower",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                try
                {
                    if (Parse(text) is { } padding) return padding;
                    result.AddError($"--padding is '{text}'; it must be a {NumberParser.Kind<int>()}, one per axis such as 1,2, before:after such as 0:1, valid, same or same-lower");
                }
                catch (ArgumentException exception)
                {
                    // It begins with the parameter: padding.
                    result.AddError($"--{exception.Message.Split(" (Parameter", 2)[0]}");
                }
                return null;
            },
        };
        option.CompletionSources.Add(Words);
        return option;
    }

    /// <summary>The padding that a text asks for, or <c>null</c> where the text is none.</summary>
    /// <exception cref="ArgumentException">A number is negative.</exception>
    private static Padding? Parse(string text)
    {
        switch (text.ToLowerInvariant())
        {
            case "valid": return Padding.Valid;
            case "same": return Padding.Same;
            case "same-lower": return Padding.SameLower;
        }
        string[] axes = text.Split(',');
        string[] before = [.. axes.Select(axis => axis.Split(':')[0])], after = [.. axes.Select(axis => axis.Split(':')[^1])];
        return axes.All(axis => axis.Split(':').Length <= 2)
            && SizesParser.Parse(string.Join(',', before)) is { } first && SizesParser.Parse(string.Join(',', after)) is { } last
            ? Padding.PerSide(first, last)
            : null;
    }
}
