using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Cenote.Conformance;

/// <summary>One node, as a model of its own that ONNX Runtime runs.</summary>
/// <param name="Operator">Its type.</param>
/// <param name="Attributes">Whole numbers, lists of them, a float or a text, by name.</param>
internal sealed record OnnxNode(string Operator, params (string Name, object Value)[] Attributes)
{
    private const int Opset = 21, IrVersion = 10;

    private static readonly Dictionary<Type, int> ElementTypes = new()
    {
        [typeof(float)] = 1, [typeof(byte)] = 2, [typeof(sbyte)] = 3, [typeof(long)] = 7, [typeof(Half)] = 10, [typeof(double)] = 11,
    };

    /// <summary>Runs the node.</summary>
    /// <param name="outputs">How many outputs are asked for.</param>
    /// <param name="inputs">An array and its shape each.</param>
    public List<(Array Values, long[] Shape)> Run(int outputs, params (Array Values, long[] Shape)[] inputs)
    {
        string[] names = [.. inputs.Select((_, i) => $"x{i}")], made = [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")];
        ProtobufWriter node = new(), graph = new();
        foreach (string name in names) node.Text(1, name);
        foreach (string name in made) node.Text(2, name);
        node.Text(4, Operator);
        foreach ((string name, object value) in Attributes) node.Message(5, Attribute(name, value));
        graph.Message(1, node).Text(2, "one");
        for (int i = 0; i < inputs.Length; i++) graph.Message(11, Described(names[i], inputs[i].Values.GetType().GetElementType()!, inputs[i].Shape));
        for (int i = 0; i < outputs; i++) graph.Message(12, Described(made[i], i == 0 ? inputs[0].Values.GetType().GetElementType()! : typeof(long), null));
        byte[] model = new ProtobufWriter().Number(1, IrVersion).Message(7, graph).Message(8, new ProtobufWriter().Text(1, "").Number(2, Opset)).ToArray();

        using SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using InferenceSession session = new(model, options);
        using RunOptions run = new();
        List<OrtValue> values = [.. inputs.Select(input => Value(input.Values, input.Shape))];
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, names, values, made);
        foreach (OrtValue value in values) value.Dispose();
        return [.. results.Select(result => (Values(result), result.GetTensorTypeAndShape().Shape))];
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case float number: return attribute.Float(2, number).Number(20, 1);
            case int number: return attribute.Number(3, number).Number(20, 2);
            case string text: return attribute.Text(4, text).Number(20, 3);
            default:
                foreach (int number in (int[])value) attribute.Number(8, number);
                return attribute.Number(20, 7);
        }
    }

    private static ProtobufWriter Described(string name, Type type, long[]? shape)
    {
        ProtobufWriter tensor = new ProtobufWriter().Number(1, ElementTypes[type]);
        if (shape is not null)
        {
            ProtobufWriter lengths = new();
            foreach (long length in shape) lengths.Message(1, new ProtobufWriter().Number(1, length));
            tensor.Message(2, lengths);
        }
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }

    // By the number and not by the type of the array, since a byte[] passes for an sbyte[].
    private static OrtValue Value(Array values, long[] shape) => ElementTypes[values.GetType().GetElementType()!] switch
    {
        1 => OrtValue.CreateTensorValueFromMemory((float[])values, shape),
        2 => OrtValue.CreateTensorValueFromMemory((byte[])values, shape),
        3 => OrtValue.CreateTensorValueFromMemory((sbyte[])values, shape),
        7 => OrtValue.CreateTensorValueFromMemory((long[])values, shape),
        10 => OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<Half, Float16>((Half[])values).ToArray(), shape),
        _ => OrtValue.CreateTensorValueFromMemory((double[])values, shape),
    };

    private static Array Values(OrtValue value) => (int)value.GetTensorTypeAndShape().ElementDataType switch
    {
        1 => value.GetTensorDataAsSpan<float>().ToArray(),
        2 => value.GetTensorDataAsSpan<byte>().ToArray(),
        3 => value.GetTensorDataAsSpan<sbyte>().ToArray(),
        7 => value.GetTensorDataAsSpan<long>().ToArray(),
        10 => MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()).ToArray(),
        _ => value.GetTensorDataAsSpan<double>().ToArray(),
    };
}
