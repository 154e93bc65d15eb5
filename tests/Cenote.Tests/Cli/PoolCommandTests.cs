using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using Cenote.Cli;

namespace Cenote.Tests.Cli;

public sealed class PoolCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _plane;

    public PoolCommandTests()
    {
        _plane = _folder["plane.npy"];
        NpyFile.Write(_plane, Tensor.Create(Enumerable.Range(1, 16).Select(i => (float)i).ToArray(), [1, 1, 4, 4]));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[[[[6,8],[14,16]]]]", "max", "--kernel", "2")]
    [InlineData("[[[[3.5,5.5],[11.5,13.5]]]]", "avg", "--kernel", "2,2")]
    [InlineData("[[[[1,3],[9,11]]]]", "min", "--kernel", "2")]
    [InlineData("[[[[14,22],[46,54]]]]", "sum", "--kernel", "2")]
    [InlineData("[[[[14,22],[46,54]]]]", "lp", "--kernel", "2", "--norm", "1")]
    [InlineData("[[[[6,8],[14,16]]]]", "lp", "--kernel", "2", "--norm", "inf")]
    [InlineData("[[[[-7,-11],[-23,-27]]]]", "avg", "--kernel", "2", "--divisor", "-2")]
    [InlineData("[[[[16]]]]", "global-max")]
    [InlineData("[[[[8.5]]]]", "global-avg")]
    [InlineData("[[[[4],[8],[12],[16]]]]", "adaptive-max", "--output-size", "none,1")]
    [InlineData("[[[[6,8,\"-Infinity\"],[14,16,\"-Infinity\"],[\"-Infinity\",\"-Infinity\",\"-Infinity\"]]]]", "max", "--kernel", "2", "--stride", "2", "--padding", "0:2", "--rank", "2")]
    [InlineData("[[[[2,4],[6,8],[10,12],[14,16]]]]", "max", "--kernel", "2", "--rank", "1")]
    [InlineData("[[[[1,3],[9,11]]]]", "max", "--kernel", "2", "--padding", "1:0")]
    [InlineData("[[[[6,7,8,8],[10,11,12,12],[14,15,16,16],[14,15,16,16]]]]", "max", "--kernel", "2", "--stride", "1", "--padding", "same")]
    [InlineData("[[[[1,2,3,4],[5,6,7,8],[9,10,11,12],[13,14,15,16]]]]", "max", "--kernel", "2", "--stride", "1", "--padding", "same-lower")]
    [InlineData("[[[[11,12],[15,16]]]]", "max", "--kernel", "2", "--dilation", "2", "--stride", "1")]
    [InlineData("[[[[11,12],[15,16]]]]", "max", "--kernel", "3", "--stride", "2", "--ceil-mode")]
    [InlineData("[[[[1,2.5,4],[7,8.5,10],[13,14.5,16]]]]", "avg", "--kernel", "2", "--padding", "1:0", "--exclude-padding", "--ceil-mode", "--stride", "2")]
    public void Every_option_reaches_the_library(string expected, string word, params string[] options)
    {
        using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed(["pool", word, _plane, "--json", .. options]));
        Assert.Equal(expected, json.RootElement.GetProperty("values").GetRawText());
    }

    [Fact]
    public void Words_are_taken_in_any_case()
    {
        Assert.Equal(
            CommandRun.Succeed("pool", "max", _plane, "--kernel", "2", "--padding", "same-lower", "--stride", "1"),
            CommandRun.Succeed("pool", "Max", _plane, "--kernel", "2", "--padding", "SAME-Lower", "--stride", "1"));
        Assert.Equal("(1, 3, 7, 4)", CommandRun.Succeed("shape", "1,3,4,4", "ADAPTIVE-Max", "--output-size", "7,None").Split('\n')[0]);
        Assert.Equal("(1, 3, 8, 8)", CommandRun.Succeed("shape", "1,3,4,4", "Max-Unpool", "--kernel", "2").TrimEnd());
        Assert.Equal("(1, 6)", CommandRun.Succeed("shape", "1,3,4", "STATISTICS").TrimEnd());
        Assert.Contains("compute  max(", CommandRun.Succeed("explain", "Fractional-MAX", _plane, "--kernel", "2", "--output-size", "3", "--at", "0,0"));
        Assert.Equal(CommandRun.Succeed("pool", "lp", _plane, "--kernel", "2", "--norm", "inf"), CommandRun.Succeed("pool", "LP", _plane, "--kernel", "2", "--norm", "INF"));
    }

    [Fact]
    public void Shape_knows_every_word()
    {
        NpyFile.Write(_folder["boxes.npy"], Tensor.Create(new float[10], [2, 5]));
        foreach ((string expected, string[] line) in new (string, string[])[]
        {
            ("(1, 3, 1, 1)", ["1,3,4,4", "global-avg"]), ("(1, 3, 7, 4)", ["1,3,4,4", "adaptive-max", "--output-size", "7,none"]),
            ("(1, 3, 9, 8)", ["1,3,4,4", "max-unpool", "--kernel", "2", "--output-size", "9,8"]),
            ("(1, 3, 3, 3)", ["1,3,4,4", "fractional-max", "--kernel", "2", "--output-ratio", "0.75"]), ("(1, 15)", ["1,3,4,4", "spatial-pyramid", "--levels", "1,2"]),
            ("(1, 6)", ["1,3,4", "statistics"]), ("(2, 3, 7, 7)", ["1,3,4,4", "roi-align", "--output-size", "7", "--boxes", _folder["boxes.npy"]]),
        })
        {
            Assert.Equal(expected, CommandRun.Succeed(["shape", .. line]).Split('\n')[0]);
            using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed(["shape", .. line, "--json"]));
            Assert.Equal(expected.Trim('(', ')').Replace(" ", "", StringComparison.Ordinal), json.RootElement.GetProperty("outputShape").GetRawText().Trim('[', ']'));
        }
        Assert.Contains("boxes has shape (1, 1, 4, 4)", CommandRun.Refused("shape", "1,3,4,4", "roi-pool", "--output-size", "7", "--boxes", _plane));
    }

    [Fact]
    public void Dialects_change_defaults()
    {
        Assert.Contains("(1, 1, 3, 3)", CommandRun.Succeed("shape", "1,1,4,4", "max", "--kernel", "2", "--dialect", "onnx"));
        Assert.Contains("(1, 2, 2, 3)", CommandRun.Succeed("shape", "1,4,4,3", "max", "--kernel", "2", "--dialect", "keras"));
        Assert.Contains("PyTorch takes at most half", CommandRun.Refused("shape", "1,1,4,4", "max", "--kernel", "2", "--dialect", "torch", "--padding", "2"));
    }

    [Fact]
    public void Results_and_indices_are_written_as_numpy_reads_them()
    {
        string output = CommandRun.Succeed("pool", "max", _plane, "--kernel", "2", "-o", _folder["y.npy"], "--indices", _folder["i.npy"]);
        Assert.Contains("output  (1, 1, 2, 2) float32 -> ", output);
        byte[] bytes = File.ReadAllBytes(_folder["i.npy"]);
        Assert.Equal("NUMPY\u0001\0", Encoding.ASCII.GetString(bytes, 1, 7));
        Assert.Contains("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1, 2, 2), }", Encoding.ASCII.GetString(bytes));
        Assert.Equal(128 + 4 * 8, bytes.Length);
        Assert.Equal([5L, 7, 13, 15], new[] { 0, 8, 16, 24 }.Select(at => BitConverter.ToInt64(bytes, 128 + at)));
        Assert.Equal(["i.npy", "plane.npy", "y.npy"], _folder.Names);
    }

    [Fact]
    public void Onnx_indices_count_over_the_whole_tensor()
    {
        NpyFile.Write(_folder["x.npy"], Tensor.Create(new float[] { 1, 2, 3, 4, 4, 3, 2, 1 }, [2, 1, 4]));
        CommandRun.Succeed("pool", "max", _folder["x.npy"], "--kernel", "4", "--dialect", "onnx", "-o", _folder["y.npy"], "--indices", _folder["i.npy"]);
        byte[] bytes = File.ReadAllBytes(_folder["i.npy"]);
        Assert.Equal((3L, 4L), (BitConverter.ToInt64(bytes, 128), BitConverter.ToInt64(bytes, 136)));
    }

    [Fact]
    public void Explain_shows_the_four_steps()
    {
        string output = CommandRun.Succeed("explain", "avg", _plane, "--at", "0,1", "--kernel", "3", "--stride", "2", "--padding", "1");
        Assert.Contains("compute  (2 + 3 + 4 + 6 + 7 + 8) / 9 = 3.3333333", output);
        Assert.Contains("assign   output[0, 0, 0, 1] = 3.3333333", output);
        using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed("explain", "max", _plane, "--at", "0,0,1,0", "--kernel", "2", "--json"));
        Assert.Equal("max(9, 10, 13, 14) = 14", json.RootElement.GetProperty("compute").GetString());
        Assert.Equal("""{"position":[2,0],"value":9}""", json.RootElement.GetProperty("region")[0].GetRawText());
        using JsonDocument padded = JsonDocument.Parse(CommandRun.Succeed("explain", "max", _plane, "--at", "0,0", "--kernel", "2", "--padding", "1", "--json"));
        Assert.Equal("""{"position":[-1,-1],"value":null}""", padded.RootElement.GetProperty("region")[0].GetRawText());
    }

    [Fact]
    public void Explain_says_which_kernel_is_taken_and_why()
    {
        Assert.Matches("^StrideTwo[^:]*: The window is 2 or 3 wide and moves by 2", CommandRun.Succeed("explain", "max", _plane, "--kernel", "2", "--plan"));
        using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed("explain", "global-avg", _plane, "--plan", "--json"));
        Assert.Equal("WholePlane", json.RootElement.GetProperty("kernel").GetString());
        Assert.Contains("compute  max(", CommandRun.Succeed("explain", "fractional-max", _plane, "--kernel", "2", "--output-size", "3", "--seed", "1", "--at", "0,0"));
        Assert.Contains("--boxes", CommandRun.Refused("explain", "max", _plane, "--kernel", "2", "--at", "0,0", "--boxes", "b.npy"));
        Assert.Contains("--samples does not go with max", CommandRun.Refused("explain", "max", _plane, "--kernel", "2", "--at", "0,0", "--samples", "b.npy"));
        Assert.Contains("--plan does not go with LPPool", CommandRun.Refused("explain", "lp", _plane, "--kernel", "2", "--plan"));
    }

    [Fact]
    public void Shape_fills_in_the_formula() => Assert.Equal(
        """
        (1, 1, 128, 94)
        output = floor((L + before + after - dilation * (kernel - 1) - 1) / stride) + 1
        axis 2: (257 + 0 + 0 - 1 * (2 - 1) - 1) // 2 + 1 = 128
        axis 3: (188 + 0 + 0 - 1 * (2 - 1) - 1) // 2 + 1 = 94

        """,
        CommandRun.Succeed("shape", "(1, 1, 257, 188)", "max", "--kernel", "2"));

    [Fact]
    public void Shape_fills_in_the_formula_of_ceil_mode() => Assert.Equal(
        """
        (1, 1, 129)
        output = floor((L + before + after - dilation * (kernel - 1) - 1 + stride - 1) / stride) + 1
        axis 2: (257 + 0 + 0 - 1 * (2 - 1) - 1 + 2 - 1) // 2 + 1 = 129

        """,
        CommandRun.Succeed("shape", "1,1,257", "max", "--kernel", "2", "--ceil-mode"));

    [Fact]
    public void Two_names_of_one_file_are_no_two_outputs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege here");
        Directory.CreateDirectory(_folder["folder"]);
        Directory.CreateSymbolicLink(_folder["other"], "folder");
        File.CreateSymbolicLink(_folder["link.npy"], _folder["folder/same.npy"]);
        foreach (string name in (string[])["link.npy", "folder/same.npy", "folder/../folder/same.npy"])
        {
            string error = CommandRun.Refused("pool", "max", _plane, "--kernel", "2", "-o", _folder["other/same.npy"], "--indices", _folder[name]);
            Assert.Equal($"error: '{_folder[name]}' is given for two outputs; each needs a file of its own", error);
        }

        Assert.Empty(Directory.GetFiles(_folder["folder"]));
        CommandRun.Succeed("pool", "max", _plane, "--kernel", "2", "-o", _folder["other/same.npy"], "--indices", _folder["same.npy"]);
    }

    [Theory]
    [InlineData("--kernel is missing; max needs one", "pool", "max", "plane.npy")]
    [InlineData("operator is 'maxx'; it must be one of max, avg", "pool", "maxx", "plane.npy", "--kernel", "2")]
    [InlineData("kernel is (2, 0); it must be at least 1 on every axis", "pool", "max", "plane.npy", "--kernel", "2,0")]
    [InlineData("--kernel is '2,x'; it must be a whole number", "pool", "max", "plane.npy", "--kernel", "2,x")]
    [InlineData("stride is 0", "pool", "max", "plane.npy", "--kernel", "2", "--stride", "0")]
    [InlineData("dilation is 0", "pool", "max", "plane.npy", "--kernel", "2", "--dilation", "0")]
    [InlineData("padding is -1", "pool", "max", "plane.npy", "--kernel", "2", "--padding", "-1")]
    [InlineData("--padding is 'sam'; it must be", "pool", "max", "plane.npy", "--kernel", "2", "--padding", "sam")]
    [InlineData("has 3 numbers; a 2-D window takes one number or 2", "pool", "max", "plane.npy", "--kernel", "2", "--stride", "1,1,1")]
    [InlineData("input has 3 axes; a 3-D window over channels last needs at least 4", "shape", "1,1,4", "max", "--kernel", "2,2,2", "--layout", "channels-last")]
    [InlineData("divisor is 0", "pool", "avg", "plane.npy", "--kernel", "2", "--divisor", "0")]
    [InlineData("norm is 0; it must be above 0", "pool", "lp", "plane.npy", "--kernel", "2", "--norm", "0")]
    [InlineData("rank is 4; it must be 1, 2 or 3", "pool", "max", "plane.npy", "--kernel", "2", "--rank", "4")]
    [InlineData("Output size is too small: axis 2 of length 4", "pool", "max", "plane.npy", "--kernel", "5")]
    [InlineData("dilation 2147483647 gives", "pool", "max", "plane.npy", "--kernel", "2", "--dilation", "2147483647")]
    [InlineData("--kernel does not go with global-max", "pool", "global-max", "plane.npy", "--kernel", "2")]
    [InlineData("--output-size is missing", "pool", "adaptive-max", "plane.npy")]
    [InlineData("only max, min, median, stochastic, fractional-max and roi-pool have indices", "pool", "avg", "plane.npy", "--kernel", "2", "--indices", "i.npy")]
    [InlineData("there is no folder", "pool", "max", "plane.npy", "--kernel", "2", "-o", "missing/y.npy")]
    [InlineData("there is no file", "pool", "max", "missing.npy", "--kernel", "2")]
    [InlineData("is a folder; it must be an .npy file", "pool", "max", "/", "--kernel", "2")]
    [InlineData("is no .npy file", "pool", "max", "text.npy", "--kernel", "2")]
    [InlineData("is no .npy file", "pool", "max", "empty.npy", "--kernel", "2")]
    [InlineData("claims (900, 1, 4, 4) float32, 57600 bytes, and holds 64", "pool", "max", "lie.npy", "--kernel", "2")]
    [InlineData("claims (1, 1, 4, 4) float32, 64 bytes, and holds 60", "pool", "max", "cut.npy", "--kernel", "2")]
    [InlineData("claims (1, 1, 4, 4) float32, 64 bytes, and holds 65", "pool", "max", "long.npy", "--kernel", "2")]
    [InlineData("there is no file", "pool", "max", "link.npy", "--kernel", "2")]
    [InlineData("there is no file '@words.txt'", "pool", "max", "@words.txt", "--kernel", "2")]
    [InlineData("operator is 'MAXX'; it must be one of max, avg", "pool", "MAXX", "plane.npy", "--kernel", "2")]
    [InlineData("holds <M8[ns]; it must hold one of float16, ", "pool", "max", "dates.npy", "--kernel", "2")]
    [InlineData("holds <c8; it must hold one of float16", "pool", "max", "complex.npy", "--kernel", "2")]
    [InlineData("at is (2, 0); it must lie inside the output", "explain", "max", "plane.npy", "--kernel", "2", "--at", "2,0")]
    [InlineData("--at is 'x'", "explain", "max", "plane.npy", "--kernel", "2", "--at", "x")]
    [InlineData("one of --at, --from and --plan must be given", "explain", "max", "plane.npy", "--kernel", "2")]
    [InlineData("it is a folder", "pool", "max", "plane.npy", "--kernel", "2", "-o", "/")]
    [InlineData("there is no folder", "pool", "max", "plane.npy", "--kernel", "2", "-o", "y.npy", "--indices", "missing/i.npy")]
    [InlineData("is given for two outputs", "pool", "max", "plane.npy", "--kernel", "2", "-o", "y.npy", "--indices", "y.npy")]
    [InlineData("--dialect is 'tf'; it must be one of torch, keras, onnx", "pool", "max", "plane.npy", "--kernel", "2", "--dialect", "tf")]
    [InlineData("SHELL is 'tcsh'; it must be one of bash, zsh, fish, pwsh", "completion", "tcsh")]
    [InlineData("stochastic-mean, blur, max-unpool, fractional-max", "pool", "maxx", "plane.npy")]
    [InlineData("--divisor does not go with max", "pool", "max", "plane.npy", "--kernel", "2", "--divisor", "2")]
    [InlineData("--norm does not go with avg", "explain", "avg", "plane.npy", "--kernel", "2", "--norm", "2", "--at", "0,0")]
    [InlineData("--norm is 1.5; ONNX takes a whole number", "pool", "lp", "plane.npy", "--kernel", "2", "--dialect", "onnx", "--norm", "1.5")]
    [InlineData("input has 4 axes; ONNX takes 3 for a 1-D window", "pool", "max", "plane.npy", "--kernel", "2", "--dialect", "onnx", "--rank", "1")]
    [InlineData("cells; at most", "pool", "max", "plane.npy", "--kernel", "2", "--padding", "2147483647", "--dilation", "2147483647")]
    [InlineData("more cells than fit 64 bits", "shape", "4000000000,4000000000,4,4", "max", "--kernel", "2")]
    [InlineData("shape is '1,x'", "shape", "1,x", "max", "--kernel", "2")]
    [InlineData("only the batch may be empty", "shape", "1,0,4,4", "max", "--kernel", "2")]
    [InlineData("does not fit 64 bits", "shape", "1,1,9223372036854775807", "max", "--kernel", "2", "--padding", "1")]
    [InlineData("Unrecognized command or argument '--frob'", "pool", "max", "plane.npy", "--kernel", "2", "--frob")]
    [InlineData("Required argument 'OP' missing", "pool")]
    [InlineData("Unrecognized command or argument 'frob'", "frob")]
    [InlineData("no verb given")]
    [InlineData("error: --kernel is 0; it must be at least 1", "pool", "max", "plane.npy", "--kernel", "0")]
    [InlineData("error: --kernel (2, 2) has 2 numbers", "pool", "max", "plane.npy", "--kernel", "2,2", "--padding", "1,1,1", "--dialect", "torch")]
    [InlineData("error: --padding is -1; it must be at least 0", "pool", "max", "plane.npy", "--kernel", "2", "--padding", "-1")]
    [InlineData("error: --norm is -1; it must be above 0", "pool", "gem", "plane.npy", "--kernel", "2", "--norm", "-1")]
    [InlineData("error: --auto-pad is VALID beside pads", "pool", "max", "plane.npy", "--kernel", "2", "--dialect", "onnx", "--pads", "1,1,1,1", "--auto-pad", "VALID")]
    [InlineData("error: --output-size and --output-ratio are both missing", "pool", "fractional-max", "plane.npy", "--kernel", "2")]
    [InlineData("error: --spatial-scale is 0; it must be above 0", "pool", "roi-pool", "plane.npy", "--boxes", "boxes.npy", "--output-size", "2", "--spatial-scale", "0")]
    [InlineData("error: --gradient has shape (1, 1, 4, 4); it must be (1, 1, 2, 2)", "explain", "max", "plane.npy", "--kernel", "2", "--from", "0,0", "--gradient", "plane.npy")]
    [InlineData("error: --from-indices holds 99 for input 0", "pool", "max-unpool", "plane.npy", "--kernel", "2", "--from-indices", "indices.npy")]
    [InlineData("--stride is '2147483648'; it must be a whole number of at most 2147483647", "pool", "max", "plane.npy", "--kernel", "2", "--stride", "2147483648")]
    [InlineData("--dilation is '9223372036854775807'; it must be a whole number of at most 2147483647", "pool", "max", "plane.npy", "--kernel", "2", "--dilation", "9223372036854775807")]
    [InlineData("--padding is '0:2147483648'; it must be a whole number of at most 2147483647", "pool", "max", "plane.npy", "--kernel", "2", "--padding", "0:2147483648")]
    [InlineData("--seed is '9223372036854775808'; it must be a whole number of at most 9223372036854775807", "pool", "stochastic", "plane.npy", "--kernel", "2", "--seed", "9223372036854775808")]
    [InlineData("--at is '9223372036854775808'; it must be whole numbers of at most 9223372036854775807 with commas between", "explain", "max", "plane.npy", "--kernel", "2", "--at", "9223372036854775808")]
    [InlineData("shape is '1,1,99999999999999999999'; it must be whole numbers of at most 9223372036854775807 with commas between", "shape", "1,1,99999999999999999999", "max", "--kernel", "2")]
    [InlineData("--count-include-pad does not go with --exclude-padding", "pool", "avg", "plane.npy", "--kernel", "2", "--dialect", "onnx", "--count-include-pad", "1", "--exclude-padding")]
    [InlineData("--seed does not go with --samples", "pool", "fractional-max", "plane.npy", "--kernel", "2", "--output-size", "2", "--samples", "plane.npy", "--seed", "3")]
    [InlineData("error: --at and --plan do not go together", "explain", "max", "plane.npy", "--kernel", "2", "--at", "0,0", "--plan")]
    public void Bad_input_is_refused_in_one_line_and_leaves_nothing(string expected, params string[] arguments)
    {
        byte[] good = File.ReadAllBytes(_plane);
        File.WriteAllText(_folder["text.npy"], "1 2 3 4");
        File.WriteAllText(_folder["empty.npy"], "");
        File.WriteAllBytes(_folder["lie.npy"], Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(good).Replace("(1, 1, 4, 4), }  ", "(900, 1, 4, 4), }", StringComparison.Ordinal)));
        File.WriteAllBytes(_folder["cut.npy"], good[..^4]);
        File.WriteAllBytes(_folder["long.npy"], [.. good, 0]);
        File.WriteAllBytes(_folder["complex.npy"], Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(good).Replace("<f4", "<c8", StringComparison.Ordinal)));
        File.WriteAllBytes(_folder["dates.npy"], Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(good).Replace("<f4', ", "<M8[ns]',", StringComparison.Ordinal).Replace("}     ", "} ", StringComparison.Ordinal)));
        File.CreateSymbolicLink(_folder["link.npy"], "missing.npy");
        NpyFile.Write(_folder["boxes.npy"], Tensor.Create(new float[5], [1, 5]));
        NpyFile.Write(_folder["indices.npy"], Tensor.Create(Enumerable.Repeat(99L, 16).ToArray(), [1, 1, 4, 4]));
        string[] before = _folder.Names;
        Assert.Contains(expected, CommandRun.Refused([.. arguments.Select(argument => argument.EndsWith(".npy", StringComparison.Ordinal) ? _folder[argument] : argument)]));
        Assert.Equal(before, _folder.Names);
    }
}
