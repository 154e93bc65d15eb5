using System.Numerics.Tensors;
using System.Text.Json;
using Cenote.Cli;

namespace Cenote.Tests.Cli;

/// <summary>The words beyond the frameworks' own, each with every option it takes.</summary>
public sealed class FamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FamilyTests()
    {
        NpyFile.Write(_folder["plane.npy"], Tensor.Create(Enumerable.Range(1, 16).Select(i => (float)i).ToArray(), [1, 1, 4, 4]));
        NpyFile.Write(_folder["boxes.npy"], Tensor.Create([0f, 0, 0, 6, 6], [1, 5]));
        NpyFile.Write(_folder["whole.npy"], Tensor.Create([0, 0, 0, 3, 3], [1, 5]));
        NpyFile.Write(_folder["samples.npy"], Tensor.Create([0.9f, 0.1f], [1, 1, 2]));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[[[[3.5,5.5],[11.5,13.5]]]]", "gem", "--kernel", "2", "--norm", "1", "--eps", "1e-9")]
    [InlineData("[[[[8,8],[11.5,13.5]]]]", "gem", "--kernel", "2", "--norm", "1", "--eps", "8")]
    [InlineData("[[[[8.5]]]]", "global-mixed", "--ratio", "0")]
    [InlineData("[[[[4.75,6.75],[12.75,14.75]]]]", "mixed", "--kernel", "2")]
    [InlineData("[[[[2,4],[10,12]]]]", "median", "--kernel", "2,2", "--padding", "0")]
    [InlineData("[[[[11]]]]", "global-stochastic-mean")]
    [InlineData("[[[[1,2,3,4],[5,6,7,8],[9,10,11,12],[13,14,15,16]]]]", "adaptive-soft", "--output-size", "none")]
    [InlineData("[[[[3.5,5],[9.5,11]]]]", "blur", "--kernel", "3")]
    [InlineData("[[16,6,8,14,16]]", "spatial-pyramid", "--levels", "1,2")]
    [InlineData("[[[1.5,5.5,9.5,13.5,0.5,0.5,0.5,0.5]]]", "statistics", "--lengths", "2", "--biased")]
    [InlineData("[[[[16]]]]", "roi-pool", "--boxes", "whole.npy", "--output-size", "1")]
    [InlineData("[[[[6,8],[14,16]]]]", "roi-pool", "--boxes", "boxes.npy", "--output-size", "2", "--spatial-scale", "0.5")]
    [InlineData("[[[[8.5]]]]", "roi-align", "--boxes", "boxes.npy", "--output-size", "1", "--spatial-scale", "0.5", "--sampling-ratio", "3")]
    [InlineData("[[[[6]]]]", "roi-align", "--boxes", "boxes.npy", "--output-size", "1", "--spatial-scale", "0.5", "--sampling-ratio", "1", "--aligned", "--mode", "max")]
    public void Every_option_reaches_the_library(string expected, string word, params string[] options)
    {
        string output = CommandRun.Succeed(["pool", word, _folder["plane.npy"], "--json", .. options.Select(InFolder)]);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(expected, json.RootElement.GetProperty("values").GetRawText());
    }

    [Fact]
    public void Fractional_windows_take_samples_or_a_seed()
    {
        // Width u = 0.9: alpha 1, starts 0, 1, 2; height u = 0.1: the same.
        Assert.Contains("\"values\":[[[[6,7,8],[10,11,12],[14,15,16]]]]", CommandRun.Succeed(
            "pool", "fractional-max", _folder["plane.npy"], "--kernel", "2", "--output-size", "3", "--samples", _folder["samples.npy"], "--json"));
        string seeded = CommandRun.Succeed("pool", "fractional-max", _folder["plane.npy"], "--kernel", "1", "--output-ratio", "0.75", "--seed", "2", "--json");
        Assert.Contains("\"outputShape\":[1,1,3,3]", seeded);
        Assert.Equal(seeded, CommandRun.Succeed("pool", "fractional-max", _folder["plane.npy"], "--kernel", "1", "--output-ratio", "0.75", "--seed", "2", "--json"));
    }

    [Theory]
    [InlineData("median", "--kernel", "2")]
    [InlineData("stochastic", "--kernel", "2", "--seed", "4")]
    [InlineData("fractional-max", "--kernel", "2", "--output-size", "2")]
    [InlineData("roi-pool", "--boxes", "whole.npy", "--output-size", "2")]
    public void Indices_are_written_of_what_takes_a_cell_as_it_is(string word, params string[] options)
    {
        CommandRun.Succeed(["pool", word, _folder["plane.npy"], "-o", _folder["y.npy"], "--indices", _folder["i.npy"], .. options.Select(InFolder)]);
        double[] values = NpyFile.Read(_folder["y.npy"]).Accept(new Doubles()).ToArray();
        Assert.Equal(values, NpyFile.Read(_folder["i.npy"]).Accept(new Doubles()).ToArray().Select(index => index + 1));
    }

    [Theory]
    [InlineData("--boxes is missing; regions need them, such as --boxes boxes.npy", "roi-pool", "--output-size", "2")]
    [InlineData("--output-size is missing", "roi-align", "--boxes", "whole.npy")]
    [InlineData("--stride does not go with roi-pool", "roi-pool", "--stride", "2")]
    [InlineData("--boxes does not go with max", "max", "--kernel", "2", "--boxes", "whole.npy")]
    [InlineData("--aligned does not go with roi-pool", "roi-pool", "--boxes", "whole.npy", "--output-size", "2", "--aligned")]
    [InlineData("boxes has shape (1, 1, 4, 4); it must be (K, 5)", "roi-pool", "--boxes", "plane.npy", "--output-size", "2")]
    [InlineData("--kernel is missing", "fractional-max", "--output-size", "2")]
    [InlineData("--levels is '1,x'; it must be whole numbers of at most 2147483647 with commas between", "spatial-pyramid", "--levels", "1,x")]
    [InlineData("operator is 'global-blur'", "global-blur")]
    [InlineData("--seed is '1.5'; it must be a whole number", "stochastic", "--kernel", "2", "--seed", "1.5")]
    public void What_does_not_go_together_is_refused(string expected, string word, params string[] options) =>
        Assert.Contains(expected, CommandRun.Refused(["pool", word, _folder["plane.npy"], .. options.Select(InFolder)]));

    private string InFolder(string option) => option.EndsWith(".npy", StringComparison.Ordinal) ? _folder[option] : option;
}
