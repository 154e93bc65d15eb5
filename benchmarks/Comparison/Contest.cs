using Comparison.Libraries;

namespace Comparison;

/// <summary>All who compute a case here, over the same numbers.</summary>
internal sealed class Contest : IDisposable
{
    private readonly Given _given;
    private readonly Contender _copy;
    private readonly Contender[] _contenders;

    /// <summary>The first of the libraries is Cenote, whose numbers the others are held against.</summary>
    public Contest(Case @case, IReadOnlyList<ILibrary> libraries)
    {
        _given = new(@case);
        AlignedCells<float> copy = new(_given.Input.Count);
        _copy = new("copy", 1, copy, () => _given.Input.Span.CopyTo(copy.Span));
        _contenders = [.. from library in libraries from threads in Enumerable.Range(1, 2) let one = library.Enter(_given, threads) where one is not null select one];
    }

    /// <summary>Whether everyone's numbers are equal, up to the rounding of sums.</summary>
    public void CheckAgreement()
    {
        foreach (Contender one in _contenders) one.Run();
        Span<float> ours = _contenders[0].Output.Span;
        double tolerance = _given.Case.Operator is Operator.Max or Operator.MaxWithIndices or Operator.RoiPool ? 0 : 1e-5;
        foreach (Contender one in _contenders)
        {
            Span<float> theirs = one.Output.Span;
            for (int i = 0; i < ours.Length; i++)
                if (!(Math.Abs(ours[i] - theirs[i]) <= tolerance * Math.Max(1, Math.Abs(ours[i]))))
                    throw new InvalidOperationException($"{_given.Case}: output {i} is {ours[i]:R} here and {theirs[i]:R} by {one.Name} on {one.Threads} threads");
        }
    }

    /// <summary>Times everyone in turn, round after round.</summary>
    public Result Measure(int rounds, double milliseconds)
    {
        Contender[] all = [_copy, .. _contenders];
        // Compiled in earnest first: .NET recompiles what has proved hot a moment after it has, and what that calls a moment after that.
        for (int time = 0; time < 3; time++)
        {
            foreach (Contender one in all) one.Warm(milliseconds: 40);
            Thread.Sleep(150);
        }
        for (int round = 0; round < rounds; round++)
            foreach (Contender one in all)
            {
                one.Time(milliseconds);
                if (one.Threads > 1) WaitForSpinning();
            }
        return new(_given.Case, _copy.Percentile10(), _contenders.GroupBy(one => one.Name)
            .ToDictionary(group => group.Key, group => (group.First().Percentile10(), group.Last().Percentile10())));
    }

    public void Dispose()
    {
        foreach (Contender one in _contenders) one.Dispose();
    }

    /// <summary>Threads that still spin for their next work must not cost the next contender its core: some do for tens of milliseconds.</summary>
    private static void WaitForSpinning()
    {
        TimeSpan before;
        do
        {
            before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(5);
        }
        while (Environment.CpuUsage.TotalTime - before > TimeSpan.FromMilliseconds(1));
    }
}
