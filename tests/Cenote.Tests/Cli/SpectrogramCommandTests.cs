using System.Numerics.Tensors;
using System.Text.Json;
using Cenote.Audio;
using Cenote.Cli;
using Cenote.Tests.Audio;
using Cenote.Tests.Golden;

namespace Cenote.Tests.Cli;

public sealed class SpectrogramCommandTests : IDisposable
{
    private static readonly string Recording = GoldenFile.InRepository("samples/audio/librivox_sense_0870.wav");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tutorial_run_prints_every_shape_and_writes_pictures_and_arrays()
    {
        string output = CommandRun.Succeed("spectrogram", Recording, "--start", "1.5", "--end", "4.5", "-o", _folder.Path, "--save-arrays");
        Assert.Contains("(48000,)", output);
        Assert.Contains("(1, 1, 257, 188)", output);
        Assert.Equal(3, output.Split("(1, 1, 128, 94)").Length);
        Assert.Contains("Total parameters: 0", output);
        Assert.Equal(
            ["avg_pooled.npy", "avg_pooled.png", "max_pooled.npy", "max_pooled.png", "original.npy", "original.png", "side_by_side.png"], _folder.Names);
    }

    [Fact]
    public void The_arrays_are_those_of_librosa_and_pytorch()
    {
        CommandRun.Succeed("spectrogram", Recording, "--start", "1.5", "--end", "4.5", "-o", _folder.Path, "--save-arrays");
        float[] db = Read("original.npy", [1, 1, 257, 188]), max = Read("max_pooled.npy", [1, 1, 128, 94]), mean = Read("avg_pooled.npy", [1, 1, 128, 94]);
        float[] golden = GoldenFile.Read<float>("librivox_sense_0870", "db");
        for (int i = 0; i < golden.Length; i++) Assert.Equal(golden[i], db[i], 3e-5f);
        for (int row = 0; row < 128; row++)
        for (int column = 0; column < 94; column++)
        {
            int at = row * 2 * 188 + column * 2;
            float a = db[at], b = db[at + 1], c = db[at + 188], d = db[at + 189];
            Assert.Equal(Math.Max(Math.Max(a, b), Math.Max(c, d)), max[row * 94 + column]);
            Assert.Equal((((a + b) + c) + d) / 4, mean[row * 94 + column]);
        }
    }

    [Fact]
    public void Pooling_the_golden_decibels_is_exact()
    {
        Tensor<float> db = Tensor.Create(GoldenFile.Read<float>("librivox_sense_0870", "db"), [1, 1, 257, 188]);
        Assert.Equal(GoldenFile.Read<float>("librivox_sense_0870", "max_pooled"), Pool.Max2d(db, 2).ToArray());
        Assert.Equal(GoldenFile.Read<float>("librivox_sense_0870", "avg_pooled"), Pool.Avg2d(db, 2).ToArray());
    }

    [Fact]
    public void Without_start_and_end_the_whole_recording_is_used()
    {
        using JsonDocument json = JsonDocument.Parse(CommandRun.Succeed("spectrogram", Recording, "-o", _folder.Path, "--json", "--pool", "min"));
        Assert.Equal(Waveform.Load(Recording).Samples.Length, json.RootElement.GetProperty("samples").GetInt32());
        Assert.Equal("[1,1,257,444]", json.RootElement.GetProperty("layers")[0].GetProperty("outputShape").GetRawText());
        Assert.Equal("MinPool2d(kernel_size=(2, 2), stride=(2, 2), padding=0, dilation=1, ceil_mode=False)", json.RootElement.GetProperty("layers")[1].GetProperty("layer").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("files").GetArrayLength());
        Assert.All(json.RootElement.GetProperty("files").EnumerateArray(), file => Assert.True(File.Exists(file.GetString())));
    }

    [Fact]
    public void Svg_and_the_terminal()
    {
        string output = CommandRun.Succeed("spectrogram", Recording, "--end", "1", "-o", _folder["made/below"], "--format", "svg", "--terminal", "--pool", "adaptive-max,global-avg", "--output-size", "10,none");
        Assert.Contains("▀", output);
        Assert.Contains("(1, 1, 10, 63)", output);
        Assert.Contains("(1, 1, 1, 1)", output);
        Assert.Contains("<svg", File.ReadAllText(_folder["made/below/adaptive_max_pooled.svg"]));
    }

    [Fact]
    public void Operators_are_taken_in_any_case_and_their_files_named_in_lower()
    {
        CommandRun.Succeed("spectrogram", Recording, "--end", "0.2", "-o", _folder.Path, "--pool", "MAX,Global-Avg,Blur", "--window", "Hann", "--format", "SVG");
        Assert.Equal(["blur_pooled.svg", "global_avg_pooled.svg", "max_pooled.svg", "original.svg", "side_by_side.svg"], _folder.Names);
    }

    [Fact]
    public void A_title_stands_once_above_its_picture_in_the_terminal() => Assert.Equal(2, CommandRun.Succeed(
        "spectrogram", Recording, "--end", "1", "-o", _folder.Path, "--terminal", "--pool", "stochastic-mean").Split("Stochastic Mean Pooled Spectrogram").Length);

    [Theory]
    [InlineData("max,avg,min,soft,mixed,median,stochastic,stochastic-mean,global-median,blur", true)]
    [InlineData("sum,lp,gem,global-lp", false)]
    public void Decibels_are_named_where_the_result_is_in_them(string operators, bool decibels)
    {
        CommandRun.Succeed("spectrogram", Recording, "--end", "1", "-o", _folder.Path, "--format", "svg", "--pool", operators);
        Assert.Contains(" dB<", File.ReadAllText(_folder["original.svg"]));
        Assert.All(operators.Split(','), word => Assert.Equal(decibels, File.ReadAllText(_folder[$"{word.Replace('-', '_')}_pooled.svg"]).Contains(" dB<", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("max_pooled.png")]
    [InlineData("side_by_side.png")]
    [InlineData("avg_pooled.npy", "--save-arrays")]
    public void A_folder_in_the_place_of_a_file_is_found_before_the_work(string name, params string[] options)
    {
        Directory.CreateDirectory(_folder[$"out/{name}"]);
        Assert.Equal($"error: cannot write '{_folder[$"out/{name}"]}': it is a folder", CommandRun.Refused(["spectrogram", Recording, "-o", _folder["out"], .. options]));
        Assert.Equal([_folder[$"out/{name}"]], Directory.GetFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public void What_is_too_large_only_side_by_side_is_refused_before_the_work()
    {
        // No picture alone comes near the limit; beside each other they are stretched to one size.
        File.WriteAllBytes(_folder["long.wav"], WavBuilder.Simple(16, new byte[2 * 1200000], rate: 16000));
        CommandRun run = CommandRun.Of("spectrogram", _folder["long.wav"], "-o", _folder["out"], "--hop-length", "8");
        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("computing", run.Error);
        Assert.Matches(@"^error: a picture must have at most 268435456 pixels \(was 450\d\d\d x 600\); an earlier --end or a larger --hop-length makes it smaller\n$", run.Complaint);
        Assert.Equal(["long.wav"], _folder.Names);
    }

    [Fact]
    public void A_file_whose_rate_is_too_far_from_the_one_asked_for_is_named_with_its_rate()
    {
        File.WriteAllBytes(_folder["slow.wav"], WavBuilder.Simple(16, new byte[8], rate: 1));
        Assert.Equal(
            $"error: '{_folder["slow.wav"]}': --sample-rate must be within a factor of 1024 of the file's rate, 1; it is 16000",
            CommandRun.Refused("spectrogram", _folder["slow.wav"], "-o", _folder["out"]));
    }

    [Fact]
    public void Audio_that_is_too_short_is_named_with_its_length()
    {
        string error = CommandRun.Refused("spectrogram", Recording, "--start", "3", "--end", "3.01", "-o", _folder["out"]);
        Assert.StartsWith("error: the audio is too short: 0.01 s (160 samples) give a spectrogram of shape (1, 1, 257, 1). Output size is too small", error);
        Assert.Equal($"error: --start is 100; it must lie inside '{Recording}', 7.1 s long", CommandRun.Refused("spectrogram", Recording, "--start", "100", "-o", _folder["out"]));
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData("there is no file", "missing.wav")]
    [InlineData("is a folder; it must be a WAV file", "/")]
    [InlineData("not a WAV file", "text.wav")]
    [InlineData("the file is empty", "empty.wav")]
    [InlineData("--start is 'abc'; it must be a number", "ok", "--start", "abc")]
    [InlineData("error: --start must be 0 seconds or more; it is NaN", "ok", "--start", "nan")]
    [InlineData("error: --end must not come before the start, 3 seconds; it is 2", "ok", "--start", "3", "--end", "2")]
    [InlineData("error: --n-fft must be 1 or more; it is 0", "ok", "--n-fft", "0")]
    [InlineData("error: --hop-length must be 1 or more; it is 0", "ok", "--hop-length", "0")]
    [InlineData("--window is 'x'; it must be one of hann, hamming, blackman, boxcar", "ok", "--window", "x")]
    [InlineData("operator is 'median-ish'; it must be one of", "ok", "--pool", "max,median-ish")]
    [InlineData("error: --kernel is 0; it must be at least 1", "ok", "--kernel", "0")]
    [InlineData("--format is 'gif'; it must be one of png, svg", "ok", "--format", "gif")]
    [InlineData("--pool is 'max,'; it has an empty word, and must be operators with commas between", "ok", "--pool", "max,")]
    [InlineData("--pool is 'max,MAX'; it must name each operator once", "ok", "--pool", "max,MAX")]
    [InlineData("--pool is 'max,max'; it must name each operator once", "ok", "--pool", "max,max")]
    [InlineData("error: Output size is too small: axis 2 of length 257", "ok", "--kernel", "300,2")]
    [InlineData("error: a picture must have at most 268435456 pixels (was 91385 x 4183); an earlier --end or a larger --hop-length makes it smaller", "ok", "--n-fft", "8192", "--hop-length", "1", "--start", "1", "--end", "6.7")]
    [InlineData("error: --sample-rate must be 1 or more; it is 0", "ok", "--sample-rate", "0")]
    [InlineData("--top-db is -5; it must be 0 or more", "ok", "--top-db", "-5")]
    [InlineData("--top-db is NaN; it must be 0 or more", "ok", "--top-db", "nan")]
    [InlineData("--colormap is 'jet'; it must be one of inferno, magma, plasma, viridis, gray", "ok", "--colormap", "jet")]
    [InlineData("--terminal does not go with --json", "ok", "--terminal", "--json")]
    [InlineData("--kernel is '3000000000'; it must be a whole number of at most 2147483647", "ok", "--kernel", "3000000000")]
    [InlineData("--output is '/dev/null/x'; it must be a folder that can be written to", "ok", "-o", "/dev/null/x")]
    public void Bad_input_is_refused_in_one_line_and_leaves_nothing(string expected, string audio, params string[] options)
    {
        File.WriteAllText(_folder["text.wav"], "this is no recording");
        File.WriteAllText(_folder["empty.wav"], "");
        string path = audio == "ok" ? Recording : Path.IsPathRooted(audio) ? audio : _folder[audio];
        string[] folder = options.Contains("-o") ? [] : ["-o", _folder["out"]];
        Assert.Contains(expected, CommandRun.Refused(["spectrogram", path, .. folder, .. options]));
        Assert.Equal(["empty.wav", "text.wav"], _folder.Names);
    }

    private float[] Read(string name, nint[] shape) => NpyFile.Read(_folder[name]).Accept(new Cells(shape));

    private sealed record Cells(nint[] Shape) : INpyVisitor<float[]>
    {
        public float[] Visit<T>(Tensor<T> tensor)
            where T : unmanaged, System.Numerics.INumber<T>
        {
            Assert.Equal(Shape, tensor.Lengths);
            return Assert.IsType<Tensor<float>>(tensor, exactMatch: false).ToArray();
        }
    }
}
