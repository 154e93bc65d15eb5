using System.Numerics.Tensors;
using Cenote.Cli;
using Cenote.Tests.Golden;

namespace Cenote.Tests.Cli;

/// <summary>The command on terminals of all sizes, and on streams that are closed or full.</summary>
public sealed class StreamTests : IDisposable
{
    private static readonly string Recording = GoldenFile.InRepository("samples/audio/librivox_sense_0870.wav");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "--version")]
    [InlineData(0, "--help")]
    [InlineData(1, "pool --help")]
    [InlineData(4, "pool --help")]
    [InlineData(5, "spectrogram --help")]
    [InlineData(2000, "--help")]
    public void A_terminal_of_any_width_is_written_to(int columns, string arguments) => Assert.Equal(0, InTerminal(columns, $"cenote {arguments}").ExitCode);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_terminal_of_any_width_is_drawn_to(int columns)
    {
        CommandRun run = InTerminal(columns, $"cenote spectrogram '{Recording}' --end 0.1 --terminal");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("▀", run.Output);
    }

    [Theory]
    [InlineData(2, "cenote shape 1,1,4,4 max 2>&-")]
    [InlineData(2, "cenote pool max missing.npy --kernel 2 2>/dev/full")]
    [InlineData(2, "cenote shape 1,1,4,4 max 2>/dev/full")]
    [InlineData(0, "cenote pool max <(sleep 1.5; cat plane.npy) --kernel 2 -o out.npy 2>&-")]
    [InlineData(0, "cenote pool max <(sleep 1.5; cat plane.npy) --kernel 2 -o out.npy 2>/dev/full")]
    public void Standard_error_that_is_closed_or_full_changes_no_exit_code(int exitCode, string line)
    {
        NpyFile.Write(_folder["plane.npy"], Tensor.Create(new float[16], [1, 1, 4, 4]));
        CommandRun run = CommandRun.OfBash(_folder.Path, line);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Error));
        Assert.Equal(exitCode == 0, File.Exists(_folder["out.npy"]));
    }

    [Theory]
    [InlineData("closed", "shape 1,1,4,4 max --kernel 2 >&-")]
    [InlineData("closed", "shape --help >&-")]
    [InlineData("No space left on device", "shape 1,1,4,4 max --kernel 2 --json >/dev/full")]
    public void Standard_output_that_is_closed_or_full_is_a_failed_run(string why, string line)
    {
        CommandRun run = CommandRun.OfBash(_folder.Path, $"cenote {line}");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches($"^error: standard output cannot be written to: .*{why}.*\n$", run.Error);
    }

    [Fact]
    public void A_reader_that_leaves_early_is_no_failure() =>
        Assert.Equal(new CommandRun(0, "cenote\n", ""), CommandRun.OfBash(_folder.Path, "set -o pipefail; cenote pool --help | (read -r line; sleep 0.1; echo cenote)"));

    [Theory]
    [InlineData("NO_COLOR", "NO_COLOR=1")]
    [InlineData("TERM=dumb", "TERM=dumb")]
    public void Pictures_in_colours_are_not_drawn_where_colours_are_ruled_out(string why, string setting)
    {
        CommandRun run = CommandRun.OfBash(_folder.Path, $"{setting} cenote spectrogram '{Recording}' --end 0.1 --terminal");
        Assert.Equal((0, $"--terminal draws in colours, which {why} rules out: nothing is drawn here\n"), (run.ExitCode, run.Complaint));
        Assert.DoesNotContain("▀", run.Output);
        Assert.DoesNotContain("\e", run.Output);
        Assert.Contains("▀", CommandRun.OfBash(_folder.Path, $"NO_COLOR= cenote spectrogram '{Recording}' --end 0.1 --terminal").Output);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void A_signal_during_a_write_ends_the_run_and_leaves_nothing(string signal)
    {
        // A file that takes a while, and the signal once its beginning is there. With jobs (-m) bash lets go of SIGINT.
        using (FileStream large = File.Create(_folder["large.npy"]))
        {
            large.Write(NpyHeader.ForWriting(NpyType.Of<byte>(), [1, 1 << 26]));
            large.SetLength(large.Position + (1 << 26));
        }

        CommandRun run = CommandRun.OfBash(_folder.Path, $$"""
            set -m
            (exec dotnet '{{Path.Combine(AppContext.BaseDirectory, "Cenote.Cli.dll")}}' pool max large.npy --kernel 1 -o out.npy) &
            until [ -n "$(find . -name '.*.tmp' -size +1M)" ] || [ -e out.npy ]; do sleep 0.01; done
            kill -{{signal}} $!
            wait $!
            status=$?
            [ $status = 0 ] || kill -l $status
            """);
        Assert.SkipWhen(File.Exists(_folder["out.npy"]), "it was written faster than the signal came");
        Assert.Equal($"{signal}\n", run.Output);
        Assert.Equal(["large.npy"], _folder.Names);
    }

    private CommandRun InTerminal(int columns, string line)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "there is no script");
        return CommandRun.OfBash(_folder.Path, $"SHELL=/bin/bash timeout 60 script -qec \"stty cols {columns}; {line}\" /dev/null < /dev/null");
    }
}
