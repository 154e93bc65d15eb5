namespace Comparison;

/// <summary>What one case took, in microseconds, one thread and two; NaN where ONNX Runtime has no such operator.</summary>
internal sealed record Result(Case Case, double Copy, (double One, double Two) Cenote, (double One, double Two) OnnxRuntime)
{
    /// <summary>The fastest peer's time and name: measured, or a published ratio of what was measured.</summary>
    public (double Microseconds, string Name) BestPeer(int threads)
    {
        double onnx = threads == 1 ? OnnxRuntime.One : OnnxRuntime.Two;
        (double best, string name) = (onnx, "ONNX Runtime");
        if (Case.Published is { } published)
        {
            (double ratio, string peer, bool ofOnnxRuntime) = published.Best(threads);
            double theirs = ratio * (ofOnnxRuntime ? onnx : Copy);
            if (double.IsNaN(best) || theirs < best) (best, name) = (theirs, peer + "*");
        }
        return (best, double.IsNaN(best) ? "–" : name);
    }

    /// <summary>How many times faster than the fastest peer.</summary>
    public double Ratio(int threads) => BestPeer(threads).Microseconds / (threads == 1 ? Cenote.One : Cenote.Two);
}
