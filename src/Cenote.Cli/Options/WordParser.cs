using System.CommandLine;
using System.CommandLine.Parsing;

namespace Cenote.Cli;

/// <summary>Reads one of a few words, in any case, and names the option and all of them where it is none.</summary>
internal static class WordParser
{
    /// <summary>An option of one word.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What the words decide.</param>
    /// <param name="words">All that there are.</param>
    public static Option<string?> Option(string name, string description, params string[] words)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', words), CustomParser = result => Word(result, name, words) };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>An argument of one word.</summary>
    /// <inheritdoc cref="Option"/>
    public static Argument<string> Argument(string name, string description, params string[] words)
    {
        Argument<string> argument = new(name) { HelpName = name, Description = description, CustomParser = result => Word(result, name, words) };
        argument.CompletionSources.Add(words);
        return argument;
    }

    /// <summary>The word that is meant, whatever case it is typed in; <c>null</c> where it is none of them.</summary>
    public static string? Find(IEnumerable<string> words, string typed) => words.FirstOrDefault(one => one.Equals(typed, StringComparison.OrdinalIgnoreCase));

    private static string? Word(ArgumentResult result, string name, string[] words)
    {
        string word = result.Tokens[0].Value;
        if (Find(words, word) is { } found) return found;
        result.AddError($"{name} is '{word}'; it must be one of {string.Join(", ", words)}");
        return null;
    }
}
