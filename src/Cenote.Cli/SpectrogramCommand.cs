using System.CommandLine;
using System.Numerics.Tensors;
using Cenote.Audio;
using Cenote.Plotting;
using Spectre.Console;

namespace Cenote.Cli;

/// <summary><c>cenote spectrogram</c>: from a recording to its pooled spectrograms and their pictures.</summary>
internal static class SpectrogramCommand
{
    private const string SideBySide = "side_by_side";

    // Before the work no values are known; such labels beside the colour bar are as wide as most.
    private static readonly Tensor<float> Scale = Tensor.Create<float>([-80, 0], [1, 2]);

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> audio = new("AUDIO") { Description = "The recording: a WAV file." };
        Option<int?> sampleRate = NumberParser.Option<int>("--sample-rate", "Samples per second to resample to.", "HZ", 16000);
        Option<double?> start = NumberParser.Option<double>("--start", "First second taken. Default: the beginning.", "SECONDS");
        Option<double?> end = NumberParser.Option<double>("--end", "Second where the slice ends. Default: the end.", "SECONDS");
        Option<int?> nFft = NumberParser.Option<int>("--n-fft", "Samples a frame.", "N", 512);
        Option<int?> hopLength = NumberParser.Option<int>("--hop-length", "Samples between frames. Default: half of --n-fft.", "N");
        Option<string?> window = WordParser.Option("--window", "The taper.", [.. WindowFunction.All.Select(one => one.Name)]);
        window.DefaultValueFactory = _ => "hann";
        Option<float?> topDb = NumberParser.Option<float>("--top-db", "Decibels below the loudest that are kept; the rest is raised to that.", "DB", 80);
        Option<string> pool = new("--pool") { Description = "Operators, with commas between.", HelpName = "OP[,OP..]", DefaultValueFactory = _ => "max,avg" };
        pool.CompletionSources.Add([.. Operator.Words]);
        Option<string> output = new("--output", "-o") { Description = "Folder for the pictures; made where it is missing.", HelpName = "DIR", DefaultValueFactory = _ => "." };
        Option<string?> format = WordParser.Option("--format", "Of the pictures.", "png", "svg");
        format.DefaultValueFactory = _ => "png";
        Option<string?> colormap = WordParser.Option("--colormap", "Colours of the cells.", [.. Colormap.All.Select(one => one.Name)]);
        colormap.DefaultValueFactory = _ => "inferno";
        Option<bool> saveArrays = new("--save-arrays") { Description = "Write the spectrograms as .npy beside the pictures." };
        Option<bool> terminal = new("--terminal") { Description = "Draw the pictures in the terminal as well." };
        Option<bool> json = PoolCommand.JsonOption();

        Command verb = new("spectrogram", "Load a recording, compute its spectrogram in decibels, pool it, and draw all of them.")
        {
            audio, sampleRate, start, end, nFft, hopLength, window, topDb, pool,
        };
        WindowOptions windowOptions = new(verb, defaultKernel: (2, 2));
        foreach (Option option in (Option[])[output, format, colormap, saveArrays, terminal, json]) verb.Add(option);
        verb.SetAction(result =>
        {
            using Progress progress = new();
            string[] words = result.GetRequiredValue(pool).Split(',', StringSplitOptions.TrimEntries);
            if (words.Contains("")) throw new RefusedException($"--pool is '{result.GetValue(pool)}'; it has an empty word, and must be operators with commas between, such as max,avg");
            Operator[] operators = [.. words.Select(word => Operator.Named(word))];
            if (operators.Distinct().Count() < operators.Length) throw new RefusedException($"--pool is '{result.GetValue(pool)}'; it must name each operator once");
            WindowLayer[] layers = windowOptions.Layers(result, operators);
            if (result.GetValue(json)) WindowOptions.Refuse(result, terminal, json.Name);
            if (result.GetValue(topDb) is not >= 0) throw new RefusedException($"--top-db is {result.GetValue(topDb)}; it must be 0 or more");
            WindowFunction taper = WindowFunction.Parse(result.GetRequiredValue(window)!);
            Colormap colors = Colormap.Named(result.GetRequiredValue(colormap)!);
            string path = result.GetRequiredValue(audio), folder = result.GetRequiredValue(output), extension = result.GetRequiredValue(format)!;
            string[] names = ["original", .. operators.Select(one => one.FileName)];
            string[] pictureFiles = [.. names.Append(SideBySide).Select(name => Path.Combine(folder, $"{name}.{extension}"))];
            string[] arrayFiles = result.GetValue(saveArrays) ? [.. names.Select(name => Path.Combine(folder, $"{name}.npy"))] : [];
            string[] files = [.. pictureFiles, .. arrayFiles];
            OutputFolder.Check(folder, files);

            progress.Step($"reading {path}");
            Waveform wave = Load(path, result.GetValue(sampleRate)!.Value);
            if (result.GetValue(start) is { } first && first >= wave.Duration.TotalSeconds)
                throw new RefusedException($"--start is {first}; it must lie inside '{path}', {wave.Duration.TotalSeconds:0.###} s long");
            wave = wave.Slice(result.GetValue(start) ?? 0, result.GetValue(end) ?? double.PositiveInfinity);
            int frame = result.GetValue(nFft)!.Value, hop = result.GetValue(hopLength) ?? Math.Max(1, frame / 2);
            nint[] shape = [1, 1, .. Spectrum.StftShape(wave, frame, hop)];
            Spectrogram[] all =
            [
                new("Original Spectrogram", "STFT -> dB", null, Scale, InDecibels: true),
                .. operators.Zip(layers, (one, layer) => new Spectrogram($"{one.Title} Pooled Spectrogram", $"{layer}", layer.Window, Scale, one.KeepsUnit)),
            ];
            nint[][] shapes = [shape, .. layers.Select(layer => OutputShape(layer, shape, wave))];
            Pictures(all.Zip(shapes, (one, size) => one.Draw(colors).Outline(size)));
            progress.Step("computing the spectrogram");
            Tensor<float> db = Spectrum.AmplitudeToDb(
                Spectrum.Magnitude(Spectrum.Stft(wave, frame, hop, window: taper)), topDb: result.GetValue(topDb));
            db = Tensor.Create(db.Cells(), [1, 1, .. db.Lengths]);

            progress.Step("pooling");
            all = [all[0] with { Values = db }, .. all[1..].Zip(layers, (one, layer) => one with { Values = layer.Forward(db) })];

            progress.Step("drawing");
            Picture[] pictures = Pictures(all.Select(one => one.Draw(colors)));
            Directory.CreateDirectory(folder);
            foreach ((string file, Picture picture) in pictureFiles.Zip(pictures)) picture.Save(file);
            foreach ((string file, Spectrogram one) in arrayFiles.Zip(all)) NpyFile.Write(file, one.Values);

            if (result.GetValue(json)) PrintJson(path, wave, all, files);
            else PrintTable(wave, all, files);
            if (!result.GetValue(terminal)) return;
            if (Screen.NoColors is { } why) StandardError.Say($"--terminal draws in colours, which {why} rules out: nothing is drawn here");
            else
                foreach (Heatmap map in pictures.OfType<Heatmap>()) Console.WriteLine(map.ToTerminal(Screen.Width(ofFile: 80)));
        });
        return verb;
    }

    private static Waveform Load(string path, int sampleRate)
    {
        RefusedException.ThrowIfNoFile(path, "a WAV file");
        try
        {
            return Waveform.Load(path, sampleRate);
        }
        catch (ArgumentException exception) when (exception.ParamName == "toRate")
        {
            throw new ArgumentException($"'{path}': {exception.Message}", exception.ParamName);
        }
    }

    /// <summary>The shape of a layer's output; refuses audio that is too short for it.</summary>
    private static nint[] OutputShape(WindowLayer layer, nint[] shape, Waveform wave)
    {
        try
        {
            return layer.OutputShape(shape);
        }
        catch (ArgumentException exception) when (TakesLonger(layer, shape))
        {
            throw new RefusedException(
                $"the audio is too short: {wave.Duration.TotalSeconds:0.###} s ({wave.Samples.Length} samples) give a spectrogram of shape {Shape.Format(shape)}. {exception.Message}");
        }
    }

    /// <summary>The pictures of heat maps, and last that of all of them; refuses what is too large to be drawn with a pixel for each cell.</summary>
    private static Picture[] Pictures(IEnumerable<Heatmap> maps)
    {
        try
        {
            Heatmap[] each = [.. maps];
            return [.. each, Figure.SideBySide(each)];
        }
        catch (ArgumentException exception) when (exception.Message.StartsWith("a picture", StringComparison.Ordinal))
        {
            throw new RefusedException($"{exception.Message}; an earlier --end or a larger --hop-length makes it smaller");
        }
    }

    /// <summary>Whether more audio would do.</summary>
    private static bool TakesLonger(WindowLayer layer, nint[] shape)
    {
        try
        {
            layer.OutputShape([.. shape[..^1], int.MaxValue]);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void PrintTable(Waveform wave, Spectrogram[] all, string[] files)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Layer", "Output shape", "Parameter shapes", "Parameters", "Window");
        table.AddRow("Waveform", $"({wave.Samples.Length},)", "-", "0", $"{wave.SampleRate} Hz, {wave.Duration.TotalSeconds:0.###} s");
        foreach (Spectrogram one in all)
            table.AddRow(Markup.Escape(one.Layer.Split('(')[0]), Shape.Format(one.Values.Lengths), "-", "0", Markup.Escape(one.WindowText));
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = 200;
        console.Write(table);
        Console.WriteLine("Total parameters: 0");
        foreach (string file in files) Console.WriteLine($"wrote {file}");
    }

    private static void PrintJson(string path, Waveform wave, Spectrogram[] all, string[] files) => JsonText.Print(writer =>
    {
        writer.WriteString("audio", path);
        writer.WriteNumber("sampleRate", wave.SampleRate);
        writer.WriteNumber("samples", wave.Samples.Length);
        writer.WriteStartArray("layers");
        foreach (Spectrogram one in all)
        {
            writer.WriteStartObject();
            writer.WriteString("title", one.Title);
            writer.WriteString("layer", one.Layer);
            writer.WriteShape("outputShape", one.Values.Lengths);
            writer.WriteStartArray("parameterShapes");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("files");
        foreach (string file in files) writer.WriteStringValue(file);
        writer.WriteEndArray();
    });
}
