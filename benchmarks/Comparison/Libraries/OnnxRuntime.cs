using Microsoft.ML.OnnxRuntime;

namespace Comparison.Libraries;

internal sealed class OnnxRuntime : ILibrary
{
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
        string[] inputs = ["X"], outputs = node.Outputs == 1 ? ["Y"] : ["Y", "I"];
        OrtValue[] from = [x];
        Contender contender = new(Name, threads, output, () => session.Run(run, inputs, from, outputs, values));
        contender.Owned.AddRange([session, options, run, x, .. values]);
        return contender;

        static OrtValue Value<T>(AlignedCells<T> memory, nint[] shape)
            where T : unmanaged =>
            OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, [.. shape.Select(length => (long)length)]);
    }
}
