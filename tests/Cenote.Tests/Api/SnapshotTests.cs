using System.CommandLine;
using System.Reflection;
using Cenote.Audio;
using Cenote.Cli;
using Cenote.Plotting;
using Cenote.Tests.Cli;
using Cenote.Tests.Golden;
using PublicApiGenerator;

namespace Cenote.Tests.Api;

/// <summary>What users see, reviewed as a diff; CENOTE_ACCEPT=1 takes the present state as right.</summary>
public class SnapshotTests
{
    [Theory]
    [InlineData(typeof(Pool))]
    [InlineData(typeof(Waveform))]
    [InlineData(typeof(Heatmap))]
    public void The_public_surface_is_as_reviewed(Type type)
    {
        Assembly assembly = type.Assembly;
        ApiGeneratorOptions options = new() { IncludeAssemblyAttributes = false };
        Matches(assembly.GeneratePublicApi(options), $"{assembly.GetName().Name}.txt");
    }

    [Fact]
    public void The_help_is_as_reviewed()
    {
        string[] verbs = [.. CommandLine.Create().Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)];
        IEnumerable<string[]> lines = [["--help"], .. verbs.Select(verb => new[] { verb, "--help" })];
        Matches(string.Concat(lines.Select(line => $"$ cenote {string.Join(' ', line)}\n{CommandRun.Succeed(line)}")), "cenote-help.txt");
    }

    private static void Matches(string actual, string file)
    {
        actual = string.Join('\n', actual.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd() + "\n";
        string path = GoldenFile.InRepository($"tests/Cenote.Tests/Api/{file}");
        if (Environment.GetEnvironmentVariable("CENOTE_ACCEPT") == "1") File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
