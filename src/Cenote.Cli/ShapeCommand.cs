using System.CommandLine;
using System.Globalization;

namespace Cenote.Cli;

/// <summary><c>cenote shape</c>: the output shape, without any data.</summary>
internal static class ShapeCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> shape = new("SHAPE") { Description = "The lengths of the input's axes, such as 1,1,257,188." };
        Argument<string> word = PoolCommand.OperatorArgument(PoolCommand.OtherWords);
        Option<bool> json = PoolCommand.JsonOption();
        Command verb = new("shape", "Tell the output shape of an operator, and where a window slides the formula with its numbers filled in.") { shape, word };
        WindowOptions window = new(verb);
        WindowlessOptions windowless = new(verb);
        verb.Add(json);
        verb.SetAction(result =>
        {
            nint[] input = Parse(result.GetRequiredValue(shape));
            string asked = result.GetRequiredValue(word);
            bool asJson = result.GetValue(json);
            if (WindowlessOptions.Words.Contains(asked))
            {
                IWindowless layer = windowless.Operator(result, asked, window);
                Print($"{layer}", input, layer.OutputShape(input), asJson);
                return;
            }
            windowless.RefuseAll(result, asked);
            if (asked == PoolCommand.MaxUnpool)
            {
                (MaxUnpool layer, Sizes? size, _) = window.Unpooling(result, asked);
                Print($"{layer}", input, layer.OutputShape(input, size), asJson);
                return;
            }
            Print(window.Layers(result, Operator.Named(asked, PoolCommand.OtherWords))[0], input, asJson);
        });
        return verb;
    }

    /// <summary>The shape alone: where no window slides there is no formula.</summary>
    private static void Print(string layer, nint[] input, nint[] output, bool json)
    {
        if (!json)
        {
            Console.WriteLine(Shape.Format(output));
            return;
        }
        JsonText.Print(writer =>
        {
            writer.WriteString("layer", layer);
            writer.WriteShape("inputShape", input);
            writer.WriteShape("outputShape", output);
        });
    }

    private static void Print(WindowLayer layer, nint[] input, bool json)
    {
        nint[] output = layer.OutputShape(input);
        IReadOnlyList<Axis> axes = layer.Window.Axes(input);
        int first = layer.Window.FirstAxis(input.Length);
        if (json)
        {
            JsonText.Print(writer =>
            {
                writer.WriteString("layer", layer.ToString());
                writer.WriteShape("inputShape", input);
                writer.WriteShape("outputShape", output);
                writer.WriteStartArray("axes");
                for (int i = 0; i < axes.Count; i++)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("axis", first + i);
                    writer.WriteNumber("inputLength", axes[i].InputLength);
                    writer.WriteNumber("outputLength", axes[i].OutputLength);
                    writer.WriteNumber("paddingBefore", axes[i].PaddingBefore);
                    writer.WriteNumber("paddingAfter", axes[i].PaddingAfter);
                    writer.WriteString("formula", axes[i].Formula());
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            });
            return;
        }
        Console.WriteLine(Shape.Format(output));
        if (!layer.Window.IsGlobal && !layer.Window.IsAdaptive && layer.Window.Padding.Mode == PaddingMode.Explicit)
            Console.WriteLine($"output = floor((L + before + after - dilation * (kernel - 1) - 1{(layer.Window.CeilMode ? " + stride - 1" : "")}) / stride) + 1");
        for (int i = 0; i < axes.Count; i++) Console.WriteLine($"axis {first + i}: {axes[i].Formula()}");
    }

    // As NumPy prints it too: (257,).
    private static nint[] Parse(string text) => NumberParser.List<nint>(text.Trim('(', ')', '[', ']', ' ', ','), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite)
        ?? throw new RefusedException($"shape is '{text}'; it must be {NumberParser.Kind<nint>("numbers")} with commas between, such as 1,1,257,188");
}
