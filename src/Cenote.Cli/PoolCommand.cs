using System.CommandLine;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;

namespace Cenote.Cli;

/// <summary><c>cenote pool</c>: one operator on one array.</summary>
internal static class PoolCommand
{
    /// <summary>The word of max unpooling.</summary>
    public const string MaxUnpool = "max-unpool";

    /// <summary>Every word that is no <see cref="Operator"/>.</summary>
    public static readonly string[] OtherWords = [MaxUnpool, .. WindowlessOptions.Words];

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> word = OperatorArgument(OtherWords);
        Argument<string> input = new("IN.npy") { Description = "The array: float16, float32, float64 or an integer type." };
        Option<string?> output = new("--output", "-o") { Description = "Where the result goes, as .npy. Default: it is printed.", HelpName = "OUT.npy" };
        Option<string?> indices = new("--indices") { Description = "Where the index of each winner goes, as .npy of int64: of operators that take one cell as it is.", HelpName = "IDX.npy" };
        Option<string?> fromIndices = new("--from-indices") { Description = "Where each cell goes, as --indices wrote it: max-unpool alone.", HelpName = "IDX.npy" };
        Option<bool> json = JsonOption();
        Command verb = new("pool", "Pool an array over a sliding, global or adaptive window, over boxes or to a vector; or undo max.") { word, input, output, indices, fromIndices };
        WindowOptions window = new(verb);
        WindowlessOptions windowless = new(verb);
        verb.Add(json);
        verb.SetAction(result =>
        {
            using Progress progress = new();
            (string asked, string path) = (result.GetRequiredValue(word), result.GetRequiredValue(input));
            Report report = new(result.GetValue(output), result.GetValue(indices), result.GetValue(json));
            string? places = result.GetValue(fromIndices);
            INpyVisitor<bool> run;
            if (asked == MaxUnpool)
            {
                windowless.RefuseAll(result, asked);
                (MaxUnpool layer, Sizes? size, bool wholeTensor) = window.Unpooling(result, asked);
                if (report.IndicesPath is not null) throw new RefusedException($"--indices does not go with {asked}");
                if (places is null) throw new RefusedException($"--from-indices is missing; {asked} needs one, such as --from-indices idx.npy");
                run = new Unpool(layer, size, NpyFile.Read(places).Accept(new OfType<long>(fromIndices.Name, places)), wholeTensor, report);
            }
            else if (WindowlessOptions.Words.Contains(asked))
            {
                if (places is not null) throw new RefusedException($"--from-indices does not go with {asked}");
                run = new Windowless(windowless.Operator(result, asked, window), report);
            }
            else
            {
                windowless.RefuseAll(result, asked);
                WindowLayer layer = window.Layers(result, Operator.Named(asked, OtherWords))[0];
                if (places is not null) throw new RefusedException($"--from-indices does not go with {asked}");
                run = new Run(layer, (found, shape) => window.IndicesOf(result, found, layer.Window, shape), report);
            }
            NpyFile.Check(report.OutputPath, report.IndicesPath);
            progress.Step($"reading {path}");
            NpyArray array = NpyFile.Read(path);
            progress.Step($"pooling {path}");
            array.Accept(run);
        });
        return verb;
    }

    /// <summary>The operator's word, with its completions.</summary>
    /// <param name="others">Words that this verb alone knows.</param>
    public static Argument<string> OperatorArgument(params string[] others)
    {
        string[] words = [.. Operator.Words, .. others];
        Argument<string> word = new("OP")
        {
            HelpName = "OP",
            Description = $"One of {string.Join(", ", words)}.",
            // As typed where it is none, for the message.
            CustomParser = result => WordParser.Find(words, result.Tokens[0].Value) ?? result.Tokens[0].Value,
        };
        word.CompletionSources.Add(words);
        return word;
    }

    /// <summary>The option <c>--json</c>.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print one JSON object instead of text." };

    private delegate Tensor<long> Dialect(Tensor<long> indices, ReadOnlySpan<nint> inputShape);

    private sealed record Run(WindowLayer Layer, Dialect IndicesOf, Report Report) : INpyVisitor<bool>
    {
        public bool Visit<T>(Tensor<T> input)
            where T : unmanaged, INumber<T>
        {
            if (Report.IndicesPath is null)
            {
                Report.Give($"{Layer}", input, Layer.Forward(input));
                return true;
            }
            if (Layer is not SelectorLayer selector) throw NoIndices(Report.IndicesPath);
            (Tensor<T> output, Tensor<long> indices) = selector.ForwardWithIndices(input);
            Report.Give($"{Layer}", input, output, IndicesOf(indices, input.Lengths));
            return true;
        }
    }

    private sealed record Windowless(IWindowless Operator, Report Report) : INpyVisitor<bool>
    {
        public bool Visit<T>(Tensor<T> input)
            where T : unmanaged, INumber<T>
        {
            (Tensor<T> output, Tensor<long>? indices) = Operator.Forward(input);
            if (Report.IndicesPath is not null && indices is null) throw NoIndices(Report.IndicesPath);
            Report.Give($"{Operator}", input, output, indices);
            return true;
        }
    }

    private static RefusedException NoIndices(string path) =>
        new($"--indices is '{path}'; only max, min, median, stochastic, fractional-max and roi-pool have indices");

    private sealed record Unpool(MaxUnpool Layer, Sizes? OutputSize, Tensor<long> Indices, bool WholeTensor, Report Report) : INpyVisitor<bool>
    {
        public bool Visit<T>(Tensor<T> input)
            where T : unmanaged, INumber<T>
        {
            nint[] shape = Layer.OutputShape(input.Lengths, OutputSize);
            if (WholeTensor && Indices.Lengths.SequenceEqual(input.Lengths))
                Report.Give($"{Layer}", input, Layer.Forward(input, Onnx.PlaneIndices(Indices, Layer.Window, shape), OutputSize));
            else
                Report.Give($"{Layer}", input, Layer.Forward(input, Indices, OutputSize));
            return true;
        }
    }

    /// <summary>Where results go, and how they are told.</summary>
    private sealed record Report(string? OutputPath, string? IndicesPath, bool Json)
    {
        public void Give<T>(string layer, Tensor<T> input, Tensor<T> output, Tensor<long>? indices = null)
            where T : unmanaged, INumber<T>
        {
            if (OutputPath is not null) NpyFile.Write(OutputPath, output);
            if (IndicesPath is not null) NpyFile.Write(IndicesPath, indices!);
            if (Json) PrintJson(layer, input, output);
            else PrintText(layer, input, output);
        }

        private void PrintText<T>(string layer, Tensor<T> input, Tensor<T> output)
            where T : unmanaged, INumber<T>
        {
            string type = NpyType.Of<T>().Name;
            Console.WriteLine(layer);
            Console.WriteLine($"input   {Shape.Format(input.Lengths)} {type}");
            Console.WriteLine($"output  {Shape.Format(output.Lengths)} {type}{(OutputPath is null ? "" : $" -> {OutputPath}")}");
            if (IndicesPath is not null) Console.WriteLine($"indices {Shape.Format(output.Lengths)} int64 -> {IndicesPath}");
            if (OutputPath is null) Console.WriteLine(ArrayText.Format(output));
        }

        private void PrintJson<T>(string layer, Tensor<T> input, Tensor<T> output)
            where T : unmanaged, INumber<T> => JsonText.Print(writer =>
        {
            writer.WriteString("layer", layer);
            writer.WriteString("type", NpyType.Of<T>().Name);
            writer.WriteShape("inputShape", input.Lengths);
            writer.WriteShape("outputShape", output.Lengths);
            if (OutputPath is null) writer.WriteArray("values", output);
            else writer.WriteString("output", OutputPath);
            if (IndicesPath is not null) writer.WriteString("indices", IndicesPath);
        });
    }
}
