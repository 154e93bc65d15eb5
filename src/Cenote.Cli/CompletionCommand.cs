using System.CommandLine;
using System.CommandLine.Completions;

namespace Cenote.Cli;

/// <summary><c>cenote completion</c>: the script that teaches a shell to complete the command, which asks <c>cenote complete</c>.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _cenote() {
                local IFS=$'\n'
                COMPREPLY=($(cenote complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null))
                [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$2"))
            }
            complete -F _cenote cenote
            """,
        ["zsh"] = """
            #compdef cenote
            _cenote() {
                local -a found
                found=("${(@f)$(cenote complete ${#BUFFER} "$BUFFER" 2>/dev/null)}")
                if [[ -n "$found" ]]; then compadd -a found; else _files; fi
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

    /// <summary>What may follow at a position of a command line, a line each.</summary>
    public static Command CreateHidden()
    {
        Argument<int> position = new("POSITION");
        Argument<string> line = new("LINE");
        Command verb = new("complete", "Complete a command line.") { position, line };
        verb.Hidden = true;
        verb.SetAction(result =>
        {
            string text = result.GetRequiredValue(line);
            int at = Math.Clamp(result.GetRequiredValue(position), 0, text.Length);
            foreach (CompletionItem item in CommandLine.Create().Parse(text[..at]).GetCompletions(at)) Console.WriteLine(item.Label);
        });
        return verb;
    }
}
