using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;

namespace Cenote.Cli;

/// <summary><c>cenote explain</c>: one output, step by step, or one input cell backward.</summary>
internal static class ExplainCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> word = PoolCommand.OperatorArgument(WindowlessOptions.FractionalMax);
        Argument<string> input = new("IN.npy") { Description = "The array: float16, float32, float64 or an integer type." };
        Option<string?> at = new("--at") { Description = "The output cell: its index along the window's axes, or its full index.", HelpName = "I[,J..]" };
        Option<string?> from = new("--from")
        {
            Description = "Backwards: an input cell, its index as in --at. Shows which outputs it reaches, and its gradient.", HelpName = "I[,J..]",
        };
        Option<string?> gradient = new("--gradient") { Description = "The gradient of the output for --from. Default: ones.", HelpName = "G.npy" };
        Option<bool> plan = new("--plan") { Description = "Which kernel would do the whole array, and why: max, min, avg and sum." };
        Option<bool> json = PoolCommand.JsonOption();
        Command verb = new("explain", "Show how one output comes about: slide, select the region, compute, assign; or where an input cell goes.") { word, input, at, from, gradient, plan };
        WindowOptions window = new(verb);
        WindowlessOptions windowless = new(verb, WindowlessOptions.FractionalMax);
        verb.Add(json);
        verb.SetAction(result =>
        {
            string asked = result.GetRequiredValue(word);
            PoolingLayer layer;
            if (asked == WindowlessOptions.FractionalMax) layer = windowless.Fractional(result, window);
            else
            {
                windowless.RefuseAll(result, asked);
                layer = window.Layers(result, Operator.Named(asked, WindowlessOptions.FractionalMax))[0];
            }
            string? forward = result.GetValue(at), backward = result.GetValue(from), gradientPath = result.GetValue(gradient);
            string[] given = [.. ((Option[])[at, from, plan]).Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
            if (given.Length == 0) throw new RefusedException("one of --at, --from and --plan must be given, such as --at 0,3");
            if (given.Length > 1) throw new RefusedException($"{string.Join(" and ", given)} do not go together");
            if (gradientPath is not null && backward is null) throw new RefusedException("--gradient goes with --from alone");
            NpyArray array = NpyFile.Read(result.GetRequiredValue(input));
            if (result.GetValue(plan))
                Print(array.Accept(new Plan(layer)), PrintJson);
            else if (forward is not null)
                Print(array.Accept(new Forward(layer, Parse(forward, at.Name))), PrintJson);
            else
                Print(array.Accept(new Backward(layer, Parse(backward!, from.Name), gradientPath)), PrintJson);

            void Print<T>(T explanation, Action<T> asJson)
            {
                if (result.GetValue(json)) asJson(explanation);
                else Console.WriteLine(explanation);
            }
        });
        return verb;
    }

    private static nint[] Parse(string text, string option) => NumberParser.List<nint>(text, NumberStyles.AllowLeadingSign)
        ?? throw new RefusedException($"{option} is '{text}'; it must be {NumberParser.Kind<nint>("numbers")} with commas between, such as 0,3");

    private static void PrintJson(PoolPlan plan) => JsonText.Print(writer =>
    {
        writer.WriteString("kernel", plan.Kernel);
        writer.WriteString("reason", plan.Reason);
        writer.WriteNumber("registerBits", plan.RegisterBits);
    });

    private static void PrintJson(BackwardExplanation explanation) => JsonText.Print(writer =>
    {
        writer.WriteString("layer", explanation.Layer);
        writer.WriteShape("from", [.. explanation.From]);
        writer.WriteCell("value", explanation.Value);
        WriteAxes(writer, "reach", explanation.Reach);
        writer.WriteStartArray("shares");
        foreach (ExplainedShare share in explanation.Shares)
        {
            writer.WriteStartObject();
            writer.WriteShape("at", [.. share.At]);
            writer.WriteCell("value", share.Value);
            writer.WriteString("share", share.Share);
            if (share.Wins is { } wins) writer.WriteBoolean("wins", wins);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteCell("gradient", explanation.Gradient);
    });

    private static void WriteAxes(Utf8JsonWriter writer, string name, IReadOnlyList<ExplainedAxis> axes)
    {
        writer.WriteStartArray(name);
        foreach (ExplainedAxis axis in axes)
        {
            writer.WriteStartObject();
            writer.WriteString("formula", axis.Formula);
            writer.WriteShape("positions", [.. axis.Positions.Select(position => (nint)position)]);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void PrintJson(Explanation explanation) => JsonText.Print(writer =>
    {
        writer.WriteString("layer", explanation.Layer);
        writer.WriteShape("at", [.. explanation.At]);
        WriteAxes(writer, "slide", explanation.Slide);
        writer.WriteStartArray("region");
        foreach (ExplainedCell cell in explanation.Region)
        {
            writer.WriteStartObject();
            writer.WriteShape("position", [.. cell.Position.Select(position => (nint)position)]);
            writer.WriteCell("value", cell.Value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("compute", explanation.Compute);
        writer.WriteString("assign", explanation.Assign);
    });

    private sealed record Plan(PoolingLayer Layer) : INpyVisitor<PoolPlan>
    {
        public PoolPlan Visit<T>(Tensor<T> tensor)
            where T : unmanaged, INumber<T> => Layer is WindowLayer layer and (MaxPool or MinPool or AvgPool or SumPool)
                ? Pool.Plan<T>(tensor.Lengths, layer.Window, average: Layer is AvgPool or SumPool)
                : throw new RefusedException($"--plan does not go with {Layer.Name}: only max, min, avg and sum have kernels to choose from");
    }

    private sealed record Forward(PoolingLayer Layer, nint[] At) : INpyVisitor<Explanation>
    {
        public Explanation Visit<T>(Tensor<T> tensor)
            where T : unmanaged, INumber<T> =>
            Layer is FractionalMaxPool fractional ? fractional.Explain(tensor, At) : ((WindowLayer)Layer).Explain(tensor, At);
    }

    private sealed record Backward(PoolingLayer Layer, nint[] From, string? GradientPath) : INpyVisitor<BackwardExplanation>
    {
        public BackwardExplanation Visit<T>(Tensor<T> tensor)
            where T : unmanaged, INumber<T>
        {
            Tensor<T>? gradient = GradientPath is null ? null : NpyFile.Read(GradientPath).Accept(new OfType<T>("--gradient", GradientPath));
            return Layer is FractionalMaxPool fractional
                ? fractional.ExplainBackward(tensor, gradient, From)
                : ((WindowLayer)Layer).ExplainBackward(tensor, gradient, From);
        }
    }
}
