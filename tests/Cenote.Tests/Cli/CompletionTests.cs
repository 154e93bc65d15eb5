using System.Diagnostics;

namespace Cenote.Tests.Cli;

public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cenote s", "spectrogram shape")]
    [InlineData("cenote pool a", "avg adaptive-max adaptive-avg adaptive-min adaptive-sum adaptive-lp adaptive-gem adaptive-soft adaptive-mixed adaptive-median adaptive-stochastic adaptive-stochastic-mean")]
    [InlineData("cenote explain fr", "fractional-max")]
    [InlineData("cenote pool maxx", "")]
    [InlineData("cenote pool max x.npy --padding same-l", "same-lower")]
    [InlineData("cenote pool max x.npy --padding=same-l", "same-lower")]
    [InlineData("cenote pool --padding same m", "max min mixed median max-unpool")]
    [InlineData("cenote pool max x.npy --kernel ", "")]
    [InlineData("cenote pool max --in", "--indices")]
    [InlineData("cenote pool max --he", "--help")]
    [InlineData("cenote --he", "--help")]
    [InlineData("cenote shape ", "")]
    [InlineData("cenote shape 1,4 med", "median")]
    [InlineData("cenote completion z", "zsh")]
    [InlineData("cenote spectrogram x.wav --pool max,av", "max,avg")]
    [InlineData("cenote spectrogram x.wav --pool=max,av", "max,avg")]
    [InlineData("cenote spectrogram --colormap v", "viridis")]
    [InlineData("cenote spectrogram x.wav --te", "--terminal")]
    public void Words_are_offered_by_what_has_been_typed_of_them(string line, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), CommandRun.Succeed("complete", $"{line.Length}", line).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Options_are_offered_where_no_argument_is_left()
    {
        string[] words = CommandRun.Succeed("complete", "22", "cenote pool max x.npy ").Split('\n');
        Assert.Contains("--kernel", words);
        Assert.DoesNotContain("avg", words);
    }

    [Theory]
    [InlineData("cenote pool max in", "in.npy in put.npy")]
    [InlineData("cenote pool max in.npy --indices in", "in.npy in put.npy")]
    [InlineData("cenote pool max in.npy --indices=in", "in.npy in put.npy")]
    [InlineData("cenote explain max --kernel 2 ", "folder in.npy in put.npy speech.wav")]
    [InlineData("cenote spectrogram ", "folder in.npy in put.npy speech.wav")]
    [InlineData("cenote spectrogram sp", "speech.wav")]
    [InlineData("cenote spectrogram speech.wav -o fo", "folder")]
    [InlineData("cenote pool me", "median")]
    [InlineData("cenote pool xx", "")]
    public void Bash_completes_files_where_one_is_wanted(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        foreach (string name in (string[])["in.npy", "in put.npy", "speech.wav", "folder/x.npy"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], "");
        }

        string script = $$"""
            cenote() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "Cenote.Cli.dll")}}' "$@"; }
            eval "$(cenote completion bash)"
            COMP_LINE=$1 COMP_POINT=${#1}
            _cenote cenote "${1##*[ =]}"
            printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -sd' '
            """;
        using Process bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script, "bash", line]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true })!;
        Assert.Equal(string.Join(' ', expected.Split(' ').Order(StringComparer.Ordinal)), string.Join(' ', bash.StandardOutput.ReadToEnd().TrimEnd().Split(' ').Order(StringComparer.Ordinal)));
    }
}
