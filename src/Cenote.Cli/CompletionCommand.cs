using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Cenote.Cli;

/// <summary><c>cenote completion</c>: the script that teaches a shell to complete the command, which asks <c>cenote complete</c>.</summary>
internal static class CompletionCommand
{
    private const int FileWanted = 1;

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _cenote() {
                local IFS=$'\n'
                COMPREPLY=($(cenote complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null)) && return
                compopt -o filenames 2>/dev/null
                COMPREPLY=($(compgen -f -- "$2"))
            }
            complete -F _cenote cenote
            """,
        ["zsh"] = """
            #compdef cenote
            _cenote() {
                local line="${(j: :)words[1,CURRENT]}" found
                compset -P '-*='
                if found="$(cenote complete ${#line} "$line" 2>/dev/null)"; then compadd -- ${(f)found}; else _files; fi
            }
            compdef _cenote cenote
            """,
        ["fish"] = "complete -c cenote -a '(cenote complete (string length -- (commandline -cp)) (commandline -cp) 2>/dev/null)'",
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName cenote -ScriptBlock {
                param($word, $line, $position)
                cenote complete $position "$line" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    /// <summary>The verb, and the hidden one behind the scripts.</summary>
    public static Command Create()
    {
        Argument<string> shell = WordParser.Argument("SHELL", $"One of {string.Join(", ", Scripts.Keys)}.", [.. Scripts.Keys]);
        Command verb = new("completion", "Print a shell's completion script, to be sourced: eval \"$(cenote completion bash)\".") { shell };
        verb.SetAction(result => Console.WriteLine(Scripts[result.GetRequiredValue(shell)]));
        return verb;
    }

    /// <summary>The words that may follow at a position of a command line, a line each; ends with 1 where a file is wanted, which the shell knows.</summary>
    public static Command CreateHidden()
    {
        Argument<int> position = new("POSITION");
        Argument<string> line = new("LINE");
        Command verb = new("complete", "Complete a command line.") { position, line };
        verb.Hidden = true;
        verb.SetAction(result =>
        {
            string text = result.GetRequiredValue(line);
            if (Words(text[..Math.Clamp(result.GetRequiredValue(position), 0, text.Length)]) is not { } words) return FileWanted;
            foreach (string word in words) Console.WriteLine(word);
            return 0;
        });
        return verb;
    }

    /// <summary>What may stand where a line ends; <c>null</c> for a file.</summary>
    private static IEnumerable<string>? Words(string line)
    {
        string[] typed = [.. CommandLineParser.SplitCommandLine(line).Skip(1)];
        if (typed.Length == 0 || char.IsWhiteSpace(line[^1])) typed = [.. typed, ""];
        string word = typed[^1];
        ParseResult before = CommandLine.Create().Parse(typed[..^1], CommandLine.Words);
        Command verb = before.CommandResult.Command;

        string[] halves = word.Split('=', 2);
        (string name, string value) = halves.Length == 2 ? (halves[0], halves[1]) : (typed.Length > 1 ? typed[^2] : "", word);
        if (verb.Options.FirstOrDefault(option => Names(option).Contains(name) && option.Arity.MinimumNumberOfValues > 0) is { } asking)
            return Offered(asking.HelpName, asking.CompletionSources, value);
        Argument? next = verb.Arguments.FirstOrDefault(argument => before.GetResult(argument) is null or { Tokens.Count: 0 });
        if (next is not null && !word.StartsWith('-')) return Offered(next.Name, next.CompletionSources, word);
        IEnumerable<string> verbs = verb.Subcommands.Where(one => !one.Hidden).Select(one => one.Name);
        IEnumerable<Option> options = verb.Options.Union(before.RootCommandResult.Command.Options.Where(option => option.Recursive));
        return verbs.Concat(options.SelectMany(Names)).Where(one => one.StartsWith(word, StringComparison.Ordinal));
    }

    /// <summary>The words of an option or argument, all but what stands behind a comma; <c>null</c> where its name in the help is that of a file.</summary>
    private static IEnumerable<string>? Offered(string? helpName, List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, string word)
    {
        if (helpName is "AUDIO" or "DIR" || helpName?.EndsWith(".npy", StringComparison.Ordinal) == true) return null;
        int last = helpName?.StartsWith("OP[,", StringComparison.Ordinal) == true ? word.LastIndexOf(',') + 1 : 0;
        return sources.SelectMany(source => source(CompletionContext.Empty)).Select(item => word[..last] + item.Label).Where(one => one.StartsWith(word, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);
}
