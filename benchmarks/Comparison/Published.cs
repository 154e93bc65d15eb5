namespace Comparison;

/// <summary>Microseconds measured elsewhere in one interleaved run, one thread and two; NaN where there is no figure.</summary>
/// <remarks>Only their ratios mean anything here: of a peer to ONNX Runtime, or to the copy where ONNX Runtime has no figure.</remarks>
internal sealed record Published(
    (double One, double Two) Torch, (double One, double Two) OnnxRuntime, (double One, double Two) OneDnn, double Copy)
{
    private const double None = double.NaN;

    public static (double One, double Two) NotMeasured => (None, None);

    /// <summary>The faster of torch and oneDNN as multiples of a reference that is measured here.</summary>
    /// <returns>The ratio, the peer's name, and whether the reference is ONNX Runtime or the copy; a ratio of NaN where there is none.</returns>
    public (double Ratio, string Peer, bool OfOnnxRuntime) Best(int threads)
    {
        bool one = threads == 1;
        (double torch, double oneDnn, double onnx) = one ? (Torch.One, OneDnn.One, OnnxRuntime.One) : (Torch.Two, OneDnn.Two, OnnxRuntime.Two);
        (double best, string peer) = double.IsNaN(oneDnn) || torch <= oneDnn ? (torch, "torch") : (oneDnn, "oneDNN");
        return double.IsNaN(onnx) ? (best / Copy, peer, false) : (best / onnx, peer, true);
    }
}
