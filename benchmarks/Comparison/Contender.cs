using System.Diagnostics;

namespace Comparison;

/// <summary>Somebody who computes a case, and the times it took.</summary>
/// <param name="name">Of the library.</param>
/// <param name="threads">One or two.</param>
/// <param name="output">Where the result is found after a run.</param>
/// <param name="run">Computes the case once.</param>
internal sealed class Contender(string name, int threads, AlignedCells<float> output, Action run) : IDisposable
{
    // Of milliseconds that are noted, for those who take a second a run.
    private const double MostTime = 2000;

    private readonly List<double> _microseconds = [];

    public string Name => name;

    public int Threads => threads;

    public AlignedCells<float> Output => output;

    /// <summary>What <see cref="Dispose"/> sets free.</summary>
    public List<IDisposable> Owned { get; } = [];

    public void Run() => run();

    /// <summary>Runs for about this long without noting anything.</summary>
    public void Warm(double milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        do run();
        while ((Stopwatch.GetTimestamp() - start) * 1e3 / Stopwatch.Frequency < milliseconds);
    }

    /// <summary>Runs for about this long, once at least, and notes each run.</summary>
    public void Time(double milliseconds)
    {
        if (_microseconds.Sum() > MostTime * 1e3) return;
        // The first run finds the caches as the one before left them; it is not noted.
        run();
        long start = Stopwatch.GetTimestamp(), last = start;
        do
        {
            run();
            long now = Stopwatch.GetTimestamp();
            _microseconds.Add((now - last) * 1e6 / Stopwatch.Frequency);
            last = now;
        }
        while ((last - start) * 1e3 / Stopwatch.Frequency < milliseconds);
    }

    /// <summary>The 10th percentile: what the machine can do when nobody else is at it.</summary>
    public double Percentile10()
    {
        _microseconds.Sort();
        return _microseconds[_microseconds.Count / 10];
    }

    public void Dispose() => Owned.ForEach(one => one.Dispose());
}
