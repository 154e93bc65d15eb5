using System.Numerics.Tensors;
using Cenote;
using Microsoft.ML.OnnxRuntime;

namespace Comparison;

/// <summary>All who compute a case here, over the same numbers.</summary>
internal sealed class Contest : IDisposable
{
    private readonly Case _case;
    private readonly Tensor<float> _input;
    private readonly Contender[] _contenders;
    private readonly Dictionary<string, AlignedCells<float>> _outputs = [];

    public Contest(Case @case)
    {
        _case = @case;
        AlignedCells<float> cells = Cells<float>(@case.Shape);
        Random random = new(1);
        foreach (ref float cell in cells.Span) cell = random.NextSingle() * 2 - 1;
        _input = Over(cells, @case.Shape);
        List<Contender> contenders = [Copy(cells), Ours(1), Ours(2)];
        if (@case.Onnx is { } node) contenders.AddRange([OnnxRuntime(node, cells, 1), OnnxRuntime(node, cells, 2)]);
        _contenders = [.. contenders];
    }

    /// <summary>Whether everyone's numbers are equal, up to the rounding of an average.</summary>
    public void CheckAgreement()
    {
        foreach (Contender one in _contenders) one.Run();
        Span<float> ours = _outputs["Cenote 1"].Span;
        double tolerance = _case.Operator == Operator.Average ? 1e-5 : 0;
        foreach ((string name, AlignedCells<float> output) in _outputs)
        {
            Span<float> theirs = output.Span;
            for (int i = 0; i < ours.Length; i++)
                if (!(Math.Abs(ours[i] - theirs[i]) <= tolerance))
                    throw new InvalidOperationException($"{_case}: output {i} is {ours[i]:R} here and {theirs[i]:R} by {name}");
        }
    }

    /// <summary>Times everyone in turn, round after round.</summary>
    public Result Measure(int rounds, double milliseconds)
    {
        // Compiled in earnest first: .NET recompiles what has proved hot a moment after it has, and what that calls a moment after that.
        for (int time = 0; time < 3; time++)
        {
            foreach (Contender one in _contenders) one.Warm(milliseconds: 40);
            Thread.Sleep(150);
        }
        foreach (Contender one in _contenders) one.Warm(milliseconds: 20);
        for (int round = 0; round < rounds; round++)
            foreach (Contender one in _contenders)
            {
                one.Time(milliseconds);
                // Threads of the one before that still spin must not cost the next one its core.
                if (one.Name.EndsWith('2')) Thread.Sleep(1);
            }
        Dictionary<string, double> times = _contenders.ToDictionary(one => one.Name, one => one.Percentile10());
        return new(_case, times["copy"], (times["Cenote 1"], times["Cenote 2"]),
            (times.GetValueOrDefault("ONNX Runtime 1", double.NaN), times.GetValueOrDefault("ONNX Runtime 2", double.NaN)));
    }

    public void Dispose()
    {
        foreach (Contender one in _contenders) one.Dispose();
    }

    private static AlignedCells<T> Cells<T>(ReadOnlySpan<nint> shape)
        where T : unmanaged
    {
        nint count = 1;
        foreach (nint length in shape) count *= length;
        return new(count);
    }

    private static Tensor<T> Over<T>(AlignedCells<T> cells, ReadOnlySpan<nint> shape)
        where T : unmanaged => Tensor.Create(cells.Array, cells.Start, shape, default);

    private static Contender Copy(AlignedCells<float> cells)
    {
        AlignedCells<float> copy = new(cells.Count);
        return new("copy", () => cells.Span.CopyTo(copy.Span));
    }

    private Contender Ours(int threads)
    {
        if (_case.Operator is Operator.MaxBackward or Operator.AverageBackward) return OurGradient(threads);
        nint[] shape = _case.Window.OutputShape(_input.Lengths);
        AlignedCells<float> cells = Cells<float>(shape);
        Tensor<float> output = Over(cells, shape);
        nint[] indexed = _case.Operator == Operator.MaxWithIndices ? shape : [1];
        Tensor<long> indices = Over(Cells<long>(indexed), indexed);
        PoolOptions options = new() { Threads = threads };
        string name = $"Cenote {threads}";
        _outputs[name] = cells;
        return new(name, _case.Operator switch
        {
            Operator.Max => () => Pool.Max<float>(_input, _case.Window, output, options),
            Operator.Average => () => Pool.Avg<float>(_input, _case.Window, output, options: options),
            _ => () => Pool.Select<float, Max<float>>(_input, _case.Window, default, output, indices, options),
        });
    }

    private Contender OurGradient(int threads)
    {
        nint[] shape = _case.Window.OutputShape(_input.Lengths);
        Tensor<float> gradOutput = Over(Cells<float>(shape), shape);
        Tensor<long> indices = Over(Cells<long>(shape), shape);
        Pool.Select<float, Max<float>>(_input, _case.Window, default, gradOutput, indices);
        AlignedCells<float> cells = Cells<float>(_case.Shape);
        Tensor<float> gradInput = Over(cells, _case.Shape);
        PoolOptions options = new() { Threads = threads };
        string name = $"Cenote {threads}";
        _outputs[name] = cells;
        return new(name, _case.Operator == Operator.MaxBackward
            ? () => Pool.MaxBackward<float>(gradOutput, indices, _case.Window, gradInput, options)
            : () => Pool.AvgBackward<float>(gradOutput, _case.Window, gradInput, options: options));
    }

    private Contender OnnxRuntime(OnnxNode node, AlignedCells<float> cells, int threads)
    {
        string name = $"ONNX Runtime {threads}";
        SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL };
        InferenceSession session = new(node.Model, options);
        RunOptions run = new();
        long[] inputShape = [.. _case.Shape.Select(length => (long)length)];
        long[] shape = [.. _case.Window.OutputShape(_case.Shape).Select(length => (long)length)];
        AlignedCells<float> output = Cells<float>(_case.Window.OutputShape(_case.Shape));
        OrtValue x = Value(cells, inputShape), y = Value(output, shape);
        OrtValue[] values = node.Outputs == 1 ? [y] : [y, Value(new AlignedCells<long>(output.Count), shape)];
        string[] inputs = ["X"], outputs = node.Outputs == 1 ? ["Y"] : ["Y", "I"];
        OrtValue[] from = [x];
        _outputs[name] = output;
        Contender contender = new(name, () => session.Run(run, inputs, from, outputs, values));
        contender.Owned.AddRange([session, options, run, x, .. values]);
        return contender;

        static OrtValue Value<T>(AlignedCells<T> memory, long[] shape)
            where T : unmanaged => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, shape);
    }
}
