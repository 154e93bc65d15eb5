using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary><c>cenote explain</c>: one output, step by step.</summary>
internal static class ExplainCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> word = PoolCommand.OperatorArgument();
        Argument<string> input = new("IN.npy") { Description = "The array: float16, float32, float64 or an integer type." };
        Option<string> at = new("--at")
        {
            Description = "The output cell: its index along the window's axes, or its full index.", HelpName = "I[,J..]", Required = true,
        };
        Option<bool> json = PoolCommand.JsonOption();
        Command verb = new("explain", "Show how one output comes about: slide, select the region, compute, assign.") { word, input, at };
        WindowOptions window = new(verb);
        verb.Add(json);
        verb.SetAction(result =>
        {
            WindowLayer layer = window.Layers(result, Operator.Named(result.GetRequiredValue(word)))[0];
            nint[] index = Parse(result.GetRequiredValue(at));
            Explanation explanation = NpyFile.Read(result.GetRequiredValue(input)).Accept(new Run(layer, index));
            if (result.GetValue(json)) PrintJson(explanation);
            else Console.WriteLine(explanation);
        });
        return verb;
    }

    private static nint[] Parse(string text)
    {
        string[] parts = text.Split(',');
        nint[] index = new nint[parts.Length];
        for (int axis = 0; axis < parts.Length; axis++)
            if (!nint.TryParse(parts[axis], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index[axis]))
                throw new RefusedException($"--at is '{text}'; it must be whole numbers with commas between, such as 0,3");
        return index;
    }

    private static void PrintJson(Explanation explanation) => JsonText.Print(writer =>
    {
        writer.WriteString("layer", explanation.Layer);
        writer.WriteShape("at", [.. explanation.At]);
        writer.WriteStartArray("slide");
        foreach (ExplainedAxis axis in explanation.Slide)
        {
            writer.WriteStartObject();
            writer.WriteString("formula", axis.Formula);
            writer.WriteShape("positions", [.. axis.Positions.Select(position => (nint)position)]);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("region");
        foreach (ExplainedCell cell in explanation.Region)
        {
            writer.WriteStartObject();
            writer.WriteShape("position", [.. cell.Position.Select(position => (nint)position)]);
            writer.WriteString("value", cell.Value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("compute", explanation.Compute);
        writer.WriteString("assign", explanation.Assign);
    });

    private sealed record Run(WindowLayer Layer, nint[] At) : INpyVisitor<Explanation>
    {
        public Explanation Visit<T>(Tensor<T> tensor)
            where T : unmanaged, INumber<T> => Layer.Explain(tensor, At);
    }
}
