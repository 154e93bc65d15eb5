using System.Numerics.Tensors;
using System.Text.Json;
using Cenote.Cli;
using Cenote.Tests.Golden;

namespace Cenote.Tests.Cli;

/// <summary>The options of the dialects, unpooling, and explanations backward.</summary>
public sealed class DialectCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _plane;

    public DialectCommandTests()
    {
        _plane = _folder["plane.npy"];
        NpyFile.Write(_plane, Tensor.Create(Enumerable.Range(1, 16).Select(i => (float)i).ToArray(), [1, 1, 4, 4]));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[[[[1,3,4],[9,11,12],[13,15,16]]]]", "max", "onnx", "--kernel-shape", "2,2", "--strides", "2,2", "--pads", "1,1,1,1")]
    [InlineData("[[[[3.5,5.5],[11.5,13.5]]]]", "avg", "onnx", "--kernel-shape", "2,2", "--strides", "2,2", "--auto-pad", "SAME_LOWER")]
    [InlineData("[[[[0.25,1.25,1],[3.5,8.5,5],[3.25,7.25,4]]]]", "avg", "onnx", "--kernel", "2", "--strides", "2", "--pads", "1,1,1,1", "--count-include-pad", "1")]
    [InlineData("[[[[1,2.5,4],[7,8.5,10],[13,14.5,16]]]]", "avg", "onnx", "--kernel", "2", "--strides", "2", "--pads", "1,1,1,1")]
    [InlineData("[[13,14,15,16]]", "global-max", "keras")]
    [InlineData("[[16]]", "global-max", "keras", "--layout", "channels-first")]
    [InlineData("[[[[16]]]]", "global-max", "keras", "--layout", "channels-first", "--keep-dims", "true")]
    [InlineData("[[16]]", "global-max", "onnx", "--keep-dims", "false")]
    [InlineData("[[[[14,16]]]]", "adaptive-max", "keras", "--output-size", "1,2", "--layout", "channels-first")]
    [InlineData("[[[[14,16]]]]", "adaptive-max", "torch", "--output-size", "1,2")]
    public void A_dialect_takes_its_own_arguments(string expected, string word, string dialect, params string[] options)
    {
        using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed(["pool", word, _plane, "--dialect", dialect, "--json", .. options]));
        Assert.Equal(expected, json.RootElement.GetProperty("values").GetRawText());
    }

    [Fact]
    public void The_documented_commands_of_onnx_nodes_work_one_after_the_other()
    {
        File.Copy(_plane, _folder["x.npy"]);
        string lines = File.ReadAllText(GoldenFile.InRepository("docs/semantics.md")).Split("## A node of an ONNX model")[1].Split("```")[1];
        Assert.Equal(5, lines.Split("\ncenote ").Length);
        CommandRun run = CommandRun.OfBash(_folder.Path, $"set -e\n{lines}");
        Assert.Equal((0, ""), (run.ExitCode, run.Complaint));
    }

    [Theory]
    [InlineData(new string[0], "[[[[0,0,0,0,0],[0,6,0,8,0],[0,0,0,0,0],[0,14,0,16,0]]]]")]
    [InlineData(new[] { "--dialect", "onnx" }, "[[[[0,0,0,0,0],[0,6,0,8,0],[0,0,0,0,0],[0,14,0,16,0]]]]")]
    public void What_max_took_unpools_to_its_place(string[] dialect, string expected)
    {
        NpyFile.Write(_folder["x.npy"], Tensor.Create([0f, 0, 0, 0, 0, 0, 6, 0, 8, 0, 0, 0, 0, 0, 0, 0, 14, 0, 16, 0], [1, 1, 4, 5]));
        string[] window = ["--kernel", "2,2", "--stride", "2", .. dialect];
        CommandRun.Succeed(["pool", "max", _folder["x.npy"], "-o", _folder["y.npy"], "--indices", _folder["i.npy"], .. window]);
        using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed(
            ["pool", "max-unpool", _folder["y.npy"], "--from-indices", _folder["i.npy"], "--output-size", "4,5", "--json", .. window]));
        Assert.Equal(expected, json.RootElement.GetProperty("values").GetRawText());
    }

    [Theory]
    [InlineData("--from-indices is missing", "pool", "max-unpool", "--kernel", "2")]
    [InlineData("holds float32; it must hold int64", "pool", "max-unpool", "--kernel", "2", "--from-indices", "plane.npy")]
    [InlineData("--ceil-mode does not go with max-unpool", "pool", "max-unpool", "--kernel", "2", "--ceil-mode", "--from-indices", "plane.npy")]
    [InlineData("--from-indices does not go with max", "pool", "max", "--kernel", "2", "--from-indices", "plane.npy")]
    [InlineData("--pads does not go with anything but --dialect onnx", "pool", "max", "--kernel", "2", "--pads", "1,1,1,1")]
    [InlineData("pads has 3 numbers", "pool", "max", "--kernel", "2", "--dialect", "onnx", "--pads", "1,1,1")]
    [InlineData("pads go with NOTSET alone", "pool", "max", "--kernel", "2", "--dialect", "onnx", "--pads", "1,1,1,1", "--auto-pad", "VALID")]
    [InlineData("--padding does not go with --auto-pad and --pads", "pool", "max", "--kernel", "2", "--dialect", "onnx", "--padding", "1", "--auto-pad", "VALID")]
    [InlineData("--divisor does not go with dialect keras", "pool", "avg", "--kernel", "2", "--dialect", "keras", "--divisor", "2")]
    [InlineData("--dilation does not go with avg in dialect torch", "pool", "avg", "--kernel", "2", "--dialect", "torch", "--dilation", "2")]
    [InlineData("padding is 1; PyTorch's LPPool takes none", "pool", "lp", "--kernel", "2", "--dialect", "torch", "--padding", "1")]
    [InlineData("--keep-dims does not go with max", "pool", "max", "--kernel", "2", "--keep-dims", "false")]
    [InlineData("--gradient goes with --from alone", "explain", "max", "--kernel", "2", "--at", "0,0", "--gradient", "plane.npy")]
    [InlineData("from is (4, 0); it must lie inside the input", "explain", "max", "--kernel", "2", "--from", "4,0")]
    public void What_does_not_go_together_is_refused(string message, string verb, string word, params string[] options) =>
        Assert.Contains(message, CommandRun.Refused([verb, word, _plane, .. options.Select(option => option == "plane.npy" ? _plane : option)]));

    [Fact]
    public void A_cell_is_explained_backward()
    {
        NpyFile.Write(_folder["g.npy"], Tensor.Create([1f, 2, 3, 4], [1, 1, 2, 2]));
        using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed("explain", "max", _plane, "--kernel", "2", "--from", "3,1", "--gradient", _folder["g.npy"], "--json"));
        Assert.Equal(3, json.RootElement.GetProperty("gradient").GetDouble());
        Assert.Equal("""[{"at":[0,0,1,0],"value":14,"share":"3","wins":true}]""", json.RootElement.GetProperty("shares").GetRawText());
        Assert.EndsWith("gradient 1 / 4 = 0.25", CommandRun.Succeed("explain", "avg", _plane, "--kernel", "2", "--from", "3,1").TrimEnd());
    }
}
