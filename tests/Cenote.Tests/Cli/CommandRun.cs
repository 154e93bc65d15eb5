using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Cenote.Tests.Cli;

/// <summary>The command run as a user runs it: a process of its own.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed partial record CommandRun(int ExitCode, string Output, string Error)
{
    private static readonly string Command = Path.Combine(AppContext.BaseDirectory, "Cenote.Cli.dll");

    /// <summary>Standard error without what a run is at, which a slow machine says.</summary>
    public string Complaint => ProgressLine().Replace(Error, "");

    public static CommandRun Of(params string[] arguments) => Of(new ProcessStartInfo("dotnet", [Command, .. arguments]));

    /// <summary>Lines of bash that know the command <c>cenote</c>; what standard output and error are is theirs to say.</summary>
    public static CommandRun OfBash(string folder, string lines)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        return Of(new ProcessStartInfo("/bin/bash", ["-c", $"cenote() {{ dotnet '{Command}' \"$@\"; }}\nexport -f cenote\n{lines}"]) { WorkingDirectory = folder });
    }

    private static CommandRun Of(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        // The runner of these tests may have been told to do without colours; the command has not.
        start.Environment.Remove("NO_COLOR");
        start.Environment["TERM"] = "xterm";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    /// <summary>A run that must succeed with nothing on standard error but, on a slow machine, what it is at.</summary>
    public static string Succeed(params string[] arguments)
    {
        CommandRun run = Of(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Complaint));
        return run.Output;
    }

    /// <summary>A run that must be refused: exit 2, nothing on standard output, one line on standard error.</summary>
    public static string Refused(params string[] arguments)
    {
        CommandRun run = Of(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        string error = run.Complaint;
        Assert.StartsWith("error: ", error);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at ", error);
        return error.TrimEnd();
    }

    [GeneratedRegex("^[0-9.]+ s: [^\n]* …\n", RegexOptions.Multiline)]
    private static partial Regex ProgressLine();
}
