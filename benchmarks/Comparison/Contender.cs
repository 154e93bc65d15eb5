using System.Diagnostics;

namespace Comparison;

/// <summary>Somebody who computes a case, and the times it took.</summary>
/// <param name="name">Of the library.</param>
/// <param name="threads">One or two.</param>
/// <param name="output">Where the result is found after a run.</param>
/// <param name="run">Computes the case once.</param>
internal sealed class Contender(string name, int threads, AlignedCells<float> output, Action run) : IDisposable
{
    // Those who take a tenth of a second a run or more need no more of them than this.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);
    private const double LongRun = 1e5;

    private readonly List<double> _microseconds = [];
    private TimeSpan _spent;

    public string Name => name;

    public int Threads => threads;

    public AlignedCells<float> Output => output;

    /// <summary>What <see cref="Dispose"/> sets free.</summary>
    public List<IDisposable> Owned { get; } = [];

    public void Run()
    {
        long start = Stopwatch.GetTimestamp();
        run();
        _spent += Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Runs for about this long without noting anything.</summary>
    public void Warm(double milliseconds)
    {
        TimeSpan end = _spent + TimeSpan.FromMilliseconds(milliseconds);
        while (_spent < end && _spent < MostTime) Run();
    }

    /// <summary>Runs for about this long, once at least, and notes each run.</summary>
    public void Time(double milliseconds)
    {
        if (_spent > MostTime && _microseconds is [.., > LongRun]) return;
        // The first run finds the caches as the one before left them; it is not noted.
        Run();
        long start = Stopwatch.GetTimestamp(), last = start;
        do
        {
            run();
            long now = Stopwatch.GetTimestamp();
            _microseconds.Add((now - last) * 1e6 / Stopwatch.Frequency);
            last = now;
        }
        while ((last - start) * 1e3 / Stopwatch.Frequency < milliseconds);
        _spent += Stopwatch.GetElapsedTime(start, last);
    }

    /// <summary>The 10th percentile: what the machine can do when nobody else is at it.</summary>
    public double Percentile10()
    {
        _microseconds.Sort();
        return _microseconds[_microseconds.Count / 10];
    }

    public void Dispose() => Owned.ForEach(one => one.Dispose());
}
