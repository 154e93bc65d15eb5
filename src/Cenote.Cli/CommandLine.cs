using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cenote.Plotting;

namespace Cenote.Cli;

/// <summary>The whole command: its verbs, and how a run ends.</summary>
internal static partial class CommandLine
{
    private const int Success = 0, RunFailed = 1, WrongUsage = 2;

    /// <summary>What the user knows a parameter of the libraries by, where it is no option of the same name.</summary>
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["kernelSize"] = "--kernel", ["p"] = "--norm", ["gradOutput"] = "--gradient", ["indices"] = "--from-indices", ["auto_pad"] = "--auto-pad",
        ["toRate"] = "--sample-rate", ["fromRate"] = "the file's rate",
    };

    /// <summary>How words are read: one that begins with @ is a name as any other, and no file of more words.</summary>
    public static ParserConfiguration Words => new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the command: results on standard output, progress and errors on standard error.</summary>
    /// <returns>0, 1 for a failed run, 2 for wrong usage or bad input.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        StandardOutput.Take();
        Command root = Create();
        ParseResult result = root.Parse(arguments, Words);
        // Then the signal does what it does to any program.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => WholeFile.RemoveUnfinished());
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => WholeFile.RemoveUnfinished());
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => WholeFile.RemoveUnfinished());
        try
        {
            bool asksForHelp = result.Action is HelpAction;
            if (result.Errors.Count > 0 && !asksForHelp)
                throw new RefusedException($"{result.Errors[0].Message.TrimEnd('.')}; see '{Path(result)} --help'");
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception)
        {
            StandardError.Say($"error: {OneLine(exception, result.CommandResult.Command)}");
            return exception is RefusedException or ArgumentException or FormatException or OverflowException
                or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException
                ? WrongUsage
                : RunFailed;
        }
    }

    /// <summary>The command and its verbs.</summary>
    public static Command Create()
    {
        Command root = new("cenote", "Pooling for recordings and arrays: from a WAV file to its pooled spectrogram, and every pooling operator on .npy files.")
        {
            SpectrogramCommand.Create(),
            PoolCommand.Create(),
            ShapeCommand.Create(),
            ExplainCommand.Create(),
            CompletionCommand.Create(),
            CompletionCommand.CreateHidden(),
        };
        HelpOption help = new("--help", "-h") { Description = "Show this.", Recursive = true };
        ((HelpAction)help.Action!).MaxWidth = Screen.Width(ofFile: 120);
        root.Add(help);
        Option<bool> version = new("--version") { Description = "Show the version." };
        root.Add(version);
        root.SetAction(result =>
        {
            if (!result.GetValue(version)) throw new RefusedException("no verb given; see 'cenote --help'");
            Console.WriteLine(typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
            return Success;
        });
        return root;
    }

    private static string Path(ParseResult result) =>
        result.CommandResult.Command.Name == "cenote" ? "cenote" : $"cenote {result.CommandResult.Command.Name}";

    /// <summary>The message without line breaks, with options in the place of parameters, and without the one that .NET hangs on to it: the message itself names the argument.</summary>
    private static string OneLine(Exception exception, Command verb)
    {
        string message = exception switch
        {
            OutOfMemoryException => "out of memory: the arrays of this run do not fit",
            // Gone since it was looked for, or a link to nowhere.
            FileNotFoundException { FileName: { } file } => $"there is no file '{file}'",
            _ => exception.Message,
        };
        if (exception is ArgumentException { ParamName: { } parameter })
            message = message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal);
        if (exception is ArgumentException) message = ParameterPattern().Replace(message, match => AsTyped(match.Groups["name"].Value) ?? match.Value);
        return message.ReplaceLineEndings(" ").Trim().TrimEnd('.');

        string? AsTyped(string name) => OtherNames.GetValueOrDefault(name)
            ?? verb.Options.FirstOrDefault(option => option.Name == $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(name)}")?.Name;
    }

    // A message begins with its parameter; elsewhere only a capital tells a name from a word.
    [GeneratedRegex(@"^(The )?(?<name>[a-z_]+)\b|\b(?<name>[a-z]+[A-Z]\w*)")]
    private static partial Regex ParameterPattern();
}
