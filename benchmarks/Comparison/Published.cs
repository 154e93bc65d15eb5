namespace Comparison;

/// <summary>Microseconds measured elsewhere in one interleaved run, one thread and two; NaN where there is no figure.</summary>
/// <remarks>Only their ratios mean anything here: of a peer to ONNX Runtime, or to the copy where ONNX Runtime has no figure.</remarks>
internal sealed record Published(
    (double One, double Two) Torch, (double One, double Two) OnnxRuntime, (double One, double Two) OneDnn, double Copy)
{
    public static (double One, double Two) NotMeasured => (double.NaN, double.NaN);

    public (double One, double Two) Xnnpack { get; init; } = NotMeasured;

    /// <summary>The peers by name, in microseconds of this machine.</summary>
    /// <param name="onnxRuntime">What ONNX Runtime takes here.</param>
    /// <param name="copy">What the copy takes here.</param>
    public IEnumerable<(string Name, (double One, double Two) Times)> Here((double One, double Two) onnxRuntime, double copy)
    {
        (double one, double two) = double.IsNaN(OnnxRuntime.One) ? (copy / Copy, copy / Copy) : (onnxRuntime.One / OnnxRuntime.One, onnxRuntime.Two / OnnxRuntime.Two);
        return [("torch", (Torch.One * one, Torch.Two * two)), ("oneDNN", (OneDnn.One * one, OneDnn.Two * two)), ("XNNPACK", (Xnnpack.One * one, Xnnpack.Two * two))];
    }
}
