using System.CommandLine;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;

namespace Cenote.Cli;

/// <summary><c>cenote pool</c>: one operator on one array.</summary>
internal static class PoolCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> word = OperatorArgument();
        Argument<string> input = new("IN.npy") { Description = "The array: float16, float32, float64 or an integer type." };
        Option<string?> output = new("--output", "-o") { Description = "Where the result goes, as .npy. Default: it is printed.", HelpName = "OUT.npy" };
        Option<string?> indices = new("--indices") { Description = "Where the index of each winner goes, as .npy of int64: max and min alone.", HelpName = "IDX.npy" };
        Option<bool> json = JsonOption();
        Command verb = new("pool", "Pool an array: max, avg, min, sum or lp, over a sliding, global or adaptive window.") { word, input, output, indices };
        WindowOptions window = new(verb);
        verb.Add(json);
        verb.SetAction(result =>
        {
            WindowLayer layer = window.Layers(result, Operator.Named(result.GetRequiredValue(word)))[0];
            NpyArray array = NpyFile.Read(result.GetRequiredValue(input));
            array.Accept(new Run(
                layer, array.TypeName, result.GetValue(output), result.GetValue(indices), window.WholeTensorIndices(result), result.GetValue(json)));
        });
        return verb;
    }

    /// <summary>The operator's word, with its completions.</summary>
    public static Argument<string> OperatorArgument()
    {
        Argument<string> word = new("OP") { HelpName = "OP", Description = $"One of {string.Join(", ", Operator.Words)}." };
        word.CompletionSources.Add([.. Operator.Words]);
        return word;
    }

    /// <summary>The option <c>--json</c>.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print one JSON object instead of text." };

    private sealed record Run(WindowLayer Layer, string TypeName, string? OutputPath, string? IndicesPath, bool WholeTensorIndices, bool Json) : INpyVisitor<bool>
    {
        public bool Visit<T>(Tensor<T> input)
            where T : unmanaged, INumber<T>
        {
            Tensor<T> output;
            Tensor<long>? indices = null;
            if (IndicesPath is null) output = Layer.Forward(input);
            else
            {
                (output, indices) = Layer switch
                {
                    MaxPool max => max.ForwardWithIndices(input),
                    MinPool min => min.ForwardWithIndices(input),
                    _ => throw new RefusedException($"--indices is '{IndicesPath}'; only max and min have indices"),
                };
                if (WholeTensorIndices) indices = Onnx.WholeTensorIndices(indices, Layer.Window, input.Lengths);
            }
            if (OutputPath is not null) NpyFile.Write(OutputPath, output);
            if (IndicesPath is not null) NpyFile.Write(IndicesPath, indices!);
            if (Json) PrintJson(input, output);
            else PrintText(input, output);
            return true;
        }

        private void PrintText<T>(Tensor<T> input, Tensor<T> output)
            where T : unmanaged, INumber<T>
        {
            Console.WriteLine(Layer);
            Console.WriteLine($"input   {Shape.Format(input.Lengths)} {TypeName}");
            Console.WriteLine($"output  {Shape.Format(output.Lengths)} {TypeName}{(OutputPath is null ? "" : $" -> {OutputPath}")}");
            if (IndicesPath is not null) Console.WriteLine($"indices {Shape.Format(output.Lengths)} int64 -> {IndicesPath}");
            if (OutputPath is null) Console.WriteLine(ArrayText.Format(output));
        }

        private void PrintJson<T>(Tensor<T> input, Tensor<T> output)
            where T : unmanaged, INumber<T> => JsonText.Print(writer =>
        {
            writer.WriteString("layer", Layer.ToString());
            writer.WriteString("type", TypeName);
            writer.WriteShape("inputShape", input.Lengths);
            writer.WriteShape("outputShape", output.Lengths);
            if (OutputPath is null) writer.WriteArray("values", output);
            else writer.WriteString("output", OutputPath);
            if (IndicesPath is not null) writer.WriteString("indices", IndicesPath);
        });
    }
}
