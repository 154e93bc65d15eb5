using System.Diagnostics;

namespace Cenote.Cli;

/// <summary>Says on standard error what a run is at, once it has taken a second; a short one stays silent.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Timer _timer;
    private string? _step;
    private string? _said;

    /// <summary>Starts the clock.</summary>
    public Progress() => _timer = new(_ => Say(), null, Silence, Timeout.InfiniteTimeSpan);

    /// <summary>A new step begins.</summary>
    /// <param name="step">What is being done, as in <c>reading speech.wav</c>.</param>
    public void Step(string step)
    {
        lock (_gate) _step = step;
        if (_watch.Elapsed >= Silence) Say();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Say()
    {
        lock (_gate)
        {
            if (_step is null || _step == _said) return;
            StandardError.Say($"{_watch.Elapsed.TotalSeconds:0.0} s: {_said = _step} …");
        }
    }
}
