using Microsoft.ML.OnnxRuntime;

namespace Comparison.Libraries;

internal sealed class OnnxRuntime : ILibrary
{
    // That max mode has changed would be told at every session.
    static OnnxRuntime() => OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;

    public string Name => "ONNX Runtime";

    public string? Version => OrtEnv.Instance().GetVersionString();

    public Contender? Enter(Given given, int threads)
    {
        if (OnnxNode.Of(given.Case) is not { } node) return null;
        SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL };
        InferenceSession session = new(node.Model, options);
        RunOptions run = new();
        AlignedCells<float> output = given.NewOutput();
        OrtValue x = Value(given.Input, given.Case.Shape), y = Value(output, given.PooledShape);
        OrtValue[] values = node.Outputs == 1 ? [y] : [y, Value(given.NewIndices(), given.PooledShape)];
        List<OrtValue> from = [x];
        if (given.Case.Boxes is { } boxes) from.AddRange(Regions(given, boxes, given.Case.Operator == Operator.RoiPool));
        string[] inputs = from.Count switch { 1 => ["X"], 2 => ["X", "R"], _ => ["X", "R", "B"] }, outputs = node.Outputs == 1 ? ["Y"] : ["Y", "I"];
        Contender contender = new(Name, threads, output, () => session.Run(run, inputs, from, outputs, values));
        contender.Owned.AddRange([session, options, run, .. from, .. values]);
        return contender;

    }

    /// <summary>Boxes, or their corners and images by themselves.</summary>
    private static OrtValue[] Regions(Given given, Proposals boxes, bool together)
    {
        if (together) return [Value(given.Boxes, [boxes.Count, Proposals.Numbers])];
        float[][] rows = [.. given.Boxes.Span.ToArray().Chunk(Proposals.Numbers)];
        return
        [
            OrtValue.CreateTensorValueFromMemory(rows.SelectMany(row => row[1..]).ToArray(), [boxes.Count, Proposals.Numbers - 1]),
            OrtValue.CreateTensorValueFromMemory(rows.Select(row => (long)row[0]).ToArray(), [boxes.Count]),
        ];
    }

    private static OrtValue Value<T>(AlignedCells<T> memory, nint[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, [.. shape.Select(length => (long)length)]);
}
