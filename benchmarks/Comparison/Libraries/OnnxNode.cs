using Cenote;
using Cenote.Conformance;

namespace Comparison.Libraries;

/// <summary>A model of one pooling node, as the bytes of an ONNX file.</summary>
/// <param name="Model">The serialized <c>ModelProto</c>.</param>
/// <param name="Outputs">One, or two with the indices.</param>
internal sealed record OnnxNode(byte[] Model, int Outputs)
{
    private const int Float = 1, Long = 7, AttributeFloat = 1, AttributeInt = 2, AttributeText = 3, AttributeInts = 7, IrVersion = 9, Opset = 19;

    /// <summary>None where ONNX has no such operator.</summary>
    public static OnnxNode? Of(Case @case)
    {
        if (@case.Boxes is not null) return OfRegions(@case, @case.Boxes);
        if (@case.IsBackward || @case.Window.Layout == Layout.ChannelsLast || PlainWindow.Of(@case) is not { } window) return null;
        bool average = @case.Operator == Operator.Average, global = @case.Window.IsGlobal;
        string[] outputs = @case.Operator == Operator.MaxWithIndices ? ["Y", "I"] : ["Y"];
        ProtobufWriter node = new ProtobufWriter().Text(1, "X");
        foreach (string output in outputs) node.Text(2, output);
        bool norm = @case.Operator == Operator.Norm;
        node.Text(4, (global ? "Global" : "") + (norm ? "LpPool" : average ? "AveragePool" : "MaxPool"));
        if (norm) node.Message(5, new ProtobufWriter().Text(1, "p").Number(3, 2).Number(20, AttributeInt));
        if (!global)
        {
            node.Message(5, Attribute("kernel_shape", window.Kernel));
            node.Message(5, Attribute("strides", window.Stride));
            node.Message(5, Attribute("dilations", window.Dilation));
            node.Message(5, Attribute("pads", [.. window.Padding, .. window.PaddingAfter]));
            if (average) node.Message(5, new ProtobufWriter().Text(1, "count_include_pad").Number(3, 1).Number(20, AttributeInt));
        }
        ProtobufWriter graph = new ProtobufWriter().Message(1, node).Text(2, "pooling").Message(11, Value("X", Float, @case.Shape));
        nint[] pooled = @case.Window.OutputShape(@case.Shape);
        for (int i = 0; i < outputs.Length; i++) graph.Message(12, Value(outputs[i], i == 0 ? Float : Long, pooled));
        return new(Bytes(graph), outputs.Length);
    }

    /// <summary>Of regions: a map X, boxes R and, where they do not say their image themselves, images B.</summary>
    private static OnnxNode OfRegions(Case @case, Proposals boxes)
    {
        bool isPool = @case.Operator == Operator.RoiPool;
        nint[] pooled = @case.Window.OutputShape(@case.Shape);
        pooled[0] = boxes.Count;
        ProtobufWriter node = new ProtobufWriter().Text(1, "X").Text(1, "R"), graph = new();
        if (!isPool) node.Text(1, "B");
        node.Text(2, "Y").Text(4, isPool ? "MaxRoiPool" : "RoiAlign").Message(5, new ProtobufWriter().Text(1, "spatial_scale").Float(2, boxes.Scale).Number(20, AttributeFloat));
        if (isPool) node.Message(5, Attribute("pooled_shape", [pooled[^2], pooled[^1]]));
        else
        {
            foreach ((string name, long value) in new[] { ("output_height", (long)pooled[^2]), ("output_width", pooled[^1]), ("sampling_ratio", boxes.SamplingRatio) })
                node.Message(5, new ProtobufWriter().Text(1, name).Number(3, value).Number(20, AttributeInt));
            if (@case.Operator == Operator.RoiAlignMax) node.Message(5, new ProtobufWriter().Text(1, "mode").Text(4, "max").Number(20, AttributeText));
        }
        graph.Message(1, node).Text(2, "pooling").Message(11, Value("X", Float, @case.Shape)).Message(11, Value("R", Float, [boxes.Count, isPool ? Proposals.Numbers : Proposals.Numbers - 1]));
        if (!isPool) graph.Message(11, Value("B", Long, [boxes.Count]));
        return new(Bytes(graph.Message(12, Value("Y", Float, pooled))), 1);
    }

    private static byte[] Bytes(ProtobufWriter graph) =>
        new ProtobufWriter().Number(1, IrVersion).Message(7, graph).Message(8, new ProtobufWriter().Text(1, "").Number(2, Opset)).ToArray();

    private static ProtobufWriter Attribute(string name, long[] values)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        foreach (long value in values) attribute.Number(8, value);
        return attribute.Number(20, AttributeInts);
    }

    private static ProtobufWriter Value(string name, int type, nint[] shape)
    {
        ProtobufWriter dims = new();
        foreach (nint length in shape) dims.Message(1, new ProtobufWriter().Number(1, length));
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Number(1, type).Message(2, dims)));
    }
}
