using Cenote;

namespace Comparison;

/// <summary>A model of one pooling node, as the bytes of an ONNX file.</summary>
/// <param name="Model">The serialized <c>ModelProto</c>.</param>
/// <param name="Outputs">One, or two with the indices.</param>
internal sealed record OnnxNode(byte[] Model, int Outputs)
{
    private const int Float = 1, Long = 7, AttributeInt = 2, AttributeInts = 7, IrVersion = 9, Opset = 19;

    public static OnnxNode Of(Operator op, nint[] shape, Window window)
    {
        bool average = op == Operator.Average;
        string name = (average, window.IsGlobal) switch
        {
            (true, true) => "GlobalAveragePool", (false, true) => "GlobalMaxPool", (true, false) => "AveragePool", _ => "MaxPool",
        };
        string[] outputs = op == Operator.MaxWithIndices ? ["Y", "I"] : ["Y"];
        Protobuf node = new Protobuf().Text(1, "X");
        foreach (string output in outputs) node.Text(2, output);
        node.Text(4, name);
        if (!window.IsGlobal)
        {
            int rank = window.Kernel.Count > 1 ? window.Kernel.Count : shape.Length - 2;
            long[] Numbers(Sizes sizes) => [.. Enumerable.Range(0, rank).Select(axis => (long)sizes[axis]!.Value)];
            node.Message(5, Attribute("kernel_shape", Numbers(window.Kernel)));
            node.Message(5, Attribute("strides", Numbers(window.Stride ?? window.Kernel)));
            node.Message(5, Attribute("dilations", Numbers(window.Dilation)));
            node.Message(5, Attribute("pads", [.. Numbers(window.Padding.Before), .. Numbers(window.Padding.After)]));
            if (average) node.Message(5, new Protobuf().Text(1, "count_include_pad").Number(3, 1).Number(20, AttributeInt));
        }
        Protobuf graph = new Protobuf().Message(1, node).Text(2, "pooling").Message(11, Value("X", Float, shape));
        nint[] pooled = window.OutputShape(shape);
        for (int i = 0; i < outputs.Length; i++) graph.Message(12, Value(outputs[i], i == 0 ? Float : Long, pooled));
        byte[] model = new Protobuf().Number(1, IrVersion).Message(7, graph).Message(8, new Protobuf().Text(1, "").Number(2, Opset)).ToArray();
        return new(model, outputs.Length);
    }

    private static Protobuf Attribute(string name, long[] values)
    {
        Protobuf attribute = new Protobuf().Text(1, name);
        foreach (long value in values) attribute.Number(8, value);
        return attribute.Number(20, AttributeInts);
    }

    private static Protobuf Value(string name, int type, nint[] shape)
    {
        Protobuf dims = new();
        foreach (nint length in shape) dims.Message(1, new Protobuf().Number(1, length));
        return new Protobuf().Text(1, name).Message(2, new Protobuf().Message(1, new Protobuf().Number(1, type).Message(2, dims)));
    }
}
